"""Decide what a span of time is and which instant a local wall time means.

It never reads the clock and never guesses: a wall time that does not exist, or exists twice, is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import ClassVar

_SECOND = timedelta(seconds=1)


class WallTimeRefused(ValueError):
    """A local wall time names no single instant; `code` is a stable word for the field's error."""

    code: ClassVar[str]


class MissingHour(WallTimeRefused):
    """The clocks are put forward over this wall time: it does not exist on that day."""

    code = "missing_hour"


class DoubledHour(WallTimeRefused):
    """The clocks are put back over this wall time: it exists twice and no fold was chosen."""

    code = "doubled_hour"


class OutOfCalendar(WallTimeRefused):
    """The instant lies outside the years 1 to 9999 of UTC."""

    code = "out_of_calendar"


@dataclass(frozen=True, order=True)
class Interval:
    """A span `[start, end)` of aware instants in whole seconds; other zones are turned into UTC.

    ValueError if an instant is naive, has fractions of a second, or the end is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_instant(self.start))
        object.__setattr__(self, "end", as_instant(self.end))
        if self.end <= self.start:
            raise ValueError(f"end {self.end} is not after start {self.start}")

    @property
    def duration(self) -> timedelta:
        """The difference of the two instants, right across a change of clocks."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Return whether both share an instant; touching intervals do not."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Interval | datetime") -> bool:
        """Return whether a whole interval, or an instant (the end excluded), lies within."""
        if isinstance(other, Interval):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other < self.end

    def intersection(self, other: "Interval") -> "Interval | None":
        """Return the shared part, or None where there is none."""
        if not self.overlaps(other):
            return None
        return Interval(max(self.start, other.start), min(self.end, other.end))


def as_instant(value: datetime) -> datetime:
    """Return an aware datetime in UTC; ValueError if it is naive or not a whole second."""
    if value.tzinfo is None or value.microsecond:
        raise ValueError(f"not an instant in whole seconds: {value!r}")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same instants as disjoint intervals in order of time; touching ones become one."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return tuple(merged)


def subtract(intervals: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what is left of `intervals` outside all of `taken`, merged and in order of time."""
    left = list(merge(intervals))
    for hole in merge(taken):
        left = [rest for interval in left for rest in _outside(interval, hole)]
    return tuple(left)


def _outside(interval: Interval, hole: Interval) -> list[Interval]:
    if not interval.overlaps(hole):
        return [interval]
    rests = []
    if interval.start < hole.start:
        rests.append(Interval(interval.start, hole.start))
    if hole.end < interval.end:
        rests.append(Interval(hole.end, interval.end))
    return rests


def total(intervals: Iterable[Interval]) -> timedelta:
    """Return the time covered, counting shared instants once."""
    return sum((interval.duration for interval in merge(intervals)), timedelta())


def to_local(instant: datetime, zone: tzinfo) -> datetime:
    """Return the aware wall time of an instant; its fold tells the two passes of a doubled hour apart."""
    return as_instant(instant).astimezone(zone)


def to_instant(local: datetime, zone: tzinfo, *, fold: int | None = None) -> datetime:
    """Return the instant of a naive wall time typed by a person.

    `fold` 0 or 1 picks the pass of a doubled hour and is ignored where the wall time is unique.
    MissingHour if the clocks jump over it, DoubledHour if it exists twice and `fold` is None,
    OutOfCalendar if UTC has no such year.
    """
    first, second = _passes(local, zone)
    if first == second:
        return first
    if first > second:
        raise MissingHour(f"{local} does not exist in {zone}")
    if fold is None:
        raise DoubledHour(f"{local} exists twice in {zone}")
    return second if fold else first


def resolve(local: datetime, zone: tzinfo, *, last: bool = False) -> datetime:
    """Return the instant of a naive wall time that a rule computes, never refusing it.

    In a missing hour it is that hour's end; in a doubled hour the first pass, or the second if `last`.
    """
    first, second = _passes(local, zone)
    if first > second:
        return _change_of_clocks(second, first, zone)
    return second if last else first


def at_minute(day: date, minute: int, zone: tzinfo, *, last: bool = False) -> datetime:
    """Return the instant of a minute of a local day (1440 = midnight at its end), as `resolve` does."""
    return resolve(datetime.combine(day, time()) + timedelta(minutes=minute), zone, last=last)


def local_day(day: date, zone: tzinfo) -> Interval:
    """Return a local day from midnight to midnight; 23 or 25 hours long where the clocks change."""
    return Interval(at_minute(day, 0, zone), at_minute(day + timedelta(days=1), 0, zone))


def local_week(day: date, zone: tzinfo) -> Interval:
    """Return the ISO week around a local day: Monday 00:00 to the midnight that ends Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Interval(at_minute(monday, 0, zone), at_minute(monday + timedelta(days=7), 0, zone))


def shift_days(instant: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the same wall time `days` later (earlier if negative), as `resolve` does."""
    wall = to_local(instant, zone)
    return resolve(wall.replace(tzinfo=None, fold=0) + timedelta(days=days), zone, last=bool(wall.fold))


def _passes(local: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Read a wall time with fold 0 and 1: equal if it is unique, falling if missing, rising if doubled."""
    if local.tzinfo is not None or local.microsecond:
        raise ValueError(f"not a naive wall time in whole seconds: {local!r}")
    try:
        first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        return first, local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except OverflowError as error:
        raise OutOfCalendar(f"{local} in {zone}") from error


def _change_of_clocks(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Find the first instant of the offset that holds at `after`, given that it does not hold at `before`."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
