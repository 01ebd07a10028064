"""Take a mediator's word shortly before an appointment: she is coming, or she will be late."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from dispatch.domain.errors import Forbidden, Invalid, MoveRefused
from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.permissions import Act, Actor, Role
from dispatch.models import Appointment
from dispatch.services import bookings, notices
from dispatch.services.appointment_access import hold, need_on_behalf
from dispatch.services.audit import OnBehalf, record
from dispatch.services.transactions import run

LONGEST_DELAY_MINUTES = 240


def coming(actor: Actor, appointment_id: int, now: datetime, *, on_behalf: OnBehalf | None = None) -> Appointment:
    """Note that the mediator comes; return the appointment, re-confirmed unless she says so much too early.

    A proposed one is not confirmed by this. Forbidden for the office, MoveRefused when no yes of hers holds.
    """
    if actor.role is Role.REQUESTER:
        raise Forbidden
    return run(partial(coming_in, actor=actor, appointment_id=appointment_id, now=now, on_behalf=on_behalf))


def coming_in(
    session: Session, *, actor: Actor, appointment_id: int, now: datetime, on_behalf: OnBehalf | None
) -> Appointment:
    """Do the same inside a transaction."""
    appointment, _ = hold(session, actor, Act.APPOINTMENT_CONFIRM, appointment_id, on_behalf=on_behalf)
    need_on_behalf(actor, on_behalf)
    bookings.say_coming(session, actor, appointment, now, on_behalf=on_behalf)
    return appointment


def running_late(
    actor: Actor,
    appointment_id: int,
    minutes: int,
    now: datetime,
    *,
    on_behalf: OnBehalf | None = None,
) -> Appointment:
    """Tell the office that the mediator will be late by so many minutes; who is late is coming; return the appointment.

    The same number again tells nobody twice. Raises Invalid (`minutes`) outside 1 to 240, MoveRefused when there is
    nothing to be late for.
    """
    if not 1 <= minutes <= LONGEST_DELAY_MINUTES:
        raise Invalid({"minutes": ("out_of_range",)})

    def use_case(session: Session) -> Appointment:
        appointment, request = hold(session, actor, Act.APPOINTMENT_SAY_LATE, appointment_id, on_behalf=on_behalf)
        need_on_behalf(actor, on_behalf)
        if appointment.state not in bookings.KEPT or appointment.ends_at <= now:
            raise MoveRefused("appointment", appointment.state, AppointmentState.RECONFIRMED)
        bookings.say_coming(session, actor, appointment, now, on_behalf=on_behalf)
        if appointment.late_minutes == minutes:
            return appointment
        appointment.late_minutes, appointment.late_at = minutes, now
        subject = ("appointment", appointment.id)
        record(session, actor, "running_late", subject, now, facts={"minutes": minutes}, on_behalf=on_behalf)
        notices.tell_office(
            session, "appointment_running_late", appointment, request, now,
            key=f"{appointment.sequence}:{now:%Y%m%d%H%M%S}", params={"minutes": minutes},
        )  # fmt: skip
        return appointment

    return run(use_case)
