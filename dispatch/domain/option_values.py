"""The kinds of options that are typed into one form field: texts, numbers, times, choices.

They must not know what a value is used for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from dispatch.domain.contacts import ContactRefused, is_phone, parse_email
from dispatch.domain.option_kinds import Known, Part, Reading, Row, Single, Unit, Widget, clock_word, of_type

_DECIMAL = re.compile(r"[0-9]{1,6}([.,][0-9]{1,4})?")
_SPANS = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1)}


@dataclass(frozen=True)
class Text(Single):
    """A line of text, or several lines; "" stands for none where it is not required."""

    longest: int = 200
    required: bool = True
    prose: bool = False

    @property
    def widget(self) -> Widget:  # type: ignore[override]
        """A field of one line or of several."""
        return Widget.PROSE if self.prose else Widget.LINE

    def parse(self, name: str, reading: Reading) -> str:
        read = reading.findings.prose if self.prose else reading.findings.line
        text = read(name, reading.form.get(name, ""), self.longest) or ""
        if self.required:
            reading.findings.require(name, text)
        return text


@dataclass(frozen=True)
class Email(Single):
    """One e-mail address; "" stands for none where it is not required."""

    required: bool = True

    def parse(self, name: str, reading: Reading) -> str:
        if self.required:
            reading.findings.require(name, reading.text(name))
        if not reading.text(name):
            return ""
        try:
            return parse_email(reading.text(name))
        except ContactRefused as refused:
            reading.findings.add(name, refused.code)
            return ""


@dataclass(frozen=True)
class Phone(Single):
    """A telephone number in the form +49…; the edge reads other spellings."""

    required: bool = True

    def parse(self, name: str, reading: Reading) -> str:
        text = reading.text(name)
        if self.required:
            reading.findings.require(name, text)
        if text and not is_phone(text):
            reading.findings.add(name, "not_a_phone")
        return text


@dataclass(frozen=True)
class Whole(Single):
    """A whole number within bounds, both included."""

    least: int
    most: int
    unit: Unit = Unit.NONE

    widget = Widget.NUMBER

    def parse(self, name: str, reading: Reading) -> int:
        number = reading.whole(name, self.least, self.most)
        reading.findings.require(name, number)
        return self.least if number is None else number

    def load(self, raw: Any) -> int:
        return int(of_type(int, raw))


@dataclass(frozen=True)
class Span(Single):
    """A length of time, as a whole number of its unit."""

    unit: Unit
    least: int
    most: int

    widget = Widget.NUMBER

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {name: str(value // _SPANS[self.unit])}

    def parse(self, name: str, reading: Reading) -> timedelta:
        number = reading.whole(name, self.least, self.most)
        reading.findings.require(name, number)
        return (number or 0) * _SPANS[self.unit]

    def dump(self, value: Any) -> int:
        return int(value // _SPANS[self.unit])

    def load(self, raw: Any) -> timedelta:
        return timedelta(0) + int(of_type(int, raw)) * _SPANS[self.unit]


@dataclass(frozen=True)
class Decimal(Single):
    """A number with a comma or point within bounds, both included."""

    least: float
    most: float
    unit: Unit = Unit.NONE

    widget = Widget.NUMBER

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {name: decimal_word(value)}

    def parse(self, name: str, reading: Reading) -> float:
        return decimal(name, reading, self.least, self.most)

    def load(self, raw: Any) -> float:
        return float(of_type((int, float), raw))


@dataclass(frozen=True)
class Clock(Single):
    """A time of day, kept as its minute."""

    widget = Widget.CLOCK

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {name: clock_word(value)}

    def parse(self, name: str, reading: Reading) -> int:
        minute = reading.clock(name)
        reading.findings.require(name, minute)
        return minute or 0

    def load(self, raw: Any) -> int:
        return int(of_type(int, raw))


@dataclass(frozen=True)
class Flag(Single):
    """Yes or no."""

    widget = Widget.FLAG

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {name: "1" if value else ""}

    def parse(self, name: str, reading: Reading) -> bool:
        return reading.text(name) == "1"

    def load(self, raw: Any) -> bool:
        return bool(of_type(bool, raw))


@dataclass(frozen=True)
class Choice(Single):
    """One code of a list."""

    codes: tuple[str, ...]

    def rows(self, name: str, _form: Mapping[str, str], _known: Known) -> tuple[Row, ...]:
        return ((Part(name, Widget.CHOICE, self.codes),),)

    def parse(self, name: str, reading: Reading) -> str:
        text = reading.text(name)
        reading.findings.require(name, text)
        if text and text not in self.codes:
            reading.findings.add(name, "unknown_choice")
        return text


@dataclass(frozen=True)
class Member(Single):
    """A member of an enum, or None where it is optional."""

    kind: type[StrEnum]
    optional: bool = False

    def rows(self, name: str, _form: Mapping[str, str], _known: Known) -> tuple[Row, ...]:
        codes = tuple(member.value for member in self.kind)
        return ((Part(name, Widget.CHOICE, ("", *codes) if self.optional else codes),),)

    def parse(self, name: str, reading: Reading) -> StrEnum | None:
        text = reading.text(name)
        if not self.optional:
            reading.findings.require(name, text)
        if text and text not in set(self.kind):
            reading.findings.add(name, "unknown_choice")
        return self.kind(text) if text in set(self.kind) else None

    def dump(self, value: Any) -> str | None:
        return None if value is None else str(value.value)

    def load(self, raw: Any) -> StrEnum | None:
        if raw is None and self.optional:
            return None
        return self.kind(of_type(str, raw))


def read_decimal(name: str, reading: Reading, least: float, most: float) -> float | None:
    """Return a number with a comma or point, None when empty or at fault (`not_a_number`, `out_of_range`)."""
    text = reading.text(name)
    if not text:
        return None
    if not (text.isascii() and _DECIMAL.fullmatch(text)):
        reading.findings.add(name, "not_a_number")
        return None
    number = float(text.replace(",", "."))
    if not least <= number <= most:
        reading.findings.add(name, "out_of_range")
        return None
    return number


def decimal(name: str, reading: Reading, least: float, most: float) -> float:
    """Return the same where it is required; at fault, the least one."""
    number = read_decimal(name, reading, least, most)
    reading.findings.require(name, number)
    return least if number is None else number


def decimal_word(number: float) -> str:
    """Write a number as it is typed: "1,3", "45"."""
    return f"{number:.4f}".rstrip("0").rstrip(".").replace(".", ",")
