"""Decide what a row of a pool file says of a person: values with codes, and what was not understood.

An empty cell says nothing. Nothing is lost: columns nobody knows and words left out are kept as remarks. Whether the
record holds is decided by `mediator_checks`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.domain import document_types
from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.availability_checks import merged
from dispatch.domain.contacts import is_phone
from dispatch.domain.document_types import DocumentTypes
from dispatch.domain.mediators import TypedSpoken
from dispatch.domain.places import TypedPlace
from dispatch.domain.pool_columns import Column, Header
from dispatch.domain.pool_documents import Cells, first, read_documents
from dispatch.domain.pool_languages import TOO_WEAK, read_languages
from dispatch.domain.pool_times import NotUnderstood, parse_week
from dispatch.domain.pool_words import LEFT_OUT, Kind, Problem, Reading, Words, parts
from dispatch.domain.texts import LIST_MARKS

_SEMICOLONS, _COMMAS = re.compile(r"[;؛፤\n|•]"), re.compile("[,،፣]")
_NUMBERS = re.compile(rf"\s*[{LIST_MARKS}\n]\s*|\s+(?:/|oder|or|und|and)\s+")
_WEEKDAYS = (
    Column.MONDAY, Column.TUESDAY, Column.WEDNESDAY, Column.THURSDAY, Column.FRIDAY, Column.SATURDAY, Column.SUNDAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A row as it was understood.

    `given` holds fields of `TypedMediator` that the row says something of, and beside them `weekly` (windows),
    `documents` (GivenDocument), `badge_number`, `first_name` and `typed_name`. `kept` are lines for the remarks.
    """

    line: int
    given: Mapping[str, Any]
    problems: tuple[Problem, ...]
    kept: tuple[str, ...]


def interpret(
    header: Header,
    cells: Sequence[str],
    line: int,
    words: Words,
    *,
    types: DocumentTypes = document_types.DEFAULT,
) -> PoolRow:
    """Return what a row says; cells beyond the heads are kept as remarks."""
    reading = Reading(words, types)
    by_column: dict[Column, list[tuple[int, str]]] = {}
    for place, cell in enumerate(cells):
        text = cell.strip()
        if words.is_nothing(text):
            continue
        column = header.columns[place] if place < len(header.columns) else None
        if column is None:
            reading.kept.append((place, text))
        else:
            by_column.setdefault(column, []).append((place, text))
    for read in _READERS:
        read(reading, by_column)
    return PoolRow(line, reading.given, tuple(reading.problems), tuple(_kept(header, reading)))


def is_empty(cells: Sequence[str]) -> bool:
    """Tell whether a row has no text at all."""
    return not any(cell.strip() for cell in cells)


def _kept(header: Header, reading: Reading) -> list[str]:
    lines = []
    for place, text in reading.kept:
        title = header.titles[place] if place < len(header.titles) else ""
        lines.append(f"{title}: {' '.join(text.split())}" if title else " ".join(text.split()))
    return lines


def _name(reading: Reading, cells: Cells) -> None:
    """Read the name; `Rahmani, Shirin` is turned round, two columns are joined."""
    if whole := first(cells, Column.NAME):
        surname, comma, forename = (part.strip() for part in whole[1].partition(","))
        is_turned = bool(comma and forename)
        reading.given["name"] = f"{forename} {surname}" if is_turned else whole[1]
        reading.given["typed_name"] = whole[1]
        if is_turned:
            reading.given["first_name"] = forename
    first_name, last_name = first(cells, Column.FIRST_NAME), first(cells, Column.LAST_NAME)
    if first_name or last_name:
        both = [found[1] for found in (first_name, last_name) if found]
        reading.given["name"] = " ".join(both)
        reading.given["first_name"] = both[0]
    if call_name := first(cells, Column.CALL_NAME):
        reading.given["call_name"] = call_name[1]


