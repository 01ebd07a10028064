"""Decide whether a free text looks as if it named a client or a birth date: a warning, never a refusal.

A guess by outward signs; it knows no list of names, and an office may keep what it wrote.
"""

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

_NAME = r"[^\W\d_a-zß-öø-ÿ][\w'’-]+"
_ADDRESSED = re.compile(
    r"\b(?i:herrn?|frau|hr\.|fr\.|familie|fam\.|mr\.?|mrs\.?|ms\.?|name(?:ns)?:?|heißt|client|klientin|klient"
    rf"|patientin|patient|mutter|vater|kind|tochter|sohn|schülerin|schüler)\s+(?:{_NAME})"
)
_ARABIC_TITLE = re.compile(r"(?:السيد|السيدة|الطفل|الطفلة|اسمه|اسمها)\s+\w+")
_NAME_ALONE = re.compile(rf"{_NAME}(?:,? {_NAME}){{1,2}}")
_BORN = re.compile(r"\b(?:geb\.|geboren|geburtsdatum|geburtstag|born|dob|date of birth)|مواليد|تاريخ الميلاد", re.I)
_DATES = (
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[./-] ?(?P<month>\d{1,2})[./-] ?(?P<year>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
)
_MONTHS = 12
_DAYS = 31


class WarningCode(StrEnum):
    """What a text seems to hold."""

    NAME = "looks_like_a_name"
    BIRTH_DATE = "looks_like_a_birth_date"


class PrivacyWarning(NamedTuple):
    """A field (`reference` or `notes`) and what it seems to hold."""

    field: str
    code: WarningCode


def warnings(reference: str | None, notes: str | None, *, today: date) -> tuple[PrivacyWarning, ...]:
    """Return what reference and notes seem to hold, by field, name before birth date.

    A reference that is nothing but two or three capitalised words counts as a name, a full date of the year
    before last or earlier as a birth date.
    """
    found = []
    for field, text in (("reference", reference or ""), ("notes", notes or "")):
        is_alone = field == "reference" and _NAME_ALONE.fullmatch(text.strip())
        if is_alone or _ADDRESSED.search(text) or _ARABIC_TITLE.search(text):
            found.append(PrivacyWarning(field, WarningCode.NAME))
        if _BORN.search(text) or any(_is_past_year(match, today) for match in _found_dates(text)):
            found.append(PrivacyWarning(field, WarningCode.BIRTH_DATE))
    return tuple(found)


def _found_dates(text: str) -> list[re.Match[str]]:
    return [match for pattern in _DATES for match in pattern.finditer(text)]


def _is_past_year(match: re.Match[str], today: date) -> bool:
    day, month = int(match["day"]), int(match["month"])
    if not (1 <= day <= _DAYS and 1 <= month <= _MONTHS):
        return False
    year = int(match["year"])
    if len(match["year"]) == 2:
        century = today.year // 100 * 100
        year += century if year <= today.year - century + 1 else century - 100
    return year < today.year - 1
