"""Decide what needs a coordinator now, by when, and which of it first.

One thing is one task, named after what is most in its way. Nothing here is stored: a task is there as long as its
cause is.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import NO_HOLIDAYS, ServiceHours, end_of_next_service_day, is_service
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.promises import task_due_at
from dispatch.domain.requests import Policy

_SECOND = timedelta(seconds=1)


class TaskKind(StrEnum):
    """Why a person must act."""

    UNCONFIRMED = "unconfirmed"
    HANDED_BACK = "handed_back"
    NOBODY_FITS = "nobody_fits"
    EXHAUSTED = "exhausted"
    PROMISE_PASSED = "promise_passed"
    BY_HAND = "by_hand"
    REVIEW = "review"
    CALLS = "calls"
    APPROVAL = "approval"
    UNDELIVERED = "undelivered"
    LEFT_WITH_APPOINTMENTS = "left_with_appointments"
    DOCUMENT_BEFORE_APPOINTMENT = "document_before_appointment"
    SAID_NO_MORE = "said_no_more"
    DATA_CHANGED = "data_changed"
    STILL_THERE = "still_there"
    WORDS = "words"
    DOCUMENT_ENDS = "document_ends"
    DATA_UNCONFIRMED = "data_unconfirmed"


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request without an appointment, as far as its task depends on it.

    `is_waited_for`: an offer of the revision is open and before its deadline.
    """

    state: RequestState
    policy: Policy
    starts_at: datetime
    answer_by: datetime | None = None
    nobody_fits_at: datetime | None = None
    exhausted_at: datetime | None = None
    handed_back_at: datetime | None = None
    is_waited_for: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A task's kind and by when it should be done."""

    kind: TaskKind
    at: datetime


def task_of(
    request: OpenRequest,
    now: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
) -> Due | None:
    """Return the task of a request that is looked at or searched for; None while everything goes its way.

    It is due with the promise to the office or at the next service hour after it, where there is none with the
    start; what was handed back is due since then. Closing time itself is still of service: people answer until then.
    """
    kind = _kind(request, now)
    match kind:
        case None:
            return None
        case TaskKind.HANDED_BACK:
            return Due(kind, request.handed_back_at or now)
        case _ if request.answer_by is None:
            return Due(kind, request.starts_at)
        case _:
            before = request.answer_by - _SECOND
            is_until_closing = is_service(before, zone=zone, holidays=holidays, options=hours)
            at = request.answer_by
            if kind is TaskKind.PROMISE_PASSED or not is_until_closing:
                at = task_due_at(at, zone=zone, holidays=holidays, hours=hours)
            return Due(kind, min(at, request.starts_at))


def looked_into_by(
    since: datetime,
    starts_at: datetime | None,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
) -> datetime:
    """Return by when a bad address or a silent person is looked into: end of the next service day, before a start."""
    ends_at = end_of_next_service_day(since, zone=zone, holidays=holidays, options=hours)
    return ends_at if starts_at is None else min(ends_at, starts_at)


def urgency(due_at: datetime, starts_at: datetime | None, now: datetime) -> tuple[bool, datetime]:
    """Return the key by which tasks are sorted: what is late first, by how soon the talk begins; then by due time."""
    is_late = due_at <= now
    return (not is_late, (starts_at or due_at) if is_late else due_at)


def _kind(request: OpenRequest, now: datetime) -> TaskKind | None:
    is_by_hand = request.policy is not Policy.WAVES and not request.is_waited_for
    signs = (
        (request.state is RequestState.IN_REVIEW, TaskKind.REVIEW),
        (request.nobody_fits_at is not None, TaskKind.NOBODY_FITS),
        (request.exhausted_at is not None, TaskKind.EXHAUSTED),
        (request.handed_back_at is not None, TaskKind.HANDED_BACK),
        (request.answer_by is not None and request.answer_by <= now, TaskKind.PROMISE_PASSED),
        (is_by_hand, TaskKind.BY_HAND),
    )
    return next((kind for holds, kind in signs if holds), None)
