"""Texts of the catalogues: what is broken in one, digits, Dari over Persian, and the district's own words."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string

from dispatch import i18n

Write = Callable[..., None]


@pytest.fixture
def catalogues(tmp_path: Path) -> Write:
    """Write a catalogue of the directory from pairs of source and translation."""

    def write(name: str, **texts: object) -> None:
        catalogue = Catalog(locale=name)
        for source, text in texts.items():
            catalogue.add(SOURCES[source], text)  # type: ignore[arg-type]
        path = tmp_path / name / "LC_MESSAGES" / "messages.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, catalogue)

    return write


SOURCES: dict[str, str | tuple[str, str]] = {
    "save": "Save",
    "hello": "Hello %(name)s",
    "people": ("%(num)d person", "%(num)d people"),
}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = Flask(__name__)
    app.config.update(TIME_ZONE="Europe/Berlin", SESSION_COOKIE_SECURE=False, TRANSLATIONS=str(tmp_path))
    i18n.init_app(app)
    return app


def said(app: Flask, tag: str) -> tuple[str, str, str]:
    """Say the three texts in a language."""
    with app.test_request_context(f"/?lang={tag}"):
        return (
            i18n.gettext("Save"),
            i18n.gettext("Hello %(name)s", name="A7"),
            i18n.ngettext("%(num)d person", "%(num)d people", 12),
        )


def test_an_unreadable_catalogue_falls_back_to_the_sources_and_leaves_the_others_alone(
    app: Flask, catalogues: Write, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catalogues("tr", save="Kaydet", hello="Merhaba %(name)s", people=("%(num)d kişi",))
    catalogues("ru", save="Сохранить")
    (tmp_path / "ru" / "LC_MESSAGES" / "messages.mo").write_bytes(b"\xde\x12\x04\x95 not a catalogue")

    with caplog.at_level(logging.WARNING):
        assert said(app, "ru") == ("Save", "Hello A7", "12 people")
        assert said(app, "tr") == ("Kaydet", "Merhaba A7", "12 kişi")
    assert [(record.message, record.__dict__["catalogue"]) for record in caplog.records] == [
        ("catalogue_unreadable", "ru")
    ]


@pytest.mark.parametrize(
    "cut", [0, 3, 30, 200], ids=["empty", "within the mark", "within the table", "within the texts"]
)
def test_a_catalogue_cut_short_falls_back(app: Flask, catalogues: Write, tmp_path: Path, cut: int) -> None:
    catalogues("tr", save="Kaydet")
    path = tmp_path / "tr" / "LC_MESSAGES" / "messages.mo"
    path.write_bytes(path.read_bytes()[:cut])

    assert said(app, "tr")[0] == "Save"


def test_a_missing_catalogue_falls_back(app: Flask) -> None:
    assert said(app, "vi") == ("Save", "Hello A7", "12 people")


@pytest.mark.parametrize(
    "unfit", ["Merhaba %(nam)s", "Merhaba %(name)", "Merhaba %(name)d %q", ""], ids=["other", "cut", "sign", "empty"]
)
def test_a_translation_that_does_not_fit_its_source_is_left_out(
    app: Flask, catalogues: Write, unfit: str, caplog: pytest.LogCaptureFixture
) -> None:
    catalogues("tr", save="Kaydet", hello=unfit)

    assert said(app, "tr")[:2] == ("Kaydet", "Hello A7")
    assert unfit == "" or [record.message for record in caplog.records] == ["translation_unfit"]


def test_numbers_take_the_digits_of_the_language_and_codes_keep_theirs(app: Flask, catalogues: Write) -> None:
    catalogues("fa", hello="سلام %(name)s", people=("%(num)d نفر", "%(num)d نفر"))

    assert said(app, "fa")[1:] == ("سلام A7", "۱۲ نفر")


def test_dari_is_said_by_its_own_words_and_else_by_persian(app: Flask, catalogues: Write) -> None:
    catalogues("fa", save="ذخیره", hello="سلام %(name)s")
    catalogues("fa_AF", save="حفظ")

    assert (said(app, "prs")[:2], said(app, "fa")[:2]) == (("حفظ", "سلام A7"), ("ذخیره", "سلام A7"))


def test_templates_escape_what_is_filled_in_and_not_the_text(app: Flask, catalogues: Write) -> None:
    catalogues("tr", hello="<b>Merhaba</b> %(name)s", people=("%(num)d kişi",))
    template = '{{ _("Hello %(name)s", name=name) }} {{ ngettext("%(num)d person", "%(num)d people", 3) }}'

    with app.test_request_context("/?lang=tr"):
        page = render_template_string(template, name="<i>")

    assert page == "<b>Merhaba</b> &lt;i&gt; 3 kişi"
