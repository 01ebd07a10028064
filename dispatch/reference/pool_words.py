"""Know what the words in districts' lists of mediators mean, and which word to write for a code.

The words are those of `data/pool_words.csv`, the first of a row is the one that is written. Answers given for one file
come before them. It decides nothing about a record.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from dispatch.domain.places import TypedPlace
from dispatch.domain.pool_words import LEFT_OUT, Kind
from dispatch.reference import languages, places
from dispatch.reference.files import fold, read_rows, spellings
from dispatch.reference.phones import read_phone

NOTHING = "nothing"
_POSTAL_CODE = re.compile(r"(?:D-?\s?)?(\d{4,5})\b[\s,]*(.*)", re.DOTALL)
_SAME_WORDS = {Kind.GERMAN_LEVEL: Kind.LEVEL}

Answers = Mapping[tuple[Kind, str], str]
"""What words of one file mean: kind and word as typed, to a code or LEFT_OUT."""


class FileWords:
    """The words of one file: what was answered for it, then what everybody means by them."""

    def __init__(self, answers: Answers | None = None) -> None:
        self._answers = {(kind, _key(word)): code for (kind, word), code in (answers or {}).items()}

    def answer(self, kind: Kind, word: str) -> str | None:
        """Return what was answered for a word of this file."""
        return self._answers.get((kind, _key(word)))

    def code(self, kind: Kind, word: str) -> str | None:
        """Return the code of a word or of the code itself, LEFT_OUT if so answered, None when it is unknown."""
        answered = self.answer(kind, word)
        if answered is not None:
            return answered
        known = _codes()[_SAME_WORDS.get(kind, kind)]
        text = _without_numbers(word) if kind is Kind.COLUMN else word
        return next((known[key] for key in _keys(text) if key in known), None)

    def languages(self, word: str) -> tuple[str, ...]:
        """Return the language meant, several when the word stands for several, none when it is unknown."""
        answered = self.answer(Kind.LANGUAGE, word)
        if answered is not None:
            return (answered,)
        own = _codes()[Kind.LANGUAGE]
        german = next((own[key] for key in _keys(word) if key in own), None)
        if german is not None:
            return (german,)
        found = languages.search(word)
        if found.meant is not None:
            return (found.meant.code,)
        return tuple(language.code for language in found.matches) if found.is_ambiguous else ()

    def is_variety(self, general: str, special: str) -> bool:
        """Tell whether a language is a variety of an umbrella."""
        umbrella = languages.find_language(general)
        return umbrella is not None and special in umbrella.varieties

    def places(self, text: str) -> tuple[TypedPlace, ...]:
        """Return the place meant: by postal code and town, or by a name; of a large town its first postal code.

        Several when the name stands for several places; an empty one when it was answered that it is left out.
        """
        answered = self.answer(Kind.PLACE, text)
        if answered == LEFT_OUT:
            return (TypedPlace(),)
        text = " ".join((answered or text).split())
        coded = _POSTAL_CODE.fullmatch(text)
        if coded:
            return _by_code(coded[1].zfill(5), coded[2])
        named = [place for place in places.search(text, limit=200) if fold(place.town) == fold(text)]
        whole = [place for place in named if place.postal_code is None]
        if len(whole) != 1 and len({place.municipality for place in named}) == 1:
            return (_typed(named[0]),)
        return (_typed(whole[0]),) if len(whole) == 1 else tuple(_typed(place) for place in named)

    def phone(self, text: str) -> str:
        """Return a telephone number as E.164, or the text where it is none."""
        return read_phone(text)

    def is_nothing(self, text: str) -> bool:
        """Tell whether a cell is empty or says that nothing is known."""
        return not text.strip() or _key(text) in _codes()[NOTHING]


def codes(kind: Kind) -> tuple[str, ...]:
    """List the codes of a kind in the order of the file."""
    return tuple(dict.fromkeys(row["code"] for row in read_rows("pool_words.csv") if row["kind"] == kind))


@cache
def words_to_write() -> Mapping[tuple[str, str], str]:
    """Map kind and code to the word that is written."""
    rows = read_rows("pool_words.csv")
    return {(row["kind"], row["code"]): row["words"].split("|")[0] for row in rows}


def write_word(kind: Kind, code: str) -> str:
    """Return the word of a code; a code without one is written itself and understood again."""
    return words_to_write().get((kind, code), code)


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    """Map each kind to its folded words and codes; a code that is itself a word of its kind comes first."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in (*Kind, NOTHING)}
    for row in read_rows("pool_words.csv"):
        known = found[row["kind"]]
        known[_key(row["code"])] = row["code"]
        for word in row["words"].split("|"):
            for spelling in _keys(word):
                known.setdefault(spelling, row["code"])
    return found


@lru_cache(maxsize=4096)
def _keys(word: str) -> tuple[str, ...]:
    """Fold a word in every way in which it may be written."""
    return tuple(key for key in dict.fromkeys((_key(word), *sorted(spellings(word)))) if key)


def _key(word: str) -> str:
    """Fold a word; one of signs alone stays as it is."""
    return fold(word) or word.strip()


def _without_numbers(title: str) -> str:
    """Leave the counting out of `Sprache 1`, `Sprache 2`."""
    return re.sub(r"\b\d+\b\.?", " ", title) if re.search(r"[^\W\d_]", title) else title


def _by_code(postal_code: str, town: str) -> tuple[TypedPlace, ...]:
    place = places.find_place(postal_code=postal_code, town=town or None)
    if place is not None:
        return (_typed(place),)
    return () if town else tuple(_typed(one) for one in places.towns(postal_code))


def _typed(place: places.Place) -> TypedPlace:
    if place.postal_code is None:
        return TypedPlace(municipality=place.ags or "", town=place.town)
    return TypedPlace(postal_code=place.postal_code, town=place.town)
