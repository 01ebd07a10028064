"""Decide which typed text is kept and in which form: normalised, without what cannot be seen.

It never judges meaning and never escapes: that is for whoever writes the text into a page or mail.
"""

import re
import unicodedata
from typing import NamedTuple

_BIDI_CONTROLS = "\u202a-\u202e\u2066-\u2069"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_INVISIBLE_TAGS = "\ufff9-\ufffb\U000e0000-\U000e007f"
_NEVER = f"\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_BIDI_CONTROLS}{_NONCHARACTERS}{_INVISIBLE_TAGS}"
_REFUSED_IN_PROSE = re.compile(f"[\x00-\x08{_NEVER}]")
_REFUSED_IN_LINE = re.compile(f"[\x00-\x08\n\r{_NEVER}]")
_DROPPED = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff]")
"""Invisible marks that copying brings along; the joiners U+200C and U+200D are spelling and stay."""
_SCRIPTS_TAKEN_FOR_EACH_OTHER = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN")


LIST_MARKS = ",;،؛፣፤"
"""What stands between the entries of a list that somebody types: comma and semicolon, Latin, Arabic and Ethiopic."""


class Cleaned(NamedTuple):
    """A text as it is stored, and the codes of what speaks against it; as typed if there are any."""

    text: str
    codes: tuple[str, ...]


def clean_line(raw: str, longest: int) -> Cleaned:
    """Clean a text of one line to NFC, one blank between words and none around.

    `longest` counts characters of the cleaned text. Codes: `control_characters` (a line break is one),
    `too_long`.
    """
    if _REFUSED_IN_LINE.search(raw):
        return Cleaned(raw, ("control_characters",))
    return _measured(" ".join(_normal(raw).split()), longest)


def clean_prose(raw: str, longest: int) -> Cleaned:
    """Clean a text of several lines to NFC, line breaks as LF, no blanks at the ends of lines and text.

    `longest` and codes are those of `clean_line`, but LF, CR and CR LF are line breaks.
    """
    if _REFUSED_IN_PROSE.search(raw):
        return Cleaned(raw, ("control_characters",))
    lines = _normal(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _measured("\n".join(line.rstrip() for line in lines).strip(), longest)


def split_list(text: str) -> tuple[str, ...]:
    """Return the entries of a list that somebody typed, without blanks around and without empty ones."""
    return tuple(entry for part in re.split(f"[{LIST_MARKS}]", text) if (entry := part.strip()))


def printable(stored: str) -> str:
    """Return a text of one line that may stand in a mail or file, whatever was stored.

    What `clean_line` would refuse becomes a blank, what it drops is dropped.
    """
    return " ".join(_REFUSED_IN_LINE.sub(" ", _normal(stored)).split())


def mixes_scripts(text: str) -> bool:
    """Tell whether one word holds letters of scripts that look alike, as "Anna" with a Cyrillic А does."""
    return any(len(_scripts(word)) > 1 for word in re.findall(r"\w+", text))


def _normal(raw: str) -> str:
    return _DROPPED.sub("", unicodedata.normalize("NFC", raw))


def _measured(text: str, longest: int) -> Cleaned:
    return Cleaned(text, ("too_long",) if len(text) > longest else ())


def _scripts(word: str) -> set[str]:
    names = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    return names.intersection(_SCRIPTS_TAKEN_FOR_EACH_OTHER)
