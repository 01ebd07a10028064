"""Complete what has taken place, and record within two weeks who was not there; the request follows.

Whether it counts as kept is the lifecycle's; a kept appointment occupies its time again, so the guard speaks too.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import reminders as rules
from dispatch.domain.errors import Forbidden, Invalid, MoveRefused
from dispatch.domain.lifecycle import AppointmentState, RequestState, UnfilledReason, move_appointment
from dispatch.domain.permissions import SYSTEM, Act, Actor, Role
from dispatch.models import Appointment, Request
from dispatch.services import options, states
from dispatch.services.appointment_access import Held, hold, lock_request
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import each, reading, run

SIDES: Mapping[str, AppointmentState] = {
    "none": AppointmentState.COMPLETED,
    "client": AppointmentState.CLIENT_ABSENT,
    "mediator": AppointmentState.MEDIATOR_ABSENT,
}
"""Who was absent, and the state that says so."""

_TO_BE_KEPT = (AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED)
_MEDIATORS_TO_SAY = frozenset({AppointmentState.COMPLETED, AppointmentState.CLIENT_ABSENT})


def set_absent(
    actor: Actor, appointment_id: int, side: str, now: datetime, *, on_behalf: OnBehalf | None = None
) -> Appointment:
    """Record that a side was absent (`client`, `mediator`) or that all came after all (`none`); return the appointment.

    A mediator speaks of the client only. Raises Invalid for another side, MoveRefused before the end and later than
    14 days after it, DoubleBooked when the time it would occupy again is taken.
    """
    if side not in SIDES:
        raise Invalid({"side": ("unknown_choice",)})
    target = SIDES[side]

    def use_case(session: Session) -> Appointment:
        held = hold(session, actor, Act.APPOINTMENT_RECORD_ABSENCE, appointment_id, on_behalf=on_behalf)
        appointment = held.appointment
        if not rules.may_correct(now, appointment.ends_at, options=options.read(rules.DEFAULT)):
            raise MoveRefused("appointment", appointment.state, target)
        if appointment.state in _TO_BE_KEPT:
            _complete(session, actor, held, now)
        if appointment.state == target:
            return appointment
        if actor.role is Role.MEDIATOR and not {appointment.state, target} <= _MEDIATORS_TO_SAY:
            move_appointment(appointment.state, target)
            raise Forbidden
        states.set_appointment(session, actor, appointment, target, now, on_behalf=on_behalf)
        session.flush()
        _follow(session, actor, held, now)
        return appointment

    return run(use_case)


def complete_due(now: datetime) -> int:
    """Complete every confirmed appointment that has ended, and its request; return how many."""
    ended = (Appointment.state.in_(_TO_BE_KEPT), Appointment.ends_at <= now)
    due = select(Appointment.id, Appointment.request_id).where(*ended).order_by(Appointment.id)

    def use_case(session: Session, ids: tuple[int, int]) -> bool:
        request = lock_request(session, ids[1])
        appointment = session.scalar(select(Appointment).where(Appointment.id == ids[0], *ended).with_for_update())
        if appointment is None:
            return False
        _complete(session, SYSTEM, Held(appointment, request), now)
        return True

    found = [(row.id, row.request_id) for row in reading().execute(due)]
    return each(found, lambda ids: run(partial(use_case, ids=ids)))


def _complete(session: Session, actor: Actor, held: Held, now: datetime) -> None:
    states.set_appointment(session, actor, held.appointment, AppointmentState.COMPLETED, now)
    held.appointment.ended_at = held.appointment.ends_at
    if held.request.state == RequestState.ASSIGNED:
        states.set_request(session, actor, held.request, RequestState.COMPLETED, now)


def _follow(session: Session, actor: Actor, held: Held, now: datetime) -> None:
    """Leave the request unfilled when the mediator was absent, completed when the client was or all came."""
    request: Request = held.request
    is_unfilled = held.appointment.state == AppointmentState.MEDIATOR_ABSENT
    target = RequestState.UNFILLED if is_unfilled else RequestState.COMPLETED
    if request.state != target:
        states.set_request(session, actor, request, target, now)
    request.unfilled_reason = UnfilledReason.MEDIATOR_ABSENT.value if is_unfilled else None
