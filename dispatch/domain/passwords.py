"""Decide which passwords are allowed.

It never hashes, compares or stores one; the list of known passwords is handed in.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PasswordOptions:
    """Option: length in characters, and from which length on the part before the @ tells something.

    ASVS 5.0 asks for 8 characters at least and 64 to be possible (6.2.1, 6.2.9), and for no rule of composition.
    """

    shortest: int = 12
    longest: int = 128
    telling_part: int = 4


DEFAULT = PasswordOptions()


def normalise_password(typed: str) -> str:
    """Return the password in the form that is hashed: NFC, otherwise as typed, blanks included."""
    return unicodedata.normalize("NFC", typed)


def password_codes(
    password: str, email: str, common: Collection[str], *, options: PasswordOptions = DEFAULT
) -> tuple[str, ...]:
    """Return what speaks against a normalised password; empty = allowed.

    `common` holds known passwords in lower case. Codes: `too_short`, `too_long`, `control_characters`,
    `common`, `contains_email` (the part before the @).
    """
    lowered = password.casefold()
    local = email.casefold().partition("@")[0]
    found = {
        "too_short": len(password) < options.shortest,
        "too_long": len(password) > options.longest,
        "control_characters": any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in password),
        "common": lowered in common,
        "contains_email": len(local) >= options.telling_part and local in lowered,
    }
    return tuple(code for code, holds in found.items() if holds)
