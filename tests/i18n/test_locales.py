"""The choice of the reader's language, its cookie and menu, and the names of languages in it."""

from zoneinfo import ZoneInfo

import babel
import pytest
from flask import Flask

from dispatch import i18n
from dispatch.i18n.formats import Formats
from dispatch.i18n.locales import LOCALES, Choice, Locale, choose, locale_of, normalise
from dispatch.i18n.names import language_name, own_names
from dispatch.reference import languages

BY_TAG = {locale.tag: locale for locale in LOCALES}


def test_every_language_of_the_menu_has_its_own_name_and_direction() -> None:
    offered = [(locale.tag, locale.own_name, locale.direction) for locale in LOCALES]

    assert offered == [
        ("de", "Deutsch", "ltr"),
        ("en", "English", "ltr"),
        ("ar", "العربية", "rtl"),
        ("fa", "فارسی", "rtl"),
        ("prs", "دری", "rtl"),
        ("ps", "پښتو", "rtl"),
        ("ku", "Kurmancî", "ltr"),
        ("ru", "Русский", "ltr"),
        ("ti", "ትግርኛ", "ltr"),
        ("tr", "Türkçe", "ltr"),
        ("uk", "Українська", "ltr"),
        ("fr", "Français", "ltr"),
        ("vi", "Tiếng Việt", "ltr"),
    ]


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.tag)
def test_direction_is_that_of_cldr(locale: Locale) -> None:
    assert locale.direction == babel.Locale.parse(locale.cldr).text_direction


@pytest.mark.parametrize(
    ("asked", "cookie", "reader", "accepted", "kept", "shown"),
    [
        pytest.param("ar", "en", "de", ["en"], "ar", "ar", id="the address wins"),
        pytest.param(None, "ar", "en", ["en"], "ar", "ar", id="then the cookie"),
        pytest.param(None, None, "ar", ["en"], "ar", "ar", id="then the reader's language"),
        pytest.param(None, None, None, ["ar", "en"], None, "ar", id="then the browser's list"),
        pytest.param(None, None, None, [], None, "de", id="then German"),
        pytest.param("prs", "ar", None, ["en"], "prs", "prs", id="Dari"),
        pytest.param("fa-AF", None, None, ["en"], "prs", "prs", id="Dari by its other name"),
        pytest.param("kmr", None, None, [], "kmr", "ku", id="no catalogue: kept, shown by its chain"),
        pytest.param("ckb", None, None, ["en"], "ckb", "de", id="no catalogue and no chain"),
        pytest.param(None, None, None, ["ro", "en"], None, "en", id="first of the list with a catalogue"),
        pytest.param(None, None, None, ["ro", "pl"], None, "de", id="nothing of the list has one"),
        pytest.param(None, None, None, ["en-US", "de"], None, "en", id="a region is no other language"),
        pytest.param("xx", "ar", None, [], "ar", "ar", id="no such language"),
        pytest.param("", "", "", [], None, "de", id="empty is absent"),
        pytest.param("<script>", None, "ar", [], "ar", "ar", id="no language at all"),
        pytest.param("AR_eg", None, None, [], "ar", "ar", id="any spelling"),
    ],
)
def test_language_is_chosen_in_the_order_of_the_contract(
    asked: str | None,
    cookie: str | None,
    reader: str | None,
    accepted: list[str],
    kept: str | None,
    shown: str,
) -> None:
    choice = choose(asked=asked, cookie=cookie, reader=reader, accepted=accepted)

    assert choice == Choice(kept, BY_TAG[shown])


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        (" AR ", "ar"),
        ("prs", "prs"),
        ("kmr", "kmr"),
        ("zh-Hant", "zh"),
        ("fa-AF", "prs"),
        ("fa_IR", "fa"),
        ("xx", None),
        ("d", None),
        ("deutsch", None),
        ("de'--", None),
        ("*", None),
        ("", None),
    ],
)
def test_a_tag_has_one_spelling_or_is_none(tag: str, expected: str | None) -> None:
    assert normalise(tag) == expected


def test_a_language_without_catalogue_is_shown_in_german() -> None:
    assert [locale_of(tag).tag for tag in ("prs", "kmr", "ro", "ar")] == ["prs", "ku", "de", "ar"]


@pytest.mark.parametrize("tag", sorted(BY_TAG))
def test_every_language_of_the_list_has_a_name_in_every_locale(tag: str) -> None:
    names = {entry.code: language_name(entry.code, BY_TAG[tag]) for entry in languages.all_languages()}

    assert [code for code, name in names.items() if name in ("", code)] == []
    assert len(set(names.values())) == len(names)


