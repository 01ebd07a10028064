"""Say where and with whom to meet for an appointment.

What may be told is decided by `domain.disclosure` and handed in.
"""

from typing import NamedTuple

from dispatch.domain.disclosure import Fact, Facts
from dispatch.models import Appointment, Request
from dispatch.reference import places
from dispatch.services.social_areas import area_of


class Where(NamedTuple):
    """Where and with whom to meet; told once a yes holds. `street` and `town` None on the phone and by video.

    Of a protected case the mediator learns the neutral `meeting_point` here, and everything else by phone.
    """

    street: str | None
    town: str | None
    note: str | None
    contact_name: str | None
    contact_phone: str | None
    access_phone: str | None
    access_url: str | None
    meeting_point: str | None = None


class ToldPlace(NamedTuple):
    """A place part by part, None what is not told: `area` instead of the town of sensitive cases."""

    municipality: str | None
    postal_code: str | None
    town: str | None
    area: str | None
    address: str | None
    note: str | None
    meeting_point: str | None


def place_of(appointment: Appointment) -> places.Place | None:
    """Return the municipality or postal code of an appointment."""
    return places.find_place(ags=appointment.municipality, postal_code=appointment.postal_code, town=appointment.town)


def where_of(appointment: Appointment, request: Request, facts: Facts) -> Where | None:
    """Return what may be told about the meeting."""
    point = request.meeting_point if Fact.MEETING_POINT in facts else None
    if Fact.ADDRESS not in facts:
        return Where(None, None, None, None, None, None, None, point) if Fact.MEETING_POINT in facts else None
    is_on_site = appointment.mode == "on_site"
    place = place_of(appointment)
    return Where(
        street=appointment.address if is_on_site else None,
        town=" ".join(filter(None, (place.postal_code, place.town))) if place and is_on_site else None,
        note=request.place_note,
        contact_name=request.contact_name,
        contact_phone=request.contact_phone,
        access_phone=request.access_phone,
        access_url=request.access_url,
        meeting_point=point,
    )


def told_place(appointment: Appointment, request: Request, facts: Facts) -> ToldPlace | None:
    """Return what may be told of the place, None when that is nothing or nobody has to travel."""
    if appointment.mode != "on_site":
        return None
    place = place_of(appointment)
    has_town = Fact.TOWN in facts
    told = ToldPlace(
        municipality=appointment.municipality if has_town else None,
        postal_code=appointment.postal_code if has_town else None,
        town=(place.town if place else appointment.town) if has_town else None,
        area=area_of(appointment.municipality) if Fact.AREA in facts else None,
        address=appointment.address if Fact.ADDRESS in facts else None,
        note=request.place_note if Fact.MEETING_NOTE in facts else None,
        meeting_point=request.meeting_point if Fact.MEETING_POINT in facts else None,
    )
    return told if any(told) else None
