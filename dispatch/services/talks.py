"""Tell what a talk is about as far as its protection class lets an offer, a reminder or a mail say it.

Facts are codes, instants and numbers; address, contact, reference, notes, token and reasons never become part of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.domain.disclosure import Fact, Facts, Reader, Surface, reasons_told, told
from dispatch.domain.settings import Setting
from dispatch.models import Appointment, Offer, Request
from dispatch.reference import places
from dispatch.services.social_areas import area_of

SENSITIVE_KM_STEP = 10


@dataclass(frozen=True, slots=True)
class Talk:
    """What a request or appointment is about, as far as `disclosure` lets it be told.

    `place` is a municipality or town, for `sensitive` a social area; `group` None reads "talk". What may not be told is
    None, of the mode empty. `talks` counts those of a block, 0 for a single one.
    """

    number: int
    languages: tuple[str, ...]
    dialect: str | None
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str | None
    group: str | None
    setting: str | None
    talks: int = 0


def talk_of(
    request: Request,
    setting: Setting,
    appointment: Appointment | None = None,
    *,
    mode: str | None = None,
    facts: Facts | None = None,
) -> Talk:
    """Return the talk of a request with its languages loaded; an appointment's own time, mode and place go first.

    `mode` is how a mediator who was asked would come, where that is known; `facts` what may be told, if not what an
    offer tells.
    """
    thing = appointment or request
    if facts is None:
        facts = told(Surface.MESSAGE, request.protection, Reader.MEDIATOR)
    place = places.find_place(ags=thing.municipality, postal_code=thing.postal_code, town=thing.town)
    return Talk(
        number=request.number,
        languages=tuple(row.code for row in request.languages),
        dialect=request.dialect if Fact.DIALECT in facts else None,
        starts_at=thing.starts_at,
        ends_at=thing.ends_at,
        mode=(mode or thing.mode) if Fact.MODE in facts else "",
        place=_place_name(place, facts) if place else None,
        group=setting.group.value if Fact.GROUP in facts else None,
        setting=request.setting if Fact.SETTING in facts else None,
        talks=request.talk_count,
    )


def _place_name(place: places.Place, facts: Facts) -> str | None:
    """Return the town or the social area, None of a place not to be told."""
    if Fact.TOWN in facts:
        return place.town
    return area_of(place.ags) if Fact.AREA in facts else None


def km_told(distance_km: float, facts: Facts) -> int:
    """Return the kilometres as they may be told: rounded, or rounded up to the next ten."""
    km = round(distance_km)
    return km if Fact.KM in facts else -(-km // SENSITIVE_KM_STEP) * SENSITIVE_KM_STEP


def reasons_of(offer: Offer, request: Request) -> tuple[dict[str, Any], ...]:
    """Return the parts of an offer's score that may be named to its mediator as why she is asked."""
    named = reasons_told(request.protection)
    return tuple(part for part in offer.breakdown if part["criterion"] in named)
