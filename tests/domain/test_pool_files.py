"""Rows of pool files as districts keep them: which record a row makes, and what is asked instead of guessed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from dispatch.domain.mediators import TypedSpoken
from dispatch.domain.places import TypedPlace
from dispatch.domain.pool_columns import Column, Header, find_header, places_by_field, read_header
from dispatch.domain.pool_documents import GivenDocument
from dispatch.domain.pool_files import PoolRow, interpret
from dispatch.domain.pool_words import LEFT_OUT, Kind, Problem
from dispatch.reference import pool_words
from dispatch.reference.pool_words import Answers, FileWords
from tests.domain.weeks import hours

Given = Mapping[str, Any]


def row(heads: Sequence[str], cells: Sequence[str], answers: Answers | None = None) -> PoolRow:
    words = FileWords(answers)
    return interpret(read_header(heads, 1, words), cells, 2, words)


def given(head: str, cell: str) -> Given:
    found = row([head], [cell])
    assert found.problems == ()
    return found.given


@pytest.mark.parametrize(
    ("heads", "columns"),
    [
        (["Name", "Sprachen", "PLZ", "Ort"], ["name", "languages", "postal_code", "town"]),
        (["Ort", "NAME", "sprache(n)"], ["town", "name", "languages"]),
        (["Vorname", "Name", "E-Mail-Adresse"], ["first_name", "last_name", "email"]),
        (["Nachname", "Vorname", "Tel.-Nr."], ["last_name", "first_name", "phone"]),
        (["Full name", "Languages", "Town", "German level"], ["name", "languages", "town", "german_level"]),
        (["Sprache 1", "Niveau 1", "Sprache 2", "Niveau 2"], ["languages", "language_level"] * 2),
        (["Fuehrungszeugnis vom", "Führungszeugnis vom"], ["conduct_certificate", None]),
        (["Kürzel", "", "Umkreis (km)"], [None, None, "max_distance_km"]),
        (["weekly_hours_limit", "h/Woche"], ["weekly_hours_limit", None]),
    ],
    ids=["german", "any order and case", "surname beside first name", "abbreviated", "english", "numbered", "umlauts",
         "unknown", "own code, twice"],
)  # fmt: skip
def test_heads_are_understood_in_german_and_english(heads: list[str], columns: list[str | None]) -> None:
    assert read_header(heads, 1, FileWords()).columns == tuple(columns)


def test_the_line_of_heads_is_found_below_a_title() -> None:
    rows = [
        (1, ["Sprachmittlerpool, Stand 01.10.2026", "", ""]),
        (3, ["Name", "Sprachen", "Ort"]),
        (4, ["Dari", "Name", "Riesa"]),
    ]

    assert find_header(rows, FileWords()) == Header(
        ("Name", "Sprachen", "Ort"), (Column.NAME, Column.LANGUAGES, Column.TOWN), 3
    )


@pytest.mark.parametrize(
    "rows",
    [[], [(1, ["a", "b"])], [(1, ["Name"])], [(1, ["Sprachen", "Ort"])]],
    ids=["empty", "no word known", "one column", "no name"],
)
def test_without_a_name_and_another_column_there_are_no_heads(rows: list[tuple[int, list[str]]]) -> None:
    assert find_header(rows, FileWords()) is None


def test_findings_lead_to_the_first_column_of_their_field() -> None:
    header = read_header(["PLZ", "Ort", "Sprache 1", "Sprache 2", "Kürzel"], 1, FileWords())

    assert places_by_field(header) == {"home": 0, "languages": 2}


@pytest.mark.parametrize(
    ("cell", "languages"),
    [
        ("Dari (Muttersprache), Farsi gut", [("prs", "native"), ("fa", "B2")]),
        ("Arabisch C1; Englisch B2", [("ar", "C1"), ("en", "B2")]),
        ("Muttersprache: Dari / Farsi - sehr gut", [("prs", "native"), ("fa", "C1")]),
        ("Tigrinya u. Amharisch (C1)", [("ti", ""), ("am", "C1")]),
        ("Ukrainisch [MS], Russisch [C2]", [("uk", "native"), ("ru", "C2")]),
        ("Kurdisch (Kurmandschi), Türkisch fließend", [("kmr", ""), ("tr", "C1")]),
        ("Kurdisch (Sorani, gut) und Englisch", [("ckb", "B2"), ("en", "")]),
        ("Arabisch (Syrien) Muttersprache", [("apc", "native")]),
        ("Persisch (Afghanistan) C1", [("prs", "C1")]),
        ("Dari, Dari C1", [("prs", "")]),
        ("prs, uk native", [("prs", ""), ("uk", "native")]),
        ("Dari\nPaschtu", [("prs", ""), ("ps", "")]),
    ],
    ids=["brackets and words", "semicolon", "level first", "und", "square brackets", "kurdish made precise",
         "kurdish with level", "variety", "umbrella word made precise", "twice", "codes", "lines"],
)  # fmt: skip
def test_several_languages_stand_in_one_cell(cell: str, languages: list[tuple[str, str]]) -> None:
    assert given("Sprachen", cell) == {"languages": tuple(TypedSpoken(*one) for one in languages)}


@pytest.mark.parametrize(
    ("cell", "dialects"),
    [
        ("Arabisch (irakisch, C1)", ("irakisch",)),
        ("Englisch (USA) B2", ("USA",)),
        ("Arabisch (C1, Dialekt Syrisch)", ("Syrisch",)),
    ],
    ids=["beside a level", "alone", "said to be one"],
)
def test_what_stands_in_brackets_and_is_no_level_is_a_dialect(cell: str, dialects: tuple[str, ...]) -> None:
    assert given("Sprachen", cell)["languages"][0].dialects == dialects


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("Kurdisch", Problem(0, "ambiguous", Kind.LANGUAGE, "Kurdisch", ("kmr", "ckb"))),
        ("Dari, Persisch gut", Problem(0, "ambiguous", Kind.LANGUAGE, "Persisch", ("fa", "prs"))),
        ("Klingonisch C1", Problem(0, "unknown", Kind.LANGUAGE, "Klingonisch")),
    ],
    ids=["kurdish", "persian", "unknown"],
)
def test_a_language_that_is_not_clear_is_asked_back(cell: str, problem: Problem) -> None:
    assert row(["Sprachen"], [cell]).problems == (problem,)


def test_an_answer_holds_for_the_whole_file_in_any_case() -> None:
    found = row(["Sprachen"], ["KURDISCH (C1)"], {(Kind.LANGUAGE, "Kurdisch"): "ckb"})

    assert (found.problems, found.given) == ((), {"languages": (TypedSpoken("ckb", "C1"),)})


def test_a_word_that_is_left_out_is_kept_as_a_remark() -> None:
    found = row(["Sprachen"], ["Dari C1, Klingonisch"], {(Kind.LANGUAGE, "Klingonisch"): LEFT_OUT})

    assert found == PoolRow(2, {"languages": (TypedSpoken("prs", "C1"),)}, (), ("Sprachen: Klingonisch",))


def test_languages_too_weak_to_interpret_are_kept_as_remarks() -> None:
    found = row(["Sprachen"], ["Dari C1, Englisch (Grundkenntnisse), Russisch A2"])

    assert found == PoolRow(
        2,
        {"languages": (TypedSpoken("prs", "C1"),)},
        (),
        ("Sprachen: Englisch (Grundkenntnisse)", "Sprachen: Russisch A2"),
    )


def test_german_among_the_languages_is_the_level_of_german() -> None:
    assert given("Sprachen", "Ukrainisch MS, Deutsch C1") == {
        "languages": (TypedSpoken("uk", "native"),),
        "german_level": "C1",
    }


def test_columns_of_languages_and_levels_belong_together() -> None:
    heads = ["Muttersprache", "Sprache 1", "Niveau 1", "Sprache 2", "Niveau 2"]

    found = row(heads, ["Dari", "Farsi", "C1", "Englisch", "A2"])

    assert found.given["languages"] == (TypedSpoken("prs", "native"), TypedSpoken("fa", "C1"))
    assert found.kept == ("Sprache 2: Englisch (A2)",)


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
