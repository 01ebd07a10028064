"""Of documents of one type the longest counts, and people are warned 60 and 14 days before."""

from datetime import date

import pytest

from dispatch.domain.candidates import Document
from dispatch.domain.document_types import DocumentKind, DocumentTypes
from dispatch.domain.documents import Standing, is_missing_on, lasting, standing, warning_due
from dispatch.domain.settings import DocumentType

CONDUCT, UNDERTAKING = DocumentType.CONDUCT_CERTIFICATE, DocumentType.UNDERTAKING
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, Standing.VALID),
        (date(2027, 1, 24), Standing.VALID),
        (date(2027, 1, 23), Standing.ENDS),
        (date(2026, 12, 9), Standing.ENDS),
        (date(2026, 12, 8), Standing.ENDS_SOON),
        (TODAY, Standing.ENDS_SOON),
        (date(2026, 11, 23), Standing.ENDED),
    ],
    ids=["no end", "61 days", "60 days", "15 days", "14 days", "today", "yesterday"],
)
def test_how_a_document_stands(last: date | None, expected: Standing) -> None:
    assert standing(last, TODAY) is expected


ENDS, SOON = Standing.ENDS, Standing.ENDS_SOON


@pytest.mark.parametrize(
    ("last", "sent", "expected"),
    [
        (None, set(), None),
        (date(2027, 1, 24), set(), None),
        (date(2027, 1, 23), set(), ENDS),
        (date(2027, 1, 10), {ENDS}, None),
        (date(2026, 12, 8), {ENDS}, SOON),
        (date(2026, 12, 8), set(), SOON),
        (date(2026, 12, 8), {SOON}, None),
        (date(2027, 1, 10), {SOON}, None),
        (date(2026, 11, 10), {ENDS}, SOON),
        (date(2026, 11, 9), {ENDS}, None),
    ],
    ids=[
        "no end", "61 days", "60 days", "sent", "14 days", "first was missed", "both sent", "later one was sent",
        "ended 14 days ago, missed", "ended long ago",
    ],
)  # fmt: skip
def test_each_warning_is_due_once_and_made_good_when_missed(
    last: date | None, sent: set[Standing], expected: Standing | None
) -> None:
    assert warning_due(last, TODAY, sent) is expected


def test_of_each_type_the_longest_document_decides() -> None:
    held = [
        Document(UNDERTAKING, None, date(2026, 12, 1)),
        Document(UNDERTAKING, None),
        Document(CONDUCT, date(2021, 12, 1)),
        Document(CONDUCT, date(2020, 1, 1)),
        Document(CONDUCT, None, date(2030, 1, 1)),
    ]

    three_years = DocumentTypes((DocumentKind(CONDUCT, years=3),))
    assert lasting(held) == {UNDERTAKING: None, CONDUCT: date(2026, 12, 1)}
    assert lasting(held, three_years)[CONDUCT] == date(2024, 12, 1)


@pytest.mark.parametrize(
    ("kind", "last", "demanded", "missing"),
    [
        (UNDERTAKING, date(2026, 11, 23), set(), True),
        (UNDERTAKING, TODAY, set(), False),
        (UNDERTAKING, None, set(), False),
        (CONDUCT, date(2026, 11, 23), set(), False),
        (CONDUCT, date(2026, 11, 23), {CONDUCT}, True),
    ],
    ids=["undertaking for everyone", "on its last day", "no end", "not demanded", "demanded"],
)
def test_which_appointments_a_document_does_not_reach(
    kind: DocumentType, last: date | None, demanded: set[DocumentType], missing: bool
) -> None:
    assert is_missing_on(kind, last, TODAY, demanded) is missing
