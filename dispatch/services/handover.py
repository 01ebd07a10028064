"""Gather what a deputy must know on one page: who is away, what is open, promised, unconfirmed, noted.

It must not decide anything, and tells of nothing outside the reader's sight. A constant number of statements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch.domain import duty as duty_rules
from dispatch.domain.lifecycle import AppointmentState, RequestState
from dispatch.domain.permissions import Act, Actor, may
from dispatch.models import Appointment, CallTask, InternalNote, Mediator, Organisation, Request, User
from dispatch.services import alarms, board, claims, duty, options
from dispatch.services.board_filters import Filters
from dispatch.services.request_access import visible
from dispatch.services.transactions import reading

MOST = 200
"""So many rows of one kind stand on the page."""

_OPEN = (RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING)


class OpenRow(NamedTuple):
    """A request nobody has taken yet, who asks, and who of the coordination looks after it."""

    request: Request
    organisation: str
    looked_after_by: str | None


class Unsure(NamedTuple):
    """An appointment whose yes or re-confirmation is missing."""

    appointment: Appointment
    request: Request
    mediator: Mediator


class CallRow(NamedTuple):
    """Something that is still to be said or asked by phone."""

    task: CallTask
    request: Request
    mediator: Mediator | None


class NoteRow(NamedTuple):
    """A note of the last days, who wrote it, and what it is about."""

    note: InternalNote
    who: str | None
    request: Request | None
    mediator: Mediator | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The handover list: for the coming days, and what was noted in the last ones."""

    until: datetime
    plan: duty.Plan
    alarms: Sequence[alarms.Open]
    tasks: Sequence[board.Task]
    requests: Sequence[OpenRow]
    unsure: Sequence[Unsure]
    calls: Sequence[CallRow]
    notes: Sequence[NoteRow]


def sheet(actor: Actor, now: datetime) -> Sheet:
    """Return the handover list within sight; Forbidden for roles without a board."""
    session, shipped = reading(), options.read(duty_rules.DEFAULT)
    until = now + timedelta(days=shipped.handover_days)
    tasks = board.tasks(actor, Filters(), now)
    return Sheet(
        until=until,
        plan=duty.plan(actor, now),
        alarms=alarms.open_alarms(actor),
        tasks=tasks,
        requests=_requests(session, actor, until, now),
        unsure=_unsure(session, actor, until, now),
        calls=_calls(session, actor),
        notes=_notes(session, actor, now - timedelta(days=shipped.handover_days_back)),
    )


def _requests(session: Session, actor: Actor, until: datetime, now: datetime) -> list[OpenRow]:
    wanted = (
        select(Request, Organisation.name)
        .join(Organisation, Organisation.id == Request.organisation_id)
        .where(
            Request.state.in_(_OPEN),
            or_(Request.starts_at < until, Request.answer_by < until),
            visible(actor, Act.BOARD_VIEW),
        )
        .options(joinedload(Request.languages))
        .order_by(Request.starts_at, Request.id)
        .limit(MOST)
    )
    rows = session.execute(wanted).unique().all()
    names: Mapping[int, str] = claims.names((row[0] for row in rows), now)
    return [OpenRow(request, office, names.get(_holder(request, now))) for request, office in rows]


def _holder(request: Request, now: datetime) -> int:
    claim = claims.of(request, now)
    return claim.user_id if claim else 0


def _unsure(session: Session, actor: Actor, until: datetime, now: datetime) -> list[Unsure]:
    is_silent = and_(Appointment.state == AppointmentState.CONFIRMED, Appointment.reconfirm_at <= now)
    wanted = (
        select(Appointment, Request, Mediator)
        .join(Request, Request.id == Appointment.request_id)
        .join(Mediator, Mediator.id == Appointment.mediator_id)
        .where(
            or_(Appointment.state == AppointmentState.PROPOSED, is_silent),
            Appointment.ends_at > now,
            Appointment.starts_at < until,
            visible(actor, Act.BOARD_VIEW),
        )
        .options(joinedload(Request.languages))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(MOST)
    )
    return [Unsure(*row) for row in session.execute(wanted).unique()]


def _calls(session: Session, actor: Actor) -> list[CallRow]:
    if not may(actor, Act.CALL_VIEW):
        return []
    wanted = (
        select(CallTask, Request, Mediator)
        .join(Request, Request.id == CallTask.request_id)
        .outerjoin(Mediator, Mediator.id == CallTask.mediator_id)
        .where(CallTask.state == "open", visible(actor, Act.BOARD_VIEW))
        .options(joinedload(Request.languages))
        .order_by(CallTask.due_at, CallTask.id)
        .limit(MOST)
    )
    return [CallRow(*row) for row in session.execute(wanted).unique()]


def _notes(session: Session, actor: Actor, since: datetime) -> list[NoteRow]:
    if not may(actor, Act.NOTE_VIEW):
        return []
    wanted = (
        select(InternalNote, User.name, Request, Mediator)
        .outerjoin(User, User.id == InternalNote.written_by_id)
        .outerjoin(Request, Request.id == InternalNote.request_id)
        .outerjoin(Mediator, Mediator.id == InternalNote.mediator_id)
        .where(InternalNote.written_at >= since, or_(Request.id.is_(None), visible(actor, Act.BOARD_VIEW)))
        .order_by(InternalNote.written_at.desc(), InternalNote.id.desc())
        .limit(MOST)
    )
    return [NoteRow(*row) for row in session.execute(wanted)]
