"""Tell the people on duty what cannot wait: their mailbox at once, the deputies if nobody takes it in time.

What is an alarm, when it goes on and to whom is decided by `domain.alarms`. Each exists once by its key, each mail
leaves once; an alarm whose cause has gone is settled and tells nobody any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from dispatch.domain import alarms as rules
from dispatch.domain import claims as claim_rules
from dispatch.domain import duty as duty_rules
from dispatch.domain import hours
from dispatch.domain.alarms import AlarmKind, Cause
from dispatch.domain.errors import Missing
from dispatch.domain.lifecycle import AppointmentState, RequestState
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.settings import Protection
from dispatch.models import Alarm, Appointment, OutboxMessage, Request, User
from dispatch.services import duty, local_time, options, outbox, recipients
from dispatch.services.audit import OnBehalf, record
from dispatch.services.outbox import BAD
from dispatch.services.request_access import LARGEST_ID, load, visible
from dispatch.services.transactions import each, reading, run

KIND = "alarm"
"""The kind of the mail; its `params` hold the alarm's id."""
_SOUGHT = (RequestState.IN_REVIEW, RequestState.SUBMITTED, RequestState.SEARCHING)
_UNDELIVERED = "undelivered:"


@dataclass(frozen=True, slots=True)
class Open:
    """An alarm that stands, the request it is about, and the name of whoever has taken it."""

    alarm: Alarm
    request: Request
    taken_by: str | None


def raise_alarm(
    session: Session,
    kind: AlarmKind,
    key: str,
    now: datetime,
    *,
    request_id: int,
    appointment_id: int | None = None,
) -> None:
    """Raise an alarm about a locked request, once for each `key`, and write to the mailbox on duty at once.

    Whoever looks after the request already has taken it.
    """
    if session.scalar(select(Alarm.id).where(Alarm.key == key)):
        return
    request = session.get_one(Request, request_id)
    held = claim_rules.standing(
        request.claimed_by_id, request.claimed_at, now, options=options.read(duty_rules.DEFAULT)
    )
    alarm = Alarm(
        kind=kind.value, key=key, request_id=request_id, appointment_id=appointment_id, raised_at=now,
        escalate_at=_escalates_at(now), taken_by_id=held.user_id if held else None,
    )  # fmt: skip
    session.add(alarm)
    session.flush()
    mailbox = recipients.on_duty()
    outbox.enqueue(
        session, KIND, mailbox.email, now, locale=mailbox.locale, key=f"alarm:{alarm.id}", params={"alarm": alarm.id}
    )


def fell_away(
    session: Session, kind: AlarmKind, appointment: Appointment, now: datetime, on_behalf: OnBehalf | None
) -> None:
    """Raise the alarm of a locked appointment that its mediator gave up; who recorded it for her knows it already."""
    if on_behalf is None:
        raise_alarm(session, kind, f"{kind}:{appointment.id}", now, request_id=appointment.request_id)


def raise_due(now: datetime) -> int:
    """Raise the alarms that no act raises, and return how many: nobody left for a near start, a refusing address."""
    session = reading()
    wanted = session.scalars(_without_anybody(now)).all()
    due = [(AlarmKind.NOBODY_FITS, f"nobody_fits:{row.id}:{row.revision}", row.id) for row in wanted]
    due += [
        (AlarmKind.UNDELIVERED, f"{_UNDELIVERED}{row[0]}", row[1])
        for row in session.execute(_undelivered(now))
        if row[1]
    ]
    keys = [key for _kind, key, _request_id in due]
    known = set(session.scalars(select(Alarm.key).where(Alarm.key.in_(keys))))
    return each((one for one in due if one[1] not in known), lambda one: run(partial(_raise, due=one, now=now)))


