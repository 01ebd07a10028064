"""Local wall time and the instants it means, at both changes of clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from dispatch.domain.intervals import (
    DoubledHour,
    MissingHour,
    OutOfCalendar,
    WallTimeRefused,
    as_instant,
    at_minute,
    local_day,
    local_week,
    resolve,
    shift_days,
    to_instant,
    to_local,
)
from tests.domain.times import BERLIN, PROPERTY, at, instants, wall

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
SUMMER, WINTER = timedelta(hours=2), timedelta(hours=1)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (datetime(2026, 7, 1, 9), datetime(2026, 7, 1, 7, tzinfo=UTC)),
        (datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 8, tzinfo=UTC)),
        (datetime(2027, 3, 28, 1, 59, 59), datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC)),
        (datetime(2027, 3, 28, 3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (datetime(2027, 10, 31, 1, 59, 59), datetime(2027, 10, 30, 23, 59, 59, tzinfo=UTC)),
        (datetime(2027, 10, 31, 3), datetime(2027, 10, 31, 2, tzinfo=UTC)),
        (datetime(2026, 10, 25, 3), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
    ids=[
        "summer", "winter", "before the missing hour", "after the missing hour", "before the doubled hour",
        "after the doubled hour", "after the doubled hour of 2026",
    ],
)  # fmt: skip
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_a_unique_wall_time_is_one_instant_whatever_the_fold(
    local: datetime, expected: datetime, fold: int | None
) -> None:
    assert to_instant(local, BERLIN, fold=fold) == expected


@pytest.mark.parametrize("clock", ["02:00:00", "02:30:00", "02:59:59"])
@pytest.mark.parametrize("fold", [None, 0, 1])
def test_the_missing_hour_of_march_is_refused(clock: str, fold: int | None) -> None:
    with pytest.raises(MissingHour) as refusal:
        to_instant(datetime.fromisoformat(f"2027-03-28 {clock}"), BERLIN, fold=fold)

    assert refusal.value.code == "missing_hour"


@pytest.mark.parametrize("day", ["2026-10-25", "2027-10-31"])
@pytest.mark.parametrize("clock", ["02:00:00", "02:30:00", "02:59:59"])
def test_the_doubled_hour_of_october_asks_which(day: str, clock: str) -> None:
    local = datetime.fromisoformat(f"{day} {clock}")

    with pytest.raises(DoubledHour) as refusal:
        to_instant(local, BERLIN)

    assert refusal.value.code == "doubled_hour"
    assert to_instant(local, BERLIN, fold=0) == local.replace(tzinfo=UTC) - SUMMER
    assert to_instant(local, BERLIN, fold=1) == local.replace(tzinfo=UTC) - WINTER


@pytest.mark.parametrize(
    ("local", "zone"),
    [(datetime(1, 1, 1), BERLIN), (datetime(9999, 12, 31, 23), ZoneInfo("America/New_York"))],
    ids=["first year", "last year"],
)
def test_a_wall_time_outside_the_calendar_is_refused(local: datetime, zone: ZoneInfo) -> None:
    with pytest.raises(OutOfCalendar) as refusal:
        to_instant(local, zone)

    assert refusal.value.code == "out_of_calendar"


def test_every_refused_wall_time_is_a_value_error_with_its_own_code() -> None:
    kinds = WallTimeRefused.__subclasses__()

    assert sorted(kind.code for kind in kinds) == ["doubled_hour", "missing_hour", "out_of_calendar"]
    assert all(issubclass(kind, ValueError) for kind in kinds)


@pytest.mark.parametrize(
    "local", [TEN, datetime(2026, 11, 24, 10, microsecond=5)], ids=["aware", "fraction of a second"]
)
def test_a_wall_time_is_naive_and_whole(local: datetime) -> None:
    with pytest.raises(ValueError):
        to_instant(local, BERLIN)


def test_an_instant_is_aware() -> None:
    with pytest.raises(ValueError):
        as_instant(datetime(2026, 11, 24, 10))


def test_local_time_tells_the_passes_of_a_doubled_hour_apart() -> None:
    passes = [to_local(at("2026-10-25 02:30", fold), BERLIN) for fold in (0, 1)]

    assert [(local.hour, local.fold, local.utcoffset()) for local in passes] == [(2, 0, SUMMER), (2, 1, WINTER)]


@PROPERTY
@given(instants())
def test_an_instant_survives_the_way_to_local_time_and_back(instant: datetime) -> None:
    local = to_local(instant, BERLIN)

    assert to_instant(local.replace(tzinfo=None), BERLIN, fold=local.fold) == instant


@pytest.mark.parametrize(
    ("local", "last", "expected"),
    [
        ("2027-03-28 02:00", False, "Sun 2027-03-28 03:00 +02"),
        ("2027-03-28 02:30", False, "Sun 2027-03-28 03:00 +02"),
        ("2027-03-28 02:59", True, "Sun 2027-03-28 03:00 +02"),
        ("2027-10-31 02:30", False, "Sun 2027-10-31 02:30 +02"),
        ("2027-10-31 02:30", True, "Sun 2027-10-31 02:30 +01"),
        ("2026-10-25 02:00", True, "Sun 2026-10-25 02:00 +01"),
        ("2026-10-25 03:00", True, "Sun 2026-10-25 03:00 +01"),
        ("2026-11-24 09:00", True, "Tue 2026-11-24 09:00 +01"),
    ],
)
def test_a_rule_resolves_any_wall_time(local: str, last: bool, expected: str) -> None:
    assert wall(resolve(datetime.fromisoformat(local), BERLIN, last=last)) == expected


def test_the_end_of_a_missing_half_hour_is_found_to_the_second() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")

    resolved = resolve(datetime(2026, 10, 4, 2, 7, 13), lord_howe)

    assert resolved == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "length"),
    [(date(2026, 11, 24), 24), (date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2026, 10, 25), 25)],
    ids=["ordinary", "march", "october", "october 2026"],
)
def test_a_local_day_is_as_long_as_its_clocks_say(day: date, length: int) -> None:
    whole = local_day(day, BERLIN)

    assert whole.duration == timedelta(hours=length)
    assert to_local(whole.start, BERLIN).replace(tzinfo=None) == datetime.combine(day, datetime.min.time())


@pytest.mark.parametrize(
    ("day", "first", "length"),
    [
        (date(2026, 11, 23), "Mon 2026-11-23 00:00 +01", 168),
        (date(2026, 11, 29), "Mon 2026-11-23 00:00 +01", 168),
        (date(2027, 3, 28), "Mon 2027-03-22 00:00 +01", 167),
        (date(2027, 10, 31), "Mon 2027-10-25 00:00 +02", 169),
        (date(2027, 1, 1), "Mon 2026-12-28 00:00 +01", 168),
    ],
    ids=["monday", "sunday", "march", "october", "over new year"],
)
def test_a_week_runs_from_monday_to_the_midnight_after_sunday(day: date, first: str, length: int) -> None:
    week = local_week(day, BERLIN)

    assert (wall(week.start), week.duration) == (first, timedelta(hours=length))


@pytest.mark.parametrize(
    ("minute", "last", "expected"),
    [
        (0, False, "Sun 2027-10-31 00:00 +02"),
        (150, False, "Sun 2027-10-31 02:30 +02"),
        (150, True, "Sun 2027-10-31 02:30 +01"),
        (540, False, "Sun 2027-10-31 09:00 +01"),
        (1440, False, "Mon 2027-11-01 00:00 +01"),
    ],
)
def test_a_minute_of_the_day_is_wall_time(minute: int, last: bool, expected: str) -> None:
    assert wall(at_minute(date(2027, 10, 31), minute, BERLIN, last=last)) == expected


@pytest.mark.parametrize(
    ("instant", "days", "expected"),
    [
        (at("2026-10-26 10:00"), -1, "Sun 2026-10-25 10:00 +01"),
        (at("2026-10-25 10:00"), -1, "Sat 2026-10-24 10:00 +02"),
        (at("2027-03-28 10:00"), -1, "Sat 2027-03-27 10:00 +01"),
        (at("2027-03-29 02:30"), -1, "Sun 2027-03-28 03:00 +02"),
        (at("2027-11-01 02:30"), -1, "Sun 2027-10-31 02:30 +02"),
        (at("2027-10-31 02:30", 1), 0, "Sun 2027-10-31 02:30 +01"),
        (at("2026-11-24 10:00"), 7, "Tue 2026-12-01 10:00 +01"),
    ],
    ids=[
        "after october", "over october", "over march", "into the missing hour", "into the doubled hour",
        "no day keeps the pass", "ahead",
    ],
)  # fmt: skip
def test_a_shift_by_days_keeps_the_wall_time(instant: datetime, days: int, expected: str) -> None:
    assert wall(shift_days(instant, days, BERLIN)) == expected
