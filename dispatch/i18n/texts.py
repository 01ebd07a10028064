"""Translate: the one module that touches Flask-Babel."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import flask_babel
from flask import Flask
from flask_babel.speaklater import LazyString

from dispatch.i18n.locales import DEFAULT, LOCALES, Locale, locale_of

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

gettext: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext
pgettext: Callable[..., str] = flask_babel.pgettext
lazy_gettext: Callable[..., LazyString] = flask_babel.lazy_gettext
lazy_pgettext: Callable[..., LazyString] = flask_babel.lazy_pgettext

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
