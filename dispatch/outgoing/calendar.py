"""Write the calendar entry of an appointment: number, time, the service's telephone; nothing of the case.

The UID stays for the life of an appointment, the sequence rises with every move.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dispatch.domain.texts import printable
from dispatch.i18n import format_phone
from dispatch.i18n import gettext as _

PRODUCT = "-//Gemeindedolmetscherdienst//DE"


@dataclass(frozen=True)
class Entry:
    """An appointment as a calendar keeps it; `place` is a municipality, never an address."""

    uid: str
    sequence: int
    number: int
    starts_at: datetime
    ends_at: datetime
    is_confirmed: bool
    stamped_at: datetime
    organizer: str
    attendee: str | None
    service_name: str
    service_phone: str


def entry(appointment: Entry, method: Literal["REQUEST", "CANCEL", "PUBLISH"]) -> bytes:
    """Return the iCalendar object of one appointment; times are written in UTC (`Z`)."""
    from icalendar import Calendar, Event, vCalAddress, vText

    service_name = printable(appointment.service_name)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamped_at)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("summary", _("Appointment %(number)s", number=appointment.number))
    phone = format_phone(appointment.service_phone)
    event.add("description", _("%(service)s, telephone %(phone)s", service=service_name, phone=phone))
    event.add("status", _status(appointment, method))
    organizer = vCalAddress(f"mailto:{appointment.organizer}")
    organizer.params["CN"] = vText(service_name)
    event["organizer"] = organizer
    if appointment.attendee and method != "PUBLISH":
        attendee = vCalAddress(f"mailto:{appointment.attendee}")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("ACCEPTED" if appointment.is_confirmed else "NEEDS-ACTION")
        attendee.params["RSVP"] = vText("FALSE")
        event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _status(appointment: Entry, method: str) -> str:
    if method == "CANCEL":
        return "CANCELLED"
    return "CONFIRMED" if appointment.is_confirmed else "TENTATIVE"
