"""Find mediators by language, home, name and free time, page by page, in a fixed number of statements.

Whoever may find people sees names, languages and free time; the rest is shown to those who may view a record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.intervals import Interval, local_week, to_local
from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import Mediator, MediatorLanguage
from dispatch.reference import languages
from dispatch.services import free_time, local_time
from dispatch.services.free_time import Times
from dispatch.services.transactions import reading

PAGE = 50
OUTSIDE = "outside"
"""The word for everybody who lives outside the district, in place of a municipality's key."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; None and empty mean everybody. `page` counts from 1."""

    language: str = ""
    municipality: str = ""
    active: bool | None = True
    name: str = ""
    free_this_week: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the list: her rows with languages, free minutes left in this week (None: times unknown)."""

    mediator: Mediator
    free_minutes: int | None


@dataclass(frozen=True, slots=True)
class MediatorPage:
    """One page of the list by name; `total` counts all pages."""

    entries: tuple[Entry, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


def find(actor: Actor, filters: Filters, now: datetime) -> MediatorPage:
    """Return one page of the people who match, by name; raises Forbidden.

    Four statements at most whatever the number of people. A page that does not exist is the last one.
    """
    require(actor, Act.MEDIATOR_FIND)
    session = reading()
    rest = rest_of_week(now)
    if filters.free_this_week:
        return _free(session, filters, rest)
    conditions = _conditions(filters)
    total = session.scalar(select(func.count()).select_from(Mediator).where(*conditions)) or 0
    page = _existing(filters.page, total)
    rows = _rows(session, select(Mediator).where(*conditions).offset((page - 1) * PAGE).limit(PAGE))
    return MediatorPage(_entries(rows, _times(session, rows, rest), rest), total, page)


def after(actor: Actor, filters: Filters, last_id: int, most: int) -> Sequence[int]:
    """Return the ids that follow `last_id` among all who match, in order of id; raises Forbidden."""
    require(actor, Act.MEDIATOR_FIND)
    wanted = select(Mediator.id).where(Mediator.id > last_id, *_conditions(filters))
    return reading().scalars(wanted.order_by(Mediator.id).limit(most)).all()


def rest_of_week(now: datetime) -> Interval:
    """Return what is left of the local week, from now to the midnight that ends Sunday."""
    zone = local_time.zone()
    return Interval(now, local_week(to_local(now, zone).date(), zone).end)


def _free(session: Session, filters: Filters, rest: Interval) -> MediatorPage:
    """Page through those who have time left or whose times are unknown."""
    conditions = _conditions(filters)
    ids = list(session.scalars(select(Mediator.id).where(*conditions).order_by(*_BY_NAME)))
    times = free_time.load(session, select(Mediator.id).where(*conditions), rest)
    free = [id_ for id_ in ids if id_ not in times or times[id_].is_unknown or times[id_].free_minutes(rest)]
    page = _existing(filters.page, len(free))
    here = free[(page - 1) * PAGE : page * PAGE]
    rows = _rows(session, select(Mediator).where(Mediator.id.in_(here)))
    return MediatorPage(_entries(rows, times, rest), len(free), page)


_BY_NAME = (Mediator.name, Mediator.id)


def _rows(session: Session, wanted: Select[Mediator]) -> Sequence[Mediator]:
    loaded = wanted.order_by(*_BY_NAME).options(selectinload(Mediator.languages))
    return session.scalars(loaded).all()


def _times(session: Session, rows: Sequence[Mediator], rest: Interval) -> Mapping[int, Times]:
    ids = [row.id for row in rows]
    return free_time.load(session, select(Mediator.id).where(Mediator.id.in_(ids)), rest)


def _entries(rows: Sequence[Mediator], times: Mapping[int, Times], rest: Interval) -> tuple[Entry, ...]:
    return tuple(
        Entry(row, None if row.id not in times or times[row.id].is_unknown else times[row.id].free_minutes(rest))
        for row in rows
    )


def _existing(page: int, total: int) -> int:
    return max(1, min(page, -(-total // PAGE)))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.active is not None:
        conditions.append(Mediator.active.is_(filters.active))
    if filters.language:
        speakers = select(MediatorLanguage.mediator_id).where(MediatorLanguage.code.in_(_serving(filters.language)))
        conditions.append(Mediator.id.in_(speakers))
    if filters.municipality:
        here = filters.municipality
        conditions.append(Mediator.municipality.is_(None) if here == OUTSIDE else Mediator.municipality == here)
    if filters.name:
        conditions.append(_called(filters.name))
    return conditions


def _serving(code: str) -> tuple[str, ...]:
    """Return the code and, of an umbrella, its varieties."""
    language = languages.find_language(code)
    return (code, *language.varieties) if language else (code,)


def _called(typed: str) -> ColumnElement[bool]:
    """Find by part of the name, or by badge number."""
    named = Mediator.name.icontains(typed.strip(), autoescape=True)
    if typed.strip().isascii() and typed.strip().isdigit() and len(typed.strip()) < 10:
        return or_(named, Mediator.badge_number == int(typed))
    return named
