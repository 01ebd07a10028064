"""The hard conditions about the person: pool, documents, languages, qualification, gender, mode."""

from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.domain.candidates import Document, Gender
from dispatch.domain.eligibility import (
    Code,
    Failure,
    check,
)
from dispatch.domain.languages import Level, Match, Spoken
from dispatch.domain.modes import Mode
from dispatch.domain.settings import DocumentType, Qualification
from tests.domain.pool import candidate, wanted
from tests.domain.times import at, span

NOW = at("2026-11-24 10:00")
DAY = date(2026, 12, 1)
CERTIFICATE = DocumentType.CONDUCT_CERTIFICATE
CERTIFICATE_ASKED = {"documents": frozenset({CERTIFICATE})}


def failures(person: dict[str, Any], request: dict[str, Any], **how: Any) -> tuple[Failure, ...]:
    return check(candidate(**person), wanted(**request), how.pop("now", NOW), **how)


def test_who_fits_fails_nowhere() -> None:
    assert failures({}, {}) == ()


def test_the_codes_stand_in_the_order_of_the_table() -> None:
    assert [code.value for code in Code] == [
        "inactive", "undertaking", "language", "qualification", "gender", "mode", "availability", "conflict",
        "distance", "excluded", "limit", "reachable", "declined",
    ]  # fmt: skip


def test_inactive_people_do_not_fit() -> None:
    assert failures({"active": False}, {}) == (Failure(Code.INACTIVE, False, {}),)


def undertaking(issued_on: date | None = date(2025, 3, 1), valid_until: date | None = None) -> Document:
    return Document(DocumentType.UNDERTAKING, issued_on, valid_until)


@pytest.mark.parametrize(
    ("documents", "facts"),
    [
        ((undertaking(),), None),
        ((undertaking(issued_on=None),), None),
        ((undertaking(valid_until=DAY),), None),
        ((undertaking(valid_until=DAY - timedelta(days=1)),), {"ended_on": DAY - timedelta(days=1)}),
        ((undertaking(valid_until=date(2026, 5, 1)), undertaking()), None),
        ((undertaking(issued_on=DAY),), None),
        ((undertaking(issued_on=DAY + timedelta(days=1)),), {}),
        ((Document(CERTIFICATE, date(2025, 1, 1)),), {}),
        ((), {}),
    ],
    ids=["no end", "no date", "last day", "ended the day before", "renewed", "signed that day",
         "signed the day after", "another document", "none"],
)  # fmt: skip
def test_an_undertaking_is_valid_on_the_day(documents: tuple[Document, ...], facts: dict[str, Any] | None) -> None:
    expected = () if facts is None else (Failure(Code.UNDERTAKING, False, facts),)

    assert failures({"documents": documents}, {}) == expected


NOT_SPOKEN = (False, {"cause": "not_spoken"})
LEVEL = (True, {"cause": "level", "level": Level.B1, "wanted": Level.B2})
GERMAN = (True, {"cause": "german_level", "level": Level.B1, "wanted": Level.B2})


@pytest.mark.parametrize(
    ("spoken", "german", "expected"),
    [
        ((Spoken("prs", Level.B2),), Level.B2, None),
        ((Spoken("prs", Level.B1),), Level.B2, LEVEL),
        ((Spoken("prs", Level.B1), Spoken("fa", Level.C1)), Level.B2, None),
        ((Spoken("fa", Level.B2),), Level.B2, None),
        ((Spoken("ps", Level.NATIVE),), Level.B2, NOT_SPOKEN),
        ((), Level.B2, NOT_SPOKEN),
        ((Spoken("prs", Level.NATIVE),), Level.B1, GERMAN),
        ((Spoken("prs", Level.B1),), Level.B1, LEVEL),
        ((Spoken("ps", Level.NATIVE),), Level.B1, NOT_SPOKEN),
    ],
    ids=["just enough", "too low", "related at level", "related", "another", "none", "German too low",
         "both too low", "another, and German too low"],
)  # fmt: skip
def test_a_language_must_be_spoken_at_its_level(
    spoken: tuple[Spoken, ...], german: Level, expected: tuple[bool, dict[str, Any]] | None
) -> None:
    request = {"serving": ({"prs": Match.EXACT, "fa": Match.RELATED_OTHER},)}

    found = failures({"spoken": spoken, "german_level": german}, request)

    assert found == (() if expected is None else (Failure(Code.LANGUAGE, *expected),))


