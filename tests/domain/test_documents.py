"""Documents end by their date or by their age, and people are warned 60 and 14 days before."""

from datetime import date

import pytest

from dispatch.domain.candidates import Document
from dispatch.domain.documents import Standing, last_day, standing
from dispatch.domain.settings import DocumentType

CONDUCT, UNDERTAKING = DocumentType.CONDUCT_CERTIFICATE, DocumentType.UNDERTAKING
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("document", "last"),
    [
        (Document(UNDERTAKING, date(2020, 1, 1)), None),
        (Document(UNDERTAKING, None, date(2027, 1, 1)), date(2027, 1, 1)),
        (Document(CONDUCT, date(2022, 3, 1)), date(2027, 3, 1)),
        (Document(CONDUCT, date(2024, 2, 29)), date(2029, 2, 28)),
        (Document(CONDUCT, date(2022, 3, 1), date(2026, 12, 31)), date(2026, 12, 31)),
        (Document(CONDUCT, date(2022, 3, 1), date(2030, 1, 1)), date(2027, 3, 1)),
    ],
    ids=["no end", "its end", "five years", "leap day", "end before age", "age before end"],
)
def test_the_last_day_of_a_document(document: Document, last: date | None) -> None:
    assert last_day(document) == last


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
