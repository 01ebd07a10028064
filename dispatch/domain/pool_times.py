"""Decide which week the words of a cell describe: `Mo-Fr 8-12, Mi ab 14 Uhr`, `vormittags`, `Sa 10:00 bis 14:30`.

Words of days and times of day are handed in. What is not understood is told whole, nothing of it is guessed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.availability_checks import merged
from dispatch.domain.pool_words import Kind, Words, parse_day

NO_PATTERN: tuple[WeeklyWindow, ...] = ()
_OPEN = "open:"
_DAY_MINUTES = 24 * 60
_MORNING, _EVENING = 7 * 60, 21 * 60
"""What `bis 12 Uhr` begins with and `ab 14 Uhr` ends with: the waking hours in which mediators are asked."""
_WORKING_DAYS = tuple(range(5))

_TOKEN = re.compile(
    r"(?P<day>\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})"
    r"|(?P<clock>\d{1,2}(?:[:.]\d{2})?)(?:\s*(?:uhr|h)\b)?"
    r"|(?P<dash>[-–—])"
    r"|(?P<break>[,;:/|&+\n().]+)"
    r"|(?P<word>[^\W\d_]+\.?)"
    r"|(?P<blank>\s+)"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


class NotUnderstood(ValueError):
    """The words of a week make no sense to the reader."""


@dataclass(slots=True)
class _Group:
    """Days with the times that hold on them: as long as no day follows a time, days are gathered."""

    days: set[int] = field(default_factory=set)
    times: list[tuple[int, int]] = field(default_factory=list)
    valid_from: date | None = None
    valid_until: date | None = None

    def windows(self) -> Iterator[WeeklyWindow]:
        """Yield the windows of the group; one that runs past midnight goes on the next day."""
        for day in self.days or _WORKING_DAYS:
            for start, end in self.times or ((_MORNING, _EVENING),):
                if start < end:
                    yield self._window(day, start, end)
                    continue
                yield self._window(day, start, _DAY_MINUTES)
                if end:
                    yield self._window((day + 1) % 7, 0, end)

    def add(self, start: int, end: int) -> None:
        """Add a span of minutes; one that ends before it begins runs past midnight."""
        if start == end or start >= _DAY_MINUTES:
            raise NotUnderstood(f"{start}-{end}")
        self.times.append((start, end))

    def _window(self, day: int, start: int, end: int) -> WeeklyWindow:
        return WeeklyWindow(day, start, end, self.valid_from, self.valid_until)


def parse_week(text: str, words: Words) -> tuple[WeeklyWindow, ...]:
    """Return the windows of a week in words, merged and in order; none where the words leave it open.

    Times without a day hold Monday to Friday, days without a time from 7 to 21. NotUnderstood otherwise.
    """
    if words.code(Kind.WEEK, text) == _OPEN:
        return NO_PATTERN
    tokens = _tokens(text, words)
    if [token for token in tokens if token[0] != "break"] == [("open", "")]:
        return NO_PATTERN
    groups = _Parser(tokens).groups()
    if not groups:
        raise NotUnderstood(text)
    return merged(window for group in groups for window in group.windows())


_Token = tuple[str, str]
"""What a token is (`days`, `part`, `clock`, `dash`, `from`, `until`, `except`, `open`, `day`, `break`), its value."""


def _tokens(text: str, words: Words) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKEN.finditer(text):
        kind, value = str(match.lastgroup), match[0]
        if kind == "blank":
            continue
        if kind == "word":
            token = _word(value, words)
            if token is not None:
                found.append(token)
        elif kind == "other":
            raise NotUnderstood(text)
        else:
            found.append((kind, match[kind]))
    return found


def _word(value: str, words: Words) -> _Token | None:
    """Return the token of a word; its code is `days:0`, `part:480-720`, `from:`, or `filler:` for nothing."""
    code = words.code(Kind.WEEK, value.strip("."))
    if code is None:
        raise NotUnderstood(value)
    kind, _, meaning = code.partition(":")
    return None if kind == "filler" else (kind, meaning)


class _Parser:
    """Reads tokens into groups; clock times right after a part of the day make it precise and replace it."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._groups = [_Group()]
        self._before = ""

    def groups(self) -> list[_Group]:
        """Return the groups that say anything; NotUnderstood where the tokens do not fit together."""
        readers: Mapping[str, Callable[[str], None]] = {
            "days": self._days,
            "part": self._part,
            "clock": self._clock,
            "from": self._from,
            "until": self._until,
            "except": self._except,
            "day": self._validity,
            "break": self._break,
        }
        while self._at < len(self._tokens):
            kind, value = self._take()
            if kind not in readers:
                raise NotUnderstood(value)
            readers[kind](value)
            self._before = kind
        return [group for group in self._groups if group.days or group.times]

    @property
    def _group(self) -> _Group:
        return self._groups[-1]

    def _take(self, *kinds: str) -> _Token:
        """Return the next token; NotUnderstood unless it is of one of the kinds, when any are named."""
        if self._at == len(self._tokens) or (kinds and self._tokens[self._at][0] not in kinds):
            raise NotUnderstood("another word was expected")
        self._at += 1
        return self._tokens[self._at - 1]

    def _next(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at][0] if at < len(self._tokens) else ""

    def _days(self, value: str) -> None:
        is_new = self._group.days or self._before == "break"
        if self._group.times and is_new:
            self._groups.append(_Group())
        self._group.days |= self._day_set(value)

    def _day_set(self, value: str) -> set[int]:
        """Return the days of a word, with those up to the next one in `Mo-Fr` and `Mo bis Fr`."""
        days = {int(day) for day in value.split("-")}
        if len(days) > 1 or self._next() not in {"dash", "until"} or self._next(1) != "days":
            return days
        self._take()
        until = self._take()[1]
        if len(until) > 1:
            raise NotUnderstood(until)
        first = int(value)
        return {(first + step) % 7 for step in range((int(until) - first) % 7 + 1)}

    def _break(self, _value: str) -> None:
        """Note nothing but that there was one: what follows begins anew when it names days."""

    def _part(self, value: str) -> None:
        start, end = value.split("-")
        self._group.add(int(start), int(end))

    def _clock(self, value: str) -> None:
        """Read `8-12` and `8 bis 12`."""
        self._take("dash", "until")
        self._add(_minutes(value), _minutes(self._take("clock")[1]))

    def _from(self, _value: str) -> None:
        """Read `ab 14 Uhr`, `von 8 bis 12`, `von Mo bis Fr`, `ab 1.12.2026`."""
        kind, value = self._take("clock", "days", "day")
        if kind == "day":
            self._group.valid_from = _day(value)
        elif kind == "days":
            self._days(value)
        elif self._next() in {"dash", "until"} and self._next(1) == "clock":
            self._clock(value)
        else:
            start = _minutes(value)
            self._add(start, _EVENING if start < _EVENING else _DAY_MINUTES)

    def _until(self, _value: str) -> None:
        """Read `bis 12 Uhr` and `bis 31.12.2026`."""
        kind, value = self._take("clock", "day")
        if kind == "day":
            self._group.valid_until = _day(value)
            return
        end = _minutes(value)
        self._add(_MORNING if end > _MORNING else 0, end)

    def _except(self, _value: str) -> None:
        """Read `täglich außer So`."""
        days = self._day_set(self._take("days")[1])
        self._group.days = (self._group.days or set(range(7))) - days

    def _validity(self, value: str) -> None:
        """Read `1.12.2026-31.12.2026`."""
        self._take("dash", "until")
        self._group.valid_from, self._group.valid_until = _day(value), _day(self._take("day")[1])

    def _add(self, start: int, end: int) -> None:
        if self._before == "part":
            self._group.times.pop()
        self._group.add(start, end)


def _minutes(clock: str) -> int:
    hour, _, minute = clock.replace(".", ":").partition(":")
    minutes = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or minutes > _DAY_MINUTES:
        raise NotUnderstood(clock)
    return minutes


def _day(value: str) -> date:
    day = parse_day(value)
    if day is None:
        raise NotUnderstood(value)
    return day
