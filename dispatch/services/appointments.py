"""End an appointment before its time: cancelled, declined, lapsed, handed back, stepped back; and undo a cancellation.

Every end frees the mediator, drops reminders and unsent messages, and tells the other side in the same transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from dispatch.domain import reminders as rules
from dispatch.domain.alarms import AlarmKind
from dispatch.domain.errors import AlreadyStarted, Forbidden, MoveRefused
from dispatch.domain.lifecycle import AppointmentState, Awaits, move_appointment
from dispatch.domain.permissions import SYSTEM, Act, Actor
from dispatch.models import Appointment, Request
from dispatch.services import (
    alarms,
    bookings,
    case_bars,
    matching,
    notices,
    offers,
    options,
    promises,
    reminders,
    states,
)
from dispatch.services.appointment_access import Held, ahead_of, hold, lock_request, need_on_behalf
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import each, reading, run


def is_late(appointment: Appointment, now: datetime) -> bool:
    """Tell whether cancelling or moving it now counts as late; a late move keeps it late for good."""
    return appointment.late or rules.is_late(now, appointment.starts_at, options=options.read(rules.DEFAULT))


def cancel_in(
    session: Session,
    actor: Actor,
    request: Request,
    reason: str,
    now: datetime,
    *,
    on_behalf: OnBehalf | None = None,
) -> bool:
    """Cancel the appointment that a locked request has ahead, if any; return whether that was late.

    The mediator is told, with an entry that leaves her calendar. MoveRefused once a confirmed one has ended: the job
    that completes it may only be late.
    """
    appointment = ahead_of(session, request)
    if appointment is None:
        return False
    if appointment.state in bookings.KEPT and appointment.ends_at <= now:
        raise MoveRefused("appointment", appointment.state, AppointmentState.CANCELLED)
    late = is_late(appointment, now)
    end(
        session, actor, appointment, AppointmentState.CANCELLED, now,
        facts={"reason": reason, "late": late}, on_behalf=on_behalf,
    )  # fmt: skip
    appointment.cancel_reason, appointment.late = reason, late
    notices.tell_mediator(session, "appointment_cancelled", appointment, now)
    return late


def propose(
    session: Session,
    actor: Actor,
    appointment: Appointment,
    now: datetime,
    *,
    facts: Mapping[str, Any] | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Make a locked appointment wait for its mediator's yes, at the time it has now; ask her."""
    states.set_appointment(
        session, actor, appointment, AppointmentState.PROPOSED, now, facts=facts, on_behalf=on_behalf
    )
    appointment.awaits = Awaits.MEDIATOR
    appointment.sequence += 1
    appointment.confirmed_at = appointment.coming_at = appointment.reconfirm_alarm_at = None
    appointment.late_minutes = appointment.late_at = None
    bookings.set_reconfirmation(session, appointment)
    appointment.deadline_at = bookings.deadline_at(appointment, now)
    notices.tell_mediator(session, "appointment_proposed", appointment, now)


def decline(
    actor: Actor,
    appointment_id: int,
    now: datetime,
    *,
    other_person: bool = False,
    on_behalf: OnBehalf | None = None,
) -> Appointment:
    """Take the no of whom a proposed appointment awaits: it is released and the search begins anew; return it.

    With `other_person` the office that is asked to agree wants somebody else: no reason is needed, she is not asked for
    this case again, and it counts as nothing.

    A no that was given before is no fault. Forbidden for the side that is not awaited, MoveRefused when it is not
    proposed any more, Invalid when a coordinator names no channel.
    """
    use_case = partial(
        decline_in, actor=actor, appointment_id=appointment_id, now=now, other_person=other_person, on_behalf=on_behalf
    )
    return run(use_case)


def decline_in(
    session: Session,
    *,
    actor: Actor,
    appointment_id: int,
    now: datetime,
    on_behalf: OnBehalf | None,
    other_person: bool = False,
) -> Appointment:
    """Do the same inside a transaction."""
    held = hold(session, actor, Act.APPOINTMENT_DECLINE, appointment_id, on_behalf=on_behalf)
    need_on_behalf(actor, on_behalf)
    appointment, request = held
    if appointment.state == AppointmentState.RELEASED:
        return appointment
    if appointment.state != AppointmentState.PROPOSED:
        raise MoveRefused("appointment", appointment.state, AppointmentState.RELEASED)
    if not bookings.is_awaited(actor, appointment):
        raise Forbidden
    of_office = appointment.awaits == Awaits.OFFICE
    if other_person and not of_office:
        raise MoveRefused("appointment", appointment.state, AppointmentState.RELEASED)
    if other_person:
        case_bars.bar_other_person(session, appointment, request, now)
    cause = "other_person" if of_office else "declined"
    release(session, actor, held, now, cause=cause, on_behalf=on_behalf)
    _tell_if_settled(session, held, now)
    search_anew(session, actor, request, now)
    return appointment


def hand_back(actor: Actor, appointment_id: int, now: datetime, *, on_behalf: OnBehalf | None = None) -> Appointment:
    """Give a request back that its mediator cannot keep: an emergency wave looks for somebody else; return it.

    Twice is no fault. Raises AlreadyStarted once it has begun, MoveRefused when it is over.
    """
    return run(partial(hand_back_in, actor=actor, appointment_id=appointment_id, now=now, on_behalf=on_behalf))


