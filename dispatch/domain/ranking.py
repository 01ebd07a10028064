"""Decide who fits best: a score from 0 to 100 with its breakdown, and the order of asking.

It never excludes anybody: whoever is handed in has passed the hard conditions or was let through by a person.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, pairwise
from statistics import fmean
from typing import NamedTuple

from dispatch.domain.availability import Answer
from dispatch.domain.candidates import Candidate, Gender, Wanted
from dispatch.domain.languages import Level, Match, Pairing, pairings
from dispatch.domain.modes import Mode, mode_offered

FULL = 1_000_000
"""A score of 100, in ten-thousandths of a point."""


class Criterion(StrEnum):
    """What the score is made of, in the order of the breakdown."""

    LANGUAGE = "language"
    CONTINUITY = "continuity"
    WISHES = "wishes"
    WAY = "way"
    FAIR_SHARE = "fair_share"
    EXPERIENCE = "experience"
    BUNDLING = "bundling"


def _weights() -> dict[Criterion, int]:
    return dict(zip(Criterion, (25, 20, 15, 15, 15, 5, 5), strict=True))


@dataclass(frozen=True, slots=True)
class RankingOptions:
    """Option: weights of the criteria and how each value is made.

    `by_setting` holds weights that stand for `weights` in a setting. `preference` is for the first, second and every
    later asked language. `way_limit_km` and `weekly_minutes` stand for what people who named no limit would like.
    """

    weights: Mapping[Criterion, int] = field(default_factory=_weights)
    by_setting: Mapping[str, Mapping[Criterion, int]] = field(default_factory=dict)
    preference: tuple[float, ...] = (1.0, 0.9, 0.8)
    level: Mapping[Level, float] = field(
        default_factory=lambda: dict(zip(Level, (1.0, 0.95, 0.85, 0.7, 0.5), strict=True))
    )
    related_mutual: float = 0.8
    related_other: float = 0.6
    dialect_missing: float = 0.8
    same_unit: float = 0.5
    experienced_after: int = 5
    way_limit_km: float = 40
    weekly_minutes: int = 600

    def weights_for(self, setting: str) -> Mapping[Criterion, int]:
        """Return the weights of a setting."""
        return self.by_setting.get(setting, self.weights)


DEFAULT = RankingOptions()


@dataclass(frozen=True, slots=True)
class History:
    """What a person has done: for this case token or unit, whole minutes in 90 days, times in the setting.

    `in_same_place`: another appointment of hers on that day is in the same place.
    """

    same_case: bool = False
    same_unit: bool = False
    minutes: int = 0
    times_in_setting: int = 0
    in_same_place: bool = False


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a request would like: `gender` only where it is a wish, `continuity` only where it says "gern".

    `mean_load` is that of all active speakers of the asked languages, see `mean_load`.
    """

    gender: Gender | None = None
    preferred: frozenset[int] = frozenset()
    continuity: bool = False
    dialect: str | None = None
    mean_load: float = 0.0


Fact = str | int | float | bool


class Part(NamedTuple):
    """A criterion's share: points reached of `most` (both ten-thousandths), value 0 to 1, facts behind it."""

    criterion: Criterion
    points: int
    most: int
    value: float
    facts: Mapping[str, Fact]


class Score(NamedTuple):
    """Ten-thousandths of a point, 0 to `FULL`: the sum of the parts that apply, in `Criterion` order."""

    total: int
    parts: tuple[Part, ...]


class Ranked(NamedTuple):
    """A person with what decides her place."""

    mediator_id: int
    availability: Answer
    score: Score
    minutes: int


class _Case(NamedTuple):
    candidate: Candidate
    wanted: Wanted
    history: History
    preferences: Preferences
    options: RankingOptions


def score(
    candidate: Candidate,
    wanted: Wanted,
    history: History,
    preferences: Preferences,
    *,
    options: RankingOptions = DEFAULT,
) -> Score:
    """Return the weighted mean of the criteria that can apply; the weights of the others fall away.

    Where those that apply weigh nothing, everybody has no points.
    """
    case = _Case(candidate, wanted, history, preferences, options)
    values = {criterion: found for criterion, value in _VALUES.items() if (found := value(case)) is not None}
    weighed = options.weights_for(wanted.setting)
    weights = [weighed[criterion] for criterion in values]
    shares = [FULL * weight / (sum(weights) or 1) for weight in weights]
    points = _whole(share * value for share, (value, _) in zip(shares, values.values(), strict=True))
    parts = tuple(
        Part(criterion, reached, most, value, facts)
        for (criterion, (value, facts)), reached, most in zip(values.items(), points, _whole(shares), strict=True)
    )
    return Score(sum(points), parts)


