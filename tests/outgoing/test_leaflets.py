"""Leaflets, cards and posters: all of them for everybody, in the language they name, with the German beside it."""

from dataclasses import replace
from typing import Any

import pytest
import segno
from flask import Flask

from dispatch.domain import hours, service
from dispatch.i18n import LOCALES
from dispatch.outgoing import documents, leaflets
from dispatch.outgoing.leaflets import Desk, Sheet
from tests import printed
from tests.printed import Printed, Square

DESK = Desk(service.DEFAULT, hours.DEFAULT, "https://dolmetscher.example")
TALK = ("می‌خواهم با آموزگار گفت‌وگو کنم.", "لطفا به من بگویید: چه زمانی؟", "نمی‌توانم به‌تنهایی بیایم.")
ON_CARD = Square(85.6 - 4 - 20, 4, 20)
LANGUAGES = {locale.tag: locale.lang for locale in LOCALES}


def sheet_of(name: str) -> Sheet:
    found = leaflets.find_sheet(name)
    assert found, name
    return found


def text_of(name: str, desk: Desk = DESK) -> str:
    return printed.text(leaflets.pdf(sheet_of(name), desk))


def test_there_is_a_leaflet_a_card_and_ten_cards_in_every_language_and_two_posters() -> None:
    names = {f"{kind}-{tag}.pdf" for kind in ("leaflet", "card", "cards") for tag in LANGUAGES}

    assert {sheet.name for sheet in leaflets.sheets()} == names | {"poster-a4-de.pdf", "poster-a3-de.pdf"}
    assert [sheet.name for sheet in leaflets.sheets(["ti"])] == ["leaflet-ti.pdf", "card-ti.pdf", "cards-ti.pdf"]


def test_every_sheet_is_one_tagged_page_in_its_language_with_its_fonts(app: Flask) -> None:
    files = {sheet: leaflets.pdf(sheet, DESK) for sheet in leaflets.sheets()}

    found = {sheet.name: printed.facts(content) for sheet, content in files.items()}

    assert found == {
        sheet.name: Printed(1, str(leaflets.words(sheet, DESK)["title"]), sheet.locale.lang, True, True)
        for sheet in files
    }
    assert max(map(len, files.values())) < leaflets.MOST_KILOBYTES * 1000
    assert [
        name for sheet, content in files.items() if b"<pdfuaid:part>1<" not in content for name in [sheet.name]
    ] == []


@pytest.mark.parametrize("tag", ["fa", "prs"])
def test_persian_is_read_as_it_was_written(app: Flask, tag: str) -> None:
    """In logical order, joiners included: what is copied, searched or read aloud is what stands there."""
    words: Any = leaflets.words(sheet_of(f"leaflet-{tag}"), DESK)
    own = {**words["sides"][0], "parts": [{"heading": TALK[0], "lines": TALK, "is_list": False}]}

    content = documents.pdf("leaflet", {**words, "sides": [own, words["sides"][1]]})

    heading = own["heading"]
    read = printed.text(content)
    assert [text for text in (heading, own["hours"], *TALK) if text not in read] == []


def test_a_leaflet_says_in_german_what_it_says(app: Flask) -> None:
    german: Any = leaflets.words(sheet_of("leaflet-de"), DESK)
    read = text_of("leaflet-ti")

    lines = [line for part in german["sides"][0]["parts"] for line in (part["heading"], *part["lines"])]
    assert [line for line in (german["sides"][0]["heading"], *lines) if line not in read] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("card-ti", "Ich spreche Tigrinya Bitte rufen Sie jemanden zum Dolmetschen."),
        ("card-ku", "Ich spreche Kurmandschi Bitte rufen Sie jemanden zum Dolmetschen."),
        ("card-de", "Ich spreche Bitte rufen Sie jemanden zum Dolmetschen."),
    ],
)
def test_a_card_says_in_german_which_language_is_spoken(app: Flask, name: str, said: str) -> None:
    assert text_of(name).startswith(said)


def test_the_poster_names_every_language_that_can_be_asked_for(app: Flask) -> None:
    words: Any = leaflets.words(sheet_of("poster-a4-de"), DESK)

    read = text_of("poster-a4-de").replace("- ", "-").replace("\ufffe", "-")

    ltr = [row for row in words["languages"] if row["dir"] == "ltr" and row["german"]]
    assert len(words["languages"]) == 71
    assert [row["lang"] for row in ltr if row["german"].replace("-", "") not in read.replace("-", "")] == []


@pytest.mark.parametrize(
    ("desk", "address"),
    [
        pytest.param(DESK, "https://dolmetscher.example/?lang=fa", id="start"),
        pytest.param(
            replace(DESK, may_be_asked=True),
            "https://dolmetscher.example/help-request?lang=fa",
            id="where residents ask",
        ),
    ],
)
def test_the_code_opens_the_page_in_the_language_of_the_card(app: Flask, desk: Desk, address: str) -> None:
    code = segno.make_qr(address, error="m")
    wanted = [[int(field) for field in row] for row in code.matrix_iter(border=2)]

    seen = printed.modules(leaflets.pdf(sheet_of("card-fa"), desk), ON_CARD, len(wanted))

    assert seen == wanted


def test_name_and_telephone_are_those_of_the_district(app: Flask) -> None:
    own = replace(service.DEFAULT, name="Sprachbrücke", phone="+493522123456", mailbox="hilfe@kreis.example")

    read = text_of("leaflet-de", replace(DESK, service=own))

    assert [
        one for one in ("Sprachbrücke", "03522\u00a0123456".replace("\u00a0", " "), own.mailbox) if one not in read
    ] == []
    assert service.DEFAULT.name not in read
