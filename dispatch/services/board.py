"""Find out what needs a coordinator now, each thing with what one must know to act on it.

Which of it is a task, and how urgent, is decided by `domain.tasks`. A constant number of statements for any number
of tasks; nothing outside the reader's sight is loaded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch.domain import hours as hour_rules
from dispatch.domain.lifecycle import AppointmentState, Awaits, OfferState, RequestState
from dispatch.domain.permissions import Act, Actor, may
from dispatch.domain.promises import task_due_at
from dispatch.domain.requests import Policy
from dispatch.domain.settings import Protection
from dispatch.domain.tasks import Due, OpenRequest, TaskKind, looked_into_by, task_of, urgency
from dispatch.models import Appointment, Mediator, Offer, Organisation, OutboxMessage, Request, RequestMessage
from dispatch.services import board_people, call_lists, local_time, options
from dispatch.services.appointment_access import AHEAD
from dispatch.services.board_filters import Filters, conditions
from dispatch.services.document_care import Ending
from dispatch.services.outbox import BAD, IS_MAIL
from dispatch.services.request_access import visible
from dispatch.services.transactions import reading

MOST = 300
"""So many rows of one kind are looked at; whoever has more tasks than that needs colleagues."""

_UNANSWERED = (RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING)


@dataclass(frozen=True, slots=True)
class Answers:
    """How the people asked for a revision answered so far."""

    declined: int = 0
    expired: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """Something that needs a person: its kind, by when, and the rows it is about.

    `times` counts the messages to one bad address, the calls to be made, or the offers in a row that somebody left
    unanswered; `appointments` are those that her leaving, or the `ending` of a document, puts at risk.
    """

    kind: TaskKind
    due_at: datetime
    request: Request | None = None
    organisation_name: str | None = None
    appointment: Appointment | None = None
    mediator: Mediator | None = None
    answers: Answers = Answers()
    message: OutboxMessage | None = None
    times: int = 1
    appointments: tuple[tuple[Appointment, Request], ...] = ()
    ending: Ending | None = None

    @property
    def starts_at(self) -> datetime | None:
        """When the talk begins that it is about."""
        about = self.appointment or self.request or (self.appointments[0][0] if self.appointments else None)
        return about.starts_at if about else None


def tasks(actor: Actor, filters: Filters, now: datetime) -> list[Task]:
    """Return what needs a coordinator within sight, most urgent first. Forbidden for roles without a board."""
    session = reading()
    sight = [visible(actor, Act.BOARD_VIEW), *conditions(filters, now)]
    of_people = filters.is_open and may(actor, Act.MEDIATOR_EDIT)
    found = [*_of_requests(session, sight, now), *_of_appointments(session, sight, now, of_people=of_people)]
    found.extend(_of_calls(actor, filters, now))
    if may(actor, Act.MESSAGE_VIEW):
        found.extend(_of_messages(session, sight, filters))
    if of_people:
        found.extend(map(_of_person, board_people.tasks(session, sight[0], now)))
    return sorted(found, key=lambda task: (*urgency(task.due_at, task.starts_at, now), task.kind))


def _of_requests(session: Session, sight: Sequence[ColumnElement[bool]], now: datetime) -> Iterable[Task]:
    """Yield the tasks of requests nobody has taken yet, and of what offices wrote about theirs; one statement."""
    for request, organisation_name, *numbers, since, times in session.execute(_requests(sight, now)).unique():
        given = Answers(*numbers)
        due = _due_of(request, given, now)
        if due:
            yield Task(due.kind, due.at, request, organisation_name, answers=given)
        if since:
            starts_at = request.starts_at if request.starts_at > since else None
            due_at = looked_into_by(since, starts_at, **_hours(since))
            yield Task(TaskKind.WORDS, due_at, request, organisation_name, times=times)


def _due_of(request: Request, given: Answers, now: datetime) -> Due | None:
    if request.state not in _UNANSWERED:
        return None
    return task_of(
        OpenRequest(
            state=RequestState(request.state),
            policy=Policy(request.policy),
            starts_at=request.starts_at,
            answer_by=request.answer_by,
            nobody_fits_at=request.nobody_fits_at,
            exhausted_at=request.exhausted_at,
            handed_back_at=request.handed_back_at,
            is_waited_for=given.waiting > 0,
        ),
        now,
        **_hours(now),
    )


def _requests(sight: Sequence[ColumnElement[bool]], now: datetime) -> Any:
    """Return the statement of every request that may be a task, with the numbers that its task tells."""
    may_be_one = or_(
        Request.state == RequestState.IN_REVIEW,
        Request.nobody_fits_at.is_not(None),
        Request.exhausted_at.is_not(None),
        Request.handed_back_at.is_not(None),
        Request.answer_by <= now,
        Request.policy != Policy.WAVES,
    )
    is_unsettled = RequestMessage.settled_at.is_(None)
    has_words = Request.id.in_(select(RequestMessage.request_id).where(is_unsettled))
    words = (RequestMessage.request_id == Request.id, is_unsettled)
    return (
        select(
            Request,
            Organisation.name,
            _answered(Offer.state == OfferState.DECLINED),
            _answered(Offer.state == OfferState.EXPIRED),
            _answered(Offer.state == OfferState.OPEN, Offer.deadline_at > now),
            select(func.min(RequestMessage.written_at)).where(*words).scalar_subquery(),
            select(func.count(RequestMessage.id)).where(*words).scalar_subquery(),
        )
        .join(Organisation, Organisation.id == Request.organisation_id)
        .where(or_(and_(Request.state.in_(_UNANSWERED), may_be_one), has_words), *sight)
        .options(joinedload(Request.languages))
        .order_by(Request.starts_at, Request.id)
        .limit(MOST)
    )


def _answered(*conditions: ColumnElement[bool]) -> Any:
    """Return the number of a request's offers of its present revision for which all conditions hold."""
    of_revision = (Offer.request_id == Request.id, Offer.revision == Request.revision)
    return select(func.count(Offer.id)).where(*of_revision, *conditions).scalar_subquery()


