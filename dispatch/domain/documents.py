"""Decide how long a document still counts, and when people are warned that it ends.

Whether somebody may come without it is decided by `eligibility`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dispatch.domain import eligibility
from dispatch.domain.candidates import Document
from dispatch.domain.settings import DocumentType


class Standing(StrEnum):
    """How a document stands today: the two warnings come 60 and 14 days before it ends."""

    VALID = "valid"
    ENDS = "ends"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class DocumentOptions:
    """Option: how long before its end a document is warned of, first and last."""

    first_warning: timedelta = timedelta(days=60)
    last_warning: timedelta = timedelta(days=14)


DEFAULT = DocumentOptions()


def last_day(
    document: Document, *, conduct_certificate_years: int = eligibility.DEFAULT.conduct_certificate_years
) -> date | None:
    """Return the last day on which a document counts, None when it has no end.

    A certificate of good conduct also ends by its age, counted from the day of issue.
    """
    if document.type is not DocumentType.CONDUCT_CERTIFICATE or document.issued_on is None:
        return document.valid_until
    by_age = _years_later(document.issued_on, conduct_certificate_years)
    return min(document.valid_until, by_age) if document.valid_until else by_age


def standing(last: date | None, today: date, *, options: DocumentOptions = DEFAULT) -> Standing:
    """Return how a document stands whose last day is `last`."""
    if last is None:
        return Standing.VALID
    if last < today:
        return Standing.ENDED
    if last - today <= options.last_warning:
        return Standing.ENDS_SOON
    return Standing.ENDS if last - today <= options.first_warning else Standing.VALID


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
