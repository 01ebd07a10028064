"""Do what the buttons of an appointment's page say, for its mediator's link and for everybody signed in alike.

The views decide who acts and which page follows; services decide whether the act is possible.
"""

from datetime import datetime

from flask import Response, current_app, g, request

from dispatch import i18n
from dispatch.domain import service
from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.permissions import Actor, Role, require
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.outgoing.calendar import Entry, entry
from dispatch.services import absences, appointments, arrivals, bookings, closing, options
from dispatch.services.appointment_deeds import ACTS, Deed
from dispatch.services.appointment_pages import Page
from dispatch.services.audit import OnBehalf

STAFF = frozenset({Role.COORDINATOR, Role.REGIONAL_COORDINATOR})
DELAYS = (5, 10, 15, 20, 30, 45, 60)
"""Minutes that the page offers for being late."""

DONE: dict[Deed, LazyString] = {
    Deed.CONFIRM: _("Thank you, the appointment is confirmed."),
    Deed.COMING: _("Thank you, it is noted that you are coming."),
    Deed.DECLINE: _("The appointment is released. We look for somebody else."),
    Deed.LATE: _("The office knows about the delay."),
    Deed.HAND_BACK: _("The appointment is handed back. We look for somebody else at once."),
    Deed.STEP_BACK: _("Thank you. We look for somebody else at once."),
    Deed.CANCEL: _("The request and its appointment are cancelled."),
    Deed.ABSENT: _("This is recorded."),
    Deed.OTHER_PERSON: _("We look for somebody else at once."),
}
"""What the next page says."""


def deed_of(word: str) -> Deed | None:
    """Return the act that a part of an address names, as in `hand-back`; None for any other word."""
    name = word.replace("-", "_")
    return Deed(name) if name in set(DONE) and "_" not in word else None


def perform(deed: Deed, who: Actor, page: Page, now: datetime) -> None:
    """Do an act with what its form holds; raises Forbidden before looking at it, else what its service raises."""
    require(who, ACTS[deed])
    number, on_behalf = page.appointment_id, _on_behalf(who)
    match deed:
        case Deed.CONFIRM:
            bookings.confirm(who, number, now, on_behalf=on_behalf)
        case Deed.COMING:
            arrivals.coming(who, number, now, on_behalf=on_behalf)
        case Deed.DECLINE | Deed.OTHER_PERSON:
            appointments.decline(who, number, now, other_person=deed is Deed.OTHER_PERSON, on_behalf=on_behalf)
        case Deed.LATE:
            arrivals.running_late(who, number, request.form.get("minutes", 0, int), now, on_behalf=on_behalf)
        case Deed.HAND_BACK:
            appointments.hand_back(who, number, now, on_behalf=on_behalf)
        case Deed.STEP_BACK:
            appointments.step_back(who, number, now, on_behalf=on_behalf)
        case Deed.CANCEL:
            closing.cancel_appointment(who, number, request.form.get("reason", ""), now, on_behalf=on_behalf)
        case _:
            absences.set_absent(who, number, request.form.get("side", ""), now, on_behalf=on_behalf)


def needs_channel(deed: Deed, who: Actor) -> bool:
    """Tell whether this actor records what somebody else said, so that the form asks how it was heard."""
    return who.role in STAFF


def calendar_file(page: Page, now: datetime) -> Response:
    """Return the calendar entry of an appointment to keep: number, time and the service's telephone."""
    response = Response(_calendar_entry(page, now), mimetype="text/calendar")
    response.headers["Content-Disposition"] = "attachment; filename=appointment.ics"
    return response


def _calendar_entry(page: Page, now: datetime) -> bytes:
    known = options.read(service.DEFAULT)
    sender = current_app.config["MAIL_FROM"]
    return entry(
        Entry(
            uid=f"{page.uid}@{sender.rpartition('@')[2]}",
            sequence=page.sequence,
            number=page.number,
            starts_at=page.talk.starts_at,
            ends_at=page.talk.ends_at,
            is_confirmed=page.state is not AppointmentState.PROPOSED,
            stamped_at=now,
            organizer=sender,
            attendee=None,
            service_name=known.name,
            service_phone=known.phone,
        ),
        "PUBLISH",
    )


def speak_to(page: Page) -> None:
    """Write the rest of this answer in the language of the appointment's mediator."""
    g.link_locale = page.ui_language
    i18n.choose_again()


def _on_behalf(who: Actor) -> OnBehalf | None:
    channel = request.form.get("channel", "")
    return OnBehalf(channel) if who.role in STAFF and channel else None
