"""Hold what the law asks the district to say: imprint, privacy, accessibility, where to report a weakness.

It never decides what must be said; what is empty is left out of a page, and `dispatch check --deploy` names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class LegalTexts:
    """Option: texts in paragraphs, a heading begins with `# `; each stands in place of the shipped one."""

    imprint: str = ""
    privacy: str = ""
    accessibility: str = ""


@dataclass(frozen=True)
class Operator:
    """Option: who answers for the service, besides name and address (section 5 DDG; articles 13 and 14 GDPR).

    `privacy_authority` is the supervisory authority; empty means that of the state (`AUTHORITIES`).
    """

    represented_by: str = ""
    supervision: str = ""
    vat_id: str = ""
    privacy_officer: str = ""
    privacy_authority: str = ""


@dataclass(frozen=True)
class Statement:
    """Option: the district's part of the accessibility statement.

    `reviewed_on` is the day of the last review, `enforcement` the body to turn to (empty: that of the state,
    `ENFORCEMENT`), `film` the address of a film in sign language.
    """

    reviewed_on: date | None = None
    enforcement: str = ""
    film: str = ""


@dataclass(frozen=True)
class Security:
    """Option: where weaknesses are reported, for security.txt (RFC 9116); without `mailbox` that of the service."""

    mailbox: str = ""
    policy: str = ""


DEFAULT = LegalTexts()
OPERATOR = Operator()
STATEMENT = Statement()
SECURITY = Security()

TESTED_ON = date(2026, 11, 23)
"""When the makers last checked the pages as the statement tells."""
SECURITY_TEXT_LASTS = timedelta(days=330)
"""RFC 9116 section 2.5.5 advises less than a year."""

AUTHORITIES: Mapping[str, str] = {
    "SN": (
        "Sächsische Datenschutz- und Transparenzbeauftragte\n"
        "Postfach 11 01 32, 01330 Dresden (Besuche: Maternistraße 17, 01067 Dresden)\n"
        "Telefon 0351 85471-101, post@sdtb.sachsen.de\n"
        "www.datenschutz.sachsen.de"
    ),
}
"""The data protection authority by state: www.datenschutz.sachsen.de/datenschutzerklaerung.html."""

ENFORCEMENT: Mapping[str, str] = {
    "SN": (
        "Durchsetzungsstelle, Sächsische Staatskanzlei\n"
        "Archivstraße 1, 01097 Dresden\n"
        "durchsetzungsstelle@sk.sachsen.de\n"
        "www.durchsetzungsstelle.sachsen.de"
    ),
}
"""Who enforces accessibility, by state: www.durchsetzungsstelle.sachsen.de."""


def is_reviewed(statement: Statement, today: date) -> bool:
    """Tell whether the statement was reviewed within the last twelve months (section 7 BITV 2.0)."""
    day = statement.reviewed_on
    return day is not None and day <= today < _year_after(day)


def _year_after(day: date) -> date:
    """Return the same day a year later; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def paragraphs(text: str) -> list[tuple[bool, list[str]]]:
    """Return the paragraphs of a text as lines, each with whether it is a heading."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block.strip()]
    return [(block[0].startswith("# "), [line.removeprefix("# ") for line in block]) for block in blocks]
