"""How the minutes of an appointment fall into weeks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.candidates import Week, minutes_by_week
from dispatch.domain.intervals import Interval
from tests.domain.times import BERLIN, PROPERTY, at, instants, minutes, span


@pytest.mark.parametrize(
    ("interval", "split"),
    [
        (span("2026-12-01 09:00", "10:30"), {(2026, 49): 90}),
        (span("2026-12-06 22:00", "2026-12-07 00:00"), {(2026, 49): 120}),
        (span("2026-12-06 23:00", "2026-12-07 01:30"), {(2026, 49): 60, (2026, 50): 90}),
        (span("2026-12-07 00:00", "2026-12-07 01:00"), {(2026, 50): 60}),
        (span("2027-01-03 23:30", "2027-01-04 00:30"), {(2026, 53): 30, (2027, 1): 30}),
        (span("2027-03-28 00:00", "2027-03-29 00:00"), {(2027, 12): 23 * 60}),
        (span("2027-10-30 22:00", "2027-10-31 22:00"), {(2027, 43): 25 * 60}),
    ],
    ids=["one week", "up to midnight", "across midnight", "from midnight", "turn of the year", "missing hour",
         "doubled hour"],
)  # fmt: skip
def test_minutes_are_split_at_the_midnight_after_sunday(interval: Interval, split: dict[Week, int]) -> None:
    assert minutes_by_week(interval, BERLIN) == split


def test_seconds_are_not_lost_between_two_weeks() -> None:
    interval = Interval(at("2026-12-06 23:59:30"), at("2026-12-07 00:00:30"))

    assert minutes_by_week(interval, BERLIN) == {(2026, 49): 0, (2026, 50): 1}


@PROPERTY
@given(instants(), st.integers(1, 24 * 60))
def test_the_parts_add_up(start: object, length: int) -> None:
    interval = Interval(start, start + minutes(length))  # type: ignore[arg-type, operator]

    assert sum(minutes_by_week(interval, BERLIN).values()) == length
