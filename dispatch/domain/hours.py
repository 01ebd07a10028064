"""Decide when people work and when they are awake, in wall time, right across changes of clocks.

Service hours bind what humans promise, waking hours bind what mediators are asked; holidays are handed in.
Amounts of time are `timedelta`s of open time; every instant is in whole seconds.
"""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import count, takewhile

from dispatch.domain.intervals import Interval, at_minute, shift_days, to_local

NO_HOLIDAYS: frozenset[date] = frozenset()
LANDS = (
    "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH",
)  # fmt: skip
"""The federal states by their codes in ISO 3166-2:DE."""
_DAY = timedelta(days=1)
_NOTHING = timedelta()


@dataclass(frozen=True)
class ServiceHours:
    """Option: opening minutes of the local day, Monday first (None = closed), closing days, waking minutes.

    `land` is the federal state whose public holidays are no service days; they are handed in as dates.
    ValueError unless the week has seven entries with one open, and every span runs forward inside its day.
    """

    week: tuple[tuple[int, int] | None, ...] = (*((8 * 60, 16 * 60),) * 4, (8 * 60, 13 * 60), None, None)
    closing_days: frozenset[date] = frozenset()
    waking: tuple[int, int] = (7 * 60, 21 * 60)
    land: str = "SN"

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a week has seven days, one of them open")
        for first, last in (*filter(None, self.week), self.waking):
            if not 0 <= first < last <= 24 * 60:
                raise ValueError(f"not a span of one day: {first} to {last}")


DEFAULT = ServiceHours()

_Opening = Callable[[date], Interval | None]


def is_waking(instant: datetime, *, zone: tzinfo, options: ServiceHours = DEFAULT) -> bool:
    """Return whether mediators may be asked at this instant; the closing minute is outside."""
    return _is_open(instant, _waking(zone, options), zone)


def next_waking(instant: datetime, *, zone: tzinfo, options: ServiceHours = DEFAULT) -> datetime:
    """Return the first waking instant at or after this one."""
    return _next_open(instant, _waking(zone, options), zone)


def waking_between(start: datetime, end: datetime, *, zone: tzinfo, options: ServiceHours = DEFAULT) -> timedelta:
    """Return the waking time from `start` to `end`; none if the end is not later."""
    return _open_between(start, end, _waking(zone, options), zone)


def add_waking(instant: datetime, amount: timedelta, *, zone: tzinfo, options: ServiceHours = DEFAULT) -> datetime:
    """Return the earliest instant by which `amount` of waking time has passed; nothing passes for none."""
    return _add_open(instant, amount, _waking(zone, options), zone)


def is_service_day(day: date, *, holidays: Set[date] = NO_HOLIDAYS, options: ServiceHours = DEFAULT) -> bool:
    """Return whether the office opens on this local day: no weekend, holiday or closing day."""
    return options.week[day.weekday()] is not None and day not in holidays and day not in options.closing_days


def is_service(
    instant: datetime, *, zone: tzinfo, holidays: Set[date] = NO_HOLIDAYS, options: ServiceHours = DEFAULT
) -> bool:
    """Return whether somebody is in the office; the closing minute is outside."""
    return _is_open(instant, _service(zone, holidays, options), zone)


def next_service(
    instant: datetime, *, zone: tzinfo, holidays: Set[date] = NO_HOLIDAYS, options: ServiceHours = DEFAULT
) -> datetime:
    """Return the first instant of service at or after this one."""
    return _next_open(instant, _service(zone, holidays, options), zone)


def service_between(
    start: datetime,
    end: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    options: ServiceHours = DEFAULT,
) -> timedelta:
    """Return the service time from `start` to `end`; none if the end is not later."""
    return _open_between(start, end, _service(zone, holidays, options), zone)


def add_service(
    instant: datetime,
    amount: timedelta,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    options: ServiceHours = DEFAULT,
) -> datetime:
    """Return the earliest instant by which `amount` of service time has passed; nothing passes for none."""
    return _add_open(instant, amount, _service(zone, holidays, options), zone)


