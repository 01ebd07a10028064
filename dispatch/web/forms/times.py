"""Read days, clock times and instants as people type them, in local time and several ways of writing.

Whether a time is allowed is decided by the domain; here it is only understood or refused with a code.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import TypeVar

from babel import dates

from dispatch.domain.intervals import DoubledHour, WallTimeRefused, to_instant, to_local
from dispatch.reference.files import fold

T = TypeVar("T")

_MONTH_LANGUAGES = ("de", "en", "ar")
_LONGEST = 60
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[./](?: ?)(\d{1,2})[./]?(?: ?)(\d{4}|\d{2})?")
_NAMED = re.compile(r"(\d{1,2})\.? +([^\W\d]+)\.?(?:,? +(\d{4}))?")
_WEEKDAY = re.compile(r"^[^\W\d]+\.?,?\s+(?=\d)|^[^\W\d]+[,،]\s*(?=\d)")
_CLOCK = re.compile(r"(\d{1,2})(?: ?[:.h] ?(\d{2})(?:[:.]\d{2})?)?(?: ?(?:uhr|h))?", re.IGNORECASE)
_CLOCK_TOGETHER = re.compile(r"(\d{2})(\d{2})")
_INSTANT = re.compile(r"^(?P<day>.+?)(?:T|[,،]?\s+)(?P<clock>\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*Uhr)?)$", re.I)
_MINUTES = re.compile(r"(\d{1,6})(?: ?(?:min\.?|minuten|minutes))?", re.IGNORECASE)
_SHORT_YEAR_FROM = 2000


class NotRead(ValueError):
    """A typed time was not understood; `code` is a stable word for the field's error."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class TypedSpan:
    """Day, start and length (or end) of a span as typed; `fold` answers which pass of a doubled hour is meant."""

    day: str
    start: str
    length: str
    fold: str = ""


@dataclass(frozen=True, slots=True)
class ReadSpan:
    """The instants that were understood, codes by field of TypedSpan, and whether the start exists twice."""

    starts_at: datetime | None
    ends_at: datetime | None
    codes: dict[str, str]
    is_doubled: bool = False


def parse_day(typed: str, today: date) -> date | None:
    """Read `1.12.2026`, `01.12.26`, `1.12.` (the next one), `Di, 01.12.2026`, `1. Dezember 2026`, `2026-12-01`.

    None when nothing was typed; NotRead (`not_a_date`) otherwise.
    """
    text = typed.strip()[:_LONGEST]
    if not text:
        return None
    text = _WEEKDAY.sub("", text)
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMBERS.fullmatch(text):
            return _in_year(int(found[1]), int(found[2]), found[3], today)
        if (found := _NAMED.fullmatch(text)) and (month := _months().get(fold(found[2]))):
            return _in_year(int(found[1]), month, found[3], today)
    except ValueError as error:
        raise NotRead("not_a_date") from error
    raise NotRead("not_a_date")


def parse_clock(typed: str) -> time | None:
    """Read `9`, `9:00`, `09.00`, `0900`, `9 Uhr`, `9.30 Uhr`; None when nothing was typed, else NotRead."""
    text = typed.strip()[:_LONGEST]
    if not text:
        return None
    found = _CLOCK_TOGETHER.fullmatch(text) or _CLOCK.fullmatch(text)
    if found is None:
        raise NotRead("not_a_time")
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError as error:
        raise NotRead("not_a_time") from error


def parse_instant(typed: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Read a day with a clock time (`Fr, 27.11.2026, 13:00`, `2026-11-27T13:00`); of a doubled hour the first pass.

    None when nothing was typed; NotRead with `not_an_instant` or the code of the wall time otherwise.
    """
    text = typed.strip()[:_LONGEST]
    if not text:
        return None
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise NotRead("not_an_instant")
    day = parse_day(found["day"].rstrip(",،"), to_local(now, zone).date())
    clock = parse_clock(found["clock"])
    if day is None or clock is None:
        raise NotRead("not_an_instant")
    return _instant(datetime.combine(day, clock), zone, fold_choice=0)


def read_span(typed: TypedSpan, now: datetime, zone: tzinfo) -> ReadSpan:
    """Read a span; its length is minutes (`60`) or the clock time of its end on the same day (`10:30`)."""
    codes: dict[str, str] = {}
    today = to_local(now, zone).date()
    day = _noting(codes, "day", lambda: parse_day(typed.day, today))
    clock = _noting(codes, "start", lambda: parse_clock(typed.start))
    if day is None or clock is None:
        return ReadSpan(None, None, codes)
    choice = int(typed.fold) if typed.fold in ("0", "1") else None
    start = _noting(codes, "start", lambda: _instant(datetime.combine(day, clock), zone, fold_choice=choice))
    if start is None:
        return ReadSpan(None, None, codes, is_doubled=codes.get("start") == DoubledHour.code)
    end = _noting(codes, "length", lambda: _end(typed.length, day, start, zone))
    return ReadSpan(start, end, codes, is_doubled=_is_doubled(datetime.combine(day, clock), zone))


def _end(typed: str, day: date, start: datetime, zone: tzinfo) -> datetime | None:
    text = typed.strip()[:_LONGEST]
    if not text:
        return None
    if found := _MINUTES.fullmatch(text):
        return _later(start, timedelta(minutes=int(found[1])))
    clock = _noting({}, "", lambda: parse_clock(text))
    if clock is None:
        raise NotRead("not_a_length")
    wall = datetime.combine(day, clock)
    first = _instant(wall, zone, fold_choice=0)
    return first if first > start else _instant(wall, zone, fold_choice=1)


def _later(start: datetime, length: timedelta) -> datetime:
    try:
        return start + length
    except OverflowError as error:
        raise NotRead("out_of_calendar") from error


def _noting(codes: dict[str, str], field: str, read: Callable[[], T | None]) -> T | None:
    try:
        return read()
    except NotRead as refused:
        codes[field] = refused.code
        return None


def _instant(wall: datetime, zone: tzinfo, *, fold_choice: int | None) -> datetime:
    try:
        return to_instant(wall, zone, fold=fold_choice).astimezone(UTC)
    except WallTimeRefused as refused:
        raise NotRead(refused.code) from refused


def _is_doubled(wall: datetime, zone: tzinfo) -> bool:
    try:
        to_instant(wall, zone)
    except DoubledHour:
        return True
    return False


def _in_year(day: int, month: int, year: str | None, today: date) -> date:
    """Return the day of the typed year, or of this or the next one when it was left out."""
    if year is not None:
        return date(int(year) + (_SHORT_YEAR_FROM if len(year) == 2 else 0), month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


@cache
def _months() -> dict[str, int]:
    """Map folded names and abbreviations of months to their numbers."""
    return {
        fold(name): number
        for language in _MONTH_LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in dates.get_month_names(width, locale=language).items()
    }
