"""Weeks in words, as they stand in lists of districts."""

from dataclasses import replace
from datetime import date

import pytest

from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.pool_times import NotUnderstood, parse_week
from dispatch.reference.pool_words import FileWords
from tests.domain.weeks import every_day, hours

Week = tuple[WeeklyWindow, ...]
WORK = range(5)
WEEK = range(7)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mo-Fr 8-12, Mi ab 14 Uhr", hours((0, 8, 12), (1, 8, 12), (2, 8, 12), (2, 14, 21), (3, 8, 12), (4, 8, 12))),
        ("vormittags", every_day(WORK, 8, 12)),
        ("Mo, Mi, Fr vormittags", hours((0, 8, 12), (2, 8, 12), (4, 8, 12))),
        ("werktags 9-17", every_day(WORK, 9, 17)),
        ("täglich außer So", every_day(range(6), 7, 21)),
        ("Mo-Do 8:00-16:00 Uhr; Fr 8-13", every_day(range(4), 8, 16) + hours((4, 8, 13))),
        ("nachmittags ab 15 Uhr", every_day(WORK, 15, 21)),
        ("Montag bis Mittwoch von 8 bis 12 Uhr", every_day(range(3), 8, 12)),
        ("Sa 10.00–14.30", hours((5, 10, 14.5))),
        ("Fr 22-2", hours((4, 22, 24), (5, 0, 2))),
        ("Sa-Mo 8-9", hours((0, 8, 9), (5, 8, 9), (6, 8, 9))),
        ("am Wochenende", every_day(range(5, 7), 7, 21)),
        ("bis 12 Uhr", every_day(WORK, 7, 12)),
        ("Mo 0:00-24:00", hours((0, 0, 24))),
        ("immer", every_day(WEEK, 7, 21)),
        ("Di+Do 16-20h", hours((1, 16, 20), (3, 16, 20))),
        ("Mo: 8-12 Uhr", hours((0, 8, 12))),
        ("8-12 Uhr Mo-Fr", every_day(WORK, 8, 12)),
        ("Mo.–Fr. ganztägig", every_day(WORK, 7, 21)),
        ("Mon-Wed from 9 until 12", every_day(range(3), 9, 12)),
        ("Mo 8-12, 11-14", hours((0, 8, 14))),
        ("Mo 8-12, 14-18; Di 9-10", hours((0, 8, 12), (0, 14, 18), (1, 9, 10))),
        ("flexibel", ()),
        ("nach Absprache", ()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_week_in_words(text: str, week: Week) -> None:
    assert parse_week(text, FileWords()) == week


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Mo 8-12 (ab 01.12.2026)", date(2026, 12, 1), None),
        ("Mo 8-12 (bis 31.1.27)", None, date(2027, 1, 31)),
        ("Mo 8-12 (01.12.2026-31.01.2027)", date(2026, 12, 1), date(2027, 1, 31)),
    ],
    ids=["from", "until", "both"],
)
def test_a_week_may_hold_for_some_time(text: str, first: date | None, last: date | None) -> None:
    window = replace(hours((0, 8, 12))[0], valid_from=first, valid_until=last)

    assert parse_week(text, FileWords()) == (window,)


@pytest.mark.parametrize(
    "text",
    ["jeden zweiten Montag", "8-8", "Mo 25-26", "Mo 8", "Mo 8-12 flexibel", "Mo 8:75-9", "ab", "Mo *", "Mo 24-25", "-"],
)
def test_what_is_not_understood_is_not_guessed(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_week(text, FileWords())
