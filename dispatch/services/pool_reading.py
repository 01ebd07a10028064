"""Read the bytes of a pool file: CSV in the ways districts save it, or a workbook of Excel.

It must not understand what stands there; it returns lines of cells, or says why the file is none.
"""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from dispatch.domain.errors import Invalid
from dispatch.domain.pool_columns import find_header
from dispatch.reference.pool_words import FileWords

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 5_000
UNPACKED_BYTES = 64 * 1024 * 1024
"""What a workbook may hold unpacked; a file that claims more is a bomb, not a list of people."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"GIF8")
_DELIMITERS = (";", "\t", ",", "|")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_BROKEN = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, zipfile.BadZipFile,
    ParseError, EOFError, zlib.error, OSError, RuntimeError, NotImplementedError, AssertionError,
)  # fmt: skip
"""What a damaged workbook makes openpyxl raise, besides its own InvalidFileException."""

Rows = Sequence[tuple[int, Sequence[str]]]
"""Lines of the file, counted from 1, with their cells."""


@dataclass(frozen=True, slots=True)
class PoolFile:
    """The lines of a file that hold anything."""

    rows: Rows


def read(content: bytes) -> PoolFile:
    """Return the lines of a CSV file or of the sheet of a workbook that has heads.

    Raises Invalid at `file`: `too_large`, `empty_file`, `encrypted_file`, `old_excel`, `ods_file`,
    `not_a_spreadsheet`, `too_many_rows`, `no_header`.
    """
    if len(content) > MOST_BYTES:
        raise refused("too_large")
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise refused("empty_file")
    if content.startswith(_OLE):
        raise refused("encrypted_file" if _ENCRYPTED in content else "old_excel")
    sheets = _workbook(content) if content.startswith(_ZIP) else _csv(content)
    words = FileWords()
    best = next((rows for rows in sheets if find_header(rows, words)), None)
    if best is None:
        raise refused("no_header")
    return PoolFile(best)


def refused(code: str) -> Invalid:
    """Return the refusal of a file."""
    return Invalid({"file": (code,)})


def _csv(content: bytes) -> Iterator[Rows]:
    """Yield the lines as each delimiter divides them, the most plausible one first."""
    text = _decode(content)
    found = []
    for place, delimiter in enumerate(_DELIMITERS):
        rows = _divide(text, delimiter, 20)
        header = find_header(rows, FileWords())
        known = len([column for column in header.columns if column]) if header else 0
        found.append((-known, place, delimiter))
    for _known, _place, delimiter in sorted(found):
        yield _divide(text, delimiter, MOST_ROWS)


def _decode(content: bytes) -> str:
    """Return the text: UTF-16 with its mark, UTF-8 with or without, else Windows-1252."""
    if content.startswith(_BINARY):
        raise refused("not_a_spreadsheet")
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        elif b"\x00" in content:
            raise refused("not_a_spreadsheet")
        else:
            text = _utf8(content) or content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise refused("not_a_spreadsheet") from error
    if "\x00" in text:
        raise refused("not_a_spreadsheet")
    return text


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _divide(text: str, delimiter: str, most: int) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, Sequence[str]]] = []
    line = 1
    try:
        for cells in reader:
            if len(rows) >= most:
                if most == MOST_ROWS:
                    raise refused("too_many_rows")
                break
            _keep(rows, line, [_unescaped(cell) for cell in cells])
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused("not_a_spreadsheet") from error
    return rows


def _unescaped(cell: str) -> str:
    """Take off the one apostrophe that keeps a spreadsheet from reading a cell as a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def _keep(rows: list[tuple[int, Sequence[str]]], line: int, cells: list[str]) -> None:
    filled = [place for place, cell in enumerate(cells[:MOST_COLUMNS]) if cell.strip()]
    if filled:
        rows.append((line, [cell[:LONGEST_CELL] for cell in cells[: filled[-1] + 1]]))


def _workbook(content: bytes) -> Iterator[Rows]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = [_sheet(sheet) for sheet in book.worksheets]
    except (InvalidFileException, *_BROKEN) as error:
        raise refused("not_a_spreadsheet") from error
    yield from sheets


def _check_archive(content: bytes) -> None:
    """Refuse what is no workbook, is locked by a password, or unpacks to more than any pool is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refused("not_a_spreadsheet") from error
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise refused("encrypted_file")
    if "mimetype" in names and "content.xml" in names:
        raise refused("ods_file")
    if "xl/workbook.xml" not in names:
        raise refused("not_a_spreadsheet")
    if sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise refused("too_large")


def _sheet(sheet: Any) -> Rows:
    rows: list[tuple[int, Sequence[str]]] = []
    for line, values in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        if len(rows) >= MOST_ROWS or line > 4 * MOST_ROWS:
            raise refused("too_many_rows")
        _keep(rows, line, [_text(value) for value in values])
    return rows


def _text(value: object) -> str:
    """Write the value of a cell as people type it: days in German, whole numbers without a point."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case datetime() if value.time() != time():
            return f"{value:%d.%m.%Y %H:%M}"
        case datetime() | date():
            return f"{value:%d.%m.%Y}"
        case time():
            return f"{value:%H:%M}"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return str(value).replace(".", ",")
        case _:
            return str(value)
