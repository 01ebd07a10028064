"""Typed times: windows of one day and validity are merged, what does not hold is told field by field."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dispatch.domain.availability import Availability, WeeklyWindow
from dispatch.domain.availability_checks import TimesOptions, TypedTimes, TypedWindow, check, is_plain
from dispatch.domain.errors import Invalid
from dispatch.domain.intervals import Interval
from tests.domain.weeks import hours

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def span(first: int, last: int) -> Interval:
    return Interval(NOW + first * DAY, NOW + last * DAY)


def test_touching_windows_and_spans_become_one() -> None:
    typed = TypedTimes(
        weekly=(TypedWindow(1, 600, 720), TypedWindow(0, 480, 600), TypedWindow(0, 540, 720)),
        absences=(span(3, 4), span(1, 3)),
    )

    assert check(typed, NOW) == Availability(hours((0, 8, 12), (1, 10, 12)), (), (span(1, 4),))


def test_windows_of_another_validity_stay_apart() -> None:
    until = TypedWindow(0, 480, 600, None, date(2026, 12, 31))

    times = check(TypedTimes(weekly=(TypedWindow(0, 480, 720), until)), NOW)

    assert times.weekly == (replace(hours((0, 8, 10))[0], valid_until=date(2026, 12, 31)), hours((0, 8, 12))[0])


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (TypedTimes(weekly=(TypedWindow(0, 600, 600),)), {"weekly.0.end": ("end_before_start",)}),
        (TypedTimes(weekly=(TypedWindow(0, 600, 1441),)), {"weekly.0.end": ("end_before_start",)}),
        (
            TypedTimes(weekly=(TypedWindow(0, 0, 60, date(2026, 12, 2), date(2026, 12, 1)),)),
            {"weekly.0.valid_until": ("before_valid_from",)},
        ),
        (TypedTimes(absences=(span(-2, 0),)), {"absences.0": ("in_the_past",)}),
        (TypedTimes(extras=(span(1, 2), span(799, 801))), {"extras.1": ("too_far",)}),
        (TypedTimes(weekly=(TypedWindow(0, 0, 60),) * 3), {"weekly": ("too_many",)}),
        (TypedTimes(extras=(span(1, 2),) * 3), {"extras": ("too_many",)}),
    ],
    ids=["empty window", "beyond its day", "validity turned round", "over", "too far", "windows", "spans"],
)
def test_what_does_not_hold_is_told(typed: TypedTimes, errors: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid) as invalid:
        check(typed, NOW, options=TimesOptions(windows=2, spans=2))

    assert invalid.value.errors == errors


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (hours((0, 8, 12))[0], True),
        (hours((0, 8.5, 12))[0], False),
        (replace(hours((0, 8, 12))[0], valid_from=date(2026, 12, 1)), False),
    ],
    ids=["whole hours", "half hours", "for some time"],
)
def test_a_grid_shows_whole_hours_without_validity(window: WeeklyWindow, expected: bool) -> None:
    assert is_plain([window]) is expected
