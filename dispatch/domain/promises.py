"""Decide by when an office is promised an answer and until when one is of use to it.

A promise is an instant, never a text; when it passes nothing is lost, somebody is told.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import (
    NO_HOLIDAYS,
    ServiceHours,
    add_waking,
    end_of_next_service_day,
    is_service,
    minus_service_days,
    next_service,
    next_waking,
    waking_between,
)
from dispatch.domain.offers import DEFAULT as DEFAULT_OFFERS
from dispatch.domain.offers import OfferOptions, deadline, row_for

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Promise:
    """What the office reads at sending; `is_staffed`: somebody is in the service's office at `answer_by`."""

    answer_by: datetime
    last_useful_answer_at: datetime
    is_staffed: bool


def promise(
    sent_at: datetime,
    start: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: OfferOptions = DEFAULT_OFFERS,
    last_useful_answer_at: datetime | None = None,
    latest_departure: datetime | None = None,
) -> Promise:
    """Promise the answer of waves: by the second one's deadline, supposing that the first lapses unanswered.

    It is never later than the last useful answer, which counts where there is no second wave. Outside
    service hours it moves to the next one if that is still of use. `start` is ahead of `sent_at`; the latest
    departure of the people asked defaults to the start.
    """
    useful = last_useful_answer_at or default_last_useful(
        sent_at, start, zone=zone, holidays=holidays, hours=hours, options=options
    )
    lapses_at = second_deadline(
        sent_at, start, zone=zone, hours=hours, options=options, latest_departure=latest_departure
    )
    answer_by = min(useful, lapses_at or useful)
    opens_at = next_service(answer_by, zone=zone, holidays=holidays, options=hours)
    if opens_at <= useful:
        answer_by = opens_at
    is_staffed = is_service(answer_by, zone=zone, holidays=holidays, options=hours)
    return Promise(answer_by, useful, is_staffed)


def promise_by_hand(
    sent_at: datetime,
    start: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: OfferOptions = DEFAULT_OFFERS,
    last_useful_answer_at: datetime | None = None,
) -> Promise:
    """Promise the answer of people (`manual`, `in_review`): by the end of the next service day.

    Two hours before the start, or the stated last useful answer, take its place where they are earlier; it is
    never before half of the clock time that remains, which decides when the start is far ahead. Outside
    service hours it moves as that of waves; people still answer at closing time.
    """
    ends = [
        end_of_next_service_day(sent_at, zone=zone, holidays=holidays, options=hours),
        start - timedelta(minutes=options.by_hand_before_start_minutes),
    ]
    if last_useful_answer_at is not None:
        ends.append(last_useful_answer_at)
    useful = last_useful_answer_at or default_last_useful(
        sent_at, start, zone=zone, holidays=holidays, hours=hours, options=options
    )
    answer_by = max(min(ends), sent_at + _half(start - sent_at))
    just_before = answer_by - _SECOND
    if is_service(just_before, zone=zone, holidays=holidays, options=hours):
        return Promise(answer_by, useful, is_staffed=True)
    opens_at = next_service(answer_by, zone=zone, holidays=holidays, options=hours)
    if opens_at > useful:
        return Promise(answer_by, useful, is_staffed=answer_by == opens_at)
    return Promise(opens_at, useful, is_staffed=True)


def default_last_useful(
    sent_at: datetime,
    start: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: OfferOptions = DEFAULT_OFFERS,
) -> datetime:
    """Return the later of the start less two service days and the end of half the waking time until it.

    Where no waking time is left before the start, half of the clock time stands for it.
    """
    waking = waking_between(sent_at, start, zone=zone, options=hours)
    half = add_waking(sent_at, _half(waking), zone=zone, options=hours)
    if not waking:
        half = sent_at + _half(start - sent_at)
    days = options.useful_service_days
    return max(half, minus_service_days(start, days, zone=zone, holidays=holidays, options=hours))


def second_deadline(
    sent_at: datetime,
    start: datetime,
    *,
    zone: tzinfo,
    hours: ServiceHours = DEFAULT_HOURS,
    options: OfferOptions = DEFAULT_OFFERS,
    latest_departure: datetime | None = None,
) -> datetime | None:
    """Return the deadline of the second wave; None after an urgent row or where it would follow the start."""
    departure = latest_departure or start
    first_at = next_waking(sent_at, zone=zone, options=hours)
    first_row = row_for(first_at, start, zone=zone, hours=hours, options=options)
    if first_row == options.urgent_row:
        return None
    lapses_at = deadline(first_at, first_row, departure, zone=zone, hours=hours, options=options)
    second_at = next_waking(lapses_at, zone=zone, options=hours)
    if second_at >= start:
        return None
    second_row = row_for(second_at, start, zone=zone, hours=hours, options=options)
    return deadline(second_at, second_row, departure, zone=zone, hours=hours, options=options)


def task_due_at(
    answer_by: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
) -> datetime:
    """Return when the coordinator's task about a promise is due: at it, or at the next service hour."""
    return next_service(answer_by, zone=zone, holidays=holidays, options=hours)


def _half(amount: timedelta) -> timedelta:
    """Return half of it, rounded down to whole seconds."""
    return amount // (2 * _SECOND) * _SECOND
