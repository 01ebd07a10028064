"""Close requests and open them again: cancelled by people, unfilled by a person or by time, and the way back.

Which moves exist is the domain's table; the appointment of a request is ended by `services.appointments`.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import reminders
from dispatch.domain.errors import AlreadyStarted, MoveRefused
from dispatch.domain.findings import Findings
from dispatch.domain.lifecycle import (
    AppointmentState,
    CancelReason,
    RequestState,
    UnfilledReason,
    WithdrawalCause,
    move_appointment,
)
from dispatch.domain.permissions import SYSTEM, Act, Actor
from dispatch.models import Appointment, Request
from dispatch.services import (
    appointments,
    calls,
    cancel_undo,
    offers,
    options,
    outbox,
    promises,
    referrals,
    states,
    unmet,
)
from dispatch.services.appointment_access import check_on_behalf, hold
from dispatch.services.audit import OnBehalf
from dispatch.services.request_access import load
from dispatch.services.reviews import LONGEST_REASON
from dispatch.services.transactions import each, reading, run

AFTERWARDS = timedelta(days=14)
"""How long what was entered afterwards may wait for the mediator to be recorded."""

_OBSOLETE = ("request_received", "request_nobody_yet")
_CLOSING = ("request_cancelled", "request_unfilled", "request_outside")


class Cancelled(NamedTuple):
    """What a cancellation came to; `late`: it counts as one at short notice."""

    state: RequestState
    late: bool


def cancel(
    actor: Actor, request_id: int, reason: str, now: datetime, *, on_behalf: OnBehalf | None = None
) -> Cancelled:
    """Cancel a request and its appointment; a second time it changes nothing and answers the same.

    Reasons are own, solved and no_answer; others are Invalid (`reason`). Raises MoveRefused when it is over.
    """
    code = _reason(reason)

    def use_case(session: Session) -> Cancelled:
        request = load(session, actor, Act.REQUEST_CANCEL, request_id, lock=True)
        check_on_behalf(actor, on_behalf)
        return _cancel(session, actor, request, code, now, on_behalf=on_behalf)

    return run(use_case)


def cancel_appointment(
    actor: Actor, appointment_id: int, reason: str, now: datetime, *, on_behalf: OnBehalf | None = None
) -> Cancelled:
    """Cancel an appointment with its request; raises as `cancel`, and MoveRefused for one that is not ahead any more.

    An appointment that fell away never takes with it the one that came after.
    """
    code = _reason(reason)

    def use_case(session: Session) -> Cancelled:
        held = hold(session, actor, Act.APPOINTMENT_CANCEL, appointment_id, on_behalf=on_behalf)
        if held.appointment.state != AppointmentState.CANCELLED:
            move_appointment(held.appointment.state, AppointmentState.CANCELLED)
        elif held.request.state != RequestState.CANCELLED:
            raise MoveRefused("appointment", held.appointment.state, AppointmentState.CANCELLED)
        return _cancel(session, actor, held.request, code, now, on_behalf=on_behalf)

    return run(use_case)


def _reason(typed: str) -> str:
    findings = Findings()
    chosen = findings.member("reason", CancelReason, typed)
    findings.require("reason", chosen)
    if chosen is CancelReason.REFUSED:
        findings.add("reason", "unknown")
    findings.raise_if_any()
    return CancelReason(chosen or "").value


def _cancel(
    session: Session, actor: Actor, request: Request, code: str, now: datetime, *, on_behalf: OnBehalf | None
) -> Cancelled:
    if request.state == RequestState.CANCELLED:
        return Cancelled(RequestState.CANCELLED, _was_late(session, request))
    is_late = appointments.cancel_in(session, actor, request, code, now, on_behalf=on_behalf)
    request.cancel_reason = code
    facts = {"reason": code, "late": is_late}
    _close(session, actor, request, RequestState.CANCELLED, now, facts=facts, on_behalf=on_behalf)
    promises.write_to_office(session, "request_cancelled", request, now)
    return Cancelled(RequestState.CANCELLED, is_late)


def cancels_late(request: Request, appointment: Appointment | None, now: datetime) -> bool:
    """Tell whether a cancellation now would be at short notice: somebody is to come, and it is or was moved too late.

    `appointment` is the request's live one.
    """
    if request.state != RequestState.ASSIGNED or appointment is None:
        return False
    return appointments.is_late(appointment, now)


def in_time_until(request: Request) -> datetime:
    """Return the last instant at which cancelling an assigned request is not yet at short notice."""
    hours = options.read(reminders.DEFAULT).late_cancellation_hours
    return request.starts_at - timedelta(hours=hours)


def reopen(actor: Actor, request_id: int, now: datetime, *, search_again: bool = False) -> RequestState:
    """Undo a cancellation, or search again for what stayed unfilled; return the state it has now.

    An appointment that fell with the request comes back to be confirmed anew, unless `search_again` lets it be. Raises
    AlreadyStarted unless the start is ahead, DoubleBooked when its mediator has been booked in the meantime, DoesNotFit
    when something else speaks against her now, MoveRefused from any other state.
    """

    def use_case(session: Session) -> RequestState:
        request = load(session, actor, Act.REQUEST_REOPEN, request_id, lock=True)
        return reopen_in(session, actor, request, now, search_again=search_again)

    return run(use_case)


def reopen_in(
    session: Session, actor: Actor, request: Request, now: datetime, *, search_again: bool = False
) -> RequestState:
    """Do what `reopen` does to a locked request, with its refusals; a provider that was to help is let go."""
    if request.state not in (RequestState.CANCELLED, RequestState.UNFILLED):
        raise MoveRefused("request", request.state, RequestState.SEARCHING)
    if request.starts_at <= now:
        raise AlreadyStarted
    outbox.drop_waiting(session, _CLOSING, request_id=request.id)
    calls.drop(session, now, messages=_CLOSING, request_id=request.id)
    referrals.let_go(session, actor, request, now)
    request.cancel_reason = request.unfilled_reason = request.state_note = request.handed_back_at = None
    may_come_back = request.state == RequestState.CANCELLED and not search_again
    if not (may_come_back and cancel_undo.undo_cancel_in(session, actor, request, now)):
        offers.start_search(session, actor, request, now)
    promises.give(request, now)
    promises.write_to_office(session, "request_received", request, now)
    return RequestState(request.state)


def close_as_solved(
    session: Session, actor: Actor, request: Request, now: datetime, *, facts: dict[str, object]
) -> None:
    """End the search of a locked request that nobody has taken, as solved; the caller tells the office how."""
    request.cancel_reason = CancelReason.SOLVED.value
    facts = {"reason": CancelReason.SOLVED.value, **facts}
    _close(session, actor, request, RequestState.CANCELLED, now, facts=facts)


def mark_unfilled(actor: Actor, request_id: int, reason: str, now: datetime, *, note: str = "") -> None:
    """Give a request up for a reason before its start has passed; raises as `cancel`.

    An assigned request is given up by ending its appointment first, so it is MoveRefused here.
    """
    findings = Findings()
    chosen = findings.member("reason", UnfilledReason, reason)
    findings.require("reason", chosen)
    kept_note = findings.prose("note", note, LONGEST_REASON)
    findings.raise_if_any()

    def use_case(session: Session) -> None:
        request = load(session, actor, Act.REQUEST_CLOSE_UNFILLED, request_id, lock=True)
        if request.state not in promises.UNANSWERED:
            raise MoveRefused("request", request.state, RequestState.UNFILLED)
        request.state_note = kept_note
        _give_up(session, actor, request, UnfilledReason(chosen or ""), now)

    run(use_case)


def close_due(now: datetime) -> int:
    """Close as unfilled what nobody took before its start (after a step back: its end); return how many."""
    due = select(Request.id).where(_is_over(now)).order_by(Request.id)
    return each(reading().scalars(due).all(), lambda request_id: _close_one(request_id, now))


def _close_one(request_id: int, now: datetime) -> bool:
    """Close one request unless somebody took it in the meantime; the pool is looked at before, outside."""
    reason = unmet.reason_for(request_id, now)

    def use_case(session: Session) -> bool:
        wanted = select(Request).where(Request.id == request_id, _is_over(now)).with_for_update()
        request = session.scalar(wanted.options(selectinload(Request.languages)))
        if request is None:
            return False
        _give_up(session, SYSTEM, request, reason, now)
        return True

    return run(use_case)


def _give_up(session: Session, actor: Actor, request: Request, reason: UnfilledReason, now: datetime) -> None:
    request.unfilled_reason = reason.value
    _close(session, actor, request, RequestState.UNFILLED, now, facts={"reason": reason.value})
    promises.write_to_office(session, "request_unfilled", request, now)


def _close(
    session: Session,
    actor: Actor,
    request: Request,
    target: RequestState,
    now: datetime,
    *,
    facts: dict[str, object],
    on_behalf: OnBehalf | None = None,
) -> None:
    offers.withdraw_open(session, actor, request, WithdrawalCause.CLOSED, now)
    outbox.drop_waiting(session, _OBSOLETE, request_id=request.id)
    calls.drop(session, now, messages=_OBSOLETE, request_id=request.id)
    states.set_request(session, actor, request, target, now, facts=facts, on_behalf=on_behalf)


def _is_over(now: datetime) -> ColumnElement[bool]:
    """Return the condition of a request that waits although the last moment for an answer has passed."""
    last_moment = or_(
        and_(Request.stepped_back.is_(False), Request.entered_afterwards.is_(False), Request.starts_at <= now),
        and_(Request.stepped_back, Request.ends_at <= now),
        and_(Request.entered_afterwards, Request.created_at <= now - AFTERWARDS),
    )
    return and_(Request.state.in_(promises.UNANSWERED), last_moment)


def _was_late(session: Session, request: Request) -> bool:
    ended = select(Appointment.late).where(
        Appointment.request_id == request.id, Appointment.state == AppointmentState.CANCELLED
    )
    return bool(session.scalar(ended.order_by(Appointment.id.desc()).limit(1)))
