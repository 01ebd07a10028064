"""Keep in mind, while a demonstration is made up, who of the invented pool fits and who is busy until when.

Appointments are handed out in order of time, so the latest one of each person is all that must be remembered. The
conditions of the domain are kept here in a coarser form: nobody is taken whom they would refuse.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from dispatch.domain import travel
from dispatch.domain.availability import Answer, Availability, covers
from dispatch.domain.intervals import Interval, to_local
from dispatch.domain.modes import Mode
from dispatch.services import local_time

LOOKED_AT = 25
"""How many speakers are looked at for one talk; enough for any pool to find somebody."""
GAP_ELSEWHERE = timedelta(hours=3)
GAP_HERE = timedelta(hours=1)
_LONG_AGO = date.min


@dataclass(slots=True)
class Person:
    """An invented mediator as far as a talk must know her, and what she has taken on so far."""

    id: int
    name: str
    email: str | None
    languages: tuple[str, ...]
    home: travel.Place
    modes: frozenset[Mode]
    transport: travel.Transport
    furthest_km: int
    times: Availability
    limit_minutes: int | None
    gender: str
    is_ready: bool
    has_certificate: bool
    level: str
    is_kept_free: bool = False
    busy_until: datetime | None = None
    last_town: str | None = None
    week: date = _LONG_AGO
    week_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """What somebody is wanted for."""

    language: str
    span: Interval
    mode: Mode
    place: travel.Place
    minor: bool = False
    level: str = "B2"


@dataclass(frozen=True, slots=True)
class Fit:
    """Somebody who fits, and her way."""

    person: Person
    distance_km: float
    way_minutes: int


@dataclass(slots=True)
class Pool:
    """The people by language; `take` finds somebody for a talk and remembers that she is busy."""

    rng: Random
    by_language: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[int, Person] = field(default_factory=dict)

    def add(self, person: Person) -> None:
        """Let a person be found by each of her languages."""
        self.by_id[person.id] = person
        for code in person.languages:
            self.by_language[code].append(person)

    def speakers(self, talk: Talk) -> list[Person]:
        """Return some speakers in chance order, whether they fit or not."""
        known = self.by_language.get(talk.language, [])
        return self.rng.sample(known, min(LOOKED_AT, len(known)))

    def find(self, talk: Talk, *, besides: int | None = None) -> Fit | None:
        """Return somebody who fits, None when nobody does; the people of the demonstration's accounts are kept free."""
        fitting = (
            fit
            for person in self.speakers(talk)
            if person.id != besides and not person.is_kept_free and (fit := self.fit(person, talk))
        )
        return next(fitting, None)

    def choose(self, talk: Talk, mediator_id: int | None) -> Fit | None:
        """Return the way of the person who is meant, or somebody where nobody is; None when that does not fit."""
        return self.find(talk) if mediator_id is None else self.fit(self.by_id[mediator_id], talk)

    def fit(self, person: Person, talk: Talk) -> Fit | None:
        """Return the way of a person who fits a talk later than all she has taken on, else None."""
        if not all(holds(person, talk) for holds in _CONDITIONS):
            return None
        if talk.mode is not Mode.ON_SITE:
            return Fit(person, 0.0, 0)
        km = travel.way_km(person.home, talk.place)
        if km > person.furthest_km:
            return None
        return Fit(person, round(km, 1), travel.way_minutes(person.home, talk.place, person.transport))

    def take(self, fit: Fit, talk: Talk) -> None:
        """Remember that somebody is busy with a talk."""
        person = fit.person
        person.week_minutes = _minutes_before(person, talk) + _minutes(talk)
        person.week = _week(talk)
        person.busy_until = talk.span.end
        person.last_town = talk.place.municipality if talk.mode is Mode.ON_SITE else person.last_town


def _is_ready(person: Person, talk: Talk) -> bool:
    return person.is_ready and talk.mode in person.modes and (person.has_certificate or not talk.minor)


def _reaches_level(person: Person, talk: Talk) -> bool:
    order = ("native", "C2", "C1", "B2", "B1")
    return order.index(person.level) <= order.index(talk.level)


def _has_time(person: Person, talk: Talk) -> bool:
    return covers(person.times, talk.span, local_time.zone()) is not Answer.NO


def _is_not_busy(person: Person, talk: Talk) -> bool:
    if person.busy_until is None:
        return True
    is_here = person.last_town == talk.place.municipality and talk.mode is Mode.ON_SITE
    return talk.span.start >= person.busy_until + (GAP_HERE if is_here else GAP_ELSEWHERE)


def _is_within_limit(person: Person, talk: Talk) -> bool:
    limit = person.limit_minutes
    return limit is None or _minutes_before(person, talk) + _minutes(talk) <= limit


_CONDITIONS: Sequence[Callable[[Person, Talk], bool]] = (
    _is_ready, _reaches_level, _is_not_busy, _is_within_limit, _has_time,
)  # fmt: skip


def _minutes(talk: Talk) -> int:
    return talk.span.duration // timedelta(minutes=1)


def _minutes_before(person: Person, talk: Talk) -> int:
    return person.week_minutes if person.week == _week(talk) else 0


def _week(talk: Talk) -> date:
    day = to_local(talk.span.start, local_time.zone()).date()
    return day - timedelta(days=day.weekday())
