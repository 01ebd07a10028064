"""Find out which language and which place a typed word means, and what to ask back when it means several.

Names are those of the reader's language and of the reference data; nothing here decides who may interpret.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from dispatch import i18n
from dispatch.domain.languages import NOT_KNOWN, NOT_LISTED
from dispatch.domain.places import TypedPlace
from dispatch.domain.texts import LIST_MARKS
from dispatch.reference import languages, places
from dispatch.reference.files import fold, spellings

MOST_CHOICES = 8
_OR = ("oder", "or", "أو", "یا", "или", "або", "veya", "ou", "hoặc", "ወይ", "ወይም")
_BETWEEN = re.compile(rf"[{LIST_MARKS}/]| (?:{'|'.join(_OR)}) ")
_POSTAL_CODE = re.compile(r"(\d{5})\b[\s,]*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ReadLanguages:
    """The codes that were understood, the code of what was not, and the codes to choose from (`und` and `mis` too)."""

    codes: tuple[str, ...] = ()
    error: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """The place that was understood, the code of what was not, and the places to choose from."""

    place: TypedPlace
    error: str | None = None
    choices: tuple[places.Place, ...] = ()


def read_languages(typed: str, chosen: str = "") -> ReadLanguages:
    """Read one language or several in order of preference; `chosen` answers what was asked back before.

    Errors: `unknown` (nothing like it), `ambiguous` (one word, several languages). An answer counts only while it
    is among the choices of what is typed now.
    """
    codes: list[str] = []
    for word in (part.strip() for part in _BETWEEN.split(typed)):
        if not word:
            continue
        code, choices, error = _language(word)
        if code is None and chosen in choices:
            code = chosen
        if code is None:
            return ReadLanguages(tuple(codes), error, choices)
        codes.append(code)
    return ReadLanguages(tuple(codes))


def language_word(code: str) -> str:
    """Return how a language stands in the field: its name, its own name in brackets."""
    own = languages.find_language(code)
    name = i18n.language_name(code)
    return f"{name} ({own.autonym})" if own and own.autonym and fold(own.autonym) != fold(name) else name


def language_words(codes: Iterable[str]) -> str:
    """Return how several languages stand in the field."""
    return i18n.formats().series(language_word(code) for code in codes)


def read_place(typed: str, chosen: str = "") -> ReadPlace:
    """Read a municipality, a town, a postal code or both; `chosen` is the key of a place asked back before.

    Errors: `unknown`, `ambiguous`.
    """
    text = " ".join(typed.split())
    if not text:
        return ReadPlace(TypedPlace())
    found = _places(text)
    if len(found) == 1:
        return ReadPlace(_typed(found[0]))
    if not found:
        near = places.search(text, limit=MOST_CHOICES)
        picked = [place for place in near if place.key == chosen]
        return ReadPlace(_typed(picked[0])) if picked else ReadPlace(TypedPlace(), "unknown", near)
    picked = [place for place in found if place.key == chosen]
    if picked:
        return ReadPlace(_typed(picked[0]))
    return ReadPlace(TypedPlace(), "ambiguous", found[: 2 * MOST_CHOICES])


def place_word(place: places.Place) -> str:
    """Return how a place stands in the field: its name, with the postal code unless it is a whole municipality."""
    return f"{place.postal_code} {place.town}" if place.postal_code else place.town


def _language(word: str) -> tuple[str | None, tuple[str, ...], str]:
    named = _named(i18n.locale().tag).get(fold(word))
    if named:
        return named, (), ""
    found = languages.search(word, limit=MOST_CHOICES)
    codes = tuple(language.code for language in found.matches)
    if found.meant is not None:
        return found.meant.code, (), ""
    if found.is_ambiguous:
        return None, (*codes, NOT_KNOWN), "ambiguous"
    return None, (*codes, NOT_LISTED, NOT_KNOWN), "unknown"


@lru_cache(maxsize=16)
def _named(_locale: str) -> dict[str, str]:
    """Map what the field itself offers, folded, to codes: names of the reader's language, with and without own name.

    Reads the locale in force; its tag only keeps the languages apart.
    """
    named = {fold(i18n.language_name(code)): code for code in (NOT_KNOWN, NOT_LISTED)}
    for language in languages.all_languages():
        named.setdefault(fold(language_word(language.code)), language.code)
    return named


def _places(text: str) -> tuple[places.Place, ...]:
    """Return the places that the whole text names, the one meant alone where it is clear."""
    coded = _POSTAL_CODE.fullmatch(text)
    if coded:
        place = places.find_place(postal_code=coded[1], town=coded[2] or None)
        if place is not None:
            return (place,)
        return places.towns(coded[1]) if not coded[2] else ()
    typed = spellings(text)
    named = tuple(place for place in places.search(text, limit=200) if not typed.isdisjoint(spellings(place.town)))
    whole = tuple(place for place in named if place.postal_code is None)
    return whole if len(whole) == 1 else named


def _typed(place: places.Place) -> TypedPlace:
    if place.postal_code is None:
        return TypedPlace(municipality=place.ags or "")
    return TypedPlace(postal_code=place.postal_code, town=place.town)
