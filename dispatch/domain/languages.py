"""Decide which spoken language serves which asked one, and which level reaches which.

It knows no language itself: what is close to what is handed in, as `data/languages.csv` states it.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

NOT_KNOWN = "und"
"""The office does not know which language is spoken (BCP 47: undetermined)."""
NOT_LISTED = "mis"
"""A language outside the table, named in free text (BCP 47: uncoded)."""
SPECIAL = frozenset({NOT_KNOWN, NOT_LISTED})
"""Codes that nobody speaks; a request that asks for one goes to review."""
SIGN = frozenset({"gsg"})
"""Sign languages: a route of their own, a request that asks for one goes to review."""


class Level(StrEnum):
    """How well a language is spoken, best first (Common European Framework, and native)."""

    NATIVE = "native"
    C2 = "C2"
    C1 = "C1"
    B2 = "B2"
    B1 = "B1"

    def reaches(self, wanted: "Level") -> bool:
        """Tell whether this level is the wanted one or a better one."""
        return _STRENGTH[self] >= _STRENGTH[wanted]


_STRENGTH = {level: -place for place, level in enumerate(Level)}


class Relation(StrEnum):
    """How the languages of `close_to` stand to the row's own; directed."""

    MUTUAL = "mutual"
    MUTUAL_PARTIAL = "mutual_partial"
    VARIETY = "variety"
    ONE_WAY = "one_way"
    NOT_INTERCHANGEABLE = "not_interchangeable"


class Row(Protocol):
    """A language of the table: `close_to` stands under `relation`, `varieties` is filled for an umbrella."""

    @property
    def close_to(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def relation(self) -> str | None: ...  # noqa: D102
    @property
    def varieties(self) -> Sequence[str]: ...  # noqa: D102


class Match(StrEnum):
    """How a spoken language serves an asked one."""

    EXACT = "exact"
    VARIETY = "variety"
    RELATED_MUTUAL = "related_mutual"
    RELATED_OTHER = "related_other"

    @property
    def is_related(self) -> bool:
        """Tell whether it serves only where the request accepts related languages."""
        return self in {Match.RELATED_MUTUAL, Match.RELATED_OTHER}


class Spoken(NamedTuple):
    """A language of a mediator; `dialects` are typed words."""

    code: str
    level: Level
    dialects: tuple[str, ...] = ()


class Pairing(NamedTuple):
    """A spoken language that serves the asked one at `position` (0 is preferred most)."""

    position: int
    spoken: Spoken
    match: Match


Serving = tuple[Mapping[str, Match], ...]
"""For each asked language, in order of preference, the spoken ones that serve it."""


def served_by(asked: str, table: Mapping[str, Row], *, related: bool) -> dict[str, Match]:
    """Return every spoken language that serves `asked`; none for the special codes.

    Itself: exact. Asked an umbrella: its varieties. Only if `related` languages are accepted: those in
    `close_to` of the asked row, unless it says not interchangeable; directed and not transitive.
    """
    row = table.get(asked)
    if row is None:
        return {}
    serving = {asked: Match.EXACT} | dict.fromkeys(row.varieties, Match.VARIETY)
    if related and row.relation and row.relation != Relation.NOT_INTERCHANGEABLE:
        is_mutual = row.relation == Relation.MUTUAL
        match = Match.RELATED_MUTUAL if is_mutual else Match.RELATED_OTHER
        serving = dict.fromkeys(row.close_to, match) | serving
    return serving


def serving_all(asked: Iterable[str], table: Mapping[str, Row], *, related: bool) -> Serving:
    """Return `served_by` of each asked language in order; made once, then used for a whole pool."""
    return tuple(served_by(code, table, related=related) for code in asked)


def pairings(serving: Serving, spoken: Sequence[Spoken]) -> list[Pairing]:
    """Return every way in which the spoken languages serve, by asked position, then as they are listed."""
    return [
        Pairing(position, language, match)
        for position, serving_one in enumerate(serving)
        for language in spoken
        if (match := serving_one.get(language.code)) is not None
    ]
