"""The choice of the reader's language, and how days, times, spans and names are written in it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import babel
import pytest
from flask import Flask

from dispatch import i18n
from dispatch.i18n.formats import Formats
from dispatch.i18n.locales import LOCALES, Choice, Locale, choose, locale_of, normalise
from dispatch.i18n.names import OWN, language_name
from dispatch.reference import languages

BERLIN = ZoneInfo("Europe/Berlin")
BY_TAG = {locale.tag: locale for locale in LOCALES}


def at(text: str) -> datetime:
    """Return the instant of a local wall time; `*` behind it means the second pass of the doubled hour."""
    local = datetime.fromisoformat(text.rstrip("*")).replace(tzinfo=BERLIN, fold=int(text.endswith("*")))
    return local.astimezone(UTC)


def formats(tag: str) -> Formats:
    return Formats(BY_TAG[tag], BERLIN)


def test_german_arabic_and_english_have_their_own_name_and_direction() -> None:
    offered = [(locale.tag, locale.own_name, locale.direction) for locale in LOCALES]

    assert offered == [("de", "Deutsch", "ltr"), ("ar", "العربية", "rtl"), ("en", "English", "ltr")]


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
        pytest.param("prs", "ar", None, ["en"], "prs", "de", id="no catalogue: kept, shown by its chain"),
        pytest.param("kmr", None, None, [], "kmr", "de", id="no catalogue: kmr"),
        pytest.param("uk", None, None, ["en"], "uk", "de", id="no catalogue and no chain"),
        pytest.param(None, None, None, ["fr", "en"], None, "en", id="first of the list with a catalogue"),
        pytest.param(None, None, None, ["fr", "tr"], None, "de", id="nothing of the list has one"),
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
    assert [locale_of(tag).tag for tag in ("prs", "kmr", "uk", "ar")] == ["de", "de", "de", "ar"]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", ("Di, 1. Dezember 2026", "Dienstag, 1. Dezember 2026", "Di, 1. Dezember", "1. Dez.", "Dienstag")),
        ("en", ("Tue, 1 December 2026", "Tuesday, 1 December 2026", "Tue, 1 December", "1 Dec", "Tuesday")),
        (
            "ar",
            ("الثلاثاء، 1 ديسمبر 2026", "الثلاثاء، 1 ديسمبر 2026", "الثلاثاء، 1 ديسمبر", "1 ديسمبر", "الثلاثاء"),
        ),
    ],
)
def test_days_always_carry_their_weekday(tag: str, expected: tuple[str, ...]) -> None:
    write, day = formats(tag), at("2026-12-01T09:00")

    written = write.day(day), write.day_long(day), write.day_short(day), write.day_brief(day), write.weekday(day)

    assert written == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param("2026-12-01T09:00", "9:00", id="no leading zero"),
        pytest.param("2026-07-01T00:05", "0:05", id="summer, after midnight"),
        pytest.param("2027-03-28T03:00", "3:00", id="right after the missing hour"),
        pytest.param("2027-10-31T02:30", "2:30 (summer time)", id="first pass of the doubled hour"),
        pytest.param("2027-10-31T02:30*", "2:30 (winter time)", id="second pass of the doubled hour"),
        pytest.param("2027-10-31T03:00", "3:00", id="right after the doubled hour"),
    ],
)
def test_a_clock_time_is_local_and_never_ambiguous(instant: str, expected: str) -> None:
    assert formats("de").clock(at(instant)) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [("2026-12-01T10:00", "9:00–10:00"), ("2026-12-02T00:30", "9:00–Mi 0:30")],
    ids=["same day", "over midnight"],
)
def test_a_span_of_times_names_the_weekday_of_a_later_end(end: str, expected: str) -> None:
    assert formats("de").time_range(at("2026-12-01T09:00"), at(end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-12-21T00:00", "2027-01-04T00:00", "Mo, 21. Dezember 2026 – So, 3. Januar 2027"),
        ("2026-12-21T00:00", "2026-12-22T00:00", "Mo, 21. Dezember 2026"),
        ("2026-12-05T10:00", "2026-12-05T14:00", "Sa, 5. Dezember 2026, 10:00–14:00"),
        ("2026-12-05T22:00", "2026-12-06T02:00", "Sa, 5. Dezember 2026, 22:00 – So, 6. Dezember 2026, 2:00"),
        ("2027-03-28T00:00", "2027-03-29T00:00", "So, 28. März 2027"),
    ],
    ids=["whole days", "one whole day", "hours", "over midnight", "a day of 23 hours"],
)
def test_a_period_names_whole_days_without_hours(start: str, end: str, expected: str) -> None:
    assert formats("de").period(at(start), at(end)) == expected


@pytest.mark.parametrize(
    ("instant", "moment", "due"),
    [
        ("2026-11-26T10:00", "10:00", "for 20 minutes"),
        ("2026-11-25T10:20", "25. Nov., 10:20", "for 1 day"),
        ("2026-11-26T10:20", "10:20", "now"),
        ("2026-11-26T11:00", "11:00", "in 40 minutes"),
        ("2026-11-26T13:00", "13:00", "in 2 hours"),
        ("2026-11-27T00:10", "Fr 0:10", "tomorrow"),
        ("2026-11-30T09:00", "Mo 9:00", "in 4 days"),
        ("2026-12-07T09:00", "7. Dez., 9:00", "in 11 days"),
    ],
)
def test_a_near_instant_is_brief_and_says_how_far_it_is(instant: str, moment: str, due: str) -> None:
    now = at("2026-11-26T10:20")

    assert (formats("de").moment(at(instant), now), formats("de").due(at(instant), now)) == (moment, due)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-5, "0 minutes"),
        (0, "0 minutes"),
        (1, "1 minute"),
        (60, "1 hour"),
        (280, "4 hours and 40 minutes"),
        (2879, "47 hours and 59 minutes"),
        (2880, "2 days"),
        (3120, "2 days and 4 hours"),
    ],
)
def test_time_left_has_at_most_two_units(minutes: int, expected: str) -> None:
    now = at("2026-11-26T10:20")

    assert formats("en").duration_left(now + timedelta(minutes=minutes), now) == expected


@pytest.mark.parametrize(
    ("tag", "expected"), [("de", ("1.234", "85,2")), ("en", ("1,234", "85.2")), ("ar", ("1,234", "85.2"))]
)
def test_digits_are_western_everywhere(tag: str, expected: tuple[str, str]) -> None:
    write = formats(tag)

    assert (write.number(1234), write.number(85.2, 1)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2026-12-01", "Di, 01.12.2026"), ("1.12.", "1.12."), ("", ""), ("2026-02-31", "2026-02-31")],
)
def test_a_typed_day_gets_its_weekday_or_stays_as_typed(value: str, expected: str) -> None:
    assert formats("de").typed_day(value) == expected


def test_service_hours_join_equal_days() -> None:
    week = [(480, 960)] * 4 + [(480, 810), None, None]

    assert formats("en").service_hours(week) == "Mon–Thu 8–16 and Fri 8–13:30"


@pytest.mark.parametrize("tag", sorted(BY_TAG))
def test_every_language_of_the_list_has_a_name_in_every_locale(tag: str) -> None:
    names = {entry.code: language_name(entry.code, BY_TAG[tag]) for entry in languages.all_languages()}

    assert [code for code, name in names.items() if name in ("", code)] == []
    assert len(set(names.values())) == len(names)


def test_own_names_are_given_for_the_same_codes_in_every_locale() -> None:
    assert {tag: sorted(names) for tag, names in OWN.items()} == {tag: sorted(OWN["de"]) for tag in BY_TAG}


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
    answer = pages.test_client().get("/?lang=prs")

    assert answer.headers["Set-Cookie"].split("; ")[0] == "lang=prs"


def test_the_menu_keeps_the_other_arguments_of_the_address(pages: Flask) -> None:
    answer = pages.test_client().get("/?state=open&state=new&lang=ar")

    assert answer.json == [
        "ar",
        "?state=open&state=new&lang=de",
        "?state=open&state=new&lang=ar",
        "?state=open&state=new&lang=en",
    ]


def test_the_readers_language_counts_before_the_browsers(pages: Flask) -> None:
    pages.extensions["reader"]["language"] = "ar"

    answer = pages.test_client().get("/", headers={"Accept-Language": "en"})

    assert answer.json[0] == "ar"  # type: ignore[index]


def test_a_mail_is_written_in_its_recipients_language(pages: Flask) -> None:
    with pages.test_request_context("/?lang=en"):
        with i18n.in_language("ar") as used:
            inside = i18n.locale().tag, i18n.language_name("prs"), used.direction
        outside = i18n.locale().tag, i18n.language_name("prs")

    assert (inside, outside) == (("ar", "الدرية", "rtl"), ("en", "Dari"))


def test_outside_of_requests_german_is_spoken(pages: Flask) -> None:
    with pages.app_context():
        assert i18n.locale().tag == "de"


@pytest.mark.parametrize(
    ("number", "expected"), [("+493521000140", "03521 000140"), ("+420601123456", "+420 601 123 456")]
)
def test_telephone_numbers_are_written_as_one_dials_them(number: str, expected: str) -> None:
    assert i18n.format_phone(number) == expected
