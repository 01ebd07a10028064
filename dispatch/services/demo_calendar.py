"""Spread the talks of a demonstration over days and hours: thirteen weeks back, four weeks ahead.

It must not decide what becomes of a talk.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dispatch.domain.hours import is_service_day, is_waking
from dispatch.domain.intervals import at_minute, to_local
from dispatch.services import local_time
from dispatch.services.demo_scene import Scene

WEEKS_BACK, WEEKS_AHEAD = 13, 4
_BY_WEEKDAY = (10, 11, 10, 11, 7, 1, 0)
_HOLIDAY_SHARE = 20
"""One in so many talks of a usual day takes place on a holiday."""
_FIRST, _LAST, _STEP = 8 * 60, 17 * 60 + 30, 15
_EVENING = 20 * 60
_BUSY_UNTIL = 12 * 60


def starts(scene: Scene, count: int) -> Iterator[datetime]:
    """Yield `count` instants in order of time, each a plausible beginning of a talk."""
    today = scene.today
    days = [today + timedelta(days=day) for day in range(-7 * WEEKS_BACK, 7 * WEEKS_AHEAD)]
    weights = [_weight(day, today, local_time.holidays(scene.now)) for day in days]
    reached, given = 0.0, 0
    for day, weight in zip(days, weights, strict=True):
        reached += weight * count / sum(weights)
        wanted = min(count, round(reached)) - given
        given += wanted
        yield from _of_day(scene, day, wanted)


def next_daytime(instant: datetime) -> datetime:
    """Return the instant, in whole quarters of an hour; at night the next morning at half past eight."""
    zone = local_time.zone()
    local = to_local(instant, zone)
    quarter = at_minute(local.date(), (local.hour * 60 + local.minute) // _STEP * _STEP, zone)
    minute = local.hour * 60 + local.minute
    if minute < _FIRST - 30:
        return at_minute(local.date(), _FIRST + 30, zone)
    if minute > _LAST + 30:
        return at_minute(local.date() + timedelta(days=1), _FIRST + 30, zone)
    return quarter


def awake_before(instant: datetime) -> datetime:
    """Return the instant; at night the evening before it."""
    zone = local_time.zone()
    if is_waking(instant, zone=zone):
        return instant
    local = to_local(instant, zone)
    day = local.date() - timedelta(days=local.hour < _EVENING // 60)
    return at_minute(day, _EVENING, zone)


def office_hour_before(scene: Scene, instant: datetime) -> datetime:
    """Return a moment of an office's working hours at or before an instant, on a day on which it works."""
    zone = local_time.zone()
    local = to_local(instant, zone)
    day, minute = local.date(), local.hour * 60 + local.minute
    if minute < _FIRST:
        day, minute = day - timedelta(days=1), _LAST
    while not is_service_day(day, holidays=local_time.holidays(scene.now)):
        day, minute = day - timedelta(days=1), _LAST
    return at_minute(day, scene.rng.randint(_FIRST - 30, max(_FIRST - 30, min(minute, 16 * 60))), zone)


def _weight(day: date, today: date, holidays: frozenset[date]) -> float:
    usual = _BY_WEEKDAY[day.weekday()] * 1.0
    if day in holidays:
        usual /= _HOLIDAY_SHARE
    ahead = (day - today).days
    return usual if ahead <= 5 else usual * max(0.15, 1 - ahead / 26)


def _of_day(scene: Scene, day: date, count: int) -> Iterator[datetime]:
    slots = range(_FIRST, _LAST + 1, _STEP)
    weights = [3 if minute < _BUSY_UNTIL else 2 for minute in slots]
    for minute in sorted(scene.rng.choices(slots, weights=weights, k=count)):
        yield at_minute(day, minute, local_time.zone())
