"""Prove that the holidays are those of Saxony."""

from datetime import date

from dispatch.reference.holidays import public_holidays


def test_saxony_keeps_eleven_public_holidays_in_2026() -> None:
    assert public_holidays(2026, 2026) == {
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 10, 3),
        date(2026, 10, 31),
        date(2026, 11, 18),
        date(2026, 12, 25),
        date(2026, 12, 26),
    }


def test_corpus_christi_is_no_holiday_here() -> None:
    assert date(2026, 6, 4) not in public_holidays(2026, 2026)


def test_both_years_of_a_range_are_included() -> None:
    assert {day.year for day in public_holidays(2026, 2027)} == {2026, 2027}
