"""Decide what is an alarm, to whom it goes, and when nobody has to be told any more.

An alarm is something that cannot wait for the next look at the board. It never says what a case is about.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import assert_never

from dispatch.domain.duty import DEFAULT, Duty, DutyOptions
from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import NO_HOLIDAYS, ServiceHours, add_service
from dispatch.domain.lifecycle import AppointmentState, RequestState

_SOUGHT = frozenset({RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING})


class AlarmKind(StrEnum):
    """What is wrong, named as the task of the board that shows it."""

    UNCONFIRMED = "unconfirmed"
    PROMISE_PASSED = "promise_passed"
    HANDED_BACK = "handed_back"
    STEPPED_BACK = "stepped_back"
    NOBODY_FITS = "nobody_fits"
    UNDELIVERED = "undelivered"


def near_until(now: datetime, *, options: DutyOptions = DEFAULT) -> datetime:
    """Return the last start that is so close that somebody has to look at once."""
    return now + timedelta(hours=options.near_start_hours)


def escalates_at(
    raised_at: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: DutyOptions = DEFAULT,
) -> datetime:
    """Return when an alarm that nobody takes goes on to the deputies: after so much time of service."""
    after = timedelta(minutes=options.escalate_after_minutes)
    return add_service(raised_at, after, zone=zone, holidays=holidays, options=hours)


def escalates_to(duty: Duty) -> tuple[int, ...]:
    """Return the ids of those it goes on to: the deputies; where there are none, everybody who is there.

    Nobody when nobody is there: whoever looks at any page then reads that nobody is on duty.
    """
    return tuple(one.id for one in duty.deputies or duty.present)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """How the things an alarm is about stand now; `is_undelivered`: its message still waits for a person."""

    request: RequestState
    starts_at: datetime
    ends_at: datetime
    answer_by: datetime | None = None
    is_handed_back: bool = False
    is_stepped_back: bool = False
    is_without_anybody: bool = False
    appointment: AppointmentState | None = None
    is_undelivered: bool = False


def still_stands(kind: AlarmKind, cause: Cause, now: datetime) -> bool:
    """Tell whether what an alarm was raised for is still so; if not, nobody has to act any more."""
    is_ahead = cause.starts_at > now
    is_sought = cause.request in _SOUGHT
    match kind:
        case AlarmKind.UNCONFIRMED:
            return cause.appointment is AppointmentState.CONFIRMED and cause.ends_at > now
        case AlarmKind.PROMISE_PASSED:
            is_proposed = cause.request is RequestState.ASSIGNED and cause.appointment is AppointmentState.PROPOSED
            has_passed = cause.answer_by is not None and cause.answer_by <= now
            return (is_sought or is_proposed) and has_passed and is_ahead
        case AlarmKind.HANDED_BACK:
            return is_sought and cause.is_handed_back and is_ahead
        case AlarmKind.STEPPED_BACK:
            return is_sought and cause.is_stepped_back and cause.ends_at > now
        case AlarmKind.NOBODY_FITS:
            return is_sought and cause.is_without_anybody and is_ahead
        case AlarmKind.UNDELIVERED:
            return cause.is_undelivered and is_ahead
    assert_never(kind)
