"""Service hours: opening minutes, weekends, holidays, closing days, changes of clocks."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.hours import (
    ServiceHours,
    add_service,
    end_of_next_service_day,
    is_service,
    is_service_day,
    minus_service_days,
    next_service,
    service_between,
    service_day_after,
    service_day_before,
)
from tests.domain.times import BERLIN, HOLIDAYS, PROPERTY, at, instants, minutes, wall

SERVICE: dict[str, Any] = {"zone": BERLIN, "holidays": HOLIDAYS}
BRIDGE = ServiceHours(closing_days=frozenset({date(2026, 12, 24)}))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),
        (date(2026, 11, 29), False),
        (date(2026, 11, 18), False),
        (date(2026, 12, 24), False),
        (date(2026, 12, 25), False),
    ],
    ids=["monday", "friday", "saturday", "sunday", "holiday", "closing day", "holiday on a friday"],
)
def test_service_days_leave_out_weekends_holidays_and_closing_days(day: date, expected: bool) -> None:
    assert is_service_day(day, holidays=HOLIDAYS, options=BRIDGE) is expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-24 07:59:59", False),
        ("2026-11-24 08:00", True),
        ("2026-11-24 15:59:59", True),
        ("2026-11-24 16:00", False),
        ("2026-11-27 12:59:59", True),
        ("2026-11-27 13:00", False),
        ("2026-11-28 10:00", False),
        ("2026-11-18 10:00", False),
    ],
    ids=["before eight", "eight", "last second", "closed", "friday", "friday afternoon", "saturday", "holiday"],
)
def test_service_hours_end_earlier_on_friday(instant: str, expected: bool) -> None:
    assert is_service(at(instant), **SERVICE) is expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-24 10:00", "Tue 2026-11-24 10:00 +01"),
        ("2026-11-24 06:00", "Tue 2026-11-24 08:00 +01"),
        ("2026-11-24 16:00", "Wed 2026-11-25 08:00 +01"),
        ("2026-11-27 13:00", "Mon 2026-11-30 08:00 +01"),
        ("2026-11-17 16:30", "Thu 2026-11-19 08:00 +01"),
        ("2026-12-23 16:00", "Mon 2026-12-28 08:00 +01"),
        ("2027-03-26 13:00", "Mon 2027-03-29 08:00 +02"),
        ("2027-10-29 13:00", "Mon 2027-11-01 08:00 +01"),
    ],
    ids=["open", "early", "closing", "friday", "holiday", "bridge day and christmas", "march", "october"],
)
def test_the_next_service_hour_is_at_or_after(instant: str, expected: str) -> None:
    assert wall(next_service(at(instant), options=BRIDGE, **SERVICE)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-23 00:00", "2026-11-30 00:00", 4 * 480 + 300),
        ("2026-11-16 00:00", "2026-11-23 00:00", 3 * 480 + 300),
        ("2026-11-24 15:00", "2026-11-25 09:00", 120),
        ("2026-11-27 13:00", "2026-11-30 08:00", 0),
        ("2026-11-25 09:00", "2026-11-24 15:00", 0),
    ],
    ids=["a week", "a week with a holiday", "over a night", "over a weekend", "backwards"],
)
def test_service_time_between_two_instants(start: str, end: str, expected: int) -> None:
    assert service_between(at(start), at(end), **SERVICE) == minutes(expected)


@pytest.mark.parametrize(
    ("instant", "amount", "expected"),
    [
        ("2026-11-24 09:00", 180, "Tue 2026-11-24 12:00 +01"),
        ("2026-11-24 13:00", 180, "Tue 2026-11-24 16:00 +01"),
        ("2026-11-24 14:00", 180, "Wed 2026-11-25 09:00 +01"),
        ("2026-11-27 12:00", 180, "Mon 2026-11-30 10:00 +01"),
        ("2026-11-21 20:00", 180, "Mon 2026-11-23 11:00 +01"),
        ("2026-11-17 15:00", 180, "Thu 2026-11-19 10:00 +01"),
        ("2026-11-21 20:00", 0, "Sat 2026-11-21 20:00 +01"),
    ],
    ids=["by day", "up to closing", "over night", "over the weekend", "from saturday", "over a holiday", "nothing"],
)
def test_service_time_added_to_an_instant(instant: str, amount: int, expected: str) -> None:
    assert wall(add_service(at(instant), minutes(amount), **SERVICE)) == expected


@PROPERTY
@given(instants(), st.integers(1, 80 * 3600).map(lambda seconds: timedelta(seconds=seconds)))
def test_added_service_time_is_the_service_time_between(instant: Any, amount: timedelta) -> None:
    later = add_service(instant, amount, **SERVICE)

    assert service_between(instant, later, **SERVICE) == amount
    assert service_between(instant, later - timedelta(seconds=1), **SERVICE) < amount


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 25)),
        (date(2026, 11, 27), date(2026, 11, 26), date(2026, 11, 30)),
        (date(2026, 11, 28), date(2026, 11, 27), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2026, 11, 27), date(2026, 12, 1)),
        (date(2026, 11, 18), date(2026, 11, 17), date(2026, 11, 19)),
        (date(2026, 12, 28), date(2026, 12, 23), date(2026, 12, 29)),
    ],
    ids=["tuesday", "friday", "saturday", "monday", "holiday", "after christmas"],
)
def test_the_service_days_around_a_day_exclude_it(day: date, before: date, after: date) -> None:
    assert service_day_before(day, holidays=HOLIDAYS, options=BRIDGE) == before
    assert service_day_after(day, holidays=HOLIDAYS, options=BRIDGE) == after


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-24 10:00", "Wed 2026-11-25 16:00 +01"),
        ("2026-11-24 06:00", "Wed 2026-11-25 16:00 +01"),
        ("2026-11-26 10:00", "Fri 2026-11-27 13:00 +01"),
        ("2026-11-27 10:00", "Mon 2026-11-30 16:00 +01"),
        ("2026-11-28 23:30", "Mon 2026-11-30 16:00 +01"),
        ("2026-11-17 10:00", "Thu 2026-11-19 16:00 +01"),
        ("2027-10-29 10:00", "Mon 2027-11-01 16:00 +01"),
    ],
    ids=["by day", "before opening", "thursday", "friday", "saturday", "before a holiday", "october"],
)
def test_the_next_service_day_is_another_day(instant: str, expected: str) -> None:
    assert wall(end_of_next_service_day(at(instant), **SERVICE)) == expected


@pytest.mark.parametrize(
    ("instant", "days", "expected"),
    [
        ("2026-12-10 10:00", 2, "Tue 2026-12-08 10:00 +01"),
        ("2026-11-23 09:00", 2, "Thu 2026-11-19 09:00 +01"),
        ("2026-11-22 11:00", 2, "Thu 2026-11-19 11:00 +01"),
        ("2026-11-20 09:00", 2, "Tue 2026-11-17 09:00 +01"),
        ("2026-12-28 09:00", 2, "Tue 2026-12-22 09:00 +01"),
        ("2027-03-29 09:00", 2, "Thu 2027-03-25 09:00 +01"),
        ("2026-11-24 10:00", 0, "Tue 2026-11-24 10:00 +01"),
    ],
    ids=["in the week", "from monday", "from sunday", "over a holiday", "over christmas", "over march", "none"],
)
def test_service_days_back_keep_the_wall_time(instant: str, days: int, expected: str) -> None:
    assert wall(minus_service_days(at(instant), days, options=BRIDGE, **SERVICE)) == expected
