"""Decide which types of documents there are, how old each may be, and which of them may be removed.

The table is the district's; the shipped types are those of `DocumentType`. A certificate of good conduct counts for
five years (§ 30a BZRG). Who needs which document is decided by `settings` and `eligibility`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dispatch.domain.candidates import Document
from dispatch.domain.settings import DocumentType

NEEDED = frozenset({DocumentType.UNDERTAKING, DocumentType.CONDUCT_CERTIFICATE})
"""Types on which conditions rest: everybody's undertaking, the certificate where minors are without their guardian."""


class DocumentKind(NamedTuple):
    """A type of document: its code, its name in the district's words (empty: as shipped), years from issue to end."""

    code: str
    label: str = ""
    years: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentTypes:
    """Option: the types of documents in the order of the forms."""

    rows: tuple[DocumentKind, ...] = (
        DocumentKind(DocumentType.UNDERTAKING),
        DocumentKind(DocumentType.CONDUCT_CERTIFICATE, years=5),
        DocumentKind(DocumentType.MEASLES_PROOF),
    )

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes in their order."""
        return tuple(row.code for row in self.rows)

    def years_of(self, code: str) -> int | None:
        """Return for how many years from its issue a document counts, None when its age does not matter."""
        return next((row.years for row in self.rows if row.code == code), None)

    def label_of(self, code: str) -> str:
        """Return the name that the district has given a type, empty for none."""
        return next((row.label for row in self.rows if row.code == code), "")

    def must_be_dated(self, code: str) -> bool:
        """Tell whether a document of the type counts only with its day of issue, because its age matters."""
        return self.years_of(code) is not None


DEFAULT = DocumentTypes()


def last_day(document: Document, types: DocumentTypes = DEFAULT) -> date | None:
    """Return the last day on which a document counts, by its end or its age, None when it has no end."""
    years = types.years_of(document.type)
    if years is None or document.issued_on is None:
        return document.valid_until
    by_age = _years_later(document.issued_on, years)
    return min(document.valid_until, by_age) if document.valid_until else by_age


def counts(document: Document, day: date, types: DocumentTypes = DEFAULT) -> bool:
    """Tell whether a document counts on a day: begun, not ended, and dated where its age matters."""
    if document.issued_on is None and types.must_be_dated(document.type):
        return False
    begun = document.issued_on is None or document.issued_on <= day
    last = last_day(document, types)
    return begun and (last is None or day <= last)


def refused_removals(before: DocumentTypes, after: DocumentTypes, used: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return by form field what speaks against removing types: conditions rest on it, or its code is in use."""
    found: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(before.rows):
        if row.code in after.codes:
            continue
        if row.code in NEEDED:
            found[f"rows-{place}-code"] = ("has_a_role",)
        elif row.code in used:
            found[f"rows-{place}-code"] = ("in_use",)
    return found


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
