"""Decide what falls due around an appointment and when: reminders, re-confirmation, the late window.

Every row is an instant still ahead; whether it was sent is the business of the outbox.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TypedDict

from dispatch.domain.calls import call_at
from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import NO_HOLIDAYS, ServiceHours, add_service, service_day_before
from dispatch.domain.intervals import at_minute, shift_days, to_local


class ReminderKind(StrEnum):
    """`week` and `last` only remind; `reconfirm` asks for a word."""

    WEEK = "week"
    RECONFIRM = "reconfirm"
    LAST = "last"


class Side(StrEnum):
    """Who is reminded."""

    MEDIATOR = "mediator"
    OFFICE = "office"


@dataclass(frozen=True)
class ReminderOptions:
    """Option: how long before or after an appointment each thing falls due."""

    week_days: int = 7
    reconfirm_days: int = 1
    reconfirm_minute: int = 9 * 60
    alarm_service_minutes: int = 3 * 60
    reconfirmed_minutes: int = 2 * 60
    last_before_departure_minutes: int = 60
    last_before_start_minutes: int = 2 * 60
    late_cancellation_hours: int = 24
    correction_days: int = 14


DEFAULT = ReminderOptions()


@dataclass(frozen=True)
class AppointmentFacts:
    """What reminders depend on; `confirmed_at` is None while a yes is awaited.

    `departs_at` is the mediator's latest departure (`travel.departs_at`), the start where nobody travels.
    """

    start: datetime
    departs_at: datetime
    confirmed_at: datetime | None = None


class _OpenHours(TypedDict):
    zone: tzinfo
    holidays: Set[date]
    hours: ServiceHours


@dataclass(frozen=True, order=True)
class Reminder:
    """A row to keep: key = appointment, kind, side and revision."""

    due_at: datetime
    kind: ReminderKind
    side: Side


def due_reminders(
    facts: AppointmentFacts,
    now: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: ReminderOptions = DEFAULT,
    by_phone: Set[Side] = frozenset(),
) -> tuple[Reminder, ...]:
    """Return the rows later than `now` for both sides, in order of time.

    Re-confirmation is left out where the confirmation already counts as one. Who is called (`by_phone`) is reminded in
    service hours: at the same instant, else in the last service hour before.
    """
    open_hours: _OpenHours = {"zone": zone, "holidays": holidays, "hours": hours}
    reconfirm_at = reconfirmation_at(facts.start, **open_hours, options=options, by_phone=Side.MEDIATOR in by_phone)
    instants = {
        ReminderKind.WEEK: shift_days(facts.start, -options.week_days, zone),
        ReminderKind.RECONFIRM: reconfirm_at,
        ReminderKind.LAST: last_reminder_at(facts.start, facts.departs_at, options=options),
    }
    if facts.confirmed_at and counts_as_reconfirmed(facts.confirmed_at, reconfirm_at, options=options):
        del instants[ReminderKind.RECONFIRM]
    rows = (
        Reminder(call_at(at, **open_hours) if side in by_phone else at, kind, side)
        for kind, at in instants.items()
        for side in Side
    )
    return tuple(sorted(row for row in rows if row.due_at > now))


def reconfirmation_at(
    start: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: ReminderOptions = DEFAULT,
    by_phone: bool = False,
) -> datetime:
    """Return when re-confirmation is asked: at the same wall time the day before.

    Or at 09:00 of the last service day before the day of the start, whichever is earlier. Who is called is asked in the
    last service hour before if nobody is in the office then.
    """
    last_service_day = service_day_before(to_local(start, zone).date(), holidays=holidays, options=hours)
    at = min(
        shift_days(start, -options.reconfirm_days, zone),
        at_minute(last_service_day, options.reconfirm_minute, zone),
    )
    return call_at(at, zone=zone, holidays=holidays, hours=hours) if by_phone else at


def last_reminder_at(start: datetime, departs_at: datetime, *, options: ReminderOptions = DEFAULT) -> datetime:
    """Return the earlier of 60 minutes before departure and 2 hours before the start."""
    return min(
        departs_at - timedelta(minutes=options.last_before_departure_minutes),
        start - timedelta(minutes=options.last_before_start_minutes),
    )


def alarm_at(
    asked_at: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: ReminderOptions = DEFAULT,
) -> datetime:
    """Return when silence on a re-confirmation alarms the coordinator: after three service hours."""
    silence = timedelta(minutes=options.alarm_service_minutes)
    return add_service(asked_at, silence, zone=zone, holidays=holidays, options=hours)


def counts_as_reconfirmed(
    confirmed_at: datetime, reconfirm_at: datetime, *, options: ReminderOptions = DEFAULT
) -> bool:
    """Return whether a yes is a re-confirmation: given later than two hours before one would be asked."""
    return confirmed_at > reconfirm_at - timedelta(minutes=options.reconfirmed_minutes)


def is_late(now: datetime, start: datetime, *, options: ReminderOptions = DEFAULT) -> bool:
    """Return whether a cancellation or move comes less than 24 hours of clock time before the start."""
    return start - now < timedelta(hours=options.late_cancellation_hours)


def may_correct(now: datetime, end: datetime, *, options: ReminderOptions = DEFAULT) -> bool:
    """Return whether an ended appointment may still change between kept and absent: 14 days from its end."""
    return end <= now < end + timedelta(days=options.correction_days)
