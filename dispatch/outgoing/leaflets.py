"""Say what the sheets to be printed say: leaflet, pocket card and poster, in the languages of the menu.

Every sheet goes with its German words, since the staff that hands it out must know what it says. It decides no layout:
that stands in `templates/print`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any

import segno
from flask import current_app

from dispatch.domain import hours, service
from dispatch.domain.hours import ServiceHours
from dispatch.domain.service import Service
from dispatch.i18n import DEFAULT, LOCALES, Locale, format_phone, formats, in_language, language_name
from dispatch.i18n import gettext as _
from dispatch.i18n import locale as locale_in_force
from dispatch.outgoing import documents
from dispatch.outgoing.documents import Words
from dispatch.outgoing.shelves import Shelf
from dispatch.reference import languages
from dispatch.services import options


class Kind(StrEnum):
    """What there is to print; the value begins the names of the files."""

    LEAFLET = "leaflet"
    CARD = "card"
    CARDS = "cards"
    POSTER_A4 = "poster-a4"
    POSTER_A3 = "poster-a3"


IN_EVERY_LANGUAGE = (Kind.LEAFLET, Kind.CARD, Kind.CARDS)
POSTERS = (Kind.POSTER_A4, Kind.POSTER_A3)
ASKING, JOINING = "/help-request", "/join"
"""The pages where residents ask and future mediators register, in installations that have them."""

MOST_KILOBYTES = 150
"""No sheet is larger than that."""

SHELF = Shelf(96)
"""Two editions of everything, some four megabytes."""

_LANGUAGE_OF = {"ku": "kmr"}
"""The language of a locale that carries the name of its group."""
_QUIET_MODULES = 2
_FONT_OF_SCRIPT = {"Arab": "Vazirmatn", "Ethi": "Noto Sans Ethiopic"}
_FONT_OF_TAG = {"ti": "Noto Sans Ethiopic"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who hands the sheets out: the service, its hours, its address, and which public pages it has."""

    service: Service
    hours: ServiceHours
    base_url: str
    may_be_asked: bool = False
    may_be_joined: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: what it is and in which language."""

    kind: Kind
    locale: Locale

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return f"{self.kind}-{self.locale.tag}.pdf"


def sheets(tags: Iterable[str] = ()) -> tuple[Sheet, ...]:
    """List every sheet, posters last; only those in the languages of `tags`, if any are named."""
    wanted = set(tags) or {locale.tag for locale in LOCALES}
    every = [Sheet(kind, locale) for locale in LOCALES for kind in IN_EVERY_LANGUAGE]
    every += [Sheet(kind, DEFAULT) for kind in POSTERS]
    return tuple(sheet for sheet in every if sheet.locale.tag in wanted)


def find_sheet(name: str) -> Sheet | None:
    """Find a sheet by the name of its file, without its end."""
    return next((sheet for sheet in sheets() if sheet.name == f"{name}.pdf"), None)


def desk() -> Desk:
    """Return the desk as the district has set it."""
    pages = current_app.url_map.bind("localhost")
    return Desk(
        options.read(service.DEFAULT),
        options.read(hours.DEFAULT),
        current_app.config["BASE_URL"],
        may_be_asked=pages.test(ASKING),
        may_be_joined=pages.test(JOINING),
    )


def tag_of(sheet: Sheet, desk: Desk) -> str:
    """Return a word that stands for every byte of the sheet."""
    return documents.tag_of(_layout(sheet), words(sheet, desk))


def pdf(sheet: Sheet, desk: Desk) -> bytes:
    """Return the sheet as PDF, written once for the same words."""
    said = words(sheet, desk)
    tag = documents.tag_of(_layout(sheet), said)
    return SHELF.get(tag) or SHELF.keep(tag, documents.pdf(_layout(sheet), said))


def words(sheet: Sheet, desk: Desk) -> Words:
    """Return all that a sheet says."""
    writers = {"leaflet": _leaflet, "card": _card, "poster": _poster}
    with in_language(sheet.locale.tag):
        said = writers[_layout(sheet)](sheet, desk)
        return {"kind": sheet.kind.value, "service": _service(desk), **_way(sheet.locale), **said}


def address_of(locale: Locale, desk: Desk) -> str:
    """Return the page that the code of a sheet opens: where residents ask, else the start, in their language."""
    return f"{desk.base_url}{ASKING if desk.may_be_asked else '/'}?lang={locale.tag}"


def _layout(sheet: Sheet) -> str:
    return {Kind.LEAFLET: "leaflet", Kind.CARD: "card", Kind.CARDS: "card"}.get(sheet.kind, "poster")


def _leaflet(sheet: Sheet, desk: Desk) -> dict[str, Any]:
    own = {**_side(desk), "above": "", "has_code": True}
    with in_language(DEFAULT.tag):
        german = {**_side(desk), "above": _("This is what it says, in German"), "has_code": False}
    return {
        "title": _titled(desk, _("Leaflet")),
        "sides": [own, own if sheet.locale == DEFAULT else german],
        "code": _code(address_of(sheet.locale, desk)),
    }


def _side(desk: Desk) -> dict[str, Any]:
    return {
        **_way(locale_in_force()),
        "first": formats().number(1),
        "heading": _("So that you understand each other."),
        "parts": [
            _part(
                _("What we do"),
                _("You have a talk at an office, a school, a day care centre or a doctor’s practice."),
                _("A person comes who speaks German and your language and interprets for both sides."),
                _("It can also be done by phone or video."),
            ),
            _part(_("How to get an interpreter"), *_steps(desk), is_list=True),
            _part(
                _("What is said stays among you"),
                _("Whoever interprets must not tell anybody what was said."),
                _("Whoever interprets takes no side and decides nothing for you."),
            ),
            _part(_("Do you speak German and another language well?"), _joining(desk)),
        ],
        "call": _("Call us"),
        "hours": formats().service_hours(desk.hours.week),
    }


def _steps(desk: Desk) -> tuple[str, str, str]:
    by_code = (
        _("Or scan the code with your phone and ask for an interpreter yourself.")
        if desk.may_be_asked
        else _("Or scan the code with your phone: our page is in your language.")
    )
    return (
        _("Show this leaflet to the office, the school or the practice. They can book an interpreter."),
        by_code,
        _("Or call us and tell us your language, the day and the place."),
    )


def _joining(desk: Desk) -> str:
    if desk.may_be_joined:
        return _("You can interpret for others. You can register on our page, or call us.")
    return _("You can interpret for others. Call us: we explain how it works.")


def _part(heading: str, *lines: str, is_list: bool = False) -> dict[str, Any]:
    return {"heading": heading, "lines": lines, "is_list": is_list}


def _card(sheet: Sheet, desk: Desk) -> dict[str, Any]:
    own = sheet.locale
    with in_language(DEFAULT.tag):
        name = "" if own == DEFAULT else language_name(_LANGUAGE_OF.get(own.tag, own.tag))
        german = {**_way(DEFAULT), "language": _("I speak: %(language)s", language=name), "please": _please()}
    return {
        "title": _titled(desk, _("Pocket card")),
        "german": german,
        "own": {
            **_way(own),
            "language": _("I speak: %(language)s", language=own.own_name),
            "please": _please(),
        },
        "is_open": own == DEFAULT,
        "code": _code(address_of(own, desk)),
    }


def _please() -> str:
    return _("Please call an interpreter.")


def _poster(sheet: Sheet, desk: Desk) -> dict[str, Any]:
    points = []
    for locale in LOCALES:
        with in_language(locale.tag):
            points.append({**_way(locale), "text": _("Please point to your language.")})
    return {
        "title": _titled(desk, _("Poster")),
        "paper": sheet.kind.removeprefix("poster-"),
        "points": points,
        "languages": [_named(language) for language in languages.all_languages()],
        "call": _("Call us"),
        "hours": formats().service_hours(desk.hours.week),
        "below": _("We find somebody who interprets."),
        "code": _code(address_of(DEFAULT, desk)),
    }


def _named(language: languages.Language) -> dict[str, Any]:
    german = language_name(language.code)
    return {
        "lang": language.code,
        "dir": language.direction or "ltr",
        "font": _FONT_OF_SCRIPT.get(language.script, ""),
        "own": language.autonym,
        "german": german,
    }


def _service(desk: Desk) -> dict[str, str]:
    own = desk.service
    return {"name": own.name, "district": own.district, "phone": format_phone(own.phone), "mailbox": own.mailbox}


def _code(address: str) -> dict[str, str]:
    picture = BytesIO()
    segno.make_qr(address, error="m").save(picture, kind="svg", border=_QUIET_MODULES, xmldecl=False)
    return {
        "svg": picture.getvalue().decode(),
        "address": address,
        "shown": address.partition("://")[2],
        "says": _("Code that opens the page %(address)s", address=address),
    }


def _titled(desk: Desk, word: str) -> str:
    return f"{word} – {desk.service.name}"


def _way(locale: Locale) -> dict[str, str]:
    return {
        "lang": locale.lang,
        "dir": locale.direction,
        "font": "Vazirmatn" if locale.direction == "rtl" else _FONT_OF_TAG.get(locale.tag, ""),
    }
