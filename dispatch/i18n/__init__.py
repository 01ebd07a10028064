"""Choose the reader's language and write texts, dates, numbers and names of languages in it.

It holds no sentence about the service's matters: those stand in `messages`, in the templates and in the mails.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import phonenumbers
from flask import Flask, current_app, g, has_request_context, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from dispatch.i18n import names, status, texts
from dispatch.i18n.formats import Formats
from dispatch.i18n.locales import DEFAULT, LOCALES, Locale, choose, locale_of, normalise
from dispatch.i18n.texts import (
    LazyString,
    choose_again,
    gettext,
    in_language,
    lazy_gettext,
    lazy_pgettext,
    locale,
    ngettext,
    pgettext,
)

__all__ = [
    "DEFAULT",
    "LOCALES",
    "Formats",
    "LanguageLink",
    "LazyString",
    "Locale",
    "choose_again",
    "format_instant",
    "formats",
    "gettext",
    "in_language",
    "init_app",
    "keep_in_browser",
    "language_name",
    "language_names",
    "language_status",
    "lazy_gettext",
    "lazy_pgettext",
    "locale",
    "locale_of",
    "ngettext",
    "normalise",
    "pgettext",
    "read_reader_from",
]

COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600
_READER = "reader_language"

_FORMATS = (
    "day",
    "day_long",
    "day_short",
    "day_brief",
    "month",
    "date",
    "weekday",
    "typed_day",
    "clock",
    "time_range",
    "instant",
    "instant_short",
    "moment",
    "due",
    "duration",
    "duration_left",
    "period",
    "number",
    "service_hours",
)
"""Methods of `Formats` that templates call as `format_<name>`."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One entry of the language menu: this page in that language."""

    tag: str
    lang: str
    own_name: str
    href: str
    is_current: bool


def init_app(app: Flask) -> None:
    """Install the languages, the choice of each request, its cookie, and the functions of the templates."""
    texts.init_app(app, app.config.get("TRANSLATIONS", f"{app.root_path}/../translations"), _chosen)
    app.after_request(_keep_choice)
    offered = app.jinja_env.globals
    for name in _FORMATS:
        offered[f"format_{name}"] = _with_formats(name)
    offered["format_list"] = lambda words, *, either=False: formats().enumeration(words, either=either)
    offered["format_series"] = lambda words, *, apart=False: formats().series(words, apart=apart)
    offered["format_names"] = format_names
    offered["format_phone"] = format_phone
    offered["weekday_name"] = _with_formats("weekday_name")
    offered["words_of_days"] = lambda: json.dumps(formats().words_of_days(), ensure_ascii=False)
    offered["locale"] = locale
    offered["locale_comma"] = lambda: locale().comma
    offered["language_links"] = language_links
    offered["language_name"] = language_name
    offered["language_names"] = language_names
    offered["own_name"] = names.own_name
    offered["is_unread_draft"] = lambda: status.is_unread_draft(texts.directory(), locale().tag)


def read_reader_from(app: Flask, find: Callable[[], str | None]) -> None:
    """Ask `find` for the language of who reads: the signed-in user's, or that of a link page's mediator."""
    app.extensions[_READER] = find


def language_status() -> tuple[status.LanguageStatus, ...]:
    """Return how far each language is translated, and who has read it."""
    return status.languages(texts.directory())


def formats() -> Formats:
    """Return the way of writing of the locale in force."""
    return Formats(locale(), ZoneInfo(current_app.config["TIME_ZONE"]))


def format_instant(instant: datetime) -> str:
    """Write day, year and clock time in the reader's language."""
    return formats().instant(instant)


def format_names(words: Iterable[str]) -> Markup:
    """Join names, each in its own direction, as `Formats.enumeration` does."""
    return Markup(formats().enumeration(Markup("<bdi>{}</bdi>").format(word) for word in words))  # noqa: S704 - escaped


def format_phone(number: str) -> str:
    """Write a telephone number of the form +49… as people dial it: national in Germany, else international."""
    parsed = phonenumbers.parse(number)
    national = parsed.country_code == 49
    kind = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, kind)


def language_name(code: str) -> str:
    """Return the name of a language in the reader's language."""
    return names.language_name(code, locale())


def language_names(codes: Iterable[str]) -> str:
    """Return the names of languages of which one is wanted: "Dari oder Persisch (Farsi)"."""
    return formats().enumeration((language_name(code) for code in codes), either=True)


def language_links() -> tuple[LanguageLink, ...]:
    """List this page in each language, for the menu; other arguments of the address are kept."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return tuple(
        LanguageLink(
            entry.tag, entry.lang, entry.own_name, "?" + urlencode([*kept, ("lang", entry.tag)]), entry == locale()
        )
        for entry in LOCALES
    )


def _chosen() -> Locale:
    if not has_request_context():
        return DEFAULT
    accepted = list(request.accept_languages.values())
    if g.get("language_by_header"):  # a program has neither cookie nor menu
        return choose(asked=None, cookie=None, reader=None, accepted=accepted).locale
    find = cast("Callable[[], str | None] | None", current_app.extensions.get(_READER))
    return choose(
        asked=request.args.get("lang"),
        cookie=request.cookies.get(COOKIE),
        reader=find() if find else None,
        accepted=accepted,
    ).locale


def keep_in_browser(response: Response, tag: str) -> None:
    """Set the cookie that keeps the choice of a language in this browser."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, tag, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax")


def _keep_choice(response: Response) -> Response:
    kept = normalise(request.args.get("lang", ""))
    if kept and not g.get("language_by_header") and not g.get("leaves_nothing"):
        keep_in_browser(response, kept)
    return response


def _with_formats(name: str) -> Callable[..., str]:
    def write(*values: object, **options: object) -> str:
        return cast("str", getattr(formats(), name)(*values, **options))

    return write
