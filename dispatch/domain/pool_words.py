"""Decide what a cell of a pool file says: yes or no, a number, a day, one of a list of codes.

It knows no word itself: what words mean is handed in. What it does not understand becomes a problem, never a guess.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from dispatch.domain import document_types
from dispatch.domain.document_types import DocumentTypes
from dispatch.domain.places import TypedPlace
from dispatch.domain.texts import LIST_MARKS

LEFT_OUT = "-"
"""The answer that a word is not taken over; it is kept among the remarks."""

_NUMBER = re.compile(
    r"(?:max\.?|maximal|bis zu|bis|ca\.?|up to|about)?\s*(\d{1,5}(?:[.,]\d{1,2})?)\s*"
    r"(?:km|kilometer|kilometres|h|std\.?|stunden|hours|stunden pro woche)?",
    re.IGNORECASE,
)
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_BEFORE_A_DAY = re.compile(r"^(?:vom|am|seit|bis|ab|gültig bis|of|on|until|since)\s+", re.IGNORECASE)
_SHORT_YEAR_FROM = 2000


class Kind(StrEnum):
    """What a word stands for; each kind has codes of its own."""

    COLUMN = "column"
    LANGUAGE = "language"
    LEVEL = "level"
    GERMAN_LEVEL = "german_level"
    PLACE = "place"
    GENDER = "gender"
    CHANNEL = "channel"
    QUALIFICATION = "qualification"
    TRANSPORT = "transport"
    MODE = "mode"
    SETTING = "setting"
    YES_NO = "yes_no"
    WEEK = "week"
    NUMBER = "number"
    DAY = "day"


class Words(Protocol):
    """What the words of a file mean, answers given for this file included."""

    def answer(self, kind: Kind, word: str) -> str | None:
        """Return what was answered for a word of this file: a code, another text to read, or LEFT_OUT."""

    def code(self, kind: Kind, word: str) -> str | None:
        """Return the code of a word, LEFT_OUT if it was answered so, None when it is unknown."""

    def languages(self, word: str) -> tuple[str, ...]:
        """Return the language meant; several when one must be asked back, none when it is unknown."""

    def is_variety(self, general: str, special: str) -> bool:
        """Tell whether a language is a variety of an umbrella (`ary` of `ar`)."""

    def places(self, text: str) -> tuple[TypedPlace, ...]:
        """Return the place meant; several when one must be asked back, none when it is unknown."""

    def phone(self, text: str) -> str:
        """Return a telephone number as E.164, or the text where it is none."""

    def is_nothing(self, text: str) -> bool:
        """Tell whether a cell is empty or says that nothing is known ("-", "k. A.")."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What was not understood in a cell: its column from 0 (None = the row), a code, the word and its choices.

    `kind` is empty for problems that no answer can solve. `code`: unknown, ambiguous, missing, or one of a field.
    """

    column: int | None
    code: str
    kind: Kind | None = None
    word: str = ""
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """A row while it is read: what was understood by field, what was not, and texts to keep as remarks."""

    words: Words
    types: DocumentTypes = document_types.DEFAULT
    given: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    kept: list[tuple[int, str]] = field(default_factory=list)

    def code(self, kind: Kind, column: int, text: str) -> str | None:
        """Return the code of a word; None, with a problem or a kept remark, when there is none."""
        code = self.words.code(kind, text)
        if code == LEFT_OUT:
            self.kept.append((column, text))
            return None
        if code is None:
            self.problems.append(Problem(column, "unknown", kind, text))
        return code

    def yes(self, column: int, text: str) -> bool | None:
        """Return what a cell of yes or no says."""
        code = self.code(Kind.YES_NO, column, text)
        return None if code is None else code == "yes"

    def number(self, column: int, text: str) -> float | None:
        """Return the number of a cell such as `30 km` or `10,5 Std.`."""
        answered = self.words.answer(Kind.NUMBER, text)
        if answered == LEFT_OUT:
            self.kept.append((column, text))
            return None
        found = _NUMBER.fullmatch(answered or text)
        if found is None:
            self.problems.append(Problem(column, "not_a_number", Kind.NUMBER, text))
            return None
        return float(found[1].replace(",", "."))

    def day(self, column: int, text: str) -> date | None:
        """Return the day of a cell such as `01.12.2026`, `1.12.26`, `vom 1. 12. 2026` or `2026-12-01`."""
        answered = self.words.answer(Kind.DAY, text)
        if answered == LEFT_OUT:
            self.kept.append((column, text))
            return None
        day = parse_day(answered or text)
        if day is None:
            self.problems.append(Problem(column, "not_a_date", Kind.DAY, text))
        return day


def parse_day(text: str) -> date | None:
    """Return a German or ISO date, None for anything else."""
    plain = _BEFORE_A_DAY.sub("", text.strip())
    try:
        if found := _ISO_DAY.fullmatch(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _GERMAN_DAY.fullmatch(plain):
            year = int(found[3]) + (_SHORT_YEAR_FROM if len(found[3]) == 2 else 0)
            return date(year, int(found[2]), int(found[1]))
    except ValueError:
        return None
    return None


def parts(text: str) -> list[str]:
    """Split a list in a cell at commas, semicolons, slashes, lines and "und"; brackets stay whole."""
    pieces = re.split(rf"(?:[{LIST_MARKS}/|•&+\n]|\s+(?:und|and|u\.|sowie)\s+)(?![^()\[\]]*[)\]])", text)
    return [piece.strip() for piece in pieces if piece and piece.strip()]
