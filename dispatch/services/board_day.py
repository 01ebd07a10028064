"""Show the day and the pulse of the service beside the tasks: appointments by hour, counts, languages asked for.

It must not decide what needs a person; that is `board`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from dispatch.domain.intervals import Interval, local_day, local_week, to_local
from dispatch.domain.languages import served_by
from dispatch.domain.lifecycle import LIVE, AppointmentState, RequestState
from dispatch.domain.permissions import Act, Actor
from dispatch.models import (
    Appointment,
    AvailabilitySpan,
    Mediator,
    MediatorLanguage,
    Request,
    RequestLanguage,
    WeeklyWindow,
)
from dispatch.reference.languages import all_languages
from dispatch.services import local_time
from dispatch.services.board_filters import Filters, conditions
from dispatch.services.request_access import visible
from dispatch.services.transactions import reading

LOOK_AHEAD = timedelta(days=7)
"""How far people's times are looked at."""
MOST_LANGUAGES = 12
MOST_TODAY = 300

_SHOWN = (*LIVE, AppointmentState.CLIENT_ABSENT, AppointmentState.MEDIATOR_ABSENT)


@dataclass(frozen=True, slots=True)
class Counts:
    """Requests by state: in review, being placed, assigned, moved or proposed and unconfirmed, and this week's ends."""

    in_review: int
    placing: int
    assigned: int
    unconfirmed: int
    unfilled: int
    completed: int


@dataclass(frozen=True, slots=True)
class Today:
    """A local day with its appointments in order of time, each with its request."""

    day: Interval
    rows: tuple[tuple[Appointment, Request], ...]


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language with open requests, and how many people of the pool told times for the coming days."""

    code: str
    open: int
    free: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """The languages most asked for, and how many of the active pool told times for the coming days."""

    languages: tuple[LanguageRow, ...]
    people: int
    free: int


def counts(actor: Actor, filters: Filters, now: datetime) -> Counts:
    """Return the counts of everything within sight, whatever the day; one statement."""
    zone = local_time.zone()
    week = local_week(to_local(now, zone).date(), zone)
    this_week = and_(Request.starts_at >= week.start, Request.starts_at < week.end)
    is_proposed = exists().where(Appointment.request_id == Request.id, Appointment.state == AppointmentState.PROPOSED)

    def number(*states: RequestState, besides: ColumnElement[bool] | None = None) -> Any:
        holds = Request.state.in_(states)
        return func.count().filter(holds if besides is None else and_(holds, besides))

    wanted = select(
        number(RequestState.IN_REVIEW),
        number(RequestState.SUBMITTED, RequestState.SEARCHING),
        number(RequestState.ASSIGNED),
        number(RequestState.ASSIGNED, besides=is_proposed),
        number(RequestState.UNFILLED, besides=this_week),
        number(RequestState.COMPLETED, besides=this_week),
    ).where(visible(actor, Act.BOARD_VIEW), *conditions(filters.without_days(), now))
    return Counts(*reading().execute(wanted).one())


def today(actor: Actor, filters: Filters, now: datetime) -> Today:
    """Return the appointments of the local day of `now`, or of the day that is looked at; one statement."""
    day = _day(filters, now)
    wanted = (
        select(Appointment, Request)
        .join(Request, Request.id == Appointment.request_id)
        .where(
            Appointment.state.in_(_SHOWN),
            Appointment.starts_at < day.end,
            Appointment.ends_at > day.start,
            visible(actor, Act.BOARD_VIEW),
            *conditions(filters.without_days(), now),
        )
        .options(joinedload(Request.languages))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(MOST_TODAY)
    )
    return Today(day, tuple((row[0], row[1]) for row in reading().execute(wanted).unique()))


def pulse(actor: Actor, filters: Filters, now: datetime) -> Pulse:
    """Return the languages of open requests with the people who have time for them; two statements."""
    asked = (
        select(RequestLanguage.code, func.count())
        .join(Request, Request.id == RequestLanguage.request_id)
        .where(
            Request.state.in_((RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING)),
            visible(actor, Act.BOARD_VIEW),
            *conditions(filters.without_days(), now),
        )
        .group_by(RequestLanguage.code)
        .order_by(func.count().desc(), RequestLanguage.code)
        .limit(MOST_LANGUAGES)
    )
    by_language = [(code, number) for code, number in reading().execute(asked)]
    has_time = _has_time(now)
    arms = [_people("", Mediator.active.is_(True)), _people(" ", and_(Mediator.active, has_time))]
    arms += [_people(code, and_(Mediator.active, has_time, _speaks(code))) for code, _number in by_language]
    people = {row.code: row.number for row in reading().execute(union_all(*arms))}
    languages = tuple(LanguageRow(code, number, people[code]) for code, number in by_language)
    return Pulse(languages, people[""], people[" "])


def _day(filters: Filters, now: datetime) -> Interval:
    zone = local_time.zone()
    day: date = filters.day or to_local(now, zone).date()
    return local_day(day, zone)


def _people(code: str, holds: ColumnElement[bool]) -> Select[str, int]:
    number = select(func.count(Mediator.id)).where(holds).scalar_subquery()
    return select(literal(code).label("code"), number.cast(Integer).label("number"))


def _speaks(code: str) -> ColumnElement[bool]:
    """Return whether a person speaks a language or, of an umbrella, one of its varieties."""
    return exists().where(MediatorLanguage.mediator_id == Mediator.id, MediatorLanguage.code.in_(_serving(code)))


def _serving(code: str) -> Sequence[str]:
    return sorted(served_by(code, {language.code: language for language in all_languages()}, related=False))


def _has_time(now: datetime) -> ColumnElement[bool]:
    """Return whether a person told any time within the coming days and is not away throughout.

    In seven days every weekday comes, so a window that is valid on some of them is enough; what she is booked for
    is not taken off.
    """
    until = now + LOOK_AHEAD
    zone = local_time.zone()
    first, last = to_local(now, zone).date(), to_local(until, zone).date()
    window = exists().where(
        WeeklyWindow.mediator_id == Mediator.id,
        or_(WeeklyWindow.valid_from.is_(None), WeeklyWindow.valid_from <= last),
        or_(WeeklyWindow.valid_until.is_(None), WeeklyWindow.valid_until >= first),
    )
    span = AvailabilitySpan
    extra = exists().where(
        span.mediator_id == Mediator.id, span.kind == "extra", span.starts_at < until, span.ends_at > now
    )
    away = exists().where(
        span.mediator_id == Mediator.id, span.kind == "absence", span.starts_at <= now, span.ends_at >= until
    )
    return and_(or_(window, extra), ~away)