def test_own_names_are_given_for_the_same_codes_in_every_locale() -> None:
    names = own_names()

    assert {tag: sorted(names[tag]) for tag in names} == {tag: sorted(names["de"]) for tag in BY_TAG}
    assert [(tag, code) for tag in names for code, name in names[tag].items() if not name] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ckb", ("Sorani", "Sorani", "الكردية (السورانية)")),
        ("kmr", ("Kurmandschi", "Kurmanji", "الكردية (الكرمانجية)")),
        ("rom", ("Romanes", "Romani", "لغة الروما")),
        ("tr", ("Türkisch", "Turkish", "التركية")),
        ("qqq", ("qqq", "qqq", "qqq")),
    ],
)
def test_languages_are_named_as_their_speakers_would_accept(code: str, expected: tuple[str, ...]) -> None:
    assert tuple(language_name(code, BY_TAG[tag]) for tag in ("de", "en", "ar")) == expected


@pytest.fixture
def pages() -> Flask:
    """An application with languages and one page that shows what was chosen."""
    app = Flask(__name__)
    app.config.update(TIME_ZONE="Europe/Berlin", SESSION_COOKIE_SECURE=False)
    i18n.init_app(app)
    reader: dict[str, str | None] = {"language": None}
    app.extensions["reader"] = reader
    i18n.read_reader_from(app, lambda: reader["language"])

    @app.get("/")
    def page() -> list[str]:
        return [i18n.locale().tag, *(link.href for link in i18n.language_links())]

    return app


def test_asking_in_the_address_sets_a_cookie_that_lasts(pages: Flask) -> None:
    client = pages.test_client()

    first = client.get("/?lang=ar", headers={"Accept-Language": "de"})
    second = client.get("/", headers={"Accept-Language": "de"})

    assert (first.json[0], second.json[0]) == ("ar", "ar")  # type: ignore[index]
    assert first.headers["Set-Cookie"].split("; ")[0] == "lang=ar"
    assert "Set-Cookie" not in second.headers


def test_what_is_no_language_sets_no_cookie(pages: Flask) -> None:
    answer = pages.test_client().get("/?lang=%22%3E%3Cscript%3E")

    assert "Set-Cookie" not in answer.headers


def test_a_language_without_catalogue_is_kept_in_the_cookie(pages: Flask) -> None:
    answer = pages.test_client().get("/?lang=kmr")

    assert answer.headers["Set-Cookie"].split("; ")[0] == "lang=kmr"


def test_the_menu_keeps_the_other_arguments_of_the_address(pages: Flask) -> None:
    answer = pages.test_client().get("/?state=open&state=new&lang=ar")

    assert answer.json == ["ar", *(f"?state=open&state=new&lang={locale.tag}" for locale in LOCALES)]


def test_the_readers_language_counts_before_the_browsers(pages: Flask) -> None:
    pages.extensions["reader"]["language"] = "ar"

    answer = pages.test_client().get("/", headers={"Accept-Language": "en"})

    assert answer.json[0] == "ar"  # type: ignore[index]


@pytest.mark.parametrize("first", ["ps", "ru", "ti"])
def test_no_language_lends_its_weekdays_to_another(first: str) -> None:
    """Babel keeps what it resolves where others inherit it: the first one asked would name everybody's days."""
    order = [first, *(tag for tag in BY_TAG if tag != first)]

    tuesday = {tag: Formats(BY_TAG[tag], ZoneInfo("Europe/Berlin")).weekday_name(1, "short") for tag in order}

    assert tuesday == {
        "de": "Di", "en": "Tue", "ar": "الثلاثاء", "fa": "سه‌شنبه", "prs": "سه‌شنبه", "ps": "درېنۍ", "ku": "sşm",
        "ru": "вт", "ti": "ሰሉ", "tr": "Sal", "uk": "вт", "fr": "mar.", "vi": "Th 3",
    }  # fmt: skip


def test_a_mail_is_written_in_its_recipients_language(pages: Flask) -> None:
    with pages.test_request_context("/?lang=en"):
        with i18n.in_language("ar") as used:
            inside = i18n.locale().tag, i18n.language_name("prs"), used.direction
        outside = i18n.locale().tag, i18n.language_name("prs")

    assert (inside, outside) == (("ar", "الدرية", "rtl"), ("en", "Dari"))


def test_outside_of_requests_german_is_spoken(pages: Flask) -> None:
    with pages.app_context():
        assert i18n.locale().tag == "de"
