"""The free time of a day or week, and wall time where the clocks change."""

from datetime import date
from typing import Any

import pytest

from dispatch.domain.availability import Availability, WeeklyWindow, free_slots, minutes_free
from dispatch.domain.intervals import Interval, local_day, local_week
from tests.domain.times import BERLIN, at, span

TUESDAY, WEDNESDAY, SATURDAY, SUNDAY = 1, 2, 5, 6
DAY = date(2026, 11, 24)
NINE_TO_FIVE = WeeklyWindow(TUESDAY, 540, 1020)
PATTERN = Availability(weekly=(NINE_TO_FIVE,))
NO_PATTERN = Availability()


def pattern(*windows: WeeklyWindow, **spans: tuple[Interval, ...]) -> Availability:
    return Availability(weekly=windows, **spans)


TEN = span("2026-11-24 10:00", "11:00")
NOON = span("2026-11-24 12:00", "13:00")
HALF = span("2026-11-24 10:30", "10:45")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (60, 180, (at("2027-03-28 01:00"), at("2027-03-28 03:00"))),
        (60, 150, (at("2027-03-28 01:00"), at("2027-03-28 03:00"))),
        (150, 300, (at("2027-03-28 03:00"), at("2027-03-28 05:00"))),
        (130, 170, None),
    ],
    ids=["around", "ends in it", "begins in it", "within it"],
)
def test_wall_time_in_the_missing_hour_means_its_end(first: int, last: int, expected: Any) -> None:
    slots = free_slots(pattern(WeeklyWindow(SUNDAY, first, last)), local_day(date(2027, 3, 28), BERLIN), BERLIN)

    assert [(slot.start, slot.end) for slot in slots] == ([expected] if expected else [])


@pytest.mark.parametrize("day", ["2027-10-31", "2026-10-25"])
@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        (120, 180, ("02:00", 0), ("03:00", None)),
        (60, 150, ("01:00", None), ("02:30", 1)),
        (150, 300, ("02:30", 0), ("05:00", None)),
        (130, 170, ("02:10", 0), ("02:50", 1)),
    ],
    ids=["the hour", "ends in it", "begins in it", "within it"],
)
def test_wall_time_in_the_doubled_hour_covers_both(
    day: str, first: int, last: int, start: tuple[str, int | None], end: tuple[str, int | None]
) -> None:
    within = local_day(date.fromisoformat(day), BERLIN)

    slots = free_slots(pattern(WeeklyWindow(SUNDAY, first, last)), within, BERLIN)

    expected = Interval(at(f"{day} {start[0]}", start[1]), at(f"{day} {end[0]}", end[1]))
    assert slots == (expected,)


def test_free_slots_of_a_day_leave_out_absences_and_what_is_booked() -> None:
    availability = pattern(NINE_TO_FIVE, extras=(span("2026-11-24 19:00", "21:00"),), absences=(NOON,))

    slots = free_slots(availability, local_day(DAY, BERLIN), BERLIN, busy=(TEN, span("2026-11-24 20:30", "22:00")))

    assert slots == (
        span("2026-11-24 09:00", "10:00"),
        span("2026-11-24 11:00", "12:00"),
        span("2026-11-24 13:00", "17:00"),
        span("2026-11-24 19:00", "20:30"),
    )


def test_free_slots_end_with_the_span_asked_for() -> None:
    availability = pattern(*(WeeklyWindow(weekday, 0, 1440) for weekday in range(7)))
    day = local_day(DAY, BERLIN)

    assert free_slots(availability, day, BERLIN) == (day,)


def test_free_slots_of_a_week_come_in_order_of_time() -> None:
    availability = pattern(WeeklyWindow(SATURDAY, 600, 720), NINE_TO_FIVE)

    slots = free_slots(availability, local_week(DAY, BERLIN), BERLIN)

    assert slots == (span("2026-11-24 09:00", "17:00"), span("2026-11-28 10:00", "12:00"))


def test_without_a_pattern_only_extras_are_free_slots() -> None:
    slots = free_slots(Availability(extras=(TEN, NOON), absences=(HALF,)), local_day(DAY, BERLIN), BERLIN)

    assert slots == (span("2026-11-24 10:00", "10:30"), span("2026-11-24 10:45", "11:00"), NOON)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (local_day(DAY, BERLIN), 8 * 60 - 15),
        (span("2026-11-24 10:00", "11:00"), 45),
        (local_week(DAY, BERLIN), 8 * 60 - 15),
        (span("2026-11-25 00:00", "2026-11-26 00:00"), 0),
    ],
    ids=["day", "hour", "week", "other day"],
)
def test_minutes_free_are_those_of_the_free_slots(interval: Interval, expected: int) -> None:
    assert minutes_free(pattern(NINE_TO_FIVE, absences=(HALF,)), interval, BERLIN) == expected


def test_minutes_free_count_both_passes_of_the_doubled_hour() -> None:
    availability = pattern(WeeklyWindow(SUNDAY, 60, 240))
    days = [date(2027, 3, 28), date(2027, 10, 31), date(2026, 11, 22)]

    assert [minutes_free(availability, local_day(day, BERLIN), BERLIN) for day in days] == [120, 240, 180]
