"""Find out which organisation a typed name means, and what to ask back when it means several.

Who may be named is decided by the service that lists them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.reference.files import fold

MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """The organisation that was understood, the code of what was not, and what to choose from: pairs of id and word."""

    organisation_id: int | None = None
    error: str | None = None
    choices: tuple[tuple[int, str], ...] = ()


def read_unit(typed: str, chosen: str, known: Mapping[str, int]) -> ReadUnit:
    """Read a name, or a part of it that only one bears; `chosen` is the id answered to a question before.

    Errors: `required`, `unknown`, `ambiguous`. Without a name the id alone counts.
    """
    picked = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) <= 10 else None
    if not typed.strip():
        return ReadUnit(picked) if picked else ReadUnit(None, "required")
    found = search(typed, known)
    if picked is not None and any(id_ == picked for id_, _word in found):
        return ReadUnit(picked)
    if len(found) == 1:
        return ReadUnit(found[0][0])
    return ReadUnit(None, "ambiguous" if found else "unknown", tuple(found[:MOST_CHOICES]))


def search(typed: str, known: Mapping[str, int]) -> list[tuple[int, str]]:
    """Return id and word of every organisation a name may mean: the one of exactly this name, else by its parts."""
    wanted = fold(typed)
    folded = [(fold(word), id_, word) for word, id_ in known.items()]
    exact = [(id_, word) for name, id_, word in folded if name == wanted]
    if exact or not wanted:
        return exact
    parts = wanted.split()
    found = [
        (not name.startswith(wanted), word, id_) for name, id_, word in folded if all(part in name for part in parts)
    ]
    return [(id_, word) for _later, word, id_ in sorted(found)]
