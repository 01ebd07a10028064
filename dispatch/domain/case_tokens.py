"""Decide the form of case tokens (`K7Q-4MX`): short codes that follow-ups of one case share.

A token replaces every client's name; it is never a secret and never proof of a right.
"""

from collections.abc import Callable

ALPHABET = "34679ACDEFGHJKMNPQRTVWXY"
"""Without 0 O, 1 I L, 2 Z, 5 S, 8 B and U, which are mistaken for each other when read or heard."""
_GROUP = 3
_DASHES = str.maketrans(dict.fromkeys(" -‐‑‒–—−_.", None))


def make_case_token(choose: Callable[[str], str]) -> str:
    """Return a new token; `choose` picks one character of the alphabet at random (`secrets.choice`)."""
    letters = "".join(choose(ALPHABET) for _ in range(2 * _GROUP))
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def parse_case_token(typed: str) -> str | None:
    """Return a typed token in its one form, whatever its case and dashes; None if it cannot be one."""
    letters = typed.strip().upper().translate(_DASHES)
    if len(letters) != 2 * _GROUP or not set(letters) <= set(ALPHABET):
        return None
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"
