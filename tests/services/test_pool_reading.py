"""Bytes of pool files: every way in which districts save them, and clear words for what is no list."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from dispatch.domain.errors import Invalid
from dispatch.services import pool_reading, pool_writing
from dispatch.services.pool_reading import read

HEADS = ["Name", "Sprachen", "Ort"]
LINE = ["Müller, Änne", "Dari C1; Farsi B2", "Meißen"]


def workbook(*rows: list[Any], change: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    if change:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def lines(content: bytes) -> list[list[str]]:
    return [list(cells) for _line, cells in read(content).rows]


def refusal(content: bytes) -> tuple[str, ...]:
    with pytest.raises(Invalid) as invalid:
        read(content)
    return invalid.value.errors["file"]


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "/"), data)
    return content.getvalue()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
def test_csv_is_read_in_every_way(delimiter: str, encoding: str, end: str) -> None:
    rows = [HEADS, LINE]
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)

    assert lines(text.encode(encoding)) == rows


def test_lines_are_counted_as_an_editor_does() -> None:
    text = 'Stand 2026;;\n\nName;Sprachen;Ort\n"Anna\nZwei";Dari;Riesa\nBerta;Dari;Riesa\n'

    assert [line for line, _cells in read(text.encode()).rows] == [1, 3, 4, 6]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("'=1+1", "=1+1"), ("'+49 351", "+49 351"), ("''-1", "'-1"), ("'Anna", "'Anna"), ("'", "'"), ("=1+1", "=1+1")],
    ids=["formula", "number", "two apostrophes", "a word", "alone", "bare"],
)
def test_the_apostrophe_before_a_formula_is_taken_off(cell: str, value: str) -> None:
    assert lines(f"Name;Ort\n{cell};Riesa".encode())[1] == [value, "Riesa"]


def test_a_workbook_is_read_as_people_type() -> None:
    row = [
        "Anna", 1662, 7.5, 40.0, date(2025, 2, 1), datetime(2025, 2, 1, 8, 30), time(8, 0), True, None, "'=x",
        351123456,
    ]  # fmt: skip

    assert lines(workbook(["Name", "Ort", "PLZ"], row))[1] == [
        "Anna", "1662", "7,5", "40", "01.02.2025", "01.02.2025 08:30", "08:00", "ja", "", "'=x", "351123456",
    ]  # fmt: skip


def test_the_first_sheet_with_heads_counts() -> None:
    def second(book: Workbook) -> None:
        sheet = book.create_sheet("Pool")
        sheet.append(HEADS)
        sheet.append(LINE)

    assert lines(workbook(["Deckblatt"], change=second)) == [HEADS, LINE]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n", "empty_file"),
        (b"\x00" * 100, "empty_file"),
        (b"%PDF-1.7 Name;Ort", "not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_spreadsheet"),
        (b"Name;Ort\nAn\x00na;Riesa", "not_a_spreadsheet"),
        (b"Name;Ort\n\x81\x8d;Riesa", "not_a_spreadsheet"),
        ("Name;Ort\nAn\x00na;Riesa".encode("utf-16"), "not_a_spreadsheet"),
        (b"eins;zwei\ndrei;vier", "no_header"),
        (b"PK\x03\x04 broken", "not_a_spreadsheet"),
        (archive(a=b"b"), "not_a_spreadsheet"),
        (archive(xl__workbook_xml=b"<x/>").replace(b"xl/workbook_xml", b"xl/workbook.xml"), "not_a_spreadsheet"),
        (archive(mimetype=b"application/x", content_xml=b"").replace(b"content_xml", b"content.xml"), "ods_file"),
        (pool_reading._OLE + b"........", "old_excel"),
        (pool_reading._OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted_file"),
        (b"Name;Ort\n" + b"a;b\n" * 1_100_000, "too_large"),
        (b"Name;Ort\n" + b"a;b\n" * 20_001, "too_many_rows"),
        (b'Name;Ort\n"' + b"a" * 200_000, "not_a_spreadsheet"),
        (workbook(["eins", "zwei"]), "no_header"),
    ],
    ids=["nothing", "blanks", "zeros", "pdf", "picture", "nul", "no text", "nul in utf-16", "no heads", "broken zip",
         "another zip", "broken workbook", "open document", "old excel", "encrypted", "too large", "too many rows",
         "endless cell", "workbook without heads"],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_a_word(content: bytes, code: str) -> None:
    assert refusal(content) == (code,)


def test_an_archive_that_unpacks_to_a_bomb_is_never_unpacked() -> None:
    bomb = archive(xl__workbook_xml=b"\x00" * (pool_reading.UNPACKED_BYTES + 1))

    assert refusal(bomb.replace(b"xl/workbook_xml", b"xl/workbook.xml")) == ("too_large",)


def test_an_archive_with_a_password_is_named() -> None:
    content = bytearray(archive(xl__workbook_xml=b"<x/>").replace(b"xl/workbook_xml", b"xl/workbook.xml"))
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert refusal(bytes(content)) == ("encrypted_file",)


@pytest.mark.parametrize("value", ["=1+1", "+1", "-2+3", "@SUM(1)", "\tx", "'=x", "#N/A"])
def test_an_export_holds_no_formula(value: str) -> None:
    row = [value, *["x"] * (len(pool_writing.COLUMNS) - 1)]

    sheet = load_workbook(io.BytesIO(pool_writing.workbook([row]))).active
    text = pool_writing.csv_file([row]).decode("utf-8-sig").splitlines()[1]

    assert sheet is not None
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", value)
    assert text.lstrip('"').startswith("'" if value != "#N/A" else "#")
