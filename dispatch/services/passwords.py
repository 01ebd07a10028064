"""Hash and compare passwords with Argon2id (RFC 9106); never inside a transaction, which others would wait for.

It must not decide which passwords are taken or who may try.
"""

import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError


class Passwords:
    """One way of hashing: `STRONG` everywhere, `CHEAP` where tests make many accounts."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher

    def hash(self, password: str) -> str:
        """Return the salted hash that is kept."""
        return self._hasher.hash(_bytes(password))

    def is_right(self, password: str, kept: str | None) -> bool:
        """Compare; with nothing kept it takes as long and says no, so that time tells no one who has an account."""
        nobodys = self._nobodys
        try:
            self._hasher.verify(kept or nobodys, _bytes(password))
        except (VerifyMismatchError, InvalidHashError):
            return False
        return kept is not None

    @cached_property
    def _nobodys(self) -> str:
        return self.hash("the password of nobody")


STRONG = Passwords(PasswordHasher())
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def _bytes(password: str) -> bytes:
    """Return the same bytes for the same letters, whichever way a keyboard composes them."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
