"""Weekly pattern, extras and absences: three answers, touching windows, changes of clocks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.availability import Answer, Availability, WeeklyWindow, covers, free_slots
from dispatch.domain.intervals import Interval
from tests.domain.times import BERLIN, PROPERTY, instants, minutes, span

TUESDAY, WEDNESDAY, SATURDAY, SUNDAY = 1, 2, 5, 6
DAY = date(2026, 11, 24)
NINE_TO_FIVE = WeeklyWindow(TUESDAY, 540, 1020)
PATTERN = Availability(weekly=(NINE_TO_FIVE,))
NO_PATTERN = Availability()


def pattern(*windows: WeeklyWindow, **spans: tuple[Interval, ...]) -> Availability:
    return Availability(weekly=windows, **spans)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (span("2026-11-24 09:00", "17:00"), Answer.YES),
        (span("2026-11-24 10:00", "11:00"), Answer.YES),
        (span("2026-11-24 08:59", "10:00"), Answer.NO),
        (span("2026-11-24 16:00", "17:01"), Answer.NO),
        (span("2026-11-24 17:00", "18:00"), Answer.NO),
        (span("2026-11-25 10:00", "11:00"), Answer.NO),
        (span("2026-12-01 10:00", "11:00"), Answer.YES),
        (span("2026-11-24 16:00", "2026-12-01 10:00"), Answer.NO),
    ],
    ids=[
        "exactly", "inside", "begins early", "ends late", "touches", "other weekday", "next week", "over a week",
    ],
)  # fmt: skip
def test_the_pattern_must_cover_the_whole_appointment(interval: Interval, expected: Answer) -> None:
    assert covers(PATTERN, interval, BERLIN) is expected


@pytest.mark.parametrize(
    ("availability", "interval", "expected"),
    [
        (pattern(WeeklyWindow(1, 540, 720), WeeklyWindow(1, 720, 1020)), span("2026-11-24 11:00", "13:00"), Answer.YES),
        (pattern(WeeklyWindow(1, 540, 800), WeeklyWindow(1, 700, 1020)), span("2026-11-24 11:00", "14:00"), Answer.YES),
        (pattern(WeeklyWindow(1, 540, 720), WeeklyWindow(1, 721, 1020)), span("2026-11-24 11:00", "13:00"), Answer.NO),
        (
            pattern(WeeklyWindow(1, 1200, 1440), WeeklyWindow(2, 0, 120)),
            span("2026-11-24 23:00", "2026-11-25 01:00"),
            Answer.YES,
        ),
        (
            pattern(WeeklyWindow(6, 1200, 1440), WeeklyWindow(0, 0, 120)),
            span("2026-11-29 23:00", "2026-11-30 01:00"),
            Answer.YES,
        ),
        (pattern(WeeklyWindow(1, 1200, 1440)), span("2026-11-24 23:00", "2026-11-25 00:00"), Answer.YES),
        (
            pattern(WeeklyWindow(1, 1200, 1440), WeeklyWindow(2, 1, 120)),
            span("2026-11-24 23:00", "2026-11-25 01:00"),
            Answer.NO,
        ),
        (
            pattern(NINE_TO_FIVE, extras=(span("2026-11-24 17:00", "19:00"),)),
            span("2026-11-24 16:00", "18:00"),
            Answer.YES,
        ),
        (
            pattern(
                WeeklyWindow(1, 1200, 1440), extras=(span("2026-11-25 00:00", "02:00"),)
            ),
            span("2026-11-24 23:00", "2026-11-25 01:00"),
            Answer.YES,
        ),
    ],
    ids=[
        "touch by day", "overlap", "a minute apart", "across midnight", "across the week's end", "up to midnight",
        "a minute after midnight", "extra goes on", "extra goes on after midnight",
    ],
)  # fmt: skip
def test_touching_windows_and_extras_count_as_one(
    availability: Availability, interval: Interval, expected: Answer
) -> None:
    assert covers(availability, interval, BERLIN) is expected


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "expected"),
    [
        (None, None, Answer.YES),
        (DAY, DAY, Answer.YES),
        (date(2026, 11, 25), None, Answer.NO),
        (None, date(2026, 11, 23), Answer.NO),
        (date(2026, 11, 1), date(2026, 11, 30), Answer.YES),
    ],
    ids=["always", "that day alone", "from the day after", "until the day before", "around it"],
)
def test_validity_dates_are_inclusive(valid_from: date | None, valid_until: date | None, expected: Answer) -> None:
    availability = pattern(WeeklyWindow(TUESDAY, 540, 1020, valid_from, valid_until))

    assert covers(availability, span("2026-11-24 10:00", "11:00"), BERLIN) is expected


def test_a_window_is_valid_by_its_own_day_across_midnight() -> None:
    availability = pattern(WeeklyWindow(1, 1200, 1440, valid_until=DAY), WeeklyWindow(2, 0, 120, valid_until=DAY))

    assert covers(availability, span("2026-11-24 23:00", "2026-11-25 01:00"), BERLIN) is Answer.NO


TEN = span("2026-11-24 10:00", "11:00")
NOON = span("2026-11-24 12:00", "13:00")
HALF = span("2026-11-24 10:30", "10:45")


@pytest.mark.parametrize(
    ("weekly", "extras", "absences", "expected"),
    [
        ((NINE_TO_FIVE,), (), (), Answer.YES),
        ((NINE_TO_FIVE,), (), (HALF,), Answer.NO),
        ((NINE_TO_FIVE,), (), (NOON,), Answer.YES),
        ((NINE_TO_FIVE,), (), (span("2026-11-24 11:00", "12:00"),), Answer.YES),
        ((NINE_TO_FIVE,), (TEN,), (HALF,), Answer.NO),
        ((WeeklyWindow(WEDNESDAY, 540, 1020),), (), (), Answer.NO),
        ((WeeklyWindow(WEDNESDAY, 540, 1020),), (TEN,), (), Answer.YES),
        ((WeeklyWindow(WEDNESDAY, 540, 1020),), (HALF,), (), Answer.NO),
        ((), (), (), Answer.UNKNOWN),
        ((), (TEN,), (), Answer.YES),
        ((), (HALF,), (), Answer.UNKNOWN),
        ((), (NOON,), (), Answer.UNKNOWN),
        ((), (), (HALF,), Answer.NO),
        ((), (), (NOON,), Answer.UNKNOWN),
        ((), (TEN,), (HALF,), Answer.NO),
    ],
    ids=[
        "pattern", "pattern, absent", "pattern, absent elsewhere", "pattern, absence touches",
        "pattern and extra, absent", "other day", "other day, extra", "other day, extra too short",
        "no pattern", "no pattern, extra", "no pattern, extra too short", "no pattern, extra elsewhere",
        "no pattern, absent", "no pattern, absent elsewhere", "no pattern, extra, absent",
    ],
)  # fmt: skip
def test_absences_win_and_no_pattern_is_unknown(
    weekly: tuple[WeeklyWindow, ...],
    extras: tuple[Interval, ...],
    absences: tuple[Interval, ...],
    expected: Answer,
) -> None:
    assert covers(Availability(weekly, extras, absences), TEN, BERLIN) is expected


def test_a_pattern_that_has_run_out_says_no() -> None:
    availability = pattern(WeeklyWindow(TUESDAY, 540, 1020, valid_until=date(2026, 6, 30)))

    assert availability.is_unknown is False
    assert covers(availability, TEN, BERLIN) is Answer.NO


@pytest.mark.parametrize("day", ["2026-10-18", "2026-10-25", "2026-11-01", "2027-03-21", "2027-03-28", "2027-10-31"])
def test_nine_to_five_stays_so_across_the_change_of_clocks(day: str) -> None:
    availability = pattern(WeeklyWindow(SUNDAY, 540, 1020))

    assert covers(availability, span(f"{day} 09:00", "17:00"), BERLIN) is Answer.YES
    assert covers(availability, span(f"{day} 08:59", "10:00"), BERLIN) is Answer.NO
    assert covers(availability, span(f"{day} 16:00", "17:01"), BERLIN) is Answer.NO


@pytest.mark.parametrize(
    ("weekday", "start", "end"),
    [(7, 0, 60), (-1, 0, 60), (0, -1, 60), (0, 60, 60), (0, 60, 30), (0, 0, 1441)],
    ids=["eighth day", "no day", "before midnight", "empty", "backwards", "past midnight"],
)
def test_an_impossible_window_is_refused(weekday: int, start: int, end: int) -> None:
    with pytest.raises(ValueError):
        WeeklyWindow(weekday, start, end)


windows = st.builds(
    lambda weekday, start, length: WeeklyWindow(weekday, start, min(1440, start + length)),
    st.integers(0, 6), st.integers(0, 1380), st.integers(15, 600),
)  # fmt: skip
spans = st.builds(
    lambda start, length: Interval(start, start + timedelta(minutes=length)),
    instants("2026-10-20 00:00", "2026-10-30 00:00"), st.integers(10, 900),
)  # fmt: skip
availabilities = st.builds(
    Availability,
    st.lists(windows, max_size=6).map(tuple),
    st.lists(spans, max_size=3).map(tuple),
    st.lists(spans, max_size=3).map(tuple),
)


@PROPERTY
@given(availabilities, spans)
def test_yes_means_that_every_minute_is_free(availability: Availability, interval: Interval) -> None:
    is_all_free = free_slots(availability, interval, BERLIN) == (interval,)

    assert (covers(availability, interval, BERLIN) is Answer.YES) is is_all_free


@PROPERTY
@given(availabilities, spans)
def test_unknown_is_only_said_without_a_pattern(availability: Availability, interval: Interval) -> None:
    is_unknown = covers(availability, interval, BERLIN) is Answer.UNKNOWN

    assert is_unknown <= availability.is_unknown


@PROPERTY
@given(availabilities, spans)
def test_free_slots_never_touch_absences(availability: Availability, interval: Interval) -> None:
    slots = free_slots(availability, interval, BERLIN)

    assert not any(slot.overlaps(absence) for slot in slots for absence in availability.absences)
    assert sum((slot.duration for slot in slots), minutes(0)) <= interval.duration
