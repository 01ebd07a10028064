"""Set a sheet to be printed: a layout of `templates/print` and its words in, a tagged PDF (PDF/UA-1) out.

The same words make the same bytes on every machine: fonts are the project's, and no clock is read. Words reach a layout
as data and never as its markup.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from dispatch.domain.texts import printable

if TYPE_CHECKING:
    import typst

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = ROOT / "templates" / "print"
FONTS = ROOT / "dispatch" / "data" / "fonts"
_UNKNOWN = "?"
_AS_THEY_ARE = frozenset({"svg", "address"})
_ONE_AT_A_TIME = Lock()

Words = Mapping[str, Any]
"""What a layout says: JSON of texts, numbers, lists and objects; a `svg` or `address` in it is left as it is."""


def tag_of(layout: str, words: Words) -> str:
    """Return a word that stands for every byte of the sheet: another sheet, another word."""
    facts = (_edition(), layout, _data(words))
    return sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def pdf(layout: str, words: Words) -> bytes:
    """Return the sheet as PDF; the words name its `title` and the `lang` of the whole."""
    with _ONE_AT_A_TIME:
        written = _compiler().compile(
            input=str(LAYOUTS / f"{layout}.typ"),
            format="pdf",
            sys_inputs={"words": _data(words)},
            pdf_standards="ua-1",
            timestamp=0,
        )
    if not isinstance(written, bytes):
        raise ValueError("a layout makes one PDF")
    return written


@cache
def _compiler() -> "typst.Compiler":
    """Return the compiler, kept because the first sheet costs twenty times what the next ones do."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(root=LAYOUTS, font_paths=fonts, ignore_system_fonts=True)


@cache
def _edition() -> str:
    """Return what stands for the layouts and their writer."""
    layouts = b"".join(path.read_bytes() for path in sorted(LAYOUTS.glob("*.typ")))
    return f"{version('typst')} {sha256(layouts).hexdigest()}"


@cache
def letters() -> frozenset[int]:
    """Return the characters that the fonts have."""
    spans = (line.split("-") for line in (FONTS / "letters.txt").read_text("ascii").split())
    return frozenset(number for first, last in spans for number in range(int(first, 16), int(last, 16) + 1))


def _data(words: Words) -> str:
    return json.dumps(_sayable(words), ensure_ascii=False, sort_keys=True)


def _sayable(value: Any) -> Any:
    if isinstance(value, str):
        return settable(value)
    if isinstance(value, Mapping):
        return {name: one if name in _AS_THEY_ARE else _sayable(one) for name, one in value.items()}
    return [_sayable(one) for one in value] if isinstance(value, (list, tuple)) else value


def settable(text: str) -> str:
    """Return a text of one line that the fonts can set: for what they lack stands a question mark."""
    return "".join(letter if _has(letter) else _UNKNOWN for letter in printable(text))


def _has(letter: str) -> bool:
    return ord(letter) in letters() or unicodedata.category(letter) == "Cf"