def _contact(reading: Reading, cells: Cells) -> None:
    """Read addresses and numbers; of two numbers the mobile one counts, the other is kept."""
    if email := first(cells, Column.EMAIL):
        reading.given["email"] = email[1].removeprefix("mailto:").strip("<> ")
    numbers = [found for column in (Column.MOBILE, Column.PHONE) if (found := first(cells, column))]
    if numbers:
        place, text = numbers[0]
        typed = _NUMBERS.split(text) if not is_phone(reading.words.phone(text)) else [text]
        reading.given["phone"] = reading.words.phone(typed[0])
        reading.kept.extend((place, other) for other in typed[1:])
        reading.kept.extend(number for number in numbers[1:] if number[1] != text)


def _choices(reading: Reading, cells: Cells) -> None:
    for column, kind in _CHOICES.items():
        if found := first(cells, column):
            code = reading.code(kind, *found)
            if code is not None:
                reading.given[column.value] = code
    for column in _TICKS:
        if (found := first(cells, column)) and (says := reading.yes(*found)) is not None:
            reading.given[column.value] = says
    if (found := first(cells, Column.CAR)) and (says := reading.yes(*found)) is not None:
        reading.given.setdefault("transport", "car" if says else "public")


_CHOICES = {
    Column.CONTACT_CHANNEL: Kind.CHANNEL,
    Column.GENDER: Kind.GENDER,
    Column.QUALIFICATION: Kind.QUALIFICATION,
    Column.TRANSPORT: Kind.TRANSPORT,
}
_TICKS = (
    Column.NIGHT, Column.SHORT_NOTICE, Column.AVOID_OWN_MUNICIPALITY, Column.SHARE_PHONE, Column.SHARE_SURNAME,
    Column.ACTIVE,
)  # fmt: skip


def _numbers(reading: Reading, cells: Cells) -> None:
    if (found := first(cells, Column.MAX_DISTANCE_KM)) and (km := reading.number(*found)) is not None:
        reading.given["max_distance_km"] = round(km)
    if (found := first(cells, Column.WEEKLY_HOURS_LIMIT)) and (hours := reading.number(*found)) is not None:
        reading.given["weekly_hours_limit"] = hours
    if (found := first(cells, Column.BADGE_NUMBER)) and (number := reading.number(*found)) is not None:
        reading.given["badge_number"] = int(number)
    if found := first(cells, Column.EXTERNAL_ID):
        reading.given["external_id"] = found[1]


def _home(reading: Reading, cells: Cells) -> None:
    """Read a postal code and a town in two columns, or both in one."""
    found = [cell for column in (Column.POSTAL_CODE, Column.HOME, Column.TOWN) if (cell := first(cells, column))]
    if not found:
        return
    text = " ".join(cell[1] for cell in found)
    meant = reading.words.places(text)
    if len(meant) == 1 and meant[0].is_empty:
        reading.kept.append((found[-1][0], text))
    elif len(meant) == 1:
        reading.given["home"] = meant[0]
    else:
        choices = tuple(_place_word(place) for place in meant)
        code = "ambiguous" if meant else "unknown"
        reading.problems.append(Problem(found[-1][0], code, Kind.PLACE, text, choices))


def _place_word(place: TypedPlace) -> str:
    return f"{place.postal_code} {place.town}".strip() or place.municipality


def _languages(reading: Reading, cells: Cells) -> None:
    """Read all columns of languages from left to right; a column of levels speaks of the one before it."""
    columns = (Column.LANGUAGES, Column.NATIVE_LANGUAGES, Column.LANGUAGE_LEVEL)
    inputs = sorted((place, text, column) for column in columns for place, text in cells.get(column, ()))
    levels = {place: text for place, text, column in inputs if column is Column.LANGUAGE_LEVEL}
    found: list[TypedSpoken] = []
    for place, text, column in inputs:
        if column is Column.LANGUAGE_LEVEL:
            continue
        level = "native" if column is Column.NATIVE_LANGUAGES else ""
        if place + 1 in levels:
            level = reading.code(Kind.LEVEL, place + 1, levels[place + 1]) or ""
        if level == TOO_WEAK:
            reading.kept.append((place, f"{text} ({levels[place + 1]})"))
            continue
        known = {spoken.code for spoken in found}
        found += [one for one in read_languages(reading, place, text, level) if one.code not in known]
    if found:
        reading.given["languages"] = tuple(found)
    if german := first(cells, Column.GERMAN_LEVEL):
        code = reading.code(Kind.GERMAN_LEVEL, *german)
        if code is not None:
            reading.given["german_level"] = code


