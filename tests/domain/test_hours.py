"""Waking hours on every day, changes of clocks, and which hours are possible."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.hours import (
    ServiceHours,
    add_waking,
    is_waking,
    next_waking,
    waking_between,
)
from tests.domain.times import BERLIN, HOLIDAYS, PROPERTY, at, instants, minutes, wall

SERVICE: dict[str, Any] = {"zone": BERLIN, "holidays": HOLIDAYS}
BRIDGE = ServiceHours(closing_days=frozenset({date(2026, 12, 24)}))


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-24 06:59:59", False),
        ("2026-11-24 07:00", True),
        ("2026-11-24 20:59:59", True),
        ("2026-11-24 21:00", False),
        ("2026-11-22 07:00", True),
        ("2026-11-18 12:00", True),
        ("2027-03-28 07:00", True),
        ("2027-03-28 06:59", False),
        ("2027-10-31 20:59", True),
    ],
    ids=[
        "before seven", "seven", "last second", "nine in the evening", "sunday", "holiday", "march", "march early",
        "october",
    ],
)  # fmt: skip
def test_waking_hours_are_seven_to_twenty_one_on_every_day(instant: str, expected: bool) -> None:
    assert is_waking(at(instant), zone=BERLIN) is expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-24 10:00", "Tue 2026-11-24 10:00 +01"),
        ("2026-11-24 03:00", "Tue 2026-11-24 07:00 +01"),
        ("2026-11-24 21:00", "Wed 2026-11-25 07:00 +01"),
        ("2026-11-24 23:30", "Wed 2026-11-25 07:00 +01"),
        ("2027-03-27 22:00", "Sun 2027-03-28 07:00 +02"),
        ("2027-10-30 22:00", "Sun 2027-10-31 07:00 +01"),
    ],
    ids=["awake", "early", "at nine", "late", "march", "october"],
)
def test_the_night_waits_for_seven(instant: str, expected: str) -> None:
    assert wall(next_waking(at(instant), zone=BERLIN)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-24 10:00", "2026-11-24 13:00", 3 * 60),
        ("2026-11-24 10:00", "2026-11-25 10:00", 14 * 60),
        ("2026-11-23 20:30", "2026-11-24 10:00", 210),
        ("2026-11-20 15:30", "2026-11-23 09:00", 35 * 60 + 30),
        ("2026-11-24 10:00", "2026-12-10 10:00", 224 * 60),
        ("2026-11-24 22:00", "2026-11-25 06:00", 0),
        ("2026-11-24 10:00", "2026-11-24 10:00", 0),
        ("2026-11-24 13:00", "2026-11-24 10:00", 0),
        ("2027-03-27 07:00", "2027-03-29 07:00", 28 * 60),
        ("2027-10-30 07:00", "2027-11-01 07:00", 28 * 60),
        ("2026-10-24 07:00", "2026-10-26 07:00", 28 * 60),
    ],
    ids=[
        "one day", "a day is fourteen hours", "over a night", "over a weekend", "sixteen days", "a night", "nothing",
        "backwards", "march", "october", "october 2026",
    ],
)  # fmt: skip
def test_waking_time_between_two_instants(start: str, end: str, expected: int) -> None:
    assert waking_between(at(start), at(end), zone=BERLIN) == minutes(expected)


@pytest.mark.parametrize(
    ("instant", "amount", "expected"),
    [
        ("2026-11-24 10:00", 60, "Tue 2026-11-24 11:00 +01"),
        ("2026-11-24 20:00", 60, "Tue 2026-11-24 21:00 +01"),
        ("2026-11-24 20:00", 61, "Wed 2026-11-25 07:01 +01"),
        ("2026-11-24 23:00", 15, "Wed 2026-11-25 07:15 +01"),
        ("2026-11-24 23:00", 0, "Tue 2026-11-24 23:00 +01"),
        ("2026-11-20 19:30", 240, "Sat 2026-11-21 09:30 +01"),
        ("2027-03-27 20:00", 120, "Sun 2027-03-28 08:00 +02"),
        ("2027-10-30 20:00", 120, "Sun 2027-10-31 08:00 +01"),
    ],
    ids=["by day", "up to nine", "past nine", "by night", "nothing", "friday evening", "march", "october"],
)
def test_waking_time_added_to_an_instant(instant: str, amount: int, expected: str) -> None:
    assert wall(add_waking(at(instant), minutes(amount), zone=BERLIN)) == expected


@PROPERTY
@given(instants(), st.integers(1, 20 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds)))
def test_added_waking_time_is_the_waking_time_between(instant: Any, amount: timedelta) -> None:
    later = add_waking(instant, amount, zone=BERLIN)

    assert waking_between(instant, later, zone=BERLIN) == amount
    assert waking_between(instant, later - timedelta(seconds=1), zone=BERLIN) < amount


@PROPERTY
@given(instants(), instants(), instants())
def test_waking_time_adds_up(one: Any, two: Any, three: Any) -> None:
    first, middle, last = sorted((one, two, three))

    parts = waking_between(first, middle, zone=BERLIN) + waking_between(middle, last, zone=BERLIN)

    assert parts == waking_between(first, last, zone=BERLIN)


def test_hours_in_the_night_of_the_change_follow_the_wall() -> None:
    night_shift = ServiceHours(week=((60, 180),) * 7, waking=(60, 180))

    lengths = [
        waking_between(at(f"{day} 00:00"), at(f"{day} 12:00"), zone=BERLIN, options=night_shift)
        for day in ("2027-03-27", "2027-03-28", "2027-10-31", "2026-10-25")
    ]

    assert lengths == [minutes(120), minutes(60), minutes(180), minutes(180)]


def test_hours_that_end_in_the_doubled_hour_have_both_passes_of_it() -> None:
    until_half_past_two = ServiceHours(waking=(60, 150))

    passed = waking_between(at("2027-10-31 00:00"), at("2027-10-31 12:00"), zone=BERLIN, options=until_half_past_two)

    assert passed == minutes(150)


def test_a_day_whose_hours_are_all_missing_is_passed_over() -> None:
    small_hours = ServiceHours(waking=(130, 170))

    assert wall(next_waking(at("2027-03-27 12:00"), zone=BERLIN, options=small_hours)) == "Mon 2027-03-29 02:10 +02"


OPEN = (480, 960)


@pytest.mark.parametrize(
    "values",
    [
        {"week": (OPEN,) * 6},
        {"week": (None,) * 7},
        {"week": ((960, 480), *(OPEN,) * 6)},
        {"week": ((480, 480), *(OPEN,) * 6)},
        {"week": ((480, 1441), *(OPEN,) * 6)},
        {"waking": (-1, 1260)},
        {"waking": (1260, 420)},
    ],
    ids=["six days", "never open", "backwards", "empty", "past midnight", "before midnight", "waking backwards"],
)
def test_impossible_hours_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        ServiceHours(**values)


def test_a_day_may_be_open_until_midnight() -> None:
    round_the_clock = ServiceHours(week=((0, 1440),) * 7, waking=(0, 1440))

    passed = waking_between(at("2027-10-30 00:00"), at("2027-11-02 00:00"), zone=BERLIN, options=round_the_clock)

    assert passed == at("2027-11-02 00:00") - at("2027-10-30 00:00")
