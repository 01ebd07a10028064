"""Hold what the conditions must know of a person and of a request: plain values, made by the services.

It decides nothing but how the minutes of an appointment fall into weeks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from dispatch.domain.availability import Answer
from dispatch.domain.conflicts import Clash
from dispatch.domain.intervals import Interval, local_week, to_local
from dispatch.domain.languages import Level, Serving, Spoken
from dispatch.domain.modes import Mode
from dispatch.domain.settings import Qualification

_MINUTE = timedelta(minutes=1)

Week = tuple[int, int]
"""A week of ISO 8601: its year and number."""


class Gender(StrEnum):
    """A mediator's gender, as far as a request may ask for it."""

    FEMALE = "female"
    MALE = "male"
    DIVERSE = "diverse"


class Bar(StrEnum):
    """Who keeps her away: the unit, this request, this case after a step back, or her refusal of the unit."""

    UNIT = "unit"
    REQUEST = "request"
    CASE = "case"
    REFUSES_UNIT = "refuses_unit"


class Declined(StrEnum):
    """What she has said no to: this revision (declined or handed back), or the request for good."""

    REVISION = "revision"
    REQUEST = "request"


class Document(NamedTuple):
    """A document that the service has seen; no `valid_until` = no end."""

    type: str
    issued_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of the pool as one request sees her, way and clashes for the mode she would come in.

    `clashes` are those with her live appointments; `minutes_by_week` sums these for each ISO week that the
    request touches, this one not included. `municipality` is the home's key, None outside the district.
    """

    id: int
    active: bool
    spoken: tuple[Spoken, ...]
    german_level: Level
    qualification: Qualification
    gender: Gender | None
    modes: frozenset[Mode]
    documents: tuple[Document, ...]
    availability: Answer
    distance_km: float
    way_minutes: int
    max_distance_km: float | None = None
    clashes: tuple[Clash, ...] = ()
    municipality: str | None = None
    avoids_own_municipality: bool = False
    refused_settings: frozenset[str] = frozenset()
    bars: frozenset[Bar] = frozenset()
    limit_minutes: int | None = None
    minutes_by_week: Mapping[Week, int] = field(default_factory=dict)
    declined: Declined | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request demands; `gender` only where it is a condition, `modes` the wanted one, then fallbacks.

    `serving` comes from `languages.serving_all`, `minutes` from `minutes_by_week`; `day` is the local day of
    the start. `entered_afterwards` and `stepped_back` change what `reachable` means.
    """

    interval: Interval
    day: date
    minutes: Mapping[Week, int]
    serving: Serving
    language_level: Level
    german_level: Level
    setting: str
    modes: tuple[Mode, ...]
    qualification: Qualification = Qualification.LAY
    documents: frozenset[str] = frozenset()
    gender: Gender | None = None
    municipality: str | None = None
    avoided_municipalities: frozenset[str] = frozenset()
    stepped_back: bool = False
    entered_afterwards: bool = False


def minutes_by_week(interval: Interval, zone: tzinfo) -> dict[Week, int]:
    """Return the interval's whole minutes in each ISO week it touches, split at the midnight after Sunday.

    The parts add up to the whole minutes of the interval.
    """
    minutes: dict[Week, int] = {}
    start, counted = interval.start, 0
    while start < interval.end:
        day = to_local(start, zone).date()
        end = min(interval.end, local_week(day, zone).end)
        so_far = (end - interval.start) // _MINUTE
        year, week, _ = day.isocalendar()
        minutes[year, week] = so_far - counted
        start, counted = end, so_far
    return minutes