def rank(people: Iterable[Ranked]) -> list[Ranked]:
    """Return the order of asking: availability yes before unknown, best score, fewest minutes, lowest id."""
    return sorted(people, key=_place)


def load(minutes: int, weekly_minutes: int | None, *, options: RankingOptions = DEFAULT) -> float:
    """Return minutes in 90 days relative to the wished minutes of a week."""
    return minutes / (weekly_minutes or options.weekly_minutes)


def mean_load(loads: Iterable[float]) -> float:
    """Return the mean load of the active speakers, the same in whatever order they come; 0.0 of none."""
    all_loads = list(loads)
    return fmean(all_loads) if all_loads else 0.0


def _whole(amounts: Iterable[float]) -> list[int]:
    """Round amounts so that the whole numbers add up to the rounded sum."""
    ends = [0, *(round(end) for end in accumulate(amounts))]
    return [end - start for start, end in pairwise(ends)]


def _place(person: Ranked) -> tuple[bool, int, int, int]:
    return person.availability is not Answer.YES, -person.score.total, person.minutes, person.mediator_id


_Value = tuple[float, Mapping[str, Fact]]


def _language(case: _Case) -> _Value | None:
    candidate, wanted = case.candidate, case.wanted
    serving = pairings(wanted.serving, candidate.spoken)
    if not serving:
        return 0.0, {}
    at_level = [one for one in serving if one.spoken.level.reaches(wanted.language_level)]
    value, best = max(((_fit(one, case), one) for one in at_level or serving), key=lambda pair: pair[0])
    return value, {
        "spoken": best.spoken.code,
        "level": best.spoken.level,
        "match": best.match,
        "preference": best.position + 1,
        "dialect_missing": _lacks_dialect(best, case.preferences.dialect),
    }


def _fit(pairing: Pairing, case: _Case) -> float:
    options = case.options
    value = options.preference[min(pairing.position, len(options.preference) - 1)]
    value *= options.level[pairing.spoken.level]
    if pairing.match is Match.RELATED_MUTUAL:
        value *= options.related_mutual
    elif pairing.match is Match.RELATED_OTHER:
        value *= options.related_other
    return value * options.dialect_missing if _lacks_dialect(pairing, case.preferences.dialect) else value


def _lacks_dialect(pairing: Pairing, dialect: str | None) -> bool:
    if dialect is None:
        return False
    return dialect.casefold() not in {word.casefold() for word in (pairing.spoken.code, *pairing.spoken.dialects)}


def _continuity(case: _Case) -> _Value | None:
    if not case.preferences.continuity:
        return None
    if case.history.same_case:
        return 1.0, {"same": "case"}
    return (case.options.same_unit, {"same": "unit"}) if case.history.same_unit else (0.0, {"same": "none"})


def _wishes(case: _Case) -> _Value | None:
    wishes = []
    if case.preferences.gender is not None:
        wishes.append(case.candidate.gender is case.preferences.gender)
    if case.preferences.preferred:
        wishes.append(case.candidate.id in case.preferences.preferred)
    return (sum(wishes) / len(wishes), {"met": sum(wishes), "wishes": len(wishes)}) if wishes else None


def _way(case: _Case) -> _Value | None:
    if not _is_on_site(case):
        return None
    km, limit = case.candidate.distance_km, case.candidate.max_distance_km or case.options.way_limit_km
    return max(0.0, 1 - km / limit), {"km": km, "limit_km": limit}


def _fair_share(case: _Case) -> _Value | None:
    mean = case.preferences.mean_load
    if mean <= 0:
        return None
    own = load(case.history.minutes, case.candidate.limit_minutes, options=case.options)
    weekly = case.candidate.limit_minutes or case.options.weekly_minutes
    facts = {"minutes": case.history.minutes, "usual_minutes": round(mean * weekly)}
    return 1 - min(1.0, own / (2 * mean)), facts


def _experience(case: _Case) -> _Value | None:
    times = case.history.times_in_setting
    return min(1.0, times / case.options.experienced_after), {"times": times}


def _bundling(case: _Case) -> _Value | None:
    if not _is_on_site(case):
        return None
    return float(case.history.in_same_place), {"same_place": case.history.in_same_place}


def _is_on_site(case: _Case) -> bool:
    modes = case.wanted.modes
    return (mode_offered(case.candidate.modes, modes) or modes[0]) is Mode.ON_SITE


_VALUES: Mapping[Criterion, Callable[[_Case], _Value | None]] = {
    Criterion.LANGUAGE: _language,
    Criterion.CONTINUITY: _continuity,
    Criterion.WISHES: _wishes,
    Criterion.WAY: _way,
    Criterion.FAIR_SHARE: _fair_share,
    Criterion.EXPERIENCE: _experience,
    Criterion.BUNDLING: _bundling,
}
