"""Make up what offices of a demonstration ask for: language, field of work, time, place and conditions.

It must not decide what becomes of it; `demo_past` and `demo_ahead` do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dispatch.domain.case_tokens import make_case_token
from dispatch.domain.intervals import Interval
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.modes import Mode
from dispatch.domain.requests import Policy
from dispatch.domain.settings import SETTINGS, GenderDemand, Protection, Setting, documents_demanded
from dispatch.models import Request, RequestLanguage, RequestMessage, RequestPerson
from dispatch.reference import demo_names
from dispatch.services import promises
from dispatch.services.demo_calendar import awake_before, office_hour_before
from dispatch.services.demo_offices import Office
from dispatch.services.demo_pool import Talk
from dispatch.services.demo_scene import Scene

_MODES = {"on_site": 80, "phone": 12, "video": 8}
_LEAD_HOURS = ((10, 4, 20), (35, 24, 96), (40, 120, 330), (15, 340, 800))
"""How long before the talk offices ask: weight, from, until."""
_OPEN_MINUTES = (40, 26 * 60)
"""How long ago what is still open was sent."""
_SAID_BEFORE = timedelta(minutes=40)
"""How long ago an office wrote to the coordination."""
_WIDELY_SPOKEN = 8
_MINUTES = (-15, 0, 0, 0, 15, 30)


class Story(StrEnum):
    """What becomes of a request; the first group lies behind, the second ahead."""

    KEPT = "kept"
    CLIENT_ABSENT = "client_absent"
    MEDIATOR_ABSENT = "mediator_absent"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"
    UNFILLED = "unfilled"
    REFILLED = "refilled"
    RELEASED = "released"
    STEPPED_BACK = "stepped_back"
    REFUSED = "refused"

    ASSIGNED = "assigned"
    SILENT = "silent"
    PROPOSED = "proposed"
    MOVED = "moved"
    OPEN = "open"
    REFUSING = "refusing"
    HANDED_BACK = "handed_back"
    BY_HAND = "by_hand"
    APPROVAL = "approval"
    IN_REVIEW = "in_review"
    DRAFT = "draft"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Case:
    """A request to make up; what is None is left to chance. `own` is the guest's office, `asked_before` how long ago it
    asked; `bounces`: mails about it come back; `known_by`: how long ago the office wanted its answer;
    `phoned`: it has no account, and the coordination took it down.
    """

    story: Story
    start: datetime
    language: str | None = None
    mediator_id: int | None = None
    own: bool = False
    asked_before: timedelta | None = None
    setting: str | None = None
    mode: Mode | None = None
    area: str | None = None
    bounces: bool = False
    known_by: timedelta | None = None
    phoned: bool = False


@dataclass(slots=True)
class Draft:
    """A request in the making: `row` is what will be stored, the rest what the stories must know of it."""

    row: dict[str, Any]
    office: Office
    setting: Setting
    talk: Talk
    languages: tuple[str, ...]
    preferred: int | None = None

    @property
    def id(self) -> int:
        """The key it will have."""
        return int(self.row["id"])

    @property
    def start(self) -> datetime:
        """When the talk begins."""
        return self.talk.span.start

    @property
    def submitted_at(self) -> datetime:
        """When the office sent it."""
        sent: datetime = self.row["submitted_at"]
        return sent


@dataclass(slots=True)
class Desk:
    """The offices, and the tokens of the cases each of them has open, by office and language."""

    offices: list[Office]
    tokens: dict[tuple[int, str], str] = field(default_factory=dict)

    def choose(self, scene: Scene, case: Case) -> Office:
        """Return the office that asks: the guest's own, one of an area, or any."""
        if case.own:
            return self.offices[0]
        if case.area:
            there = [office for office in self.offices if office.municipality.social_area == case.area]
            return scene.rng.choice(there or self.offices)
        return scene.rng.choice(self.offices)


def make(scene: Scene, desk: Desk, case: Case) -> Draft:
    """Make up the request of a case; nothing is stored yet."""
    office = desk.choose(scene, case)
    setting = SETTINGS[case.setting or _setting(scene, office)]
    languages = (case.language or _language(scene, widely_spoken=case.story is Story.OPEN),)
    span = Interval(case.start, case.start + timedelta(minutes=setting.usual_minutes + scene.rng.choice(_MINUTES)))
    minor = setting.code == "unaccompanied_minors"
    talk = Talk(
        language=languages[0],
        span=span,
        mode=case.mode or Mode(scene.pick(_MODES)),
        place=office.place,
        minor=bool(documents_demanded(setting, minor=minor)),
        level=setting.german_level.value,
    )
    row = _row(scene, office, setting, talk) | {
        "submitted_at": _submitted_at(scene, case),
        "case_token": _token(scene, desk, office, talk),
        "minor": minor,
        "last_useful_answer_at": scene.now - case.known_by if case.known_by else None,
    }
    if case.phoned:
        row |= {"created_by_id": None, "intake_channel": "phone", "caller_phone": office.phone}
    row["created_at"] = row["submitted_at"]
    return Draft(row, office, setting, talk, languages, case.mediator_id)