def _settings(reading: Reading, cells: Cells) -> None:
    for column in (Column.EXPERIENCE, Column.REFUSED_SETTINGS):
        if found := first(cells, column):
            place, text = found
            codes = (reading.code(Kind.SETTING, place, part) for part in _listed(reading, Kind.SETTING, text))
            reading.given[column.value] = tuple(dict.fromkeys(code for code in codes if code))


def _modes(reading: Reading, cells: Cells) -> None:
    if found := first(cells, Column.MODES):
        codes = (reading.code(Kind.MODE, found[0], part) for part in _listed(reading, Kind.MODE, found[1]))
        reading.given["modes"] = tuple(dict.fromkeys(code for code in codes if code))
    ticks = {
        mode: reading.yes(*found)
        for column, mode in (
            (Column.MODE_ON_SITE, "on_site"),
            (Column.MODE_PHONE, "phone"),
            (Column.MODE_VIDEO, "video"),
        )
        if (found := first(cells, column))
    }
    if any(ticks.values()):
        reading.given.setdefault("modes", tuple(mode for mode, says in ticks.items() if says))


def _listed(reading: Reading, kind: Kind, text: str) -> list[str]:
    """Split a list at the widest separators first, so that "Sport und Verein" stays one entry."""
    for split in (_SEMICOLONS, _COMMAS):
        pieces = [piece.strip() for piece in split.split(text) if piece.strip()]
        if len(pieces) > 1:
            return [entry for piece in pieces for entry in _listed(reading, kind, piece)]
    return [text] if reading.words.code(kind, text) else parts(text)


def _week(reading: Reading, cells: Cells) -> None:
    """Read the week in words, in one column or one for each day; what is not understood is kept whole."""
    windows: list[WeeklyWindow] = []
    for column in (Column.AVAILABILITY, *_WEEKDAYS):
        for place, text in cells.get(column, ()):
            windows += _windows(reading, column, place, text)
    if windows:
        reading.given["weekly"] = merged(windows)


def _windows(reading: Reading, column: Column, place: int, text: str) -> Sequence[WeeklyWindow]:
    answered = reading.words.answer(Kind.WEEK, text)
    if answered == LEFT_OUT:
        reading.kept.append((place, text))
        return ()
    if column is not Column.AVAILABILITY and reading.words.code(Kind.YES_NO, text) == "no":
        return ()
    try:
        return parse_week(_with_day(reading, column, answered or text), reading.words)
    except NotUnderstood:
        reading.problems.append(Problem(place, "unknown", Kind.WEEK, text))
        return ()


def _with_day(reading: Reading, column: Column, text: str) -> str:
    """Put the day of a column before its times; a mere yes means the whole day."""
    if column is Column.AVAILABILITY:
        return text
    says = reading.words.code(Kind.YES_NO, text)
    return column.value if says == "yes" else f"{column.value} {text}"


def _rest(reading: Reading, cells: Cells) -> None:
    if Column.REMARKS in cells:
        reading.given["remarks"] = "\n".join(text for _place, text in cells[Column.REMARKS])
    if found := first(cells, Column.UI_LANGUAGE):
        meant = reading.words.languages(found[1])
        if len(meant) == 1 and meant[0] != LEFT_OUT:
            reading.given["ui_language"] = meant[0]
        else:
            reading.problems.append(Problem(found[0], "unknown", Kind.LANGUAGE, found[1], meant))


_READERS: tuple[Callable[[Reading, Cells], None], ...] = (
    _name, _contact, _choices, _numbers, _home, _languages, _settings, _modes, _week, read_documents, _rest,
)  # fmt: skip
