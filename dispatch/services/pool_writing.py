"""Write the pool as a file that people open and that can be brought in again: the words are those that are understood.

It must not write what a spreadsheet would run: in CSV an apostrophe stands before it, in a workbook it is text.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.mediators import TypedMediator, TypedSpoken
from dispatch.domain.pool_columns import Column
from dispatch.domain.pool_words import Kind
from dispatch.models import Mediator, MediatorDocument
from dispatch.reference import languages
from dispatch.reference.phones import write_phone
from dispatch.reference.pool_words import FileWords, write_word
from dispatch.services import mediator_rows

COLUMNS = (
    Column.BADGE_NUMBER, Column.EXTERNAL_ID, Column.NAME, Column.CALL_NAME, Column.EMAIL, Column.PHONE,
    Column.CONTACT_CHANNEL, Column.GENDER, Column.POSTAL_CODE, Column.TOWN, Column.LANGUAGES, Column.GERMAN_LEVEL,
    Column.QUALIFICATION, Column.EXPERIENCE, Column.REFUSED_SETTINGS, Column.MODES, Column.TRANSPORT,
    Column.MAX_DISTANCE_KM, Column.WEEKLY_HOURS_LIMIT, Column.AVAILABILITY, Column.NIGHT, Column.SHORT_NOTICE,
    Column.AVOID_OWN_MUNICIPALITY, Column.SHARE_PHONE, Column.SHARE_SURNAME, Column.UNDERTAKING,
    Column.UNDERTAKING_ISSUED, Column.UNDERTAKING_UNTIL, Column.CONDUCT_CERTIFICATE, Column.CONDUCT_CERTIFICATE_SEEN,
    Column.CONDUCT_CERTIFICATE_UNTIL, Column.MEASLES_PROOF, Column.MEASLES_PROOF_ISSUED, Column.MEASLES_PROOF_UNTIL,
    Column.ACTIVE, Column.UI_LANGUAGE, Column.REMARKS,
)  # fmt: skip
"""The columns of an export, in their order."""

_TICKS = (
    Column.NIGHT, Column.SHORT_NOTICE, Column.AVOID_OWN_MUNICIPALITY, Column.SHARE_PHONE, Column.SHARE_SURNAME,
    Column.ACTIVE,
)  # fmt: skip
_TEXTS = (Column.NAME, Column.CALL_NAME, Column.EMAIL, Column.EXTERNAL_ID, Column.REMARKS)
_CHOICES = {
    Column.CONTACT_CHANNEL: Kind.CHANNEL,
    Column.GENDER: Kind.GENDER,
    Column.GERMAN_LEVEL: Kind.LEVEL,
    Column.QUALIFICATION: Kind.QUALIFICATION,
    Column.TRANSPORT: Kind.TRANSPORT,
}
_LISTS = {
    Column.EXPERIENCE: Kind.SETTING,
    Column.REFUSED_SETTINGS: Kind.SETTING,
    Column.MODES: Kind.MODE,
}
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_WIDEST = 40


def cells(row: Mediator, weekly: Sequence[WeeklyWindow]) -> list[str]:
    """Return the cells of one person, in the order of COLUMNS."""
    record = mediator_rows.typed(row)
    written = {
        Column.BADGE_NUMBER: str(row.badge_number or ""),
        Column.PHONE: write_phone(record.phone),
        Column.POSTAL_CODE: row.postal_code or "",
        Column.TOWN: row.town or "",
        Column.LANGUAGES: "; ".join(_language(spoken) for spoken in record.languages),
        Column.MAX_DISTANCE_KM: str(record.max_distance_km),
        Column.WEEKLY_HOURS_LIMIT: _number(record.weekly_hours_limit),
        Column.AVAILABILITY: _week(weekly),
        Column.UI_LANGUAGE: _language_name(record.ui_language),
        **{column: getattr(record, column) for column in _TEXTS},
        **{column: write_word(Kind.YES_NO, "yes" if getattr(record, column) else "no") for column in _TICKS},
        **{column: _choice(kind, getattr(record, column)) for column, kind in _CHOICES.items()},
        **{column: _list(kind, column, record) for column, kind in _LISTS.items()},
        **_documents(row.documents),
    }
    return [written[column] for column in COLUMNS]


def csv_file(lines: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file as German spreadsheets open it: UTF-8 with its mark, semicolons, CR LF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_titles())
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def workbook(lines: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook of Excel whose cells are all text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Pool")
    sheet.freeze_panes = "A2"
    rows = [_titles(), *lines]
    for place, column in enumerate(zip(*rows, strict=True)):
        letters = _letters(place)
        sheet.column_dimensions[letters].width = min(_WIDEST, max(len(cell) for cell in column) + 2)
    for number, line in enumerate(rows):
        sheet.append([_text_cell(sheet, cell, is_head=number == 0) for cell in line])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _titles() -> list[str]:
    return [write_word(Kind.COLUMN, column.value) for column in COLUMNS]


def _harmless(cell: str) -> str:
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def _text_cell(sheet: Any, text: str, *, is_head: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if is_head:
        cell.font = Font(bold=True)
    elif _DANGEROUS.match(text):
        cell.quotePrefix = True
    return cell


def _letters(place: int) -> str:
    first, last = divmod(place, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}".replace(".", ",")


def _choice(kind: Kind, code: str) -> str:
    return write_word(kind, code) if code else ""


def _list(kind: Kind, column: Column, record: TypedMediator) -> str:
    return "; ".join(write_word(kind, code) for code in getattr(record, column))


def _language(spoken: TypedSpoken) -> str:
    """Return `Dari (Muttersprache, Dialekt Hazaragi)`."""
    inside = [write_word(Kind.LEVEL, spoken.level), *(f"Dialekt {word}" for word in spoken.dialects)]
    return f"{_language_name(spoken.code)} ({', '.join(inside)})"


@lru_cache(maxsize=256)
def _language_name(code: str) -> str:
    """Return a name that is understood as this language alone, the code if there is none."""
    language = languages.find_language(code)
    names = [write_word(Kind.LANGUAGE, code)]
    if language is not None:
        outside, _, inside = language.name_de.rstrip(")").partition(" (")
        names = [outside, inside, language.name_en]
    words = FileWords()
    plain = (name for name in names if name and not re.search(r"[(),;/]", name))
    return next((name for name in plain if words.languages(name) == (code,)), code)


def _week(weekly: Sequence[WeeklyWindow]) -> str:
    """Return `Mo 8:00-12:00; Mo 14:00-18:00 (ab 01.12.2026)`."""
    return "; ".join(_window(window) for window in weekly)


def _window(window: WeeklyWindow) -> str:
    day = write_word(Kind.WEEK, f"days:{window.weekday}")
    times = f"{_clock(window.start_minute)}-{_clock(window.end_minute)}"
    return f"{day} {times}{_validity(window.valid_from, window.valid_until)}"


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def _validity(first: date | None, last: date | None) -> str:
    if first and last:
        return f" ({_day(first)}-{_day(last)})"
    if first:
        return f" (ab {_day(first)})"
    return f" (bis {_day(last)})" if last else ""


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _documents(documents: Sequence[MediatorDocument]) -> Mapping[Column, str]:
    """Return the days of the latest document of each type."""
    latest = {one.type: one for one in sorted(documents, key=lambda one: one.seen_on)}
    written: dict[Column, str] = {}
    for kind, columns in _DOCUMENTS.items():
        one = latest.get(kind)
        days = (one.seen_on, one.issued_on, one.valid_until) if one else (None, None, None)
        written |= {column: _day(day) for column, day in zip(columns, days, strict=True)}
    return written


_DOCUMENTS = {
    "undertaking": (Column.UNDERTAKING, Column.UNDERTAKING_ISSUED, Column.UNDERTAKING_UNTIL),
    "conduct_certificate": (
        Column.CONDUCT_CERTIFICATE_SEEN, Column.CONDUCT_CERTIFICATE, Column.CONDUCT_CERTIFICATE_UNTIL,
    ),
    "measles_proof": (Column.MEASLES_PROOF, Column.MEASLES_PROOF_ISSUED, Column.MEASLES_PROOF_UNTIL),
}  # fmt: skip
"""The columns of seeing, issue and end of each type."""