def promise(draft: Draft, *, by_hand: bool = False) -> datetime | None:
    """Write the promise that the office got at sending into the row, and return it."""
    given = promises.promise_for(
        draft.start,
        draft.submitted_at,
        policy=Policy(draft.row["policy"]),
        is_reviewed_first=by_hand,
        last_useful_answer_at=draft.row["last_useful_answer_at"],
    )
    draft.row["answer_by"] = draft.row["promised_at_booking"] = given.answer_by if given else None
    return given.answer_by if given else None


def store(scene: Scene, draft: Draft, state: RequestState, changes: Mapping[str, Any]) -> None:
    """Keep the row in the state it has reached, with its languages and the person it names."""
    scene.rows.add(Request, {**draft.row, "state": state.value, **changes})
    for position, code in enumerate(draft.languages):
        scene.rows.add(RequestLanguage, {"request_id": draft.id, "position": position, "code": code})
    if draft.row["intake_channel"]:
        said = {"request_id": draft.id, "text": demo_names.MESSAGE, "written_at": scene.now - _SAID_BEFORE}
        scene.rows.add(RequestMessage, said)
    if draft.preferred:
        scene.rows.add(RequestPerson, {"request_id": draft.id, "mediator_id": draft.preferred, "relation": "preferred"})


def _row(scene: Scene, office: Office, setting: Setting, talk: Talk) -> dict[str, Any]:
    rng = scene.rng
    is_protected = setting.protection is Protection.PROTECTED
    number = scene.rows.new_number("request")
    return {
        "id": scene.rows.new_id(Request),
        "number": number,
        "organisation_id": office.id,
        "created_by_id": office.author_id,
        "intake_channel": None,
        "caller_phone": None,
        "setting": setting.code,
        "protection": setting.protection.value,
        "policy": Policy.MANUAL.value if is_protected else Policy.WAVES.value,
        "mode": talk.mode.value,
        "fallback_phone": talk.mode is not Mode.PHONE and rng.random() < 0.2,
        "starts_at": talk.span.start,
        "ends_at": talk.span.end,
        "municipality": office.municipality.ags,
        "town": office.municipality.name,
        "lat": office.municipality.lat,
        "lon": office.municipality.lon,
        "address": None if is_protected else office.address,
        "meeting_point": demo_names.MEETING_POINT if is_protected else None,
        "access_phone": office.phone if talk.mode is Mode.PHONE else None,
        "contact_name": office.contact_name,
        "contact_phone": office.phone,
        "accept_related": rng.random() < 0.3,
        "gender": None if setting.gender is GenderDemand.NONE else "female",
        "gender_strict": setting.gender is GenderDemand.CONDITION,
        "continuity": scene.pick({"gern": 70, "egal": 25, "lieber_nicht": 5}),
        "consent": "known" if rng.random() < 0.98 else "crisis",
        "reference": f"{rng.choice('ABKM')}-{number}" if rng.random() < 0.4 else None,
        "notes": rng.choice(demo_names.notes()) if rng.random() < 0.25 else None,
        "version": 2,
    }


def _setting(scene: Scene, office: Office) -> str:
    weights = [len(office.settings) - place for place in range(len(office.settings))]
    return scene.rng.choices(office.settings, weights=weights)[0]


def _language(scene: Scene, *, widely_spoken: bool) -> str:
    """Return what is asked by weight; the last language of the list, which nobody speaks, is left to its own case."""
    known = list(demo_names.demand().items())[: _WIDELY_SPOKEN if widely_spoken else -1]
    return scene.pick(dict(known))


def _submitted_at(scene: Scene, case: Case) -> datetime:
    if case.asked_before is not None:
        return awake_before(scene.now - case.asked_before)
    if case.story is Story.OPEN:
        return awake_before(scene.now - timedelta(minutes=scene.rng.randint(*_OPEN_MINUTES)))
    _weight, first, last = scene.rng.choices(_LEAD_HOURS, weights=[lead[0] for lead in _LEAD_HOURS])[0]
    asked_at = case.start - timedelta(hours=scene.rng.randint(first, last))
    latest = scene.now - timedelta(hours=scene.rng.randint(3, 60))
    return office_hour_before(scene, min(asked_at, latest))


def _token(scene: Scene, desk: Desk, office: Office, talk: Talk) -> str:
    key = (office.id, talk.language)
    if key not in desk.tokens or not scene.one_in(3):
        desk.tokens[key] = make_case_token(scene.rng.choice)
    return desk.tokens[key]
