"""Find out who fits a request and who fits best, and keep what the request remembers of it.

It must not ask anybody; whoever ranks writes afterwards, in a transaction that looks at the request again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from dispatch.domain import document_types, eligibility, ranking
from dispatch.domain.eligibility import ACCEPTANCE, Code, Failure, Moment
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Act, Actor, require
from dispatch.domain.ranking import Ranked, Score
from dispatch.domain.requests import Policy
from dispatch.models import MediatorLanguage, Request, RequestLanguage
from dispatch.services import asked as asked_for
from dispatch.services import candidates, options
from dispatch.services.asked import Asked
from dispatch.services.candidates import Person
from dispatch.services.request_access import subject_of
from dispatch.services.transactions import reading, run

FIRST_LOOK = 12
"""Among so many people who speak a language there is mostly one who fits."""
MOST_NAMED = 500
"""When more people than these change at once, every search is looked at again."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Somebody who fits, with the score that gives her her place."""

    person: Person
    score: Score


@dataclass(frozen=True, slots=True)
class Judged:
    """Somebody beside a request, with every condition that fails."""

    person: Person
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who fits, in the order of asking; who does not, by name and the inactive last; both cut at the limit."""

    asked: Asked
    eligible: tuple[Fitting, ...]
    ineligible: tuple[Judged, ...]
    eligible_total: int
    ineligible_total: int


def rank(session: Session, request_id: int, now: datetime, *, limit: int | None = None) -> Ranking:
    """Return everybody who speaks an asked or related language, judged and in order; raises Missing.

    Four statements whatever the size of the pool. `limit` bounds each of the two lists, not their totals.
    """
    return rank_asked(session, asked_for.load(session, request_id), now, limit)


def rank_for(actor: Actor, request_id: int, now: datetime, *, limit: int | None = None) -> Ranking:
    """Return the same for the page of somebody who acts; raises Missing for what lies outside their sight."""
    session = reading()
    asked = asked_for.load(session, request_id)
    require(actor, Act.CANDIDATE_VIEW, subject_of(asked.request))
    return rank_asked(session, asked, now, limit)


def rank_asked(session: Session, asked: Asked, now: datetime, limit: int | None) -> Ranking:
    """Return the same for what is already loaded, or was never stored; three statements."""
    people = candidates.load(session, asked, now)
    judged = [(person, _failures(asked, person, now, Moment.ASK)) for person in people]
    fitting = _in_order(asked, [person for person, failures in judged if not failures], people)
    unfit = [Judged(person, failures) for person, failures in judged if failures]
    unfit.sort(key=lambda one: (not one.person.candidate.active, one.person.mediator.name, one.person.mediator.id))
    return Ranking(asked, tuple(fitting[:limit]), tuple(unfit[:limit]), len(fitting), len(unfit))


def failures(
    session: Session,
    request: Request,
    mediator_id: int,
    now: datetime,
    *,
    codes: Collection[Code] = ACCEPTANCE,
) -> tuple[Failure, ...]:
    """Return which of `codes` one mediator fails for a request as it stands in this transaction; empty = she fits.

    The request's own appointments do not count against her, so it serves a move too: set the new time and place
    first. No notice before the way is asked for. The caller has locked the request and the mediator.
    """
    found = look_at(session, request, mediator_id, now).failures
    return tuple(failure for failure in found if failure.code in codes)


def look_at(session: Session, request: Request, mediator_id: int, now: datetime) -> Judged:
    """Return one mediator known to exist beside a request, with every condition that fails for an assignment."""
    asked = asked_for.reload(session, request)
    person = candidates.load(session, asked, now, only=mediator_id)[0]
    return Judged(person, _failures(asked, person, now, Moment.ASSIGN))


def note_fit(request_id: int, now: datetime) -> bool:
    """Tell whether somebody fits a request now, and keep since when nobody does; raises Missing."""
    asked = asked_for.load(reading(), request_id)
    request, fits = asked.request, _has_somebody(asked, now)
    revision, state = request.revision, request.state
    if fits == (request.nobody_fits_at is None):
        return fits

    def use_case(session: Session) -> None:
        held = session.scalar(select(Request).where(Request.id == request_id).with_for_update())
        if held and (held.revision, held.state) == (revision, state):
            held.nobody_fits_at = None if fits else held.nobody_fits_at or now

    run(use_case)
    return fits


def _has_somebody(asked: Asked, now: datetime) -> bool:
    """Look at a few people and only if none of them fits at everybody: one who fits is enough."""
    few = candidates.load_some(reading(), asked, now, FIRST_LOOK)
    if not all(_failures(asked, person, now, Moment.ASK) for person in few):
        return True
    everybody = candidates.load(reading(), asked, now)
    return not all(_failures(asked, person, now, Moment.ASK) for person in everybody)


def retry_unfitted(session: Session, now: datetime, mediator_ids: Collection[int] | None = None) -> int:
    """Let the jobs look again at every search that has nobody left to ask; return how many.

    For services that change the pool, an availability, an appointment or the options. Where only some people changed,
    searches for languages that none of them speaks are left alone. Rows that somebody else holds are left out: they
    are looked at every waking hour anyway.
    """
    session.flush()
    ids = _unfitted(session, now, mediator_ids)
    if not ids:
        return 0
    waiting = (
        select(Request.id)
        .where(Request.id.in_(ids), *_is_unfitted(now))
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    found = session.scalars(
        update(Request).where(Request.id.in_(select(waiting.c.id))).values(wave_due_at=now).returning(Request.id),
        execution_options={"synchronize_session": False},
    )
    return len(found.all())


def _is_unfitted(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Request.state == RequestState.SEARCHING,
        Request.policy == Policy.WAVES,
        or_(Request.nobody_fits_at.is_not(None), Request.exhausted_at.is_not(None)),
        Request.ends_at > now,
    )


def _unfitted(session: Session, now: datetime, mediator_ids: Collection[int] | None) -> list[int]:
    """Return the searches with nobody left to ask, those only that ask for a language one of these people speaks."""
    wanted = select(RequestLanguage.request_id, RequestLanguage.code).join(Request).where(*_is_unfitted(now))
    languages: dict[int, list[str]] = {}
    for request_id, code in session.execute(wanted):
        languages.setdefault(request_id, []).append(code)
    if mediator_ids is None or len(mediator_ids) > MOST_NAMED or not languages:
        return sorted(languages)
    known = select(MediatorLanguage.code).where(MediatorLanguage.mediator_id.in_(mediator_ids))
    spoken = set(session.scalars(known))
    return sorted(request_id for request_id, codes in languages.items() if asked_for.speakers_of(codes) & spoken)


def _failures(asked: Asked, person: Person, now: datetime, moment: Moment) -> tuple[Failure, ...]:
    shipped, types = options.read(eligibility.DEFAULT), options.read(document_types.DEFAULT)
    return eligibility.check(person.candidate, asked.wanted, now, moment=moment, options=shipped, types=types)


def _in_order(asked: Asked, fitting: Sequence[Person], pool: Iterable[Person]) -> list[Fitting]:
    """Score the people who fit, among all active speakers of an asked language, and put them in order."""
    shipped = options.read(ranking.DEFAULT)
    loads = (
        ranking.load(person.history.minutes, person.candidate.limit_minutes, options=shipped)
        for person in pool
        if person.candidate.active and _speaks_asked(asked, person)
    )
    preferences = asked.preferences(ranking.mean_load(loads))
    by_id = {}
    places = []
    for person in fitting:
        score = ranking.score(person.candidate, asked.wanted, person.history, preferences, options=shipped)
        by_id[person.mediator.id] = Fitting(person, score)
        places.append(Ranked(person.mediator.id, person.candidate.availability, score, person.history.minutes))
    return [by_id[place.mediator_id] for place in ranking.rank(places)]


def _speaks_asked(asked: Asked, person: Person) -> bool:
    """Tell whether she speaks an asked language itself, not only a related one."""
    serving = asked.wanted.serving
    return any(
        (match := by_code.get(spoken.code)) is not None and not match.is_related
        for spoken in person.candidate.spoken
        for by_code in serving
    )
