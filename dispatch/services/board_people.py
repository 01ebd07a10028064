"""Find out who of the pool needs a coordinator: silent, leaving, with data to check or a document that ends.

Which of it is due is decided by `domain.care`, `domain.documents` and `domain.offers`; a constant number of statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from dispatch.domain import care as care_rules
from dispatch.domain import documents
from dispatch.domain import hours as hour_rules
from dispatch.domain import offers as offer_rules
from dispatch.domain.care import CareOptions
from dispatch.domain.intervals import local_day, to_local
from dispatch.domain.lifecycle import OfferState
from dispatch.domain.tasks import TaskKind, looked_into_by
from dispatch.models import Appointment, Mediator, MediatorDocument, Offer, Request
from dispatch.services import care, document_care, local_time, options
from dispatch.services.document_care import Ending

MOST = 300


@dataclass(frozen=True, slots=True)
class PersonTask:
    """Something about a person of the pool that needs a coordinator, with the appointments it puts at risk."""

    kind: TaskKind
    due_at: datetime
    mediator: Mediator
    times: int = 1
    appointments: tuple[tuple[Appointment, Request], ...] = ()
    ending: Ending | None = None


Ahead = tuple[Mediator, Appointment, Request]
"""An appointment of a mediator that is still to be kept."""


def tasks(session: Session, sight: ColumnElement[bool], now: datetime) -> Iterable[PersonTask]:
    """Yield what is to be done about people; of appointments those within `sight`. Two statements at most."""
    today = to_local(now, local_time.zone()).date()
    endings: list[Ending] = []
    for mediator, rows in groupby(session.execute(_people(today, now)), key=lambda row: row[0]):
        found = list(rows)
        yield from _with_a_word(mediator, found[0][1], now)
        if mediator.active:
            endings += document_care.endings_of(mediator, [row[2] for row in found if row[2] is not None], today)
    for one in document_care.with_appointments(session, sight, endings[:MOST], now):
        if one.beyond or documents.is_task(one.type, one.last_day, today):
            yield _ending(one, now)


def _people(today: date, now: datetime) -> Any:
    """Return the statement of whoever may be a task, with her latest unanswered offer and each of her documents."""
    shipped = options.read(care_rules.DEFAULT)
    latest = select(func.max(Offer.deadline_at)).where(
        Offer.mediator_id == Mediator.id, Offer.state == OfferState.EXPIRED
    )
    is_silent = and_(
        Mediator.asked_to_confirm_at <= now - shipped.answer_within,
        or_(Mediator.confirmed_at.is_(None), Mediator.confirmed_at < Mediator.asked_to_confirm_at),
    )
    causes = or_(
        Mediator.lapses_in_row >= options.read(offer_rules.DEFAULT).lapses_to_ask_the_coordinator,
        Mediator.change_told_at.is_not(None),
        is_silent,
        Mediator.id.in_(document_care.concerned(today)),
    )
    return (
        select(Mediator, func.coalesce(latest.scalar_subquery(), Mediator.created_at), MediatorDocument)
        .outerjoin(MediatorDocument, MediatorDocument.mediator_id == Mediator.id)
        .where(or_(Mediator.said_no_more_at.is_not(None), and_(Mediator.active, causes)))
        .order_by(Mediator.id, MediatorDocument.id)
    )


def left(ahead: Iterable[Ahead]) -> Iterable[PersonTask]:
    """Yield whoever left the pool, with what she still has ahead."""
    by_id: dict[int, list[Ahead]] = {}
    for row in ahead:
        by_id.setdefault(row[0].id, []).append(row)
    for rows in by_id.values():
        mediator, first = rows[0][0], min(row[1].starts_at for row in rows)
        due_at = _soon(mediator.left_at or mediator.created_at, first)
        appointments = tuple((row[1], row[2]) for row in rows)
        yield PersonTask(TaskKind.LEFT_WITH_APPOINTMENTS, due_at, mediator, appointments=appointments)


def _with_a_word(mediator: Mediator, since: datetime, now: datetime) -> Iterable[PersonTask]:
    """Yield it for who said something of herself that is not settled, and for who is silent."""
    most = options.read(offer_rules.DEFAULT).lapses_to_ask_the_coordinator
    if mediator.active and mediator.lapses_in_row >= most:
        yield PersonTask(TaskKind.STILL_THERE, _soon(since), mediator, times=mediator.lapses_in_row)
    yield from _about_data(mediator, now, options.read(care_rules.DEFAULT))


def _about_data(mediator: Mediator, now: datetime, shipped: CareOptions) -> Iterable[PersonTask]:
    """Yield what she said, or did not say, about what is known of her."""
    data = care.data_of(mediator)
    if mediator.said_no_more_at is not None:
        yield PersonTask(TaskKind.SAID_NO_MORE, _soon(mediator.said_no_more_at), mediator)
    elif data.change_told_at is not None:
        yield PersonTask(TaskKind.DATA_CHANGED, _soon(data.change_told_at), mediator)
    elif data.asked_at is not None and care_rules.is_unanswered(data, now, options=shipped):
        yield PersonTask(TaskKind.DATA_UNCONFIRMED, _soon(data.asked_at + shipped.answer_within), mediator)


def _ending(one: Ending, now: datetime) -> PersonTask:
    """Return the task of a document: before what is booked, else by its last day."""
    if not one.beyond:
        ends_at = local_day(one.last_day, local_time.zone()).end - timedelta(seconds=1)
        return PersonTask(TaskKind.DOCUMENT_ENDS, ends_at, one.mediator, ending=one)
    due_at = min(one.beyond[0][0].starts_at, _soon(now))
    return PersonTask(
        TaskKind.DOCUMENT_BEFORE_APPOINTMENT, due_at, one.mediator, appointments=one.beyond, ending=one
    )  # fmt: skip


def _soon(since: datetime, starts_at: datetime | None = None) -> datetime:
    facts: dict[str, Any] = {
        "zone": local_time.zone(),
        "holidays": local_time.holidays(since),
        "hours": options.read(hour_rules.DEFAULT),
    }
    return looked_into_by(since, starts_at, **facts)
