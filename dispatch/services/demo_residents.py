"""Make up the requests of two residents for a demonstration: they wait for the coordination.

None of it depends on chance; the numbers belong to nobody. It must not ask anybody else.
"""

from datetime import timedelta
from typing import Any

from dispatch.domain import help_requests as rules
from dispatch.domain import hours
from dispatch.domain.help_requests import Timing, Topic, Way
from dispatch.domain.intervals import at_minute
from dispatch.domain.requests import Consent, Policy, ReviewReason
from dispatch.domain.settings import SETTINGS
from dispatch.models import HelpRequest, Organisation, Request, RequestLanguage
from dispatch.reference import places
from dispatch.services import local_time, options
from dispatch.services.demo_scene import Scene

_ASKED_BEFORE = timedelta(minutes=50)
_DAYS_AHEAD = 9
_RESIDENTS: tuple[dict[str, Any], ...] = (
    {
        "case_token": "ACD-EFG", "language": "ti", "topic": Topic.HEALTH, "timing": Timing.MORNING,
        "minute": 9 * 60, "way": Way.PHONE,
        "contact": "+4917139200099", "call_name": "Selam", "safe_times": "Mo–Fr 9–11", "ui_language": "ti",
    },
    {
        "case_token": "HJK-MNP", "language": "prs", "topic": Topic.DANGER, "timing": Timing.ANY,
        "minute": 10 * 60, "way": Way.PERSON,
        "contact": "beratung@frauenhaus.example", "contact_person": "Frau Beispiel, Beratung", "ui_language": "fa",
    },
)  # fmt: skip


def number(requests: int) -> int:
    """Return how many of so many requests are residents'."""
    return len(_RESIDENTS) if requests > len(_RESIDENTS) else 0


def make(scene: Scene) -> int:
    """Add the unit for residents with two requests that nobody has looked at, and return how many."""
    shipped = options.read(rules.DEFAULT)
    unit_id = scene.rows.add(
        Organisation,
        {
            "id": None, "name": shipped.unit_name, "kind": "other", "is_for_residents": True,
            "created_at": scene.now - _ASKED_BEFORE,
        },
    )  # fmt: skip
    for position, said in enumerate(_RESIDENTS):
        _add(scene, unit_id, position, said)
    return len(_RESIDENTS)


def _add(scene: Scene, unit_id: int, position: int, said: dict[str, Any]) -> None:
    setting = SETTINGS[rules.SETTING_OF[said["topic"]]]
    is_protected = said["topic"] is Topic.DANGER
    asked_at = scene.now - _ASKED_BEFORE
    starts_at = at_minute(scene.today + timedelta(days=_DAYS_AHEAD), said["minute"], local_time.zone())
    answer_by = hours.end_of_next_service_day(
        asked_at, zone=local_time.zone(), holidays=local_time.holidays(scene.now), options=options.read(hours.DEFAULT)
    )
    town = places.municipalities()[position]
    row = {
        "id": None, "number": scene.rows.new_number("request"), "organisation_id": unit_id, "state": "in_review",
        "setting": setting.code, "protection": setting.protection.value, "mode": "on_site",
        "policy": (Policy.MANUAL if is_protected else Policy.WAVES).value, "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=60), "municipality": town.ags, "town": town.name, "lat": town.lat,
        "lon": town.lon, "consent": (Consent.CRISIS if is_protected else Consent.KNOWN).value,
        "review_reasons": ReviewReason.RESIDENT.value, "created_at": asked_at, "submitted_at": asked_at,
        "answer_by": answer_by, "promised_at_booking": answer_by, "case_token": said["case_token"],
        "version": 2,
    }  # fmt: skip
    request_id = scene.rows.add(Request, row)
    scene.rows.add(RequestLanguage, {"request_id": request_id, "position": 0, "code": said["language"]})
    kept = {name: said.get(name) for name in ("contact", "contact_person", "call_name", "safe_times", "ui_language")}
    codes = {name: said[name].value for name in ("topic", "timing", "way")}
    # the hash of no code: nobody asks for what was made up
    made_up = {"request_id": request_id, "code_hash": f"demo-{position}", "created_at": asked_at}
    scene.rows.add(HelpRequest, {**kept, **codes, **made_up})
