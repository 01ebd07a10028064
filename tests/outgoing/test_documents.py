"""Sheets as PDF: every letter of the fonts, no markup from words, the same bytes for the same words."""

from typing import Any

import pytest
from flask import Flask

from dispatch.domain import hours, service
from dispatch.domain.service import Service
from dispatch.outgoing import documents, leaflets
from dispatch.outgoing.leaflets import Desk
from tests import printed

DESK = Desk(service.DEFAULT, hours.DEFAULT, "https://dolmetscher.example", may_be_asked=True)
MARKUP = '#panic("x") $x^2$ ] [ *b* @ref <l> // c /* `r` \\ "q"'


def card(lang: str, desk: Desk = DESK) -> tuple[str, Any]:
    sheet = leaflets.find_sheet(f"card-{lang}")
    assert sheet
    return "card", leaflets.words(sheet, desk)


def naming(name: str) -> Desk:
    return Desk(Service(name=name, district=name), hours.DEFAULT, "https://dolmetscher.example")


def test_every_letter_of_the_list_is_in_a_font(app: Flask) -> None:
    """The writer refuses what no font has, so that a wrong list fails here and not in an office."""
    layout, words = card("en")
    every = [chr(number) for number in sorted(documents.letters())]

    content = documents.pdf(layout, {**words, "own": {**words["own"], "please": " ".join(every)}})

    assert printed.facts(content).is_tagged


@pytest.mark.parametrize(
    ("raw", "set_as"),
    [
        pytest.param("Grüße, Đỗ Thị Hằng, ትግርኛ, می‌خواهم", "Grüße, Đỗ Thị Hằng, ትግርኛ, می‌خواهم", id="our letters"),
        pytest.param("😀 Amt 龍", "? Amt ?", id="no font"),
        pytest.param("a\u202eb\x07c\nd", "a b c d", id="controls"),
        pytest.param(MARKUP, MARKUP, id="markup"),
    ],
)
def test_words_are_set_as_far_as_the_fonts_go(raw: str, set_as: str) -> None:
    assert documents.settable(raw) == set_as


def test_words_are_never_markup(app: Flask) -> None:
    layout, words = card("de", naming(MARKUP))

    assert MARKUP in printed.text(documents.pdf(layout, words))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("W" * 80, id="one long word"),
        pytest.param("wide words " * 7, id="many words"),
        pytest.param("ሀ\u0308a\u064e سلام 😀", id="signs of foreign scripts"),
        pytest.param("", id="nothing"),
    ],
)
def test_whatever_the_service_is_called_a_sheet_is_one_page(app: Flask, name: str) -> None:
    found = [leaflets.find_sheet(one) for one in ("leaflet-fa", "card-ti")]

    assert [printed.facts(leaflets.pdf(sheet, naming(name))).pages for sheet in found if sheet] == [1, 1]


def test_the_same_words_make_the_same_bytes_and_others_another_tag(app: Flask) -> None:
    layout, words = card("vi")
    other = {**words, "title": "another"}

    assert documents.pdf(layout, words) == documents.pdf(layout, dict(reversed(words.items())))
    assert documents.tag_of(layout, words) == documents.tag_of(layout, dict(reversed(words.items())))
    assert len({documents.tag_of(layout, words), documents.tag_of(layout, other), documents.tag_of("x", words)}) == 3
