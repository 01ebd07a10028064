"""Types of documents: the district's table holds or is refused at its field, and what conditions rest on stays."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dispatch.domain import document_types, options
from dispatch.domain.candidates import Document
from dispatch.domain.document_types import DEFAULT, DocumentKind, DocumentTypes, counts, last_day, refused_removals
from dispatch.domain.errors import Invalid
from dispatch.domain.option_kinds import Known
from dispatch.domain.option_topics import ALL
from dispatch.domain.settings import DocumentType

CONDUCT, UNDERTAKING, MEASLES = (
    DocumentType.CONDUCT_CERTIFICATE,
    DocumentType.UNDERTAKING,
    DocumentType.MEASLES_PROOF,
)
TWO_YEARS, NO_AGE = DocumentKind("first_aid", "Erste Hilfe", 2), DocumentKind("briefing", "Belehrung")
TYPES = DocumentTypes((*DEFAULT.rows, TWO_YEARS, NO_AGE))
DAY = date(2026, 12, 1)
TOPIC = ALL["document_types"]


def form(**changes: str) -> dict[str, str]:
    return {
        **options.typed(TOPIC, DEFAULT, Known()),
        **{name.replace("__", "-"): text for name, text in changes.items()},
    }


@pytest.mark.parametrize(
    ("document", "last"),
    [
        (Document(UNDERTAKING, date(2020, 1, 1)), None),
        (Document(UNDERTAKING, None, date(2027, 1, 1)), date(2027, 1, 1)),
        (Document(CONDUCT, date(2022, 3, 1)), date(2027, 3, 1)),
        (Document(CONDUCT, date(2024, 2, 29)), date(2029, 2, 28)),
        (Document(CONDUCT, date(2022, 3, 1), date(2026, 12, 31)), date(2026, 12, 31)),
        (Document(CONDUCT, date(2022, 3, 1), date(2030, 1, 1)), date(2027, 3, 1)),
        (Document("first_aid", date(2025, 3, 1)), date(2027, 3, 1)),
        (Document("briefing", date(2025, 3, 1)), None),
        (Document("removed", date(2025, 3, 1)), None),
    ],
    ids=["no end", "its end", "five years", "leap day", "end before age", "age before end", "own age",
         "own without age", "no type any more"],
)  # fmt: skip
def test_the_last_day_of_a_document(document: Document, last: date | None) -> None:
    assert last_day(document, TYPES) == last


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (Document("first_aid", date(2024, 12, 1)), True),
        (Document("first_aid", date(2024, 11, 30)), False),
        (Document("first_aid", date(2026, 12, 2)), False),
        (Document("first_aid"), False),
        (Document("first_aid", date(2026, 1, 1), date(2026, 11, 30)), False),
        (Document("briefing"), True),
        (Document("briefing", date(1990, 1, 1)), True),
        (Document(MEASLES), True),
    ],
    ids=["young enough that day", "a day older", "of the day after", "undated", "ended", "no age, undated",
         "no age, old", "shipped without age"],
)  # fmt: skip
def test_the_age_of_its_type_decides_whether_a_document_counts(document: Document, expected: bool) -> None:
    assert counts(document, DAY, TYPES) is expected


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"rows__3__code": "Erste Hilfe", "rows__3__label": "x"}, {"rows-3-code": ("not_a_code",)}),
        ({"rows__3__code": "2nd", "rows__3__label": "x"}, {"rows-3-code": ("not_a_code",)}),
        ({"rows__3__code": "first-aid", "rows__3__label": "x"}, {"rows-3-code": ("not_a_code",)}),
        ({"rows__3__code": "a" * 41, "rows__3__label": "x"}, {"rows-3-code": ("not_a_code",)}),
        ({"rows__3__code": "undertaking"}, {"rows-3-code": ("repeated",)}),
        ({"rows__3__code": "first_aid"}, {"rows-3-label": ("required",)}),
        ({"rows__3__label": "Erste Hilfe"}, {"rows-3-code": ("required",)}),
        ({"rows__1__years": "0"}, {"rows-1-years": ("out_of_range",)}),
        ({"rows__1__years": "five"}, {"rows-1-years": ("not_a_number",)}),
    ],
    ids=["words", "digit first", "hyphen", "too long", "twice", "own without name", "name without code", "no years",
         "word for years"],
)  # fmt: skip
def test_a_row_at_fault_is_refused_at_its_field(changes: Mapping[str, str], errors: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as invalid:
        options.parse(TOPIC, form(**changes), Known())

    assert dict(invalid.value.errors) == errors


def test_an_own_type_survives_its_form_and_its_file() -> None:
    typed = form(rows__3__code="first_aid", rows__3__label="Erste Hilfe", rows__3__years="2", rows__1__years="3")

    value = options.parse(TOPIC, typed, Known())

    assert (value.years_of("first_aid"), value.years_of(CONDUCT), value.rows[3]) == (2, 3, TWO_YEARS)
    assert options.load(TOPIC, options.dump(TOPIC, value)) == value


@pytest.mark.parametrize(
    ("kept", "used", "errors"),
    [
        (DEFAULT.rows[1:], set(), {"rows-0-code": ("has_a_role",)}),
        (DEFAULT.rows[:1], set(), {"rows-1-code": ("has_a_role",)}),
        (DEFAULT.rows, {"first_aid"}, {"rows-3-code": ("in_use",)}),
        (DEFAULT.rows, set(), {}),
        (DEFAULT.rows[:2], set(), {}),
        (DEFAULT.rows[:2], {"measles_proof"}, {"rows-2-code": ("in_use",)}),
    ],
    ids=["undertaking", "certificate of good conduct", "own in use", "own unused", "shipped unused", "shipped in use"],
)
def test_a_type_in_use_or_with_a_role_stays(
    kept: tuple[DocumentKind, ...], used: set[str], errors: dict[str, Any]
) -> None:
    before = DocumentTypes((*DEFAULT.rows, TWO_YEARS))

    assert refused_removals(before, DocumentTypes(kept), used) == errors


def test_a_file_without_the_undertaking_is_refused_and_a_stored_one_counts_as_shipped() -> None:
    raw = options.dump_whole(TOPIC, replace(DEFAULT, rows=DEFAULT.rows[1:]))

    with pytest.raises(Invalid) as invalid:
        options.load_strictly(TOPIC, raw, DEFAULT, Known())

    assert dict(invalid.value.errors) == {"rows": ("has_a_role",)}
    assert options.load(TOPIC, raw) == document_types.DEFAULT


def test_a_field_of_work_demands_only_documents_there_are() -> None:
    topic, known = ALL["setting.doctor"], Known(documents=TYPES.codes)
    raw = {"documents": ["briefing", "first_aid"]}

    assert options.load_strictly(topic, raw, topic.shipped, known).documents == ("first_aid", "briefing")
    with pytest.raises(Invalid) as invalid:
        options.load_strictly(topic, raw, topic.shipped, Known())
    assert dict(invalid.value.errors) == {"documents-undertaking": ("unknown_document",)}