def last_service(
    instant: datetime, *, zone: tzinfo, holidays: Set[date] = NO_HOLIDAYS, options: ServiceHours = DEFAULT
) -> Interval:
    """Return the service hours of the last service day that began before this instant."""
    opening = _service(zone, holidays, options)
    days = (to_local(instant, zone).date() - _DAY * back for back in count())
    return next(hours for hours in map(opening, days) if hours is not None and hours.start < instant)


def service_day_before(day: date, *, holidays: Set[date] = NO_HOLIDAYS, options: ServiceHours = DEFAULT) -> date:
    """Return the last service day strictly before this local day."""
    return next(
        earlier
        for earlier in (day - _DAY * back for back in count(1))
        if is_service_day(earlier, holidays=holidays, options=options)
    )


def service_day_after(day: date, *, holidays: Set[date] = NO_HOLIDAYS, options: ServiceHours = DEFAULT) -> date:
    """Return the first service day strictly after this local day."""
    return next(later for later in _days_from(day + _DAY) if is_service_day(later, holidays=holidays, options=options))


def end_of_next_service_day(
    instant: datetime, *, zone: tzinfo, holidays: Set[date] = NO_HOLIDAYS, options: ServiceHours = DEFAULT
) -> datetime:
    """Return the closing instant of the first service day strictly after the local day of `instant`."""
    midnight = at_minute(to_local(instant, zone).date(), 24 * 60, zone)
    return next(_openings_after(midnight, _service(zone, holidays, options), zone)).end


def minus_service_days(
    instant: datetime,
    days: int,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    options: ServiceHours = DEFAULT,
) -> datetime:
    """Return the same wall time on the service day that lies `days` service days before the local day."""
    day = start = to_local(instant, zone).date()
    for _ in range(days):
        day = service_day_before(day, holidays=holidays, options=options)
    return shift_days(instant, (day - start).days, zone)


def _waking(zone: tzinfo, options: ServiceHours) -> _Opening:
    def opening(day: date) -> Interval | None:
        return _span(day, options.waking, zone)

    return opening


def _service(zone: tzinfo, holidays: Set[date], options: ServiceHours) -> _Opening:
    def opening(day: date) -> Interval | None:
        minutes = options.week[day.weekday()]
        if minutes is None or not is_service_day(day, holidays=holidays, options=options):
            return None
        return _span(day, minutes, zone)

    return opening


def _span(day: date, minutes: tuple[int, int], zone: tzinfo) -> Interval | None:
    """Return the minutes of a local day as instants; None if they lie within a missing hour."""
    start, end = at_minute(day, minutes[0], zone), at_minute(day, minutes[1], zone, last=True)
    return Interval(start, end) if start < end else None


def _is_open(instant: datetime, opening: _Opening, zone: tzinfo) -> bool:
    hours = opening(to_local(instant, zone).date())
    return hours is not None and hours.contains(instant)


def _next_open(instant: datetime, opening: _Opening, zone: tzinfo) -> datetime:
    return next(max(hours.start, instant) for hours in _openings_after(instant, opening, zone))


def _open_between(start: datetime, end: datetime, opening: _Opening, zone: tzinfo) -> timedelta:
    if end <= start:
        return _NOTHING
    openings = takewhile(lambda hours: hours.start < end, _openings_after(start, opening, zone))
    return sum((min(hours.end, end) - max(hours.start, start) for hours in openings), _NOTHING)


def _add_open(instant: datetime, amount: timedelta, opening: _Opening, zone: tzinfo) -> datetime:
    if amount <= _NOTHING:
        return instant
    openings = _openings_after(instant, opening, zone)
    left, hours = amount, next(openings)
    while left > hours.end - max(hours.start, instant):
        left -= hours.end - max(hours.start, instant)
        hours = next(openings)
    return max(hours.start, instant) + left


def _openings_after(instant: datetime, opening: _Opening, zone: tzinfo) -> Iterator[Interval]:
    """Yield without end the openings that have time left after `instant`, in order."""
    for day in _days_from(to_local(instant, zone).date()):
        hours = opening(day)
        if hours is not None and hours.end > instant:
            yield hours


def _days_from(day: date) -> Iterator[date]:
    return (day + _DAY * ahead for ahead in count())
