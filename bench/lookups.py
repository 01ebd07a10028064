"""What a person waits for while typing: a language or a place found in the reference data, nothing kept."""

from collections.abc import Callable

from dispatch.reference import languages, places


def language() -> object:
    """Search a word that means several languages, without the memory of earlier searches."""
    languages.search.cache_clear()
    return languages.search("kurd")


def place() -> object:
    """Search the beginning of a town, without the memory of earlier searches."""
    places.search.cache_clear()
    return places.search("Rade")


MEASURES: dict[str, tuple[Callable[[], object], float]] = {
    "language search": (language, 2.0),
    "place search": (place, 2.0),
}
"""Name → one call and the most it may cost, as a multiple of the yardstick."""
