"""Know the languages of the pages and choose the reader's among them, by wish, account or browser.

Plain values in, plain values out: it reads no request and holds no text for people but the languages' own names.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import babel
from babel import localedata

from dispatch.reference import languages


@dataclass(frozen=True, slots=True)
class Locale:
    """A language with a catalogue of its own.

    `tag` is the language in addresses, cookies and accounts; `cldr` the Babel locale that writes its dates and
    numbers. The patterns are CLDR's (Unicode TR 35) and always name the weekday. `catalogues` are the folders of its
    translations: what the first lacks, the next says.
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
    catalogues: tuple[str, ...]

    @property
    def lang(self) -> str:
        """The value of `lang` for pages and fragments: Dari is told by its region, which browsers know."""
        return self.cldr.replace("_", "-") if self.tag != "en" else self.tag

    @property
    def babel(self) -> babel.Locale:
        """The locale of CLDR, with data of its own."""
        return _own_data(self.cldr)

    @property
    def write_digits(self) -> Callable[[str], str] | None:
        """Write the digits of a text as the language does; None where they are Western anyway."""
        return _DIGITS.get(self.babel.default_numbering_system)


_EXTENDED_ARABIC = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

_DIGITS: Mapping[str, Callable[[str], str]] = {"arabext": lambda text: text.translate(_EXTENDED_ARABIC)}
"""The numbering systems of CLDR that languages of the menu use by default, besides `latn`."""


@lru_cache(maxsize=64)
def _own_data(cldr: str) -> babel.Locale:
    """Give a locale data that it shares with no other.

    Babel 2.18 keeps what it resolves in dictionaries that others inherit: after Pashto, Russian weekdays would be
    Pashto (python-babel/babel issue 1234).
    """
    data = localedata.load(cldr)
    own = deepcopy(data)
    data.clear()
    data.update(own)
    return babel.Locale.parse(cldr)


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
        catalogues=("de",),
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
        catalogues=(),
    ),
    Locale(
        tag="ar",
        own_name="العربية",
        direction="rtl",
        cldr="ar",
        comma="،",
        weekday_in_grid="narrow",
        day="cccc، d MMMM y",
        day_long="cccc، d MMMM y",
        day_short="cccc، d MMMM",
        day_brief="d MMM",
        catalogues=("ar",),
    ),
    Locale(
        tag="fa",
        own_name="فارسی",
        direction="rtl",
        cldr="fa",
        comma="،",
        weekday_in_grid="narrow",
        day="cccc d MMMM y",
        day_long="cccc d MMMM y",
        day_short="cccc d MMMM",
        day_brief="d MMM",
        catalogues=("fa",),
    ),
    Locale(
        tag="prs",
        own_name="دری",
        direction="rtl",
        cldr="fa_AF",
        comma="،",
        weekday_in_grid="narrow",
        day="cccc d MMMM y",
        day_long="cccc d MMMM y",
        day_short="cccc d MMMM",
        day_brief="d MMM",
        catalogues=("fa_AF", "fa"),
    ),
    Locale(
        tag="ps",
        own_name="پښتو",
        direction="rtl",
        cldr="ps",
        comma="،",
        weekday_in_grid="abbreviated",
        day="cccc، d MMMM y",
        day_long="cccc، d MMMM y",
        day_short="cccc، d MMMM",
        day_brief="d MMM",
        catalogues=("ps",),
    ),
    Locale(
        tag="ku",
        own_name="Kurmancî",
        direction="ltr",
        cldr="ku",
        comma=",",
        weekday_in_grid="abbreviated",
        day="ccc, d'ê' MMMM'a' y'an'",
        day_long="cccc, d'ê' MMMM'a' y'an'",
        day_short="ccc, d'ê' MMMM'ê'",
        day_brief="d'ê' MMM'ê'",
        catalogues=("ku",),
    ),
    Locale(
        tag="ru",
        own_name="Русский",
        direction="ltr",
        cldr="ru",
        comma=",",
        weekday_in_grid="abbreviated",
        day="ccc, d MMMM y 'г'.",
        day_long="cccc, d MMMM y 'г'.",
        day_short="ccc, d MMMM",
        day_brief="d MMM",
        catalogues=("ru",),
    ),
    Locale(
        tag="ti",
        own_name="ትግርኛ",
        direction="ltr",
        cldr="ti",
        comma="፣",
        weekday_in_grid="narrow",
        day="cccc፣ d MMMM y",
        day_long="cccc፣ d MMMM y",
        day_short="cccc፣ d MMMM",
        day_brief="d MMM",
        catalogues=("ti",),
    ),
    Locale(
        tag="tr",
        own_name="Türkçe",
        direction="ltr",
        cldr="tr",
        comma=",",
        weekday_in_grid="abbreviated",
        day="d MMMM y ccc",
        day_long="d MMMM y cccc",
        day_short="d MMMM ccc",
        day_brief="d MMM",
        catalogues=("tr",),
    ),
    Locale(
        tag="uk",
        own_name="Українська",
        direction="ltr",
        cldr="uk",
        comma=",",
        weekday_in_grid="abbreviated",
        day="ccc, d MMMM y 'р'.",
        day_long="cccc, d MMMM y 'р'.",
        day_short="ccc, d MMMM",
        day_brief="d MMM",
        catalogues=("uk",),
    ),
    Locale(
        tag="fr",
        own_name="Français",
        direction="ltr",
        cldr="fr",
        comma=",",
        weekday_in_grid="abbreviated",
        day="ccc d MMMM y",
        day_long="cccc d MMMM y",
        day_short="ccc d MMMM",
        day_brief="d MMM",
        catalogues=("fr",),
    ),
    Locale(
        tag="vi",
        own_name="Tiếng Việt",
        direction="ltr",
        cldr="vi",
        comma=",",
        weekday_in_grid="abbreviated",
        day="ccc, d MMMM, y",
        day_long="cccc, d MMMM, y",
        day_short="ccc, d MMMM",
        day_brief="d MMM",
        catalogues=("vi",),
    ),
)
"""The languages of the menu, in its order."""

DEFAULT = LOCALES[0]
SOURCE_TAG = "en"
"""The language the sources are written in; it needs no catalogue."""

FALLBACKS: Mapping[str, str] = {"prs": "fa", "kmr": "ku"}
"""Where to look next when a language has no catalogue; after the last one comes `DEFAULT`."""
_OTHER_NAMES = {"fa-af": "prs"}  # what browsers call it
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
    primary = _OTHER_NAMES.get(tag.casefold()) or tag.split("-", 1)[0].lower()
    known = languages.find_language(primary) is not None or primary in babel.Locale("en").languages
    return primary if known else None


def _with_catalogue(tag: str) -> Locale | None:
    while True:
        found = next((locale for locale in LOCALES if locale.tag == tag), None)
        if found or tag not in FALLBACKS:
            return found
        tag = FALLBACKS[tag]
