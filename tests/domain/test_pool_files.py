"""Rows of pool files as districts keep them: which record a row makes, and what is asked instead of guessed."""

from datetime import date

import pytest

from dispatch.domain.places import TypedPlace
from dispatch.domain.pool_columns import Column
from dispatch.domain.pool_documents import GivenDocument
from dispatch.domain.pool_files import PoolRow
from dispatch.domain.pool_words import LEFT_OUT, Kind, Problem
from dispatch.reference import pool_words
from dispatch.reference.pool_words import FileWords
from tests.domain.pool_rows import Given, given, row
from tests.domain.weeks import hours


@pytest.mark.parametrize(
    ("head", "cell", "expected"),
    [
        ("Name", "Shirin Rahmani", {"name": "Shirin Rahmani", "typed_name": "Shirin Rahmani"}),
        (
            "Name",
            "Rahmani, Shirin",
            {"name": "Shirin Rahmani", "typed_name": "Rahmani, Shirin", "first_name": "Shirin"},
        ),
        ("Anrede", "Frau", {"gender": "female"}),
        ("Geschlecht", "m", {"gender": "male"}),
        ("Telefon", "03521 / 45 67 8", {"phone": "+49352145678"}),
        ("Handy", "0049 (172) 1234-567", {"phone": "+491721234567"}),
        ("Tel.", "+48 12 345 67 89", {"phone": "+48123456789"}),
        ("Telefon", "abc", {"phone": "abc"}),
        ("E-Mail", "Shirin@Example.org", {"email": "Shirin@Example.org"}),
        ("Kontaktweg", "telefonisch", {"contact_channel": "phone"}),
        ("Umkreis", "30 km", {"max_distance_km": 30}),
        ("Std./Woche", "10,5 Std.", {"weekly_hours_limit": 10.5}),
        ("Qualifikation", "vereidigt", {"qualification": "sworn"}),
        ("Verkehrsmittel", "ÖPNV", {"transport": "public"}),
        ("PKW", "ja", {"transport": "car"}),
        ("PKW", "nein", {"transport": "public"}),
        ("Einsatzart", "vor Ort, Telefon und Video", {"modes": ("on_site", "phone", "video")}),
        (
            "Einsatzfelder",
            "Jugendamt; Sport und Verein, Arzt",
            {"experience": ("youth_welfare_office", "sport_and_club", "doctor")},
        ),
        ("nachts", "x", {"night": True}),
        ("kurzfristig", "nein", {"short_notice": False}),
        ("aktiv", "pausiert", {"active": False}),
        ("Deutsch", "sehr gut", {"german_level": "C1"}),
        ("Korrespondenzsprache", "Arabisch", {"ui_language": "ar"}),
        ("Bemerkung", "mag Kinder", {"remarks": "mag Kinder"}),
        ("Kontaktweg", "k. A.", {}),
        ("Umkreis", "-", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_cell_says(head: str, cell: str, expected: Given) -> None:
    assert given(head, cell) == expected


@pytest.mark.parametrize(
    ("heads", "cells", "home"),
    [
        (["PLZ", "Ort"], ["01662", "Meißen"], TypedPlace(postal_code="01662", town="Meißen")),
        (["PLZ", "Ort"], ["1662", "Meissen"], TypedPlace(postal_code="01662", town="Meißen")),
        (["Wohnort"], ["01662 Meißen"], TypedPlace(postal_code="01662", town="Meißen")),
        (["Wohnort"], ["Riesa"], TypedPlace(municipality="14627230", town="Riesa")),
        (["Wohnort"], ["Dresden"], TypedPlace(postal_code="01067", town="Dresden")),
        (["Wohnort"], ["D-01097 Dresden"], TypedPlace(postal_code="01097", town="Dresden")),
        (["PLZ"], ["01067"], TypedPlace(postal_code="01067", town="Dresden")),
    ],
    ids=["two columns", "zero lost by a spreadsheet", "one column", "municipality", "town outside", "with country",
         "code alone"],
)  # fmt: skip
def test_homes_lie_inside_and_outside_the_district(heads: list[str], cells: list[str], home: TypedPlace) -> None:
    assert row(heads, cells).given == {"home": home}


def test_a_place_nobody_knows_is_asked_and_answered_in_words() -> None:
    asked = row(["Wohnort"], ["Neustadt"])
    answered = row(["Wohnort"], ["Neustadt"], {(Kind.PLACE, "Neustadt"): "01445 Radebeul"})

    assert asked.problems == (Problem(0, "unknown", Kind.PLACE, "Neustadt"),)
    assert answered.given["home"].postal_code == "01445"


@pytest.mark.parametrize(
    ("heads", "cells", "documents"),
    [
        (["Verpflichtung vom"], ["12.3.24"], [GivenDocument("undertaking", seen_on=date(2024, 3, 12))]),
        (["Verschwiegenheit"], ["ja"], [GivenDocument("undertaking")]),
        (["Verschwiegenheit"], ["nein"], []),
        (
            ["Verpflichtung", "Verpflichtung gültig bis"],
            ["01.02.2025", "31.12.2027"],
            [GivenDocument("undertaking", date(2025, 2, 1), None, date(2027, 12, 31))],
        ),
        (["Führungszeugnis vom"], ["2025-02-01"], [GivenDocument("conduct_certificate", None, date(2025, 2, 1))]),
        (
            ["eFZ", "eFZ gesehen am"],
            ["1.2.2025", "3. 2. 2025"],
            [GivenDocument("conduct_certificate", date(2025, 2, 3), date(2025, 2, 1))],
        ),
        (["Masernschutz"], ["vorhanden"], [GivenDocument("measles_proof")]),
    ],
    ids=["a day", "yes", "no", "with an end", "certificate", "certificate seen", "measles"],
)
def test_documents_are_days_or_a_mere_yes(heads: list[str], cells: list[str], documents: list[GivenDocument]) -> None:
    assert row(heads, cells).given.get("documents", ()) == tuple(documents)


def test_a_certificate_without_its_day_is_kept_as_a_remark() -> None:
    assert row(["Führungszeugnis"], ["ja"]) == PoolRow(2, {}, (), ("Führungszeugnis: ja",))


@pytest.mark.parametrize(
    ("head", "cell", "problem"),
    [
        ("Umkreis", "ganzer Landkreis", Problem(0, "not_a_number", Kind.NUMBER, "ganzer Landkreis")),
        ("Führungszeugnis vom", "31.02.2025", Problem(0, "not_a_date", Kind.DAY, "31.02.2025")),
        ("Verschwiegenheit", "wird nachgereicht", Problem(0, "unknown", Kind.YES_NO, "wird nachgereicht")),
        ("Geschlecht", "?!", Problem(0, "unknown", Kind.GENDER, "?!")),
        ("Verfügbarkeit", "jeden zweiten Montag", Problem(0, "unknown", Kind.WEEK, "jeden zweiten Montag")),
        ("Einsatzart", "Brieftaube", Problem(0, "unknown", Kind.MODE, "Brieftaube")),
    ],
    ids=["number", "day", "yes or no", "gender", "week", "mode"],
)
def test_what_is_not_understood_is_asked(head: str, cell: str, problem: Problem) -> None:
    assert row([head], [cell]).problems == (problem,)


@pytest.mark.parametrize(
    ("head", "cell", "kind", "answer", "expected"),
    [
        ("Umkreis", "ganzer Landkreis", Kind.NUMBER, "60", {"max_distance_km": 60}),
        (
            "Verpflichtung",
            "Mai 24",
            Kind.DAY,
            "01.05.2024",
            {"documents": (GivenDocument("undertaking", date(2024, 5, 1)),)},
        ),
        ("Zeiten", "nach der Schule", Kind.WEEK, "Mo-Di 14-18", {"weekly": hours((0, 14, 18), (1, 14, 18))}),
        ("Geschlecht", "x", Kind.GENDER, "diverse", {"gender": "diverse"}),
        ("Geschlecht", "x", Kind.GENDER, LEFT_OUT, {}),
    ],
    ids=["number", "day", "week", "code", "left out"],
)  # fmt: skip
def test_an_answer_solves_the_problem(head: str, cell: str, kind: Kind, answer: str, expected: Given) -> None:
    assert row([head], [cell], {(kind, cell): answer}).given == expected


def test_nothing_is_lost() -> None:
    heads = ["Name", "Telefon", "Mobil", "Kürzel"]

    found = row(heads, ["Anna Müller", "03521 1", "0172 1234567; 0351 4567", "AM", "ohne Kopf"])

    assert found.given["phone"] == "+491721234567"
    assert found.kept == ("Kürzel: AM", "ohne Kopf", "Mobil: 0351 4567", "Telefon: 03521 1")


def test_every_code_is_written_in_a_word_that_is_understood() -> None:
    words = FileWords()
    written = {
        (kind, code): words.code(kind, pool_words.write_word(kind, code))
        for kind in Kind
        if kind is not Kind.LANGUAGE
        for code in pool_words.codes(kind)
    }

    assert written == {(kind, code): code for kind, code in written}


def test_every_column_has_its_words() -> None:
    assert set(pool_words.codes(Kind.COLUMN)) == {column.value for column in Column}
