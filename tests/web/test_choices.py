"""A typed word means one language or place, or it is asked back which of several is meant."""

import pytest
from flask import Flask

from config import TestConfig
from dispatch import create_app, i18n
from dispatch.domain.places import TypedPlace
from dispatch.reference import languages, places
from dispatch.reference.phones import read_phone
from dispatch.web.forms.choices import (
    ReadLanguages,
    ReadPlace,
    language_word,
    language_words,
    place_word,
    read_languages,
    read_place,
)

KURDISH = ("kmr", "ckb", "und")


@pytest.fixture(scope="module")
def pages() -> Flask:
    """An application whose database is never asked."""
    return create_app(TestConfig("sqlite://"))


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Dari", ("prs",)),
        ("dari (دری)", ("prs",)),
        ("دری", ("prs",)),
        ("persisch afghanistan", ("prs",)),
        ("Sorani", ("ckb",)),
        ("Dari, Farsi", ("prs", "fa")),
        ("Dari oder Farsi", ("prs", "fa")),
        ("Sprache noch unbekannt", ("und",)),
        ("", ()),
    ],
)
def test_a_language_is_found_by_any_of_its_names(pages: Flask, typed: str, codes: tuple[str, ...]) -> None:
    with pages.test_request_context():
        assert read_languages(typed) == ReadLanguages(codes)


@pytest.mark.parametrize(
    ("typed", "chosen", "expected"),
    [
        ("Kurdisch", "", ReadLanguages((), "ambiguous", KURDISH)),
        ("Kurdisch", "ckb", ReadLanguages(("ckb",))),
        ("Kurdisch", "und", ReadLanguages(("und",))),
        ("Kurdisch", "prs", ReadLanguages((), "ambiguous", KURDISH)),
        ("Afghanisch", "", ReadLanguages((), "ambiguous", ("prs", "ps", "und"))),
        ("eritreisch", "ti", ReadLanguages(("ti",))),
        ("Jugoslawisch", "", ReadLanguages((), "ambiguous", ("hr", "bs", "sr", "und"))),
        ("Qwrtz", "", ReadLanguages((), "unknown", ("mis", "und"))),
        ("Qwrtz", "mis", ReadLanguages(("mis",))),
        ("Dari, Kurdisch", "", ReadLanguages(("prs",), "ambiguous", KURDISH)),
    ],
    ids=[
        "asked back",
        "answered",
        "not known",
        "forged answer",
        "Afghan",
        "Eritrean",
        "Yugoslav",
        "unknown",
        "unlisted",
        "second word",
    ],
)
def test_a_word_for_several_languages_is_asked_back(
    pages: Flask, typed: str, chosen: str, expected: ReadLanguages
) -> None:
    with pages.test_request_context():
        assert read_languages(typed, chosen) == expected


@pytest.mark.parametrize("tag", ["de", "en", "ar"])
def test_what_the_field_offers_is_understood_in_every_language_of_the_pages(pages: Flask, tag: str) -> None:
    with pages.test_request_context(f"/?lang={tag}"):
        codes = [language.code for language in languages.all_languages()]

        understood = {code: read_languages(language_word(code)).codes for code in codes}

        assert i18n.locale().tag == tag
        assert understood == {code: (code,) for code in codes}


def test_several_languages_come_back_from_the_field_in_their_order(pages: Flask) -> None:
    with pages.test_request_context():
        assert read_languages(language_words(["prs", "fa", "ps"])).codes == ("prs", "fa", "ps")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Nünchritz", TypedPlace(municipality="14627190")),
        ("nuenchritz", TypedPlace(municipality="14627190")),
        ("01612 Diesbar-Seußlitz", TypedPlace(postal_code="01612", town="Diesbar-Seußlitz")),
        ("Diesbar-Seußlitz", TypedPlace(postal_code="01612", town="Diesbar-Seußlitz")),
        ("01067 Dresden", TypedPlace(postal_code="01067", town="Dresden")),
        ("  ", TypedPlace()),
    ],
)
def test_a_place_is_found_by_name_or_postal_code(typed: str, expected: TypedPlace) -> None:
    assert read_place(typed) == ReadPlace(expected)


def test_a_name_with_many_postal_codes_is_asked_back_and_answered() -> None:
    asked = read_place("Dresden")

    answered = read_place("Dresden", asked.choices[0].key)

    assert (asked.error, asked.place, len(asked.choices)) == ("ambiguous", TypedPlace(), 16)
    assert answered == ReadPlace(TypedPlace(postal_code=asked.choices[0].postal_code or "", town="Dresden"))


def test_an_unknown_place_is_told() -> None:
    assert read_place("Qwrtz") == ReadPlace(TypedPlace(), "unknown")


def test_every_place_comes_back_from_the_field() -> None:
    known = [place for code in ("01612", "01662", "01067", "01558") for place in places.towns(code)]

    understood = {place.key: read_place(place_word(place)).place for place in known}

    assert understood == {
        place.key: TypedPlace(postal_code=place.postal_code or "", town=place.town) for place in known
    }


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("03521 000 140", "+493521000140"),
        ("+49 (0)3521 / 000-140", "+493521000140"),
        ("0151 12345678", "+4915112345678"),
        ("0048 22 123 45 67", "+48221234567"),
        ("", ""),
        ("Sekretariat", "Sekretariat"),
        ("1" * 60, "1" * 60),
    ],
)
def test_a_number_is_read_in_any_spelling(typed: str, number: str) -> None:
    assert read_phone(typed) == number
