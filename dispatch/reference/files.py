"""Find and read the files of `dispatch/data`; never writes, never looks elsewhere."""

import csv
import unicodedata
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"

_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ı": "i",
        "ə": "e",
        "ی": "ي",
        "ى": "ي",
        "ې": "ي",
        "ک": "ك",
        "ة": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ـ": None,
        "\u200c": None,
        "\u200d": None,
        **dict.fromkeys("'’‘`´ʻʼʿ", None),
    }
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def read_rows(name: str) -> list[dict[str, str]]:
    """Read a CSV file with a header row; an unknown value is an empty string."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fold(text: str) -> str:
    """Fold what people type differently: case, diacritics, punctuation, Arabic letter forms and article."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(" " if not (mark.isalnum() or unicodedata.combining(mark)) else mark for mark in decomposed)
    plain = "".join(mark for mark in letters if not unicodedata.combining(mark)).translate(_LETTERS)
    return " ".join(_without_article(word) for word in plain.split())


def spellings(text: str) -> frozenset[str]:
    """Fold a name in both German ways of writing an umlaut: `u` and `ue` for `ü`."""
    composed = unicodedata.normalize("NFC", text.casefold())
    return frozenset((fold(composed), fold(composed.translate(_UMLAUTS))))


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
