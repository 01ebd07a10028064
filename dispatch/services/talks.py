"""Tell what a talk is about as far as its protection class lets an offer, a reminder or a mail say it.

Facts are codes, instants and numbers; address, contact, reference, notes, token and reasons never become part of it.
"""

from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.settings import Protection, Setting
from dispatch.models import Appointment, Request
from dispatch.reference import places

SENSITIVE_KM_STEP = 10


@dataclass(frozen=True, slots=True)
class Talk:
    """What a request or appointment is about, as its protection class lets it be told before an acceptance.

    `place` is a municipality or town, for `sensitive` a social area; `group` None reads "talk".
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


def talk_of(
    request: Request, setting: Setting, appointment: Appointment | None = None, *, mode: str | None = None
) -> Talk:
    """Return the talk of a request with its languages loaded; an appointment's own time, mode and place go first.

    `mode` is how a mediator who was asked would come, where that is known.
    """
    thing = appointment or request
    is_normal = request.protection == Protection.NORMAL
    place = places.find_place(ags=thing.municipality, postal_code=thing.postal_code, town=thing.town)
    return Talk(
        number=request.number,
        languages=tuple(row.code for row in request.languages),
        dialect=request.dialect,
        starts_at=thing.starts_at,
        ends_at=thing.ends_at,
        mode=mode or thing.mode,
        place=place_name(place, is_normal=is_normal),
        group=setting.group.value if is_normal else None,
        setting=request.setting if is_normal else None,
    )


def place_name(place: places.Place | None, *, is_normal: bool) -> str | None:
    """Return the town, of what is not normal the social area, None of a place unknown or not to be told."""
    if place is None:
        return None
    return place.town if is_normal else place.social_area


def km_shown(distance_km: float, protection: str) -> int:
    """Return the kilometres as a mediator reads them before her yes: rounded, of what is not normal up to ten."""
    km = round(distance_km)
    return km if protection == Protection.NORMAL else -(-km // SENSITIVE_KM_STEP) * SENSITIVE_KM_STEP
