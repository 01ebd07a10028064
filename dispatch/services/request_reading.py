"""Read requests for the pages: an office's start, and the coordination's list with its filters.

A constant number of statements for any number of rows; nothing outside the reader's sight is ever loaded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.intervals import local_day
from dispatch.domain.lifecycle import LIVE, OPEN_REQUEST, RequestState
from dispatch.domain.permissions import Act, Actor, Scope, scope
from dispatch.models import Appointment, Mediator, Offer, Organisation, Request, RequestLanguage
from dispatch.services import local_time
from dispatch.services.request_access import visible
from dispatch.services.transactions import reading

PAGE = 25
MOST_OPEN = 200
PAST = 10

_Statement = Select[Request, str, int, Appointment, str]
_PAST_STATES = (RequestState.COMPLETED, RequestState.CANCELLED, RequestState.UNFILLED)


class Line(NamedTuple):
    """A request in a list: its organisation, how many people were asked, its live appointment and who comes."""

    request: Request
    organisation_name: str
    asked: int
    appointment: Appointment | None
    call_name: str | None


@dataclass(frozen=True, slots=True)
class Start:
    """The office's start: appointments ahead by time, what still waits by time, drafts, the latest past ones."""

    coming: tuple[Line, ...]
    waiting: tuple[Line, ...]
    drafts: tuple[Line, ...]
    past: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None and "" leave a filter open. `day` is a local day.

    `starts_from` and `starts_until` are instants: what begins at the one or later, and before the other.
    """

    state: RequestState | None = None
    language: str = ""
    municipality: str = ""
    day: date | None = None
    starts_from: datetime | None = None
    starts_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `number` counts from 1."""

    lines: tuple[Line, ...]
    number: int
    has_next: bool


def start(actor: Actor, now: datetime) -> Start:
    """Return what an office sees first; four statements."""
    session = reading()
    sight = visible(actor)
    is_draft = Request.state == RequestState.DRAFT
    is_open = or_(is_draft, and_(Request.state.in_(OPEN_REQUEST), Request.ends_at > now))
    by_time = _listed(sight).where(is_open).order_by(Request.starts_at, Request.id)
    rows = _lines(session, by_time.limit(MOST_OPEN))
    is_over = or_(Request.state.in_(_PAST_STATES), and_(~is_draft, Request.ends_at <= now))
    is_past = _listed(sight).where(is_over)
    past = is_past.order_by(Request.starts_at.desc(), Request.id.desc())
    sent = [line for line in rows if line.request.state != RequestState.DRAFT]
    return Start(
        coming=tuple(line for line in sent if line.appointment),
        waiting=tuple(line for line in sent if not line.appointment),
        drafts=tuple(line for line in rows if line.request.state == RequestState.DRAFT),
        past=tuple(_lines(session, past.limit(PAST))),
    )


def page(actor: Actor, filters: Filters, number: int) -> Page:
    """Return one page of the requests within sight, the latest first; two statements."""
    session = reading()
    wanted = _listed(visible(actor)).where(*_narrowed(actor, filters))
    wanted = wanted.order_by(Request.starts_at.desc(), Request.id.desc())
    rows = _lines(session, wanted.limit(PAGE + 1).offset((number - 1) * PAGE))
    return Page(tuple(rows[:PAGE]), number, len(rows) > PAGE)


def after(actor: Actor, filters: Filters, request_id: int, limit: int) -> list[Line]:
    """Return at most so many requests within sight in the order of their ids, those after one; two statements."""
    wanted = _listed(visible(actor)).where(Request.id > request_id, *_narrowed(actor, filters))
    return _lines(reading(), wanted.order_by(Request.id).limit(limit))


def _listed(sight: ColumnElement[bool]) -> _Statement:
    """Return the statement of a list: each request with organisation, number of people asked and who comes."""
    asked = (
        select(func.count(Offer.mediator_id.distinct()))
        .where(Offer.request_id == Request.id, Offer.revision == Request.revision)
        .scalar_subquery()
    )
    is_live = and_(Appointment.request_id == Request.id, Appointment.state.in_(LIVE))
    return (
        select(Request, Organisation.name, asked, Appointment, Mediator.call_name)
        .join(Organisation, Organisation.id == Request.organisation_id)
        .outerjoin(Appointment, is_live)
        .outerjoin(Mediator, Mediator.id == Appointment.mediator_id)
        .where(sight)
        .options(selectinload(Request.languages))
    )


def _lines(session: Session, wanted: _Statement) -> list[Line]:
    return [Line(*row) for row in session.execute(wanted)]


def _narrowed(actor: Actor, filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.state is not None:
        yield Request.state == filters.state.value
    elif scope(actor, Act.REQUEST_VIEW) is not Scope.OWN_UNIT:
        yield Request.state != RequestState.DRAFT.value
    if filters.language:
        yield exists().where(RequestLanguage.request_id == Request.id, RequestLanguage.code == filters.language)
    if filters.municipality:
        yield Request.municipality == filters.municipality
    if filters.day is not None:
        day = local_day(filters.day, local_time.zone())
        yield and_(Request.starts_at < day.end, Request.ends_at > day.start)
    if filters.starts_from is not None:
        yield Request.starts_at >= filters.starts_from
    if filters.starts_until is not None:
        yield Request.starts_at < filters.starts_until
