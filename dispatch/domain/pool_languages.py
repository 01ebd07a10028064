"""Decide which languages a cell of a pool file names, each with its level and dialects.

`Dari (Muttersprache), Persisch gut` and `Arabisch C1; Englisch B2` are both understood; a language without a level has
an empty one.
"""

import re

from dispatch.domain.mediators import TypedSpoken
from dispatch.domain.pool_words import LEFT_OUT, Kind, Problem, Reading, parts
from dispatch.domain.texts import LIST_MARKS

GERMAN = "de"
"""What the vocabulary calls German, which is no language of the table: its level is a field of its own."""
TOO_WEAK = "below_B1"
"""What the vocabulary calls levels at which nobody interprets: such a language is kept as a remark."""

_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_IN_BRACKETS = re.compile(rf"[{LIST_MARKS}\n]")
_DIALECT = re.compile(r"(?:dialekte?|dialects?)[\s:]+(.+)", re.IGNORECASE)
_EDGES = " \t:=–—-"
_LONGEST_LEVEL = 3


def read_languages(reading: Reading, column: int, text: str, level: str = "") -> list[TypedSpoken]:
    """Return the languages of a cell in its order; `level` is what the header says of all of them.

    German goes to `german_level` of the reading, unless that has a level already.
    """
    found: list[TypedSpoken] = []
    for part in parts(text):
        spoken = _read_one(reading, column, part, level)
        if spoken is None:
            continue
        if spoken.code == GERMAN:
            reading.given.setdefault("german_level", spoken.level)
        elif all(known.code != spoken.code for known in found):
            found.append(spoken)
    return found


def _read_one(reading: Reading, column: int, part: str, level: str) -> TypedSpoken | None:
    inside = [piece.strip() for brackets in _BRACKETS.findall(part) for piece in _IN_BRACKETS.split(brackets)]
    outside = _BRACKETS.sub(" ", part).strip(_EDGES)
    levels = [code for piece in inside if (code := _level(reading, piece))]
    asides = [piece for piece in inside if piece and not _level(reading, piece)]
    outside, said = _cut_level(reading, outside)
    if said:
        levels.append(said)
    said_level = next(iter(levels), level)
    if said_level == TOO_WEAK:
        reading.kept.append((column, part))
        return None
    code, dialects = _language(reading, column, outside, asides)
    return None if code is None else TypedSpoken(code, said_level, dialects)


def _level(reading: Reading, text: str) -> str | None:
    code = reading.words.code(Kind.LEVEL, text.strip(_EDGES + ".!"))
    return None if code == LEFT_OUT else code


def _cut_level(reading: Reading, text: str) -> tuple[str, str | None]:
    """Cut a level off the end or the beginning of a text, the longest one first."""
    words = text.split()
    for length in range(min(_LONGEST_LEVEL, len(words) - 1), 0, -1):
        if level := _level(reading, " ".join(words[-length:])):
            return " ".join(words[:-length]).strip(_EDGES), level
        if level := _level(reading, " ".join(words[:length])):
            return " ".join(words[length:]).strip(_EDGES), level
    return text, None


def _language(reading: Reading, column: int, name: str, asides: list[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return the language, made precise by what stands in brackets; brackets that do not help name dialects."""
    general = reading.words.languages(name)
    dialects = tuple(found[1] if (found := _DIALECT.fullmatch(aside)) else aside for aside in asides)
    for place, aside in enumerate(asides):
        for text in (f"{name} ({aside})", aside):
            meant = reading.words.languages(text)
            if len(meant) == 1 and _makes_precise(reading, general, meant[0]) and aside == dialects[place]:
                return meant[0], dialects[:place] + dialects[place + 1 :]
    if general == (LEFT_OUT,):
        reading.kept.append((column, name))
        return None, ()
    if len(general) == 1:
        return general[0], dialects
    reading.problems.append(Problem(column, "ambiguous" if general else "unknown", Kind.LANGUAGE, name, general))
    return None, ()


def _makes_precise(reading: Reading, general: tuple[str, ...], code: str) -> bool:
    """Tell whether a language is one of several that the name alone may stand for, or a variety of its one."""
    if len(general) == 1:
        return reading.words.is_variety(general[0], code)
    return code != LEFT_OUT and (code in general or not general)
