"""Translate: the one module that touches Flask-Babel."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import flask_babel
from flask import Flask
from flask_babel.speaklater import LazyString

from dispatch.domain import service
from dispatch.i18n.locales import DEFAULT, LOCALES, Locale, locale_of
from dispatch.services import options

__all__ = [
    "LazyString",
    "choose_again",
    "gettext",
    "in_language",
    "init_app",
    "lazy_gettext",
    "lazy_pgettext",
    "locale",
    "ngettext",
    "pgettext",
]

_STEM = "Sprachmittl"
"""What German catalogues call interpreting begins like this; only a text that has it may need the district's word."""


def _in_own_terms(translate: Callable[..., str]) -> Callable[..., str]:
    """Let a translation use the district's words for interpreting and for those who do it."""

    def say(*texts: str, **values: object) -> str:
        text = translate(*texts, **values)
        if _STEM not in text:
            return text
        own, shipped = options.read_for_page(service.DEFAULT), service.DEFAULT
        return text.replace(shipped.people, own.people).replace(shipped.term, own.term)

    return say


gettext = _in_own_terms(flask_babel.gettext)
ngettext = _in_own_terms(flask_babel.ngettext)
pgettext = _in_own_terms(flask_babel.pgettext)


def lazy_gettext(text: str, **values: object) -> LazyString:
    """Return a text that is translated when it is read."""
    return LazyString(gettext, text, **values)


def lazy_pgettext(context: str, text: str, **values: object) -> LazyString:
    """Return the same of a text that means something else elsewhere."""
    return LazyString(pgettext, context, text, **values)


_BY_CLDR = {locale.cldr: locale for locale in LOCALES}


def init_app(app: Flask, directory: str, select: Callable[[], Locale]) -> None:
    """Install Flask-Babel with the catalogues of `directory` and `select` as the choice of each request."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = directory
    flask_babel.Babel(
        app,
        default_locale=DEFAULT.cldr,
        default_timezone=app.config["TIME_ZONE"],
        locale_selector=lambda: select().cldr,
    )


def locale() -> Locale:
    """Return the locale in force: that of `in_language`, else the reader's, else the default."""
    return _BY_CLDR.get(str(flask_babel.get_locale()), DEFAULT)


@contextmanager
def in_language(tag: str) -> Iterator[Locale]:
    """Write in the language of a tag inside the block, as for a mail; yields the locale that is used for it."""
    chosen = locale_of(tag)
    with flask_babel.force_locale(chosen.cldr):
        yield chosen


def choose_again() -> None:
    """Forget the choice of this request, for a view that learns the reader's language on its way."""
    flask_babel.refresh()
