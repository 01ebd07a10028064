"""Heads of pool files in German and English, in any order."""

import pytest

from dispatch.domain.pool_columns import Column, Header, find_header, places_by_field, read_header
from dispatch.reference.pool_words import FileWords


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
