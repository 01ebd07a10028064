"""Find out who of the pool needs a coordinator: silent, leaving, with data to check or a document that ends.

Which of it is due is decided by `domain.care`, `domain.documents` and `domain.offers`; a constant number of statements.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import care as care_rules
from dispatch.domain import documents
from dispatch.domain import hours as hour_rules
from dispatch.domain import offers as offer_rules
from dispatch.domain.care import CareOptions
from dispatch.domain.intervals import local_day, to_local
from dispatch.domain.lifecycle import OfferState
from dispatch.domain.tasks import TaskKind, looked_into_by
from dispatch.models import Appointment, Mediator, Offer, Request
from dispatch.services import care, document_care, local_time, options
from dispatch.services.appointment_access import AHEAD
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


def tasks(session: Session, sight: ColumnElement[bool], now: datetime) -> Iterable[PersonTask]:
    """Yield what is to be done about people; of appointments those within `sight`."""
    yield from _with_appointments(session, sight, now)
    yield from _with_a_word(session, now)
    today = to_local(now, local_time.zone()).date()
    for one in document_care.endings(session, sight, now)[:MOST]:
        if one.beyond or documents.is_task(one.type, one.last_day, today):
            yield _ending(one, now)


def _with_appointments(session: Session, sight: ColumnElement[bool], now: datetime) -> Iterable[PersonTask]:
    """Yield whoever left, with what she still has ahead; one statement."""
    wanted = (
        select(Mediator, Appointment, Request)
        .join(Appointment, Appointment.mediator_id == Mediator.id)
        .join(Request, Request.id == Appointment.request_id)
        .where(~Mediator.active, Appointment.state.in_(AHEAD), Appointment.ends_at > now, sight)
        .order_by(Mediator.id, Appointment.starts_at, Appointment.id)
        .limit(MOST)
        .options(selectinload(Request.languages))
    )
    for mediator, rows in groupby(session.execute(wanted), key=lambda row: row[0]):
        ahead = tuple((row[1], row[2]) for row in rows)
        due_at = _soon(mediator.left_at or mediator.created_at, ahead[0][0].starts_at)
        yield PersonTask(TaskKind.LEFT_WITH_APPOINTMENTS, due_at, mediator, appointments=ahead)


def _with_a_word(session: Session, now: datetime) -> Iterable[PersonTask]:
    """Yield who said something of herself that is not settled, and who is silent; one statement."""
    shipped = options.read(care_rules.DEFAULT)
    most = options.read(offer_rules.DEFAULT).lapses_to_ask_the_coordinator
    latest = select(func.max(Offer.deadline_at)).where(
        Offer.mediator_id == Mediator.id, Offer.state == OfferState.EXPIRED
    )
    is_silent = and_(
        Mediator.asked_to_confirm_at <= now - shipped.answer_within,
        or_(Mediator.confirmed_at.is_(None), Mediator.confirmed_at < Mediator.asked_to_confirm_at),
    )
    needs_a_word = or_(Mediator.lapses_in_row >= most, Mediator.change_told_at.is_not(None), is_silent)
    wanted = select(Mediator, func.coalesce(latest.scalar_subquery(), Mediator.created_at)).where(
        or_(Mediator.said_no_more_at.is_not(None), and_(Mediator.active, needs_a_word))
    )
    for mediator, since in session.execute(wanted.order_by(Mediator.id).limit(MOST)):
        if mediator.active and mediator.lapses_in_row >= most:
            yield PersonTask(TaskKind.STILL_THERE, _soon(since), mediator, times=mediator.lapses_in_row)
        yield from _about_data(mediator, now, shipped)


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
