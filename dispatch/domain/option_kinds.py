"""Say what a sort of value of an option can do: become the texts of form fields and come back, become JSON and back.

It must not know what a value is used for; how several values fit together is checked by the topic. The kinds are in
`option_values` (one field each) and `option_tables` (several).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from dispatch.domain.findings import Findings
from dispatch.domain.settings import DocumentType

DAY_MINUTES = 24 * 60
MOST_ROWS = 20
_MOST_DIGITS = 9
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?")


class Unit(StrEnum):
    """In which unit a number is typed."""

    NONE = "none"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    KM = "km"
    KMH = "kmh"


class Widget(StrEnum):
    """How a part of a value is typed."""

    LINE = "line"
    PROSE = "prose"
    NUMBER = "number"
    CLOCK = "clock"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True)
class Known:
    """What is there to refer to: municipalities by key (AGS) with their shipped area, codes of the rest."""

    municipalities: Mapping[str, str] = field(default_factory=dict)
    settings: Collection[str] = ()
    documents: tuple[str, ...] = tuple(DocumentType)


@dataclass(frozen=True)
class Part:
    """A form field: its name, how it is typed, and the codes to choose from (`""`: nothing chosen)."""

    name: str
    widget: Widget
    choices: tuple[str, ...] = ()


Row = tuple[Part, ...]


@dataclass(frozen=True)
class Reading:
    """A form on its way to values: what was typed, what speaks against it, what is known."""

    form: Mapping[str, str]
    findings: Findings
    known: Known

    def text(self, name: str) -> str:
        """Return what was typed into a field, without blanks around it."""
        return self.form.get(name, "").strip()

    def whole(self, name: str, least: int, most: int) -> int | None:
        """Return a whole number, None when empty or at fault (`not_a_number`, `out_of_range`)."""
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            self.findings.add(name, "not_a_number")
            return None
        if not least <= int(text) <= most:
            self.findings.add(name, "out_of_range")
            return None
        return int(text)

    def clock(self, name: str) -> int | None:
        """Return the minute of the day, `24:00` its end; None when empty or `not_a_time`."""
        text = self.text(name)
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        minute = int(found[1]) * 60 + int(found[2] or 0) if found else -1
        if not 0 <= minute <= DAY_MINUTES or (found and int(found[2] or 0) > 59):
            self.findings.add(name, "not_a_time")
            return None
        return minute


class Kind(Protocol):
    """What a sort of value can do; `name` is that of its first form field, the others begin with it."""

    def rows(self, name: str, form: Mapping[str, str], known: Known) -> tuple[Row, ...]:
        """Return the form fields, row by row; `form` says how many rows there are so far."""

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        """Return the value as the texts of its form fields."""

    def parse(self, name: str, reading: Reading) -> Any:
        """Return the value that was typed; what speaks against it is noted, and the value then means nothing."""

    def dump(self, value: Any) -> Any:
        """Return the value as JSON."""

    def load(self, raw: Any) -> Any:
        """Return the value of its JSON; ValueError, TypeError or KeyError when the shape is another one."""


class Single:
    """A value in one form field, kept as it is."""

    widget = Widget.LINE

    def rows(self, name: str, _form: Mapping[str, str], _known: Known) -> tuple[Row, ...]:
        return ((Part(name, self.widget),),)

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {name: "" if value is None else str(value)}

    def dump(self, value: Any) -> Any:
        return value

    def load(self, raw: Any) -> Any:
        return of_type(str, raw)


def clock_word(minute: int) -> str:
    """Write a minute of the day as a time, "9:00"; the end of the day is "24:00"."""
    return f"{minute // 60}:{minute % 60:02}"


def of_type(kind: type | tuple[type, ...], raw: Any) -> Any:
    """Return JSON of the wanted type; TypeError for another one (true is no number)."""
    is_flag = kind is not bool and isinstance(raw, bool)
    if is_flag or not isinstance(raw, kind):
        raise TypeError(f"not the type wanted: {type(raw).__name__}")
    return raw


def rows_in(name: str, form: Mapping[str, str]) -> int:
    """Return how many numbered rows a form has, empty ones at the end left out: one more than the last number."""
    numbers = [
        int(found[1])
        for field, text in form.items()
        if text.strip() and (found := re.match(rf"{re.escape(name)}-([0-9]{{1,3}})-", field))
    ]
    return max(numbers, default=-1) + 1
