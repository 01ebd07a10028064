"""Decide which passwords are taken: long ones that are not made of what everybody tries first.

It never hashes; the words that everybody tries are handed in. No rule asks for classes of characters
(NIST SP 800-63B-4 of July 2025, 3.1.1.2; ASVS 5.0, 6.2.4 and 6.2.5).
"""

import re
import unicodedata
from collections.abc import Iterable, Set

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5
FEWEST_LETTERS_OF_ITS_OWN = 4
_SHORTEST_RUN = 3
_SHORTEST_PERSONAL = 3

_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertzuiopü",
    "asdfghjklöä",
    "yxcvbnm",
    "qwertyuiop",
    "zxcvbnm",
    "azertyuiop",
    "йцукенгшщзх",
    "фывапролдж",
    "ячсмитьбю",
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6zhn", "6yhn", "7ujm", "1qay", "qay", "wsx", "edc"),
)
_LOOKS_LIKE = str.maketrans("013457@$!", "oieastasi")


def check_password(password: str, *, about: Iterable[str] = (), words: Set[str] = frozenset()) -> tuple[str, ...]:
    """Return what speaks against a new password: `too_short`, `too_long` or `too_common`; empty if nothing does.

    `about` is what strangers know of its owner, such as name and address; `words` is in lower case. A password
    is too common when little is left of it without these words, runs of the keyboard, digits and signs.
    """
    if len(password) > LONGEST:
        return ("too_long",)
    if len(password) < SHORTEST:
        return ("too_short",)
    folded = unicodedata.normalize("NFKC", password).lower()
    if len(set(folded)) < FEWEST_DIFFERENT:
        return ("too_common",)
    tried = words | {part for text in about for part in _parts(text)}
    readings = (folded, folded.translate(_LOOKS_LIKE))
    if any(_letters_of_its_own(reading, tried) < FEWEST_LETTERS_OF_ITS_OWN for reading in readings):
        return ("too_common",)
    return ()


def _parts(text: str) -> set[str]:
    return {part for part in re.findall(r"[^\W\d_]+", text.lower()) if len(part) >= _SHORTEST_PERSONAL}


def _letters_of_its_own(text: str, tried: Set[str]) -> int:
    for word in sorted(tried, key=lambda word: (-len(word), word)):
        text = text.replace(word, " ")
    letters = "".join(letter for letter in text if letter.isalpha() or letter == " ")
    for run in _RUNS:
        letters = letters.replace(run, " ")
    return len(set(letters) - {" "})


def _runs() -> tuple[str, ...]:
    """List every piece of a row in both directions, the longest first."""
    pieces = {
        row[start:end]
        for forward in _ROWS
        for row in (forward, forward[::-1])
        for start in range(len(row))
        for end in range(start + _SHORTEST_RUN, len(row) + 1)
    }
    return tuple(sorted(pieces, key=lambda piece: (-len(piece), piece)))


_RUNS = _runs()
