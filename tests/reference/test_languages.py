"""Prove that people find a language by whatever they call it, and are asked back where a word is too wide."""

import pytest

from dispatch.domain.languages import Relation
from dispatch.reference import languages
from dispatch.reference.files import read_rows


@pytest.mark.parametrize(
    ("query", "code"),
    [
        pytest.param("Dari", "prs", id="German name"),
        pytest.param("Ukrainian", "uk", id="English name"),
        pytest.param("دری", "prs", id="own name"),
        pytest.param("پښتو", "ps", id="own name in Pashto letters"),
        pytest.param("پشتو", "ps", id="own name in Persian letters"),
        pytest.param("الروسية", "ru", id="Arabic name"),
        pytest.param("روسي", "ru", id="Arabic name without article"),
        pytest.param("türkçe", "tr", id="diacritics"),
        pytest.param("tuerkisch", "tr", id="umlaut written out"),
        pytest.param("turkisch", "tr", id="umlaut left out"),
        pytest.param("  ALBANISCH ", "sq", id="case and blanks"),
        pytest.param("prs", "prs", id="code"),
        pytest.param("pes", "fa", id="ISO 639-3 code"),
        pytest.param("so", "so", id="code before beginnings"),
        pytest.param("Arabisch", "ar", id="umbrella"),
        pytest.param("syrisch", "apc", id="everyday word"),
        pytest.param("marokkanisch", "ary", id="country adjective"),
        pytest.param("weißrussisch", "be", id="older name"),
        pytest.param("Farsi", "fa", id="name in parentheses"),
        pytest.param("Kurdisch (Sorani)", "ckb", id="display name"),
        pytest.param("Kurdisch / Sorani", "ckb", id="two words"),
        pytest.param("persisch afghanistan", "prs", id="language and country"),
        pytest.param("Gebärdensprache", "gsg", id="sign language"),
    ],
)
def test_a_full_name_or_word_means_one_language(query: str, code: str) -> None:
    found = languages.search(query)

    assert found.meant == languages.get_language(code)
    assert found.matches[0] == found.meant
    assert not found.is_ambiguous


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("Kurdisch", ["kmr", "ckb"]),
        ("كردي", ["kmr", "ckb"]),
        ("afghanisch", ["prs", "ps"]),
        ("Persisch", ["fa", "prs"]),
        ("eritreisch", ["ti", "ar"]),
        ("aethiopisch", ["am", "ti", "om", "so"]),
        ("irakisch", ["ar", "ckb", "kmr"]),
        ("serbokroatisch", ["hr", "bs", "sr"]),
    ],
)
def test_a_word_for_several_languages_asks_back(query: str, codes: list[str]) -> None:
    found = languages.search(query)

    assert [language.code for language in found.matches] == codes
    assert found.meant is None
    assert found.is_ambiguous


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        pytest.param("arab", ["ar", "apc", "ary"], id="beginnings in the order of the file"),
        pytest.param("sor", ["ckb"], id="beginning of a word"),
        pytest.param("sisch levante", [], id="a piece that begins no word"),
        pytest.param("mandschi", ["kmr"], id="part of a word"),
        pytest.param("", [], id="nothing"),
        pytest.param("!?", [], id="punctuation only"),
        pytest.param("klingonisch", [], id="not in the list"),
        pytest.param("und", [], id="not known is no language"),
    ],
)
def test_an_unfinished_word_lists_candidates_best_first(query: str, codes: list[str]) -> None:
    found = languages.search(query)

    assert [language.code for language in found.matches] == codes
    assert found.meant is None
    assert not found.is_ambiguous


def test_the_list_of_matches_is_bounded() -> None:
    assert len(languages.search("a", limit=3).matches) == 3


def test_all_71_languages_are_found_by_code_and_german_name() -> None:
    rows = languages.all_languages()

    assert len(rows) == 71
    assert [languages.find_language(row.code) for row in rows] == list(rows)
    assert [languages.search(row.name_de).matches[0] for row in rows] == list(rows)


def test_every_word_leads_to_listed_languages() -> None:
    codes = {code for row in read_rows("language_words.csv") for code in row["codes"].split()}
    close = {code for row in languages.all_languages() for code in row.close_to}

    assert {code for code in codes | close if languages.find_language(code) is None} == set()


def test_arabic_is_the_only_umbrella() -> None:
    umbrellas = {row.code: row.varieties for row in languages.all_languages() if row.varieties}

    assert umbrellas == {"ar": ("apc", "ary")}


@pytest.mark.parametrize(
    ("asked", "related"),
    [
        pytest.param("fa", ("prs", "tg"), id="mutual in part"),
        pytest.param("be", ("ru",), id="one way"),
        pytest.param("ru", (), id="not back"),
        pytest.param("ary", ("ar",), id="variety"),
        pytest.param("kmr", (), id="Kurmanji never by Sorani"),
        pytest.param("ckb", (), id="Sorani never by Kurmanji"),
    ],
)
def test_related_languages_are_directed(asked: str, related: tuple[str, ...]) -> None:
    assert languages.get_language(asked).related == related


def test_kurdish_languages_are_listed_as_not_interchangeable() -> None:
    kurmanji = languages.get_language("kmr")

    assert (kurmanji.close_to, kurmanji.relation) == (("ckb",), Relation.NOT_INTERCHANGEABLE)


@pytest.mark.parametrize(("code", "known"), [("prs", True), ("und", True), ("mis", True), ("xx", False), ("", False)])
def test_a_request_may_carry_listed_codes_and_the_two_special_ones(code: str, known: bool) -> None:
    assert languages.is_known(code) is known
