"""Spans of time: half-open, in UTC, merged and subtracted."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.intervals import (
    Interval,
    merge,
    subtract,
    total,
)
from tests.domain.times import BERLIN, PROPERTY, minutes, span

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


def hours(first: float, last: float) -> Interval:
    return Interval(TEN + timedelta(hours=first), TEN + timedelta(hours=last))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (TEN.replace(tzinfo=None), TEN + timedelta(hours=1)),
        (TEN, (TEN + timedelta(hours=1)).replace(tzinfo=None)),
        (TEN, TEN.replace(microsecond=1)),
        (TEN, TEN),
        (TEN, TEN - timedelta(seconds=1)),
    ],
    ids=["naive start", "naive end", "fraction", "empty", "backwards"],
)
def test_an_interval_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError):
        Interval(start, end)


def test_an_interval_is_kept_in_utc() -> None:
    interval = Interval(TEN.astimezone(BERLIN), (TEN + timedelta(hours=1)).astimezone(timezone(timedelta(hours=5))))

    assert interval == hours(0, 1)
    assert (interval.start.tzinfo, interval.end.tzinfo) == (UTC, UTC)


@pytest.mark.parametrize(
    ("other", "overlaps", "contains"),
    [
        (hours(-2, -1), False, False),
        (hours(-1, 0), False, False),
        (hours(-1, 1), True, False),
        (hours(0, 1), True, True),
        (hours(0, 2), True, True),
        (hours(0.5, 1.5), True, True),
        (hours(-1, 3), True, False),
        (hours(1, 3), True, False),
        (hours(2, 3), False, False),
        (hours(3, 4), False, False),
    ],
    ids=[
        "before", "touches start", "over start", "from start", "same", "inside", "around", "over end",
        "touches end", "after",
    ],
)  # fmt: skip
def test_touching_intervals_do_not_overlap(other: Interval, overlaps: bool, contains: bool) -> None:
    interval = hours(0, 2)

    assert (interval.overlaps(other), other.overlaps(interval)) == (overlaps, overlaps)
    assert interval.contains(other) is contains


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, False), (0, True), (3599, True), (3600, False)],
    ids=["before", "start", "last second", "end"],
)
def test_the_end_is_no_part_of_an_interval(seconds: int, expected: bool) -> None:
    assert hours(0, 1).contains(TEN + timedelta(seconds=seconds)) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [(hours(1, 3), hours(1, 2)), (hours(-1, 3), hours(0, 2)), (hours(2, 3), None), (hours(5, 6), None)],
    ids=["part", "whole", "touching", "apart"],
)
def test_intersection_is_the_shared_part(other: Interval, expected: Interval | None) -> None:
    assert hours(0, 2).intersection(other) == expected


def test_touching_and_overlapping_intervals_merge() -> None:
    merged = merge([hours(5, 6), hours(1, 2), hours(0, 1), hours(3, 6), hours(4, 4.5)])

    assert merged == (hours(0, 2), hours(3, 6))


def test_merging_nothing_is_nothing() -> None:
    assert merge([]) == ()


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], [hours(0, 4)]),
        ([hours(0, 4)], []),
        ([hours(-1, 5)], []),
        ([hours(1, 2)], [hours(0, 1), hours(2, 4)]),
        ([hours(-1, 1)], [hours(1, 4)]),
        ([hours(3, 5)], [hours(0, 3)]),
        ([hours(1, 2), hours(1.5, 3)], [hours(0, 1), hours(3, 4)]),
        ([hours(-2, 0), hours(4, 6)], [hours(0, 4)]),
    ],
    ids=["nothing", "all", "more than all", "middle", "begin", "end", "overlapping holes", "touching holes"],
)
def test_subtracting_leaves_what_is_outside(taken: list[Interval], expected: list[Interval]) -> None:
    assert subtract([hours(0, 2), hours(2, 4)], taken) == tuple(expected)


def test_total_counts_shared_time_once() -> None:
    assert total([hours(0, 2), hours(1, 3), hours(5, 6)]) == timedelta(hours=4)


spans = st.builds(lambda start, length: hours(start, start + length), st.integers(-20, 20), st.integers(1, 8))


@PROPERTY
@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_merge_and_subtract_agree_with_counting_hours(first: list[Interval], second: list[Interval]) -> None:
    def filled(intervals: list[Interval]) -> set[int]:
        return {hour for hour in range(-25, 35) if any(span.contains(hours(hour, hour + 1)) for span in intervals)}

    left = subtract(first, second)

    assert filled(list(merge(first))) == filled(first)
    assert filled(list(left)) == filled(first) - filled(second)
    assert all(earlier.end < later.start for earlier, later in pairwise(left))


def test_a_duration_is_a_difference_of_instants() -> None:
    night = span("2026-10-25 01:00", "2026-10-25 04:00")

    assert night.duration == minutes(240)
