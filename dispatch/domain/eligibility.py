"""Decide who fits a request: thirteen hard conditions, each with its code and the facts behind a refusal.

It never ranks and never loads: a person and the request are handed in as plain values, the conflict and the
availability already judged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dispatch.domain import document_types
from dispatch.domain.availability import Answer
from dispatch.domain.candidates import Bar, Candidate, Wanted
from dispatch.domain.conflicts import ClashKind
from dispatch.domain.document_types import DocumentTypes
from dispatch.domain.languages import Level, pairings
from dispatch.domain.modes import Mode, mode_offered
from dispatch.domain.settings import DocumentType

_MINUTE = timedelta(minutes=1)


class Code(StrEnum):
    """The hard conditions, in the order in which refusals are listed."""

    INACTIVE = "inactive"
    UNDERTAKING = "undertaking"
    LANGUAGE = "language"
    QUALIFICATION = "qualification"
    GENDER = "gender"
    MODE = "mode"
    AVAILABILITY = "availability"
    CONFLICT = "conflict"
    DISTANCE = "distance"
    EXCLUDED = "excluded"
    LIMIT = "limit"
    REACHABLE = "reachable"
    DECLINED = "declined"


OVERRIDABLE = frozenset(Code) - {
    Code.INACTIVE,
    Code.UNDERTAKING,
    Code.QUALIFICATION,
    Code.EXCLUDED,
}
"""What a coordinator may set aside; of the language only a level, of a conflict only the way."""


@dataclass(frozen=True, slots=True)
class EligibilityOptions:
    """Option: minutes before the way can begin, minutes that must be left to work."""

    notice_minutes: int = 15
    remaining_minutes: int = 15


DEFAULT = EligibilityOptions()


class Moment(StrEnum):
    """When the conditions are checked: before asking, before assigning, or again at acceptance."""

    ASK = "ask"
    ASSIGN = "assign"
    ACCEPT = "accept"


Fact = str | int | float | date | datetime | tuple[str, ...]


class Failure(NamedTuple):
    """A condition that does not hold, whether a coordinator may set it aside, and the facts behind it."""

    code: Code
    overridable: bool
    facts: Mapping[str, Fact]


def check(
    candidate: Candidate,
    wanted: Wanted,
    now: datetime,
    *,
    moment: Moment = Moment.ASK,
    options: EligibilityOptions = DEFAULT,
    types: DocumentTypes = document_types.DEFAULT,
) -> tuple[Failure, ...]:
    """Return every condition that does not hold, in the order of `Code`; empty = she fits.

    At acceptance only `ACCEPTANCE` is checked; there and at assignment the notice before the way falls away.
    """
    situation = _Situation(now, moment, options, types)
    rules = _RULES_AT_ACCEPTANCE if moment is Moment.ACCEPT else _RULES
    return tuple(failure for rule in rules if (failure := rule(candidate, wanted, situation)))


def codes_of(failures: tuple[Failure, ...]) -> tuple[Code, ...]:
    """Return the codes alone."""
    return tuple(failure.code for failure in failures)


class _Situation(NamedTuple):
    now: datetime
    moment: Moment
    options: EligibilityOptions
    types: DocumentTypes


def _inactive(candidate: Candidate, _wanted: Wanted, _situation: _Situation) -> Failure | None:
    return None if candidate.active else Failure(Code.INACTIVE, False, {})


def _undertaking(candidate: Candidate, wanted: Wanted, situation: _Situation) -> Failure | None:
    undertakings = [document for document in candidate.documents if document.type == DocumentType.UNDERTAKING]
    if any(document_types.counts(document, wanted.day, situation.types) for document in undertakings):
        return None
    ends = [last for document in undertakings if (last := document_types.last_day(document, situation.types))]
    return Failure(Code.UNDERTAKING, False, {"ended_on": max(ends)} if ends else {})


def _language(candidate: Candidate, wanted: Wanted, _situation: _Situation) -> Failure | None:
    spoken = [pairing.spoken.level for pairing in pairings(wanted.serving, candidate.spoken)]
    if not spoken:
        return Failure(Code.LANGUAGE, False, {"cause": "not_spoken"})
    if not any(level.reaches(wanted.language_level) for level in spoken):
        best = min(spoken, key=list(Level).index)
        return Failure(Code.LANGUAGE, True, {"cause": "level", "level": best, "wanted": wanted.language_level})
    if not candidate.german_level.reaches(wanted.german_level):
        facts = {"cause": "german_level", "level": candidate.german_level, "wanted": wanted.german_level}
        return Failure(Code.LANGUAGE, True, facts)
    return None


def _qualification(candidate: Candidate, wanted: Wanted, situation: _Situation) -> Failure | None:
    facts: dict[str, Fact] = {}
    if not candidate.qualification.reaches(wanted.qualification):
        facts |= {"qualification": candidate.qualification, "wanted": wanted.qualification}
    if wanted.documents:
        held, types = candidate.documents, situation.types
        shown = {document.type for document in held if document_types.counts(document, wanted.day, types)}
        if missing := wanted.documents - shown:
            facts["documents"] = tuple(sorted(missing))
    return Failure(Code.QUALIFICATION, False, facts) if facts else None


def _gender(candidate: Candidate, wanted: Wanted, _situation: _Situation) -> Failure | None:
    if wanted.gender is None or candidate.gender is wanted.gender:
        return None
    return Failure(Code.GENDER, True, {"wanted": wanted.gender})


def _mode(candidate: Candidate, wanted: Wanted, _situation: _Situation) -> Failure | None:
    if mode_offered(candidate.modes, wanted.modes):
        return None
    return Failure(Code.MODE, True, {"wanted": wanted.modes[0]})


def _availability(candidate: Candidate, _wanted: Wanted, _situation: _Situation) -> Failure | None:
    return Failure(Code.AVAILABILITY, True, {}) if candidate.availability is Answer.NO else None


def _conflict(candidate: Candidate, _wanted: Wanted, _situation: _Situation) -> Failure | None:
    if not candidate.clashes:
        return None
    worst = min(candidate.clashes, key=lambda clash: list(ClashKind).index(clash.kind))
    facts: dict[str, Fact] = {"cause": worst.kind}
    if worst.kind is ClashKind.WAY:
        facts |= {"needed_minutes": worst.needed_minutes, "gap_minutes": worst.gap_minutes}
    return Failure(Code.CONFLICT, worst.kind is ClashKind.WAY, facts)


def _distance(candidate: Candidate, wanted: Wanted, _situation: _Situation) -> Failure | None:
    limit = candidate.max_distance_km
    if limit is None or candidate.distance_km <= limit or not _is_on_site(candidate, wanted):
        return None
    return Failure(Code.DISTANCE, True, {"km": candidate.distance_km, "limit_km": limit})


def _excluded(candidate: Candidate, wanted: Wanted, _situation: _Situation) -> Failure | None:
    home = candidate.municipality
    causes: list[str] = [bar for bar in Bar if bar in candidate.bars]
    if wanted.setting in candidate.refused_settings:
        causes.append("refuses_setting")
    if candidate.avoids_own_municipality and home is not None and home == wanted.municipality:
        causes.append("own_municipality")
    if home in wanted.avoided_municipalities:
        causes.append("avoided_municipality")
    return Failure(Code.EXCLUDED, False, {"causes": tuple(causes)}) if causes else None


def _limit(candidate: Candidate, wanted: Wanted, _situation: _Situation) -> Failure | None:
    limit = candidate.limit_minutes
    if limit is None:
        return None
    booked = candidate.minutes_by_week
    fullest = max(own + booked.get(week, 0) for week, own in wanted.minutes.items())
    return Failure(Code.LIMIT, True, {"minutes": fullest, "limit_minutes": limit}) if fullest > limit else None


def _reachable(candidate: Candidate, wanted: Wanted, situation: _Situation) -> Failure | None:
    if wanted.entered_afterwards:
        return None
    now, moment, options, _types = situation
    minutes = candidate.way_minutes if _is_on_site(candidate, wanted) else 0
    notice = options.notice_minutes if moment is Moment.ASK else 0
    latest = wanted.interval.start
    if wanted.stepped_back:
        latest = wanted.interval.end - options.remaining_minutes * _MINUTE
    if now + (notice + minutes) * _MINUTE <= latest:
        return None
    left = (latest - now) // _MINUTE
    return Failure(Code.REACHABLE, True, {"way_minutes": minutes, "left_minutes": left})


def _declined(candidate: Candidate, _wanted: Wanted, _situation: _Situation) -> Failure | None:
    return Failure(Code.DECLINED, True, {"cause": candidate.declined}) if candidate.declined else None


def _is_on_site(candidate: Candidate, wanted: Wanted) -> bool:
    """Tell whether she would have to go there; who offers none of the modes is judged by the wanted one."""
    return (mode_offered(candidate.modes, wanted.modes) or wanted.modes[0]) is Mode.ON_SITE


_Rule = Callable[[Candidate, Wanted, _Situation], Failure | None]

_RULE_OF: Mapping[Code, _Rule] = {
    Code.INACTIVE: _inactive,
    Code.UNDERTAKING: _undertaking,
    Code.LANGUAGE: _language,
    Code.QUALIFICATION: _qualification,
    Code.GENDER: _gender,
    Code.MODE: _mode,
    Code.AVAILABILITY: _availability,
    Code.CONFLICT: _conflict,
    Code.DISTANCE: _distance,
    Code.EXCLUDED: _excluded,
    Code.LIMIT: _limit,
    Code.REACHABLE: _reachable,
    Code.DECLINED: _declined,
}

ACCEPTANCE = frozenset({Code.INACTIVE, Code.UNDERTAKING, Code.CONFLICT, Code.EXCLUDED, Code.LIMIT, Code.REACHABLE})
"""What is checked again when an offer is accepted."""

_RULES = tuple(_RULE_OF[code] for code in Code)
_RULES_AT_ACCEPTANCE = tuple(_RULE_OF[code] for code in Code if code in ACCEPTANCE)
