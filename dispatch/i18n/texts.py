"""Translate: the one module that touches Flask-Babel, of which it takes the choice of the locale only.

Numbers that are filled into a sentence are written in the digits of its language; words and codes stay as they are.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from gettext import NullTranslations
from typing import Any

import flask_babel
from flask import Flask, current_app, has_app_context
from flask_babel.speaklater import LazyString
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from dispatch.domain import service
from dispatch.i18n import catalogues
from dispatch.i18n.locales import DEFAULT, LOCALES, SOURCE_TAG, Locale, locale_of
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

_DIRECTORY = "translations_directory"
_CATALOGUES = "catalogues"


def gettext(text: str, **values: object) -> str:
    """Return a text in the reader's language, filled with the values."""
    return _filled(_in_own_terms(_catalogue().gettext(text)), values)


def pgettext(context: str, text: str, **values: object) -> str:
    """Return the same of a text that means something else elsewhere."""
    return _filled(_in_own_terms(_catalogue().pgettext(context, text)), values)


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Return the form of a text that goes with `num`, which it may name as `%(num)d`."""
    return _filled(_in_own_terms(_catalogue().ngettext(one, many, num)), {"num": num, **values})


def lazy_gettext(text: str, **values: object) -> LazyString:
    """Return a text that is translated when it is read."""
    return LazyString(gettext, text, **values)


def lazy_pgettext(context: str, text: str, **values: object) -> LazyString:
    """Return the same of a text that means something else elsewhere."""
    return LazyString(pgettext, context, text, **values)


_BY_CLDR = {locale.cldr: locale for locale in LOCALES}


def init_app(app: Flask, directory: str, select: Callable[[], Locale]) -> None:
    """Install the catalogues of `directory`, `select` as the choice of each request, and the texts of templates."""
    app.extensions[_DIRECTORY] = directory
    app.extensions[_CATALOGUES] = {}
    flask_babel.Babel(
        app,
        configure_jinja=False,
        default_locale=DEFAULT.cldr,
        default_timezone=app.config["TIME_ZONE"],
        locale_selector=lambda: select().babel,
    )
    for name, say in (("gettext", gettext), ("_", gettext), ("pgettext", pgettext), ("ngettext", ngettext)):
        app.jinja_env.globals[name] = _for_templates(say)


def directory() -> str:
    """Return where the catalogues of this application lie."""
    return str(current_app.extensions[_DIRECTORY])


def locale() -> Locale:
    """Return the locale in force: that of `in_language`, else the reader's, else the default."""
    return _BY_CLDR.get(str(flask_babel.get_locale()), DEFAULT)


@contextmanager
def in_language(tag: str) -> Iterator[Locale]:
    """Write in the language of a tag inside the block, as for a mail; yields the locale that is used for it."""
    chosen = locale_of(tag)
    with flask_babel.force_locale(chosen.babel):
        yield chosen


def choose_again() -> None:
    """Forget the choice of this request, for a view that learns the reader's language on its way."""
    flask_babel.refresh()


def _catalogue() -> NullTranslations:
    """Return the catalogue of the locale in force, read once per application; outside of one, the source texts."""
    if not has_app_context():
        return NullTranslations()
    kept: dict[str, NullTranslations] = current_app.extensions[_CATALOGUES]
    chosen = locale()
    found = kept.get(chosen.tag)
    if found is None:
        names = () if chosen.tag == SOURCE_TAG else chosen.catalogues
        found = kept[chosen.tag] = catalogues.translations(current_app.extensions[_DIRECTORY], names)
    return found


def _in_own_terms(text: str) -> str:
    """Let a German text use the district's words for interpreting and for those who do it."""
    if _STEM not in text:
        return text
    own, shipped = options.read_for_page(service.DEFAULT), service.DEFAULT
    return text.replace(shipped.people, own.people).replace(shipped.term, own.term)


def _filled(text: str, values: Mapping[str, object]) -> str:
    """Fill a text; in a language with digits of its own, numbers are written in these."""
    if not values:
        return text
    written = locale().write_digits
    if written is not None:
        numbers = {name: written(str(value)) for name, value in values.items() if type(value) is int}
        for name in numbers:
            text = text.replace(f"%({name})d", f"%({name})s")
        values = {**values, **numbers}
    return text % values


def _for_templates(say: Callable[..., str]) -> Callable[..., str]:
    """Escape the values but not the text, which is ours, where the template escapes."""

    @pass_context
    def write(context: Context, *texts: Any, **values: object) -> str:
        if not context.eval_ctx.autoescape:
            return say(*texts, **values)
        escaped = {name: value if isinstance(value, int) else Markup.escape(value) for name, value in values.items()}
        return Markup(say(*texts, **escaped))  # noqa: S704 - the texts are the project's, the values are escaped

    return write
