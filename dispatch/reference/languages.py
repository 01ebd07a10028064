"""Know the languages the service arranges and find them by whatever people call them.

Never decides who may interpret for whom: `close_to` and `varieties` are facts for `domain.eligibility`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale

from dispatch.domain.languages import SPECIAL, Relation
from dispatch.reference.files import read_rows, spellings

_NAMED_IN = ("de", "en", "ar")
_SUBSTRING_FROM = 3
_LONGEST_QUERY = 80


@dataclass(frozen=True, slots=True)
class Language:
    """One row of `data/languages.csv`; `cldr_locale`, `autonym` and `direction` may be empty.

    `close_to` is directed: codes that may serve when this language is asked, under `relation`.
    `varieties` is filled for an umbrella only (`ar`): codes that serve whenever it is asked.
    """

    code: str
    cldr_locale: str
    iso639_3: str
    script: str
    direction: str
    autonym: str
    name_de: str
    name_en: str
    close_to: tuple[str, ...]
    relation: Relation | None
    varieties: tuple[str, ...]
    cldr_fallback: str

    @property
    def related(self) -> tuple[str, ...]:
        """Name the codes that may serve as related ones when the request allows it."""
        return () if self.relation is Relation.NOT_INTERCHANGEABLE else self.close_to


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: `matches` best first; `meant` the one language that full words stand for.

    `is_ambiguous` says that the word itself stands for all of `matches`, so that one must be asked back.
    """

    matches: tuple[Language, ...]
    meant: Language | None
    is_ambiguous: bool


@cache
def all_languages() -> tuple[Language, ...]:
    """List every language in the order of the file, which is that of expected demand by region."""
    rows = read_rows("languages.csv")
    return tuple(_language(row, rows) for row in rows)


def find_language(code: str) -> Language | None:
    """Find a language by its code; None for unknown codes and for `und` and `mis`."""
    return _by_code().get(code)


def get_language(code: str) -> Language:
    """Return the language of a code known to be in the list; KeyError otherwise."""
    return _by_code()[code]


def is_known(code: str) -> bool:
    """Tell whether a request may carry this code: a listed language, `und` or `mis`."""
    return code in SPECIAL or code in _by_code()


@lru_cache(maxsize=1024)
def search(query: str, *, limit: int = 8) -> Found:
    """Find languages by name, own name, code, country or everyday word, in any common spelling.

    Full names come before beginnings, beginnings before beginnings of a later word, these before parts
    of a word; the order of the file decides between equals.
    """
    words = spellings(query[:_LONGEST_QUERY]) - {""}
    exact = next((_index()[word] for word in sorted(words) if word in _index()), ())
    if len(exact) > 1:
        return Found(tuple(get_language(code) for code in exact), None, is_ambiguous=True)
    ranked = sorted(
        (rank, position, language.code)
        for position, language in enumerate(all_languages())
        if words and (rank := _rank(language.code, words)) is not None
    )
    codes = list(dict.fromkeys([*exact, *(code for _, _, code in ranked)]))
    meant = exact[0] if exact else _described(codes, words)
    matches = tuple(get_language(code) for code in codes[:limit])
    return Found(matches, get_language(meant) if meant else None, is_ambiguous=False)


def _language(row: dict[str, str], rows: Iterable[dict[str, str]]) -> Language:
    own = row["bcp47"]
    varieties = tuple(
        other["bcp47"]
        for other in rows
        if row["iso639_3"] == row["iso639_3_macro"]
        and other["relation"] == Relation.VARIETY
        and other["iso639_3"] != other["iso639_3_macro"]
        and own in other["close_to"].split()
    )
    return Language(
        code=own,
        cldr_locale=row["cldr_locale"],
        iso639_3=row["iso639_3"],
        script=row["script"],
        direction=row["direction"],
        autonym=row["autonym"],
        name_de=row["name_de"],
        name_en=row["name_en"],
        close_to=tuple(row["close_to"].split()),
        relation=Relation(row["relation"]) if row["relation"] else None,
        varieties=varieties,
        cldr_fallback=row["cldr_fallback"],
    )


@cache
def _by_code() -> dict[str, Language]:
    return {language.code: language for language in all_languages()}


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Map each folded full name to its codes; the words of `language_words.csv` decide alone."""
    index: dict[str, tuple[str, ...]] = {}
    for language in all_languages():
        for name in _names(language):
            for spelling in spellings(name):
                index.setdefault(spelling, (language.code,))
    for row in read_rows("language_words.csv"):
        for name in row["words"].split("|"):
            for spelling in spellings(name):
                index[spelling] = tuple(row["codes"].split())
    for language in all_languages():
        index[language.code] = index[language.iso639_3] = (language.code,)
    return index


@cache
def _terms() -> dict[str, tuple[str, ...]]:
    """Map each code to all folded names and words that lead to it, codes left out."""
    terms: dict[str, list[str]] = {language.code: [] for language in all_languages()}
    for language in all_languages():
        terms[language.code] += [term for name in _names(language) for term in spellings(name)]
    for row in read_rows("language_words.csv"):
        for code in row["codes"].split():
            terms[code] += [term for name in row["words"].split("|") for term in spellings(name)]
    return {code: tuple(dict.fromkeys(found)) for code, found in terms.items()}


def _names(language: Language) -> list[str]:
    cldr = [Locale(locale).languages.get(language.cldr_locale) for locale in _NAMED_IN]
    return [name for name in (language.name_de, language.name_en, language.autonym, *cldr) if name]


def _described(codes: list[str], words: frozenset[str]) -> str | None:
    """Name the only match when several full words describe it, as "Persisch Afghanistan" does Dari."""
    if len(codes) != 1:
        return None
    known = {part for term in _terms()[codes[0]] for part in term.split()}
    return codes[0] if any(known.issuperset(word.split()) for word in words) else None


def _rank(code: str, words: frozenset[str]) -> int | None:
    terms = _terms()[code]
    parts = [part for term in terms for part in term.split()]
    tests = (
        lambda word: any(term.startswith(word) for term in terms),
        lambda word: any(f" {word}" in term for term in terms),
        lambda word: all(any(part.startswith(piece) for part in parts) for piece in word.split()),
        lambda word: len(word) >= _SUBSTRING_FROM and any(word in term for term in terms),
    )
    return next((rank for rank, test in enumerate(tests) if any(map(test, words))), None)
