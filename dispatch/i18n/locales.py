"""Know the languages of the pages and choose the reader's among them, by wish, account or browser.

Plain values in, plain values out: it reads no request and holds no text for people but the languages' own names.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import babel

from dispatch.reference import languages


@dataclass(frozen=True, slots=True)
class Locale:
    """A language with a catalogue of its own.

    `tag` is the language in addresses, cookies and accounts; `cldr` the Babel locale that writes its dates and
    numbers. The patterns are CLDR's (Unicode TR 35) and always name the weekday.
    """

    tag: str
    own_name: str
    direction: Literal["ltr", "rtl"]
    cldr: str
    comma: str
    weekday_in_grid: Literal["abbreviated", "narrow"]
    day: str
    day_long: str
    day_short: str
    day_brief: str


LOCALES: tuple[Locale, ...] = (
    Locale(
        tag="de",
        own_name="Deutsch",
        direction="ltr",
        cldr="de",
        comma=",",
        weekday_in_grid="abbreviated",
        day="ccc, d. MMMM y",
        day_long="cccc, d. MMMM y",
        day_short="ccc, d. MMMM",
        day_brief="d. MMM",
    ),
    Locale(
        tag="ar",
        own_name="العربية",
        direction="rtl",
        cldr="ar",
        comma="،",
        weekday_in_grid="narrow",  # Arabic has no abbreviations, and a full name does not fit a column of a phone
        day="cccc، d MMMM y",
        day_long="cccc، d MMMM y",
        day_short="cccc، d MMMM",
        day_brief="d MMM",
    ),
    Locale(
        tag="en",
        own_name="English",
        direction="ltr",
        cldr="en_GB",
        comma=",",
        weekday_in_grid="abbreviated",
        day="ccc, d MMMM y",
        day_long="cccc, d MMMM y",
        day_short="ccc, d MMMM",
        day_brief="d MMM",
    ),
)
"""The languages of the menu, in its order."""

DEFAULT = LOCALES[0]
SOURCE_TAG = "en"
"""The language the sources are written in; it needs no catalogue."""

FALLBACKS: Mapping[str, str] = {"prs": "fa", "kmr": "ku"}
"""Where to look next when a language has no catalogue; after the last one comes `DEFAULT`."""

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Choice:
    """`kept` is the language asked for, even without catalogue; None if nobody asked. `locale` is what is shown."""

    kept: str | None
    locale: Locale


def choose(*, asked: str | None, cookie: str | None, reader: str | None, accepted: Sequence[str] = ()) -> Choice:
    """Choose by the first usable of: the address, the cookie, the reader's language, the browser's list (best first).

    What is no language at all counts as absent. Of the browser's list the first with a catalogue wins.
    """
    for wish in (asked, cookie, reader):
        if wish and (kept := normalise(wish)):
            return Choice(kept, locale_of(kept))
    shown = (locale for tag in accepted if (kept := normalise(tag)) and (locale := _with_catalogue(kept)))
    return Choice(None, next(shown, DEFAULT))


def locale_of(tag: str) -> Locale:
    """Return the locale in which a reader of `tag` sees the pages: its own, the next of its chain, or the default."""
    return _with_catalogue(tag) or DEFAULT


@lru_cache(maxsize=1024)  # the tag comes from outside
def normalise(tag: str) -> str | None:
    """Return the tag in one spelling (`de-at` and `de_AT` are `de`); None unless it names a language."""
    tag = tag.strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return None
    primary = tag.split("-", 1)[0].lower()
    known = languages.find_language(primary) is not None or primary in babel.Locale("en").languages
    return primary if known else None


def _with_catalogue(tag: str) -> Locale | None:
    while True:
        found = next((locale for locale in LOCALES if locale.tag == tag), None)
        if found or tag not in FALLBACKS:
            return found
        tag = FALLBACKS[tag]
