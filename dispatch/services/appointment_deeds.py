"""Say which acts on an appointment are open to a reader now, so that a page offers no button that would be refused.

The acts themselves check anew; this only looks.
"""

from datetime import datetime
from enum import StrEnum

from dispatch.domain import moves as move_rules
from dispatch.domain import reminders as rules
from dispatch.domain.lifecycle import AppointmentState, Awaits
from dispatch.domain.permissions import Act, Actor, Role, may
from dispatch.models import Appointment, Request
from dispatch.services import options
from dispatch.services.absences import SIDES
from dispatch.services.appointment_access import AHEAD, subject_of
from dispatch.services.bookings import is_awaited, yes_at


class Deed(StrEnum):
    """An act as a page offers it; `move_by_phone` is a move that an office must ask the coordination for."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    COMING = "coming"
    LATE = "late"
    HAND_BACK = "hand_back"
    STEP_BACK = "step_back"
    MOVE = "move"
    MOVE_BY_PHONE = "move_by_phone"
    CANCEL = "cancel"
    ABSENT = "absent"
    OTHER_PERSON = "other_person"


ACTS = {
    Deed.CONFIRM: Act.APPOINTMENT_CONFIRM,
    Deed.DECLINE: Act.APPOINTMENT_DECLINE,
    Deed.COMING: Act.APPOINTMENT_SAY_LATE,
    Deed.LATE: Act.APPOINTMENT_SAY_LATE,
    Deed.HAND_BACK: Act.APPOINTMENT_HAND_BACK,
    Deed.STEP_BACK: Act.APPOINTMENT_STEP_BACK,
    Deed.MOVE: Act.APPOINTMENT_MOVE,
    Deed.MOVE_BY_PHONE: Act.APPOINTMENT_MOVE,
    Deed.CANCEL: Act.APPOINTMENT_CANCEL,
    Deed.ABSENT: Act.APPOINTMENT_RECORD_ABSENCE,
    Deed.OTHER_PERSON: Act.APPOINTMENT_DECLINE,
}
"""What the permission table calls each of them."""

_KEPT = frozenset({AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED})


def open_deeds(actor: Actor, appointment: Appointment, request: Request, now: datetime) -> frozenset[Deed]:
    """Return what this reader may do with an appointment now."""
    subject = subject_of(appointment, request)
    possible = _ahead(actor, appointment, request, now) | _afterwards(actor, appointment, now)
    return frozenset(deed for deed in possible if may(actor, ACTS[deed], subject))


def _ahead(actor: Actor, appointment: Appointment, request: Request, now: datetime) -> set[Deed]:
    state = AppointmentState(appointment.state)
    if state not in AHEAD or appointment.ends_at <= now:
        return set()
    deeds = {Deed.CANCEL}
    if state is AppointmentState.PROPOSED and is_awaited(actor, appointment):
        deeds |= {Deed.CONFIRM, Deed.OTHER_PERSON if appointment.awaits == Awaits.OFFICE else Deed.DECLINE}
    if state is AppointmentState.CONFIRMED and yes_at(now, appointment) is AppointmentState.RECONFIRMED:
        deeds.add(Deed.COMING)
    if state in _KEPT:
        deeds |= {Deed.LATE, Deed.STEP_BACK}
    if appointment.starts_at > now:
        deeds.add(_move_of(actor, request))
        if state in _KEPT or appointment.awaits == Awaits.OFFICE:
            deeds.add(Deed.HAND_BACK)
    return deeds


def _move_of(actor: Actor, request: Request) -> Deed:
    shipped = options.read(move_rules.DEFAULT)
    is_too_often = move_rules.needs_coordinator(request.move_count, options=shipped)
    return Deed.MOVE_BY_PHONE if is_too_often and actor.role is Role.REQUESTER else Deed.MOVE


def _afterwards(actor: Actor, appointment: Appointment, now: datetime) -> set[Deed]:
    state = AppointmentState(appointment.state)
    in_time = rules.may_correct(now, appointment.ends_at, options=options.read(rules.DEFAULT))
    if not in_time or state not in _KEPT | set(SIDES.values()):
        return set()
    is_of_her = state is AppointmentState.MEDIATOR_ABSENT and actor.role is Role.MEDIATOR
    return set() if is_of_her else {Deed.ABSENT}
