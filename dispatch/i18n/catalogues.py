"""Read the compiled catalogues; what is broken in one falls back to the source text and nothing else does.

A file that cannot be read, or an entry that would break the sentence it is filled into, is reported once in the log.
"""

import logging
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from struct import error as CutShort  # noqa: N812 - it is the name of what happened

_log = logging.getLogger(__name__)

_PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
_UNREADABLE = (OSError, UnicodeError, ValueError, IndexError, KeyError, TypeError, CutShort)


class _Anything(dict[str, int]):
    """Values under every name, good for numbers and for words."""

    def __missing__(self, _name: str) -> int:
        return 0


class _Catalogue(GNUTranslations):
    """A catalogue without the entries that do not fit their source."""

    _catalog: dict[str | tuple[str, int], str]

    def texts(self) -> set[str]:
        """Return the sources with their contexts, each once whatever its number of forms."""
        return {key[0] if isinstance(key, tuple) else key for key in self._catalog} - {""}

    def drop_unfit(self) -> list[str]:
        """Leave out every text whose places to fill are not those of its source; returns their sources."""
        unfit = {
            _source(key) for key, text in self._catalog.items() if key and not (text and _fits(_source(key), text))
        }
        if unfit:
            self._catalog = {key: text for key, text in self._catalog.items() if _source(key) not in unfit}
        return sorted(unfit)


def translations(directory: str, names: Iterable[str]) -> NullTranslations:
    """Return the translations of the first name, completed by those of the following; no names: the source texts."""
    found: NullTranslations | None = None
    for name in names:
        one = read(Path(directory, name, "LC_MESSAGES", "messages.mo"))
        if found is None:
            found = one
        else:
            found.add_fallback(one)
    return found or NullTranslations()


def count(directory: str, names: Iterable[str]) -> int:
    """Return how many texts the catalogues of these names translate together; unfit ones do not count."""
    known: set[str] = set()
    for name in names:
        one = read(Path(directory, name, "LC_MESSAGES", "messages.mo"))
        known |= one.texts() if isinstance(one, _Catalogue) else set()
    return len(known)


def read(path: Path) -> NullTranslations:
    """Return the catalogue of a compiled file, without entries if it cannot be read."""
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as missing:
        _log.warning("catalogue_unreadable", extra={"catalogue": _name(path), "fault": type(missing).__name__})
        return NullTranslations()
    return _read(path, stamp)()


@lru_cache(maxsize=64)
def _read(path: Path, _stamp: int) -> Callable[[], NullTranslations]:
    try:
        with path.open("rb") as file:
            catalogue = _Catalogue(file)
        unfit = catalogue.drop_unfit()
    except _UNREADABLE as fault:
        _log.warning("catalogue_unreadable", extra={"catalogue": _name(path), "fault": type(fault).__name__})
        return NullTranslations
    for source in unfit:
        _log.warning("translation_unfit", extra={"catalogue": _name(path), "text": source})

    def copy() -> NullTranslations:
        """Return one of its own, so that what completes it here completes it nowhere else."""
        twin = _Catalogue.__new__(_Catalogue)
        twin.__dict__.update(catalogue.__dict__)
        return twin

    return copy


def _name(path: Path) -> str:
    return path.parent.parent.name


def _source(key: str | tuple[str, int]) -> str:
    """Return the source text of an entry, without context and form."""
    text = key[0] if isinstance(key, tuple) else key
    return text.split("\4", 1)[-1]


def _fits(source: str, text: str) -> bool:
    wanted = _PLACEHOLDER.findall(source)
    if not wanted and "%" not in source:
        return True
    names = {name for name, _kind in wanted} | {"num"}
    if any(name not in names for name, _kind in _PLACEHOLDER.findall(text)):
        return False
    try:
        _ = text % _Anything()
    except (ValueError, TypeError):
        return False
    return True
