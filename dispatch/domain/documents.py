"""Decide how a document stands, and when people are warned that it ends.

How long it counts is decided by `document_types`; whether somebody may come without it is decided by `eligibility`.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dispatch.domain import document_types
from dispatch.domain.candidates import Document
from dispatch.domain.document_types import DocumentTypes
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


LOOKED_AFTER = timedelta(days=60)
"""For how long the coordination is reminded of a document that has ended; of the undertaking always."""


DEFAULT = DocumentOptions()


def standing(last: date | None, today: date, *, options: DocumentOptions = DEFAULT) -> Standing:
    """Return how a document stands whose last day is `last`."""
    if last is None:
        return Standing.VALID
    if last < today:
        return Standing.ENDED
    if last - today <= options.last_warning:
        return Standing.ENDS_SOON
    return Standing.ENDS if last - today <= options.first_warning else Standing.VALID


def lasting(
    documents: Iterable[Document],
    types: DocumentTypes = document_types.DEFAULT,
) -> Mapping[str, date | None]:
    """Return until when each type of document on record counts, None when it has no end: the longest of each decides.

    What has no day of issue never counts where its age matters.
    """
    found: dict[str, date | None] = {}
    for document in documents:
        if document.issued_on is None and types.must_be_dated(document.type):
            continue
        last = document_types.last_day(document, types)
        known = found.get(document.type, date.min)
        found[document.type] = None if last is None or known is None else max(last, known)
    return found


def warning_due(
    last: date | None, today: date, sent: Set[Standing], *, options: DocumentOptions = DEFAULT
) -> Standing | None:
    """Return which warning of a document is to be sent now, None when there is none or it was sent.

    What was missed is made good: the later warning takes the place of the first, and it may come some days too late.
    """
    stands = standing(last, today, options=options)
    if stands is Standing.ENDED and last is not None and today - last <= options.last_warning:
        stands = Standing.ENDS_SOON
    if stands not in (Standing.ENDS, Standing.ENDS_SOON) or sent & {stands, Standing.ENDS_SOON}:
        return None
    return stands


def is_task(kind: str, last: date, today: date) -> bool:
    """Tell whether a document that ends or has ended is still to be renewed; without an undertaking nobody is asked."""
    return kind == DocumentType.UNDERTAKING or today - last <= LOOKED_AFTER


def is_missing_on(kind: str, last: date | None, day: date, demanded: Set[str]) -> bool:
    """Tell whether a document that counts until `last` is missing at an appointment; everyone needs an undertaking."""
    is_needed = kind == DocumentType.UNDERTAKING or kind in demanded
    return is_needed and last is not None and last < day
