"""Name languages in the reader's language.

Names of `data/language_names.csv` come first: CLDR lacks some (prs, kmr, gsg, aii, apc, ary), and some of its names
are wrong here (ku as a whole, "Zentralkurdisch") or hurtful (rom in Arabic and Ukrainian). Then come the German and
English names of `data/languages.csv`, then CLDR.
"""

from collections.abc import Mapping
from functools import cache

from dispatch.i18n.locales import Locale
from dispatch.reference import languages
from dispatch.reference.files import read_rows


@cache
def own_names() -> Mapping[str, Mapping[str, str]]:
    """Return the names that stand before those of CLDR: tag of the locale → code of the language → name."""
    rows = read_rows("language_names.csv")
    return {tag: {row["code"]: row[tag] for row in rows} for tag in rows[0] if tag != "code"}


def language_name(code: str, locale: Locale) -> str:
    """Return the name of a language; a code that nobody knows is returned as it is."""
    own = own_names().get(locale.tag, {}).get(code)
    return own or _reference_name(code, locale) or locale.babel.languages.get(code) or code


def own_name(code: str) -> str:
    """Return what its speakers call a language; empty if that is not known."""
    language = languages.find_language(code)
    return language.autonym if language else ""


def _reference_name(code: str, locale: Locale) -> str | None:
    language = languages.find_language(code)
    if language is None:
        return None
    return {"de": language.name_de, "en": language.name_en}.get(locale.tag)
