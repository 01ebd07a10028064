"""Read a PDF as its readers do: its words, what its catalogue says, its fonts, and the squares of a code on it."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw


class Printed(NamedTuple):
    """What a PDF says of itself."""

    pages: int
    title: str
    language: str
    is_tagged: bool
    has_all_fonts: bool


@contextmanager
def _opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    document = pdfium.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def facts(content: bytes) -> Printed:
    """Return what the catalogue says, and whether every text of the first page has its font in the file."""
    with _opened(content) as document:
        page = document[0]
        fonts = [raw.FPDFTextObj_GetFont(one.raw) for one in page.get_objects() if one.type == raw.FPDF_PAGEOBJ_TEXT]
        return Printed(
            len(document),
            document.get_metadata_value("Title"),
            _language(document),
            bool(raw.FPDFCatalog_IsTagged(document)),
            bool(fonts) and all(raw.FPDFFont_GetIsEmbedded(font) == 1 for font in fonts),
        )


def text(content: bytes) -> str:
    """Return the words of the first page as PDFium reads them, in one line.

    PDFium writes the letters that share a glyph from right to left (an Arabic lam with its alef, a letter with the
    joiner before it); they are put back.
    """
    with _opened(content) as document:
        page = document[0].get_textpage()
        glyphs: list[tuple[object, str]] = []
        x, y = ctypes.c_double(), ctypes.c_double()
        for number in range(page.count_chars()):
            letter = chr(raw.FPDFText_GetUnicode(page, number))
            raw.FPDFText_GetCharOrigin(page, number, x, y)
            place = (x.value, y.value) if not letter.isspace() else number
            if glyphs and glyphs[-1][0] == place:
                glyphs[-1] = (place, letter + glyphs[-1][1])
            else:
                glyphs.append((place, letter))
    return " ".join("".join(letters for _place, letters in glyphs).split())


def _language(document: pdfium.PdfDocument) -> str:
    room = (ctypes.c_ushort * 32)()
    raw.FPDFCatalog_GetLanguage(document, room, ctypes.sizeof(room))
    return bytes(room).decode("utf-16-le").rstrip("\0")


class Square(NamedTuple):
    """A square on the first page, in millimetres from its lower left corner."""

    left: float
    bottom: float
    side: float


def modules(content: bytes, square: Square, count: int) -> list[list[int]]:
    """Return the rows of `count` times `count` fields of a square: 1 where it is dark in the middle."""
    scale = 8
    with _opened(content) as document:
        picture = document[0].render(scale=scale, grayscale=True)
        grey, width, height = bytes(picture.buffer), picture.stride, picture.height
    dot = 72 / 25.4 * scale
    step = square.side * dot / count
    left, top = square.left * dot, height - (square.bottom + square.side) * dot

    def is_dark(row: int, column: int) -> int:
        return int(grey[int(top + (row + 0.5) * step) * width + int(left + (column + 0.5) * step)] < 128)

    return [[is_dark(row, column) for column in range(count)] for row in range(count)]
