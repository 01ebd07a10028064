"""Days, clock times and spans are understood as people write them, and refused with a code otherwise."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from dispatch.web.forms.times import NotRead, ReadSpan, TypedSpan, parse_clock, parse_day, parse_instant, read_span

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

DAYS = {
    "1.12.2026": date(2026, 12, 1),
    "01.12.2026": date(2026, 12, 1),
    "01.12.26": date(2026, 12, 1),
    "1.12.": date(2026, 12, 1),
    "23.11.": date(2027, 11, 23),
    "24.11.": TODAY,
    "Di, 01.12.2026": date(2026, 12, 1),
    "Di 1.12.": date(2026, 12, 1),
    "Dienstag, 1. Dezember 2026": date(2026, 12, 1),
    "1. Dez. 2026": date(2026, 12, 1),
    "1 December 2026": date(2026, 12, 1),
    "الثلاثاء، 1 ديسمبر 2026": date(2026, 12, 1),
    "2026-12-01": date(2026, 12, 1),
    "1/12/2026": date(2026, 12, 1),
    "  ": None,
}

CLOCKS = {
    "9": time(9),
    "9:00": time(9),
    "09:00": time(9),
    "09.00": time(9),
    "0900": time(9),
    "9 Uhr": time(9),
    "9.30 Uhr": time(9, 30),
    "14h30": time(14, 30),
    "23:59": time(23, 59),
    "": None,
}

INSTANTS = {
    "27.11.2026, 13:00": datetime(2026, 11, 27, 12, tzinfo=UTC),
    "Fr, 27.11.2026, 13:00": datetime(2026, 11, 27, 12, tzinfo=UTC),
    "27.11. 13.00 Uhr": datetime(2026, 11, 27, 12, tzinfo=UTC),
    "2026-11-27T13:00": datetime(2026, 11, 27, 12, tzinfo=UTC),
    "": None,
}


@pytest.mark.parametrize(("typed", "day"), DAYS.items())
def test_a_day_is_read(typed: str, day: date | None) -> None:
    assert parse_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["31.02.2026", "29.2.2027", "0.1.2026", "morgen", "1.13.2026", "x" * 5000, "1\x002"])
def test_no_day_is_refused(typed: str) -> None:
    with pytest.raises(NotRead) as refused:
        parse_day(typed, TODAY)

    assert refused.value.code == "not_a_date"


@pytest.mark.parametrize(("typed", "clock"), CLOCKS.items())
def test_a_clock_time_is_read(typed: str, clock: time | None) -> None:
    assert parse_clock(typed) == clock


@pytest.mark.parametrize("typed", ["24:00", "9:60", "früh", "-1", "9:0", "\u202e9"])
def test_no_clock_time_is_refused(typed: str) -> None:
    with pytest.raises(NotRead) as refused:
        parse_clock(typed)

    assert refused.value.code == "not_a_time"


@pytest.mark.parametrize(("typed", "instant"), INSTANTS.items())
def test_an_instant_is_read(typed: str, instant: datetime | None) -> None:
    assert parse_instant(typed, NOW, BERLIN) == instant


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Freitag", "not_an_instant"), ("31.02.2027, 13:00", "not_a_date"), ("28.3.2027, 2:30", "missing_hour")],
)
def test_no_instant_is_refused(typed: str, code: str) -> None:
    with pytest.raises(NotRead) as refused:
        parse_instant(typed, NOW, BERLIN)

    assert refused.value.code == code


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


SPANS = {
    "minutes": (("1.12.2026", "9", "60", ""), ReadSpan(at(2026, 12, 1, 8), at(2026, 12, 1, 9), {})),
    "an end": (("1.12.2026", "9", "10:30", ""), ReadSpan(at(2026, 12, 1, 8), at(2026, 12, 1, 9, 30), {})),
    "an end before the start stays for the rules": (
        ("1.12.2026", "9", "8:00", ""),
        ReadSpan(at(2026, 12, 1, 8), at(2026, 12, 1, 7), {}),
    ),
    "25 hours stay for the rules": (
        ("1.12.2026", "9", "1500", ""),
        ReadSpan(at(2026, 12, 1, 8), at(2026, 12, 2, 9), {}),
    ),
    "no length": (("1.12.2026", "9", "", ""), ReadSpan(at(2026, 12, 1, 8), None, {})),
    "a word for a length": (
        ("1.12.2026", "9", "lang", ""),
        ReadSpan(at(2026, 12, 1, 8), None, {"length": "not_a_length"}),
    ),
    "nothing": (("", "", "60", ""), ReadSpan(None, None, {})),
    "both wrong": (("x", "y", "60", ""), ReadSpan(None, None, {"day": "not_a_date", "start": "not_a_time"})),
    "the missing hour": (("28.3.2027", "2:30", "60", ""), ReadSpan(None, None, {"start": "missing_hour"})),
    "an end in the missing hour": (
        ("28.3.2027", "1:00", "2:30", ""),
        ReadSpan(at(2027, 3, 28, 0), None, {"length": "missing_hour"}),
    ),
    "over the missing hour by minutes": (
        ("28.3.2027", "1:30", "60", ""),
        ReadSpan(at(2027, 3, 28, 0, 30), at(2027, 3, 28, 1, 30), {}),
    ),
    "the doubled hour asks": (
        ("31.10.2027", "2:30", "60", ""),
        ReadSpan(None, None, {"start": "doubled_hour"}, is_doubled=True),
    ),
    "its first pass": (
        ("31.10.2027", "2:30", "60", "0"),
        ReadSpan(at(2027, 10, 31, 0, 30), at(2027, 10, 31, 1, 30), {}, is_doubled=True),
    ),
    "its second pass": (
        ("31.10.2027", "2:30", "60", "1"),
        ReadSpan(at(2027, 10, 31, 1, 30), at(2027, 10, 31, 2, 30), {}, is_doubled=True),
    ),
    "a forged pass asks again": (
        ("31.10.2027", "2:30", "60", "7"),
        ReadSpan(None, None, {"start": "doubled_hour"}, is_doubled=True),
    ),
    "before the calendar": (("0001-01-01", "0", "60", ""), ReadSpan(None, None, {"start": "out_of_calendar"})),
    "beyond the calendar": (
        ("9999-12-31", "23:59", "999999", ""),
        ReadSpan(at(9999, 12, 31, 22, 59), None, {"length": "out_of_calendar"}),
    ),
}


@pytest.mark.parametrize(("typed", "expected"), SPANS.values(), ids=SPANS)
def test_a_span_is_read(typed: tuple[str, str, str, str], expected: ReadSpan) -> None:
    day, start, length, fold = typed

    assert read_span(TypedSpan(day, start, length, fold), NOW, BERLIN) == expected