def _of_appointments(
    session: Session, sight: Sequence[ColumnElement[bool]], now: datetime, *, of_people: bool
) -> Iterable[Task]:
    """Yield appointments that wait for a word too long; `of_people`: and those of people who left; one statement."""
    left: list[board_people.Ahead] = []
    for appointment, request, mediator, name in session.execute(_appointments(sight, now, of_people)).unique():
        due = _due(appointment, request, now)
        if due:
            kind, due_at = due
            yield Task(kind, due_at or appointment.starts_at, request, name, appointment=appointment, mediator=mediator)
        if of_people and not mediator.active and appointment.state in AHEAD and appointment.ends_at > now:
            left.append((mediator, appointment, request))
    yield from map(_of_person, board_people.left(left))


def _appointments(sight: Sequence[ColumnElement[bool]], now: datetime, of_people: bool) -> Any:
    is_silent = and_(
        Appointment.state == AppointmentState.CONFIRMED,
        Appointment.reconfirm_alarm_at <= now,
        Appointment.ends_at > now,
    )
    is_proposed = and_(
        Appointment.state == AppointmentState.PROPOSED,
        Appointment.awaits == Awaits.MEDIATOR,
        Request.answer_by <= now,
    )
    is_unapproved = and_(
        Appointment.state == AppointmentState.PROPOSED,
        Appointment.awaits == Awaits.OFFICE,
        or_(Appointment.deadline_at <= now, Request.protection == Protection.PROTECTED),
    )
    has_left = and_(~Mediator.active, Appointment.state.in_(AHEAD), Appointment.ends_at > now)
    causes = [is_silent, is_proposed, is_unapproved, *([has_left] if of_people else [])]
    return (
        select(Appointment, Request, Mediator, Organisation.name)
        .join(Request, Request.id == Appointment.request_id)
        .join(Mediator, Mediator.id == Appointment.mediator_id)
        .join(Organisation, Organisation.id == Request.organisation_id)
        .where(or_(*causes), *sight)
        .options(joinedload(Request.languages))
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(MOST)
    )


def _due(appointment: Appointment, request: Request, now: datetime) -> tuple[TaskKind, datetime | None] | None:
    """Return what an appointment waits for and since when; None where it is at hand for another reason."""
    alarm_at, answer_by = appointment.reconfirm_alarm_at, request.answer_by
    match appointment.state, appointment.awaits:
        case AppointmentState.CONFIRMED, _ if alarm_at is not None and alarm_at <= now:
            return TaskKind.UNCONFIRMED, alarm_at
        case AppointmentState.PROPOSED, Awaits.OFFICE if _is_overdue(appointment, request, now):
            return TaskKind.APPROVAL, appointment.deadline_at
        case AppointmentState.PROPOSED, Awaits.MEDIATOR if answer_by is not None and answer_by <= now:
            due_at = min(task_due_at(answer_by, **_hours(answer_by)), appointment.starts_at)
            return TaskKind.PROMISE_PASSED, due_at
        case _:
            return None


def _is_overdue(appointment: Appointment, request: Request, now: datetime) -> bool:
    deadline_at = appointment.deadline_at
    return request.protection == Protection.PROTECTED or (deadline_at is not None and deadline_at <= now)


def _of_calls(actor: Actor, filters: Filters, now: datetime) -> Iterable[Task]:
    """Yield one task for all calls to be made now, due with the first of them."""
    waiting = call_lists.index(actor, call_lists.Filters(is_later=False), now, about=filters)
    if waiting:
        yield Task(TaskKind.CALLS, waiting[0].at, times=len(waiting))


def _of_messages(session: Session, sight: Sequence[ColumnElement[bool]], filters: Filters) -> Iterable[Task]:
    """Yield one task for each address that refuses our mails; what concerns no request only on the whole board."""
    concerns = and_(Request.id.is_not(None), *sight)
    if filters.is_open:
        concerns = or_(concerns, Request.id.is_(None))
    wanted = (
        select(OutboxMessage, Request, Mediator, Organisation.name)
        .outerjoin(Request, Request.id == OutboxMessage.request_id)
        .outerjoin(Mediator, Mediator.id == OutboxMessage.mediator_id)
        .outerjoin(Organisation, Organisation.id == Request.organisation_id)
        .where(IS_MAIL, OutboxMessage.state.in_(BAD), OutboxMessage.seen_at.is_(None), concerns)
        .options(joinedload(Request.languages))
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(MOST)
    )
    rows = session.execute(wanted).unique().all()
    latest = {row[0].recipient: row for row in reversed(rows)}
    for recipient, row in latest.items():
        message: OutboxMessage = row[0]
        request: Request | None = row[1]
        starts_at = request.starts_at if request is not None else None
        yield Task(
            TaskKind.UNDELIVERED,
            looked_into_by(message.created_at, starts_at, **_hours(message.created_at)),
            request,
            row[3],
            mediator=row[2],
            message=message,
            times=sum(other[0].recipient == recipient for other in rows),
        )


def _of_person(one: board_people.PersonTask) -> Task:
    return Task(
        one.kind, one.due_at, mediator=one.mediator, times=one.times, appointments=one.appointments, ending=one.ending
    )


def _hours(instant: datetime) -> dict[str, Any]:
    return {
        "zone": local_time.zone(),
        "holidays": local_time.holidays(instant),
        "hours": options.read(hour_rules.DEFAULT),
    }
