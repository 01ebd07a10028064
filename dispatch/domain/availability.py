"""Decide whether a mediator said to have time: weekly pattern plus extras minus absences, in three values.

It knows no appointments: what is booked is the business of `conflicts`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from enum import StrEnum

from dispatch.domain.intervals import Interval, at_minute, merge, subtract, to_local, total

_DAY = timedelta(days=1)


class Answer(StrEnum):
    """What the availability says about a span; `unknown` only of people who gave no pattern at all."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class WeeklyWindow:
    """A window of the usual week in local wall time: weekday 0 = Monday, minutes of the day, 1440 = its end.

    Validity dates are inclusive and None where open; ValueError if the window is empty or leaves its day.
    """

    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 0 <= self.start_minute < self.end_minute <= 24 * 60):
            raise ValueError(f"not a window of one weekday: {self}")

    def holds_on(self, day: date) -> bool:
        """Return whether the window exists on this local day."""
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True)
class Availability:
    """All that a mediator said about her time; absences win over windows and extras."""

    weekly: tuple[WeeklyWindow, ...] = ()
    extras: tuple[Interval, ...] = ()
    absences: tuple[Interval, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether no pattern was given at all; a pattern that has run out is one and says no."""
        return not self.weekly


def covers(availability: Availability, interval: Interval, zone: tzinfo) -> Answer:
    """Return whether the whole interval is free of absences and inside touching windows and extras.

    Without a pattern an absence that overlaps still says no and an extra that covers yes; else it is unknown.
    """
    if any(absence.overlaps(interval) for absence in availability.absences):
        return Answer.NO
    if any(free.contains(interval) for free in _offered(availability, interval, zone)):
        return Answer.YES
    return Answer.UNKNOWN if availability.is_unknown else Answer.NO


def free_slots(
    availability: Availability, within: Interval, zone: tzinfo, *, busy: Iterable[Interval] = ()
) -> tuple[Interval, ...]:
    """Return what she offers inside `within` less absences and `busy`, merged and in order of time.

    Of a person without a pattern these are her extras alone.
    """
    taken = (*availability.absences, *busy)
    slots = subtract(_offered(availability, within, zone), taken)
    return tuple(part for slot in slots if (part := slot.intersection(within)))


def minutes_free(availability: Availability, interval: Interval, zone: tzinfo) -> int:
    """Return the whole minutes of `free_slots` in the interval."""
    return total(free_slots(availability, interval, zone)) // timedelta(minutes=1)


def _offered(availability: Availability, within: Interval, zone: tzinfo) -> tuple[Interval, ...]:
    """Return windows and extras around `within` merged, so that touching ones count as one."""
    windows = _windows(availability.weekly, within, zone) if availability.weekly else ()
    return merge((*windows, *availability.extras))


def _windows(weekly: tuple[WeeklyWindow, ...], within: Interval, zone: tzinfo) -> Iterator[Interval]:
    """Yield the windows of every local day that `within` touches.

    One that begins or ends in a missing hour does so at that hour's end; it has both passes of a doubled one.
    """
    day, last = to_local(within.start, zone).date(), to_local(within.end, zone).date()
    while day <= last:
        for window in weekly:
            if window.holds_on(day):
                start = at_minute(day, window.start_minute, zone)
                end = at_minute(day, window.end_minute, zone, last=True)
                if start < end:
                    yield Interval(start, end)
        day += _DAY
