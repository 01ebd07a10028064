"""Say where and with whom to meet for an appointment.

It must not decide who may read it; that is `appointment_pages`'.
"""

from typing import NamedTuple

from dispatch.models import Appointment, Request
from dispatch.reference import places


class Where(NamedTuple):
    """Where and with whom to meet; told once a yes holds. `street` and `town` None on the phone and by video."""

    street: str | None
    town: str | None
    note: str | None
    contact_name: str | None
    contact_phone: str | None
    access_phone: str | None
    access_url: str | None


def place_of(appointment: Appointment) -> places.Place | None:
    """Return the municipality or postal code of an appointment."""
    return places.find_place(ags=appointment.municipality, postal_code=appointment.postal_code, town=appointment.town)


def where_of(appointment: Appointment, request: Request, *, is_shown: bool) -> Where:
    """Return everything about the meeting; to a unit that is only shown it (`is_shown`) street and town alone."""
    is_on_site = appointment.mode == "on_site"
    place = place_of(appointment)
    where = Where(
        street=appointment.address if is_on_site else None,
        town=" ".join(filter(None, (place.postal_code, place.town))) if place and is_on_site else None,
        note=request.place_note,
        contact_name=request.contact_name,
        contact_phone=request.contact_phone,
        access_phone=request.access_phone,
        access_url=request.access_url,
    )
    if is_shown:
        return where._replace(note=None, contact_name=None, contact_phone=None, access_phone=None, access_url=None)
    return where
