"""Decide which addresses the service can write to, call and open: mail, telephone, web.

It never looks anything up: whether a mailbox exists is learnt by writing to it.
"""

import re
import unicodedata
from urllib.parse import urlsplit

from dispatch.domain.texts import clean_line, mixes_scripts

LONGEST_EMAIL = 254
LONGEST_LINK = 500
_LONGEST_LOCAL = 64
_LONGEST_LABEL = 63
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_E164 = re.compile(r"\+[1-9][0-9]{5,14}")


class ContactRefused(ValueError):
    """A typed address cannot be used; `code` is a stable word for the field's error."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def parse_email(raw: str) -> str:
    """Return one plain address in lower case with its domain in ASCII (RFC 5321 and 5890, no quoted forms).

    ContactRefused: `control_characters`; `mixed_script` for look-alike letters; `not_an_address` otherwise:
    several addresses, names around it, quotes, literals of an internet address, local parts not in ASCII.
    """
    cleaned = clean_line(raw, len(raw))
    if cleaned.codes:
        raise ContactRefused(*cleaned.codes)
    address = cleaned.text.lower()
    if mixes_scripts(address):
        raise ContactRefused("mixed_script")
    local, separator, domain = address.rpartition("@")
    host = parse_domain(domain)
    plain = f"{local}@{host}"
    is_sound = separator and _LOCAL.fullmatch(local) and len(local) <= _LONGEST_LOCAL and host is not None
    if not is_sound or len(plain) > LONGEST_EMAIL:
        raise ContactRefused("not_an_address")
    return plain


def parse_link(raw: str) -> str:
    """Return a web address that may be shown as a link.

    ContactRefused: `control_characters`, `too_long`; `not_a_link` unless it is http or https with a host and
    without user name, blanks or backslash.
    """
    cleaned = clean_line(raw, LONGEST_LINK)
    if cleaned.codes:
        raise ContactRefused(*cleaned.codes)
    link = cleaned.text
    try:
        parts = urlsplit(link)
        is_sound = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
        is_sound = is_sound and (parts.port is None or parts.port > 0)
    except ValueError:
        is_sound = False
    if not is_sound or " " in link or "\\" in link:
        raise ContactRefused("not_a_link")
    return link


def parse_domain(raw: str) -> str | None:
    """Return a name of at least two labels as DNS knows it, in ASCII; None for numbers and whatever is no such name."""
    labels = [_ascii_label(label) for label in raw.lower().split(".")]
    return ".".join(labels) if _is_domain(labels) else None


def is_phone(number: str) -> bool:
    """Tell whether a number is in the form the edge hands in: E.164, `+` and up to 15 digits."""
    return _E164.fullmatch(number) is not None


def _ascii_label(label: str) -> str:
    """Return a label of a domain as DNS knows it; empty when it may not be one."""
    if label.isascii():
        return label
    if not all(letter.isalnum() or letter == "-" or unicodedata.combining(letter) for letter in label):
        return ""
    return "xn--" + label.encode("punycode").decode("ascii")


def _is_domain(labels: list[str]) -> bool:
    return (
        len(labels) > 1
        and all(len(label) <= _LONGEST_LABEL and _LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