def hand_back_in(
    session: Session, *, actor: Actor, appointment_id: int, now: datetime, on_behalf: OnBehalf | None
) -> Appointment:
    """Do the same inside a transaction."""
    appointment, request = hold(session, actor, Act.APPOINTMENT_HAND_BACK, appointment_id, on_behalf=on_behalf)
    need_on_behalf(actor, on_behalf)
    if appointment.state == AppointmentState.HANDED_BACK:
        return appointment
    if move_appointment(appointment.state, AppointmentState.HANDED_BACK) and appointment.starts_at <= now:
        raise AlreadyStarted
    late = rules.is_late(now, appointment.starts_at, options=options.read(rules.DEFAULT))
    facts = {"late": late}
    end(session, actor, appointment, AppointmentState.HANDED_BACK, now, facts=facts, on_behalf=on_behalf)
    appointment.late = late
    request.handed_back_at = now
    notices.tell_mediator(session, "appointment_released", appointment, now)
    notices.tell_office(session, "appointment_handed_back", appointment, request, now, params={"late": late})
    search_anew(session, actor, request, now, emergency=True)
    alarms.fell_away(session, AlarmKind.HANDED_BACK, appointment, now, on_behalf)
    return appointment


def step_back(actor: Actor, appointment_id: int, now: datetime, *, on_behalf: OnBehalf | None = None) -> Appointment:
    """Let a mediator go who knows the person: barred for this case from now on, no name, no reason; return it.

    The search may run until the end of the appointment; the office chooses to wait, to phone or another day. Twice is
    no fault. MoveRefused when the appointment is over.
    """

    def use_case(session: Session) -> Appointment:
        appointment, request = hold(session, actor, Act.APPOINTMENT_STEP_BACK, appointment_id, on_behalf=on_behalf)
        need_on_behalf(actor, on_behalf)
        if appointment.state == AppointmentState.STEPPED_BACK:
            return appointment
        if appointment.ends_at <= now:
            raise MoveRefused("appointment", appointment.state, AppointmentState.STEPPED_BACK)
        end(session, actor, appointment, AppointmentState.STEPPED_BACK, now, on_behalf=on_behalf)
        case_bars.bar_who_knows(session, appointment, request, now)
        request.stepped_back = True
        notices.tell_mediator(session, "appointment_released", appointment, now)
        notices.tell_office(session, "appointment_stepped_back", appointment, request, now)
        search_anew(session, actor, request, now, emergency=True)
        alarms.fell_away(session, AlarmKind.STEPPED_BACK, appointment, now, on_behalf)
        return appointment

    return run(use_case)


def lapse_proposed(now: datetime) -> int:
    """Release every proposed appointment whose deadline or end has passed in silence; return how many.

    Who said yes waits for her office until the start: its silence is a task of the coordination, not her loss.
    """
    lapsed = (
        Appointment.state == AppointmentState.PROPOSED,
        or_(
            and_(Appointment.deadline_at <= now, Appointment.awaits == Awaits.MEDIATOR),
            and_(Appointment.starts_at <= now, Appointment.awaits == Awaits.OFFICE),
            Appointment.ends_at <= now,
        ),
    )
    due = select(Appointment.id, Appointment.request_id).where(*lapsed).order_by(Appointment.id)

    def use_case(session: Session, ids: tuple[int, int]) -> bool:
        request = lock_request(session, ids[1])
        appointment = session.scalar(select(Appointment).where(Appointment.id == ids[0], *lapsed).with_for_update())
        if appointment is None:
            return False
        held = Held(appointment, request)
        release(session, SYSTEM, held, now, cause="silent")
        _tell_if_settled(session, held, now)
        search_anew(session, SYSTEM, request, now)
        return True

    found = [(row.id, row.request_id) for row in reading().execute(due)]
    return each(found, lambda ids: run(partial(use_case, ids=ids)))


def release(
    session: Session,
    actor: Actor,
    held: Held,
    now: datetime,
    *,
    cause: str,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Release the mediator of a held appointment; it counts against nobody.

    `cause`: declined, other_person, silent or moved.
    """
    appointment, _ = held
    end(
        session, actor, appointment, AppointmentState.RELEASED, now,
        facts={"cause": cause}, on_behalf=on_behalf,
    )  # fmt: skip
    notices.tell_mediator(session, "appointment_released", appointment, now, params={"cause": cause})


def end(
    session: Session,
    actor: Actor,
    appointment: Appointment,
    target: AppointmentState,
    now: datetime,
    *,
    facts: Mapping[str, Any] | None = None,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Move a locked appointment to a state in which it no longer takes place; raises MoveRefused.

    The time it frees is a chance for requests nobody fits, so these are looked at again.
    """
    states.set_appointment(session, actor, appointment, target, now, facts=facts, on_behalf=on_behalf)
    appointment.ended_at = now
    appointment.deadline_at = appointment.reconfirm_alarm_at = None
    appointment.sequence += 1
    reminders.drop(session, appointment, now)
    matching.retry_unfitted(session, now, [appointment.mediator_id])


def search_anew(session: Session, actor: Actor, request: Request, now: datetime, *, emergency: bool = False) -> None:
    """Look for somebody else for a locked request whose appointment fell away, under a new promise.

    Where it is too late for that, the job that closes requests gives it up at its next look.
    """
    offers.start_search(session, actor, request, now, emergency=emergency)
    promises.give(request, now)


def _tell_if_settled(session: Session, held: Held, now: datetime) -> None:
    """Tell the office that its moved appointment is searched for again, unless it waits for an answer anyway."""
    appointment, request = held
    if request.move_count and request.answer_by is None:
        notices.tell_office(session, "appointment_moved", appointment, request, now, params={"search_again": True})
