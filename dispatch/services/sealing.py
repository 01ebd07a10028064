"""Seal what must be kept in a form that can be read again, such as a shared secret: a copy of the database tells none.

The key is an argument; who changes the key of the installation loses what was sealed under it.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(text: str, key: str, *, purpose: str) -> str:
    """Return `text` encrypted and signed under the installation's key; only the same purpose opens it again."""
    return _box(key, purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, key: str, *, purpose: str) -> str | None:
    """Return what was sealed, None when it was sealed under another key or purpose, or was changed."""
    try:
        return _box(key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
