"""How days, times, spans, numbers and telephone numbers are written in each language."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch import i18n
from dispatch.i18n.formats import Formats
from dispatch.i18n.locales import LOCALES

BERLIN = ZoneInfo("Europe/Berlin")
BY_TAG = {locale.tag: locale for locale in LOCALES}


def at(text: str) -> datetime:
    """Return the instant of a local wall time; `*` behind it means the second pass of the doubled hour."""
    local = datetime.fromisoformat(text.rstrip("*")).replace(tzinfo=BERLIN, fold=int(text.endswith("*")))
    return local.astimezone(UTC)


def formats(tag: str) -> Formats:
    return Formats(BY_TAG[tag], BERLIN)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", ("Di, 1. Dezember 2026", "Dienstag, 1. Dezember 2026", "Di, 1. Dezember", "1. Dez.", "Dienstag")),
        ("en", ("Tue, 1 December 2026", "Tuesday, 1 December 2026", "Tue, 1 December", "1 Dec", "Tuesday")),
        (
            "ar",
            ("الثلاثاء، 1 ديسمبر 2026", "الثلاثاء، 1 ديسمبر 2026", "الثلاثاء، 1 ديسمبر", "1 ديسمبر", "الثلاثاء"),
        ),
    ],
)
def test_days_always_carry_their_weekday(tag: str, expected: tuple[str, ...]) -> None:
    write, day = formats(tag), at("2026-12-01T09:00")

    written = write.day(day), write.day_long(day), write.day_short(day), write.day_brief(day), write.weekday(day)

    assert written == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param("2026-12-01T09:00", "9:00", id="no leading zero"),
        pytest.param("2026-07-01T00:05", "0:05", id="summer, after midnight"),
        pytest.param("2027-03-28T03:00", "3:00", id="right after the missing hour"),
        pytest.param("2027-10-31T02:30", "2:30 (summer time)", id="first pass of the doubled hour"),
        pytest.param("2027-10-31T02:30*", "2:30 (winter time)", id="second pass of the doubled hour"),
        pytest.param("2027-10-31T03:00", "3:00", id="right after the doubled hour"),
    ],
)
def test_a_clock_time_is_local_and_never_ambiguous(instant: str, expected: str) -> None:
    assert formats("de").clock(at(instant)) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [("2026-12-01T10:00", "9:00–10:00"), ("2026-12-02T00:30", "9:00–Mi 0:30")],
    ids=["same day", "over midnight"],
)
def test_a_span_of_times_names_the_weekday_of_a_later_end(end: str, expected: str) -> None:
    assert formats("de").time_range(at("2026-12-01T09:00"), at(end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-12-21T00:00", "2027-01-04T00:00", "Mo, 21. Dezember 2026 – So, 3. Januar 2027"),
        ("2026-12-21T00:00", "2026-12-22T00:00", "Mo, 21. Dezember 2026"),
        ("2026-12-05T10:00", "2026-12-05T14:00", "Sa, 5. Dezember 2026, 10:00–14:00"),
        ("2026-12-05T22:00", "2026-12-06T02:00", "Sa, 5. Dezember 2026, 22:00 – So, 6. Dezember 2026, 2:00"),
        ("2027-03-28T00:00", "2027-03-29T00:00", "So, 28. März 2027"),
    ],
    ids=["whole days", "one whole day", "hours", "over midnight", "a day of 23 hours"],
)
def test_a_period_names_whole_days_without_hours(start: str, end: str, expected: str) -> None:
    assert formats("de").period(at(start), at(end)) == expected


@pytest.mark.parametrize(
    ("instant", "moment", "due"),
    [
        ("2026-11-26T10:00", "10:00", "for 20 minutes"),
        ("2026-11-25T10:20", "25. Nov., 10:20", "for 1 day"),
        ("2026-11-26T10:20", "10:20", "now"),
        ("2026-11-26T11:00", "11:00", "in 40 minutes"),
        ("2026-11-26T13:00", "13:00", "in 2 hours"),
        ("2026-11-27T00:10", "Fr 0:10", "tomorrow"),
        ("2026-11-30T09:00", "Mo 9:00", "in 4 days"),
        ("2026-12-07T09:00", "7. Dez., 9:00", "in 11 days"),
    ],
)
def test_a_near_instant_is_brief_and_says_how_far_it_is(instant: str, moment: str, due: str) -> None:
    now = at("2026-11-26T10:20")

    assert (formats("de").moment(at(instant), now), formats("de").due(at(instant), now)) == (moment, due)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-5, "0 minutes"),
        (0, "0 minutes"),
        (1, "1 minute"),
        (60, "1 hour"),
        (280, "4 hours and 40 minutes"),
        (2879, "47 hours and 59 minutes"),
        (2880, "2 days"),
        (3120, "2 days and 4 hours"),
    ],
)
def test_time_left_has_at_most_two_units(minutes: int, expected: str) -> None:
    now = at("2026-11-26T10:20")

    assert formats("en").duration_left(now + timedelta(minutes=minutes), now) == expected


@pytest.mark.parametrize(
    ("tag", "expected"), [("de", ("1.234", "85,2")), ("en", ("1,234", "85.2")), ("ar", ("1,234", "85.2"))]
)
def test_digits_are_western_everywhere(tag: str, expected: tuple[str, str]) -> None:
    write = formats(tag)

    assert (write.number(1234), write.number(85.2, 1)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-12-01", "Di, 01.12.2026"),
        ("0001-01-01", "Mo, 01.01.0001"),
        ("1.12.", "1.12."),
        ("", ""),
        ("2026-02-31", "2026-02-31"),
    ],
)
def test_a_typed_day_gets_its_weekday_or_stays_as_typed(value: str, expected: str) -> None:
    assert formats("de").typed_day(value) == expected


def test_service_hours_join_equal_days() -> None:
    week = [(480, 960)] * 4 + [(480, 810), None, None]

    assert formats("en").service_hours(week) == "Mon–Thu 8–16 and Fri 8–13:30"


@pytest.mark.parametrize(
    ("number", "expected"), [("+493521000140", "03521 000140"), ("+420601123456", "+420 601 123 456")]
)
def test_telephone_numbers_are_written_as_one_dials_them(number: str, expected: str) -> None:
    assert i18n.format_phone(number) == expected
