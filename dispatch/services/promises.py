"""Promise an office its answer, and tell it when a promise has passed.

What is promised is decided by `domain.promises`; a passed promise closes nothing.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from dispatch.domain import hours, offers
from dispatch.domain.alarms import AlarmKind
from dispatch.domain.lifecycle import AppointmentState, Awaits, RequestState
from dispatch.domain.permissions import SYSTEM
from dispatch.domain.promises import Promise, promise, promise_by_hand
from dispatch.domain.requests import Policy
from dispatch.models import Appointment, Request
from dispatch.services import alarms, calls, local_time, options, outbox, recipients
from dispatch.services.audit import record
from dispatch.services.transactions import each, reading, run

UNANSWERED = (RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING)
"""States in which nobody has been found yet."""

_PROPOSED = select(Appointment.id).where(Appointment.state == AppointmentState.PROPOSED)
_PROPOSED_FOR = select(Appointment.request_id).where(
    Appointment.state == AppointmentState.PROPOSED, Appointment.awaits == Awaits.MEDIATOR
)


def promise_for(
    starts_at: datetime,
    now: datetime,
    *,
    policy: Policy,
    is_reviewed_first: bool,
    last_useful_answer_at: datetime | None = None,
) -> Promise | None:
    """Return what a request sent `now` is promised; None when its start is not ahead."""
    if starts_at <= now:
        return None
    make = promise if policy is Policy.WAVES and not is_reviewed_first else promise_by_hand
    return make(
        now,
        starts_at,
        zone=local_time.zone(),
        holidays=local_time.holidays(now),
        hours=options.read(hours.DEFAULT),
        options=options.read(offers.DEFAULT),
        last_useful_answer_at=last_useful_answer_at,
    )


def give(request: Request, now: datetime, *, is_reviewed_first: bool | None = None) -> None:
    """Set the promise of a request that begins to be worked on; the first one given is kept for ever.

    Whether people look at it first is read from its state unless the caller is about to move it.
    """
    in_review = request.state == RequestState.IN_REVIEW if is_reviewed_first is None else is_reviewed_first
    given = promise_for(
        request.starts_at,
        now,
        policy=Policy(request.policy),
        is_reviewed_first=in_review,
        last_useful_answer_at=_still_ahead(request.last_useful_answer_at, now),
    )
    request.answer_by = given.answer_by if given else None
    request.promise_told_at = None
    if request.promised_at_booking is None:
        request.promised_at_booking = request.answer_by


def tell_passed_promises(now: datetime) -> int:
    """Tell each office whose promise has passed without an answer, once; return how many."""
    due = select(Request.id).where(_passed(now)).order_by(Request.id)
    return each(reading().scalars(due).all(), lambda request_id: _tell(request_id, now))


def _tell(request_id: int, now: datetime) -> bool:
    def use_case(session: Session) -> bool:
        wanted = select(Request).where(Request.id == request_id, _passed(now)).with_for_update()
        request = session.scalar(wanted)
        if request is None:
            return False
        request.promise_told_at = now
        proposed_id = session.scalar(_PROPOSED.where(Appointment.request_id == request.id))
        record(session, SYSTEM, "promise_passed", ("request", request.id), now)
        write_to_office(session, "request_nobody_yet", request, now, appointment_id=proposed_id)
        key = f"promise_passed:{request.id}:{request.answer_by:%Y%m%d%H%M%S}"
        alarms.raise_alarm(
            session, AlarmKind.PROMISE_PASSED, key, now, request_id=request.id, appointment_id=proposed_id
        )
        return True

    return run(use_case)


def write_to_office(
    session: Session,
    kind: str,
    request: Request,
    now: datetime,
    *,
    appointment_id: int | None = None,
    **params: object,
) -> None:
    """Put a message about the request into the outbox, or have its office called where no mail reaches it."""
    office = recipients.office(session, request)
    if office is None or recipients.is_by_phone_only(request):
        about = session.get(Appointment, appointment_id) if appointment_id else None
        key = f"office:{kind}:{request.id}:{now:%Y%m%d%H%M%S}"
        calls.tell_office(session, kind, request, now, key=key, appointment=about, params=params)
        return
    outbox.enqueue(
        session, kind, office.email, now,
        locale=office.locale, request_id=request.id, appointment_id=appointment_id, params=params,
    )  # fmt: skip


def _passed(now: datetime) -> ColumnElement[bool]:
    """Return the condition of a promise that has passed; a mediator's yes still awaited is no answer."""
    is_proposed = (Request.state == RequestState.ASSIGNED) & Request.id.in_(_PROPOSED_FOR)
    return and_(
        or_(Request.state.in_(UNANSWERED), is_proposed),
        Request.answer_by <= now,
        Request.promise_told_at.is_(None),
        Request.starts_at > now,
    )


def _still_ahead(instant: datetime | None, now: datetime) -> datetime | None:
    return instant if instant is not None and instant > now else None