def settle_gone(now: datetime) -> int:
    """Settle every alarm whose cause has gone; return how many."""
    session = reading()
    ids = session.scalars(select(Alarm.id).where(Alarm.settled_at.is_(None)).order_by(Alarm.id)).all()
    gone = [number for number in ids if not _stands(session, session.get_one(Alarm, number), now)]
    return each(gone, lambda number: run(partial(_settle, alarm_id=number, now=now)))


def escalate_due(now: datetime) -> int:
    """Write to the deputies about each alarm that nobody took in time, once; return how many alarms went on.

    While nobody is on duty they wait.
    """
    due = select(Alarm.id).where(*_waits(now)).order_by(Alarm.escalate_at, Alarm.id)
    return each(reading().scalars(due).all(), lambda number: run(partial(_escalate, alarm_id=number, now=now)))


def take(actor: Actor, alarm_id: int, now: datetime) -> None:
    """Take one alarm, so that it goes on to nobody else; who was first has it. Raises Missing."""

    def use_case(session: Session) -> None:
        alarm = _lock(session, alarm_id)
        if alarm is None or alarm.request_id is None:
            raise Missing
        load(session, actor, Act.REQUEST_CLAIM, alarm.request_id)
        _take(session, actor, alarm, now)

    run(use_case)


def take_all(session: Session, actor: Actor, request_id: int, now: datetime) -> None:
    """Take every open alarm of a locked request."""
    wanted = select(Alarm).where(Alarm.request_id == request_id, Alarm.settled_at.is_(None))
    for alarm in session.scalars(wanted.with_for_update()):
        _take(session, actor, alarm, now)


def give_back(session: Session, request_id: int, user_id: int | None, now: datetime) -> None:
    """Let the alarms of a request wait for somebody again, when who took them looks after it no more."""
    wanted = select(Alarm).where(
        Alarm.request_id == request_id, Alarm.taken_by_id == user_id, Alarm.settled_at.is_(None)
    )
    for alarm in session.scalars(wanted.with_for_update()):
        alarm.taken_by_id, alarm.escalate_at = None, _escalates_at(now)


def open_alarms(actor: Actor, *, request_id: int | None = None) -> Sequence[Open]:
    """Return the alarms that stand within sight, the oldest first; one statement. Forbidden by role."""
    taker = aliased(User)
    wanted = (
        select(Alarm, Request, taker.name)
        .join(Request, Request.id == Alarm.request_id)
        .outerjoin(taker, taker.id == Alarm.taken_by_id)
        .where(Alarm.settled_at.is_(None), visible(actor, Act.BOARD_VIEW))
        .order_by(Alarm.raised_at, Alarm.id)
    )
    if request_id is not None:
        wanted = wanted.where(Alarm.request_id == request_id)
    return [Open(*row) for row in reading().execute(wanted)]


def _raise(session: Session, due: tuple[AlarmKind, str, int], now: datetime) -> int:
    kind, key, request_id = due
    locked = select(Request.id).where(Request.id == request_id).with_for_update(skip_locked=True)
    if session.scalar(locked) is None or session.scalar(select(Alarm.id).where(Alarm.key == key)):
        return 0
    raise_alarm(session, kind, key, now, request_id=request_id)
    return 1


def _settle(session: Session, alarm_id: int, now: datetime) -> int:
    alarm = _lock(session, alarm_id)
    if alarm is None or alarm.settled_at is not None or _stands(session, alarm, now):
        return 0
    alarm.settled_at = now
    return 1


def _escalate(session: Session, alarm_id: int, now: datetime) -> int:
    alarm = session.scalar(select(Alarm).where(Alarm.id == alarm_id, *_waits(now)).with_for_update(skip_locked=True))
    if alarm is None or not _stands(session, alarm, now):
        return 0
    people = _people(session, alarm, now)
    for user in people:
        outbox.enqueue(
            session, KIND, user.email, now, locale=user.ui_language or "de", key=f"alarm:{alarm.id}:{user.id}",
            user_id=user.id, params={"alarm": alarm.id},
        )  # fmt: skip
    if people:
        alarm.escalated_at = now
    return int(bool(people))