@pytest.mark.parametrize(
    ("own", "asked", "fits"),
    [
        (Qualification.LAY, Qualification.LAY, True),
        (Qualification.SWORN, Qualification.CERTIFIED, True),
        (Qualification.LAY, Qualification.CERTIFIED, False),
        (Qualification.CERTIFIED, Qualification.SWORN, False),
    ],
)
def test_a_qualification_must_be_reached(own: Qualification, asked: Qualification, fits: bool) -> None:
    expected = Failure(Code.QUALIFICATION, False, {"qualification": own, "wanted": asked})

    assert failures({"qualification": own}, {"qualification": asked}) == (() if fits else (expected,))


@pytest.mark.parametrize(
    ("certificate", "fits"),
    [
        (Document(CERTIFICATE, date(2021, 12, 1)), True),
        (Document(CERTIFICATE, date(2021, 11, 30)), False),
        (Document(CERTIFICATE, date(2026, 12, 1)), True),
        (Document(CERTIFICATE, date(2026, 12, 2)), False),
        (Document(CERTIFICATE, None), False),
        (Document(CERTIFICATE, date(2025, 1, 1), date(2026, 11, 30)), False),
        (Document(CERTIFICATE, date(2025, 1, 1), date(2026, 12, 1)), True),
        (Document(DocumentType.MEASLES_PROOF, date(2025, 1, 1)), False),
    ],
    ids=["five years that day", "a day older", "of that day", "of the day after", "undated", "ended",
         "ends that day", "another document"],
)  # fmt: skip
def test_a_certificate_of_good_conduct_is_at_most_five_years_old(certificate: Document, fits: bool) -> None:
    documents = (undertaking(), certificate)
    expected = Failure(Code.QUALIFICATION, False, {"documents": (CERTIFICATE,)})

    assert failures({"documents": documents}, CERTIFICATE_ASKED) == (() if fits else (expected,))


@pytest.mark.parametrize(
    ("day", "fits"), [("2029-02-28 09:00", True), ("2029-03-01 09:00", False)], ids=["28 February", "1 March"]
)
def test_a_certificate_of_29_february_counts_until_the_28th(day: str, fits: bool) -> None:
    documents = (undertaking(), Document(CERTIFICATE, date(2024, 2, 29)))
    request = CERTIFICATE_ASKED | {"interval": span(day, "10:00")}

    assert (failures({"documents": documents}, request) == ()) is fits


def test_other_documents_have_no_age() -> None:
    documents = (undertaking(), Document(DocumentType.MEASLES_PROOF))

    assert failures({"documents": documents}, {"documents": frozenset({DocumentType.MEASLES_PROOF})}) == ()


@pytest.mark.parametrize(
    ("own", "asked", "fits"),
    [
        (None, None, True),
        (Gender.FEMALE, Gender.FEMALE, True),
        (Gender.MALE, Gender.FEMALE, False),
        (None, Gender.FEMALE, False),
    ],
    ids=["not asked", "same", "other", "not known"],
)
def test_a_gender_counts_only_as_condition(own: Gender | None, asked: Gender | None, fits: bool) -> None:
    expected = Failure(Code.GENDER, True, {"wanted": asked or ""})

    assert failures({"gender": own}, {"gender": asked}) == (() if fits else (expected,))


@pytest.mark.parametrize(
    ("offered", "asked", "fits"),
    [
        ({Mode.ON_SITE}, (Mode.ON_SITE,), True),
        ({Mode.PHONE}, (Mode.ON_SITE, Mode.PHONE), True),
        ({Mode.PHONE}, (Mode.ON_SITE,), False),
        ({Mode.PHONE}, (Mode.VIDEO, Mode.ON_SITE), False),
    ],
    ids=["wanted", "fallback", "not offered", "nor a fallback"],
)
def test_a_mode_or_its_fallback_is_offered(offered: set[Mode], asked: tuple[Mode, ...], fits: bool) -> None:
    expected = Failure(Code.MODE, True, {"wanted": asked[0]})

    assert failures({"modes": frozenset(offered)}, {"modes": asked}) == (() if fits else (expected,))