def _people(session: Session, alarm: Alarm, now: datetime) -> Sequence[User]:
    """Return who is written to; of a protected case only those who are named for such."""
    on_duty = duty.in_session(session, now)
    wanted = select(User).where(User.id.in_(rules.escalates_to(on_duty))).order_by(User.id)
    if session.get_one(Request, alarm.request_id or 0).protection != Protection.PROTECTED:
        return session.scalars(wanted).all()
    named = select(User).where(User.id.in_([one.id for one in on_duty.present]), User.handles_protected)
    return session.scalars(wanted.where(User.handles_protected)).all() or session.scalars(named).all()


def _take(session: Session, actor: Actor, alarm: Alarm, now: datetime) -> None:
    if alarm.taken_by_id is None and alarm.settled_at is None and actor.user_id is not None:
        alarm.taken_by_id = actor.user_id
        record(session, actor, "take_alarm", ("request", alarm.request_id or 0), now, facts={"alarm": alarm.id})


def _lock(session: Session, alarm_id: int) -> Alarm | None:
    if not 0 < alarm_id <= LARGEST_ID:
        return None
    return session.scalar(select(Alarm).where(Alarm.id == alarm_id).with_for_update())


def _waits(now: datetime) -> Iterable[ColumnElement[bool]]:
    return (
        Alarm.escalate_at <= now,
        Alarm.escalated_at.is_(None),
        Alarm.taken_by_id.is_(None),
        Alarm.settled_at.is_(None),
    )


def _stands(session: Session, alarm: Alarm, now: datetime) -> bool:
    request = session.get(Request, alarm.request_id or 0)
    if request is None:
        return False
    appointment = session.get(Appointment, alarm.appointment_id) if alarm.appointment_id else None
    span = appointment or request
    cause = Cause(
        request=RequestState(request.state),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        answer_by=request.answer_by,
        is_handed_back=request.handed_back_at is not None,
        is_stepped_back=request.stepped_back,
        is_without_anybody=request.nobody_fits_at is not None or request.exhausted_at is not None,
        appointment=AppointmentState(appointment.state) if appointment else None,
        is_undelivered=_is_undelivered(session, alarm),
    )
    return rules.still_stands(AlarmKind(alarm.kind), cause, now)


def _is_undelivered(session: Session, alarm: Alarm) -> bool:
    if not alarm.key.startswith(_UNDELIVERED):
        return False
    message = session.get(OutboxMessage, int(alarm.key.removeprefix(_UNDELIVERED)))
    return message is not None and message.state in BAD and message.seen_at is None


def _without_anybody(now: datetime) -> Select[Request]:
    near = options.read(duty_rules.DEFAULT)
    return (
        select(Request)
        .where(
            Request.state.in_(_SOUGHT),
            or_(Request.nobody_fits_at.is_not(None), Request.exhausted_at.is_not(None)),
            Request.starts_at > now,
            Request.starts_at <= rules.near_until(now, options=near),
        )
        .order_by(Request.id)
    )


def _undelivered(now: datetime) -> Select[int, int | None]:
    """Return the first message to each address that refuses what we write about requests ahead, with its request."""
    first = (
        select(func.min(OutboxMessage.id))
        .join(Request, Request.id == OutboxMessage.request_id)
        .where(OutboxMessage.state.in_(BAD), OutboxMessage.seen_at.is_(None), Request.starts_at > now)
        .group_by(OutboxMessage.recipient)
    )
    wanted = select(OutboxMessage.id, OutboxMessage.request_id).where(OutboxMessage.id.in_(first))
    return wanted.order_by(OutboxMessage.id)


def _escalates_at(now: datetime) -> datetime:
    return rules.escalates_at(
        now,
        zone=local_time.zone(),
        holidays=local_time.holidays(now),
        hours=options.read(hours.DEFAULT),
        options=options.read(duty_rules.DEFAULT),
    )
