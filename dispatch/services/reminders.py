"""Keep the rows of what falls due around an appointment, and turn each due row into one message or call.

A row is claimed by one process for a while, looked at again beside its appointment, and only then becomes a message:
however many processes run, whichever of them dies, there is one message a row. When rows fall due is the domain's.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from dispatch.domain import hours, travel
from dispatch.domain import reminders as rules
from dispatch.domain.alarms import AlarmKind
from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.reminders import ReminderKind, Side
from dispatch.models import Appointment, Reminder, Request
from dispatch.services import alarms, local_time, notices, options, recipients
from dispatch.services.transactions import each, reading, run

LEASE = timedelta(minutes=5)
BATCH = 50
_PLAIN = {"synchronize_session": False}

_KINDS: dict[tuple[str, str], str] = {
    (ReminderKind.WEEK, Side.MEDIATOR): "reminder_week",
    (ReminderKind.WEEK, Side.OFFICE): "office_reminder_week",
    (ReminderKind.RECONFIRM, Side.MEDIATOR): "reminder_reconfirm",
    (ReminderKind.LAST, Side.MEDIATOR): "reminder_last",
    (ReminderKind.LAST, Side.OFFICE): "office_reminder_last",
}
"""Which message a row becomes; the office is not asked to re-confirm."""


def reconfirm_at(starts_at: datetime, *, by_phone: bool = False) -> datetime:
    """Return when the mediator of an appointment at `starts_at` is asked whether it stands.

    `by_phone` she is asked in service hours.
    """
    return rules.reconfirmation_at(
        starts_at,
        zone=local_time.zone(),
        holidays=local_time.holidays(starts_at),
        hours=options.read(hours.DEFAULT),
        options=options.read(rules.DEFAULT),
        by_phone=by_phone,
    )


def is_called(session: Session, mediator_id: int, request: Request) -> bool:
    """Tell whether a mediator is reminded of this request by phone."""
    return recipients.is_by_phone_only(request) or recipients.mediator(session, mediator_id) is None


def departs_at(appointment: Appointment) -> datetime:
    """Return the mediator's latest departure; the start where nobody travels."""
    if appointment.mode != "on_site":
        return appointment.starts_at
    return travel.departs_at(
        appointment.starts_at,
        way_minutes=appointment.travel_minutes,
        minutes_before=appointment.minutes_before,
    )


def make(session: Session, appointment: Appointment, now: datetime) -> None:
    """Add the rows of an appointment just confirmed, or confirmed anew after a move, that are still ahead."""
    facts = rules.AppointmentFacts(
        appointment.starts_at, departs_at(appointment), confirmed_at=appointment.confirmed_at
    )
    wanted = rules.due_reminders(
        facts,
        now,
        zone=local_time.zone(),
        holidays=local_time.holidays(appointment.starts_at),
        hours=options.read(hours.DEFAULT),
        options=options.read(rules.DEFAULT),
        by_phone=_called(session, appointment),
    )
    session.add_all(
        Reminder(
            appointment_id=appointment.id,
            kind=row.kind.value,
            side=row.side.value,
            key=f"{appointment.id}:{row.kind}:{row.side}:{appointment.sequence}",
            due_at=row.due_at,
        )
        for row in wanted
        if (row.kind, row.side) in _KINDS
    )


def _called(session: Session, appointment: Appointment) -> frozenset[Side]:
    """Return which sides of an appointment are reminded by phone."""
    request = session.get_one(Request, appointment.request_id)
    is_office = recipients.is_by_phone_only(request) or recipients.office(session, request) is None
    sides = ((Side.MEDIATOR, is_called(session, appointment.mediator_id, request)), (Side.OFFICE, is_office))
    return frozenset(side for side, is_called_up in sides if is_called_up)


def drop(session: Session, appointment: Appointment, now: datetime) -> None:
    """Drop every row of an appointment that has not become a message, and those messages not yet sent."""
    session.execute(
        update(Reminder)
        .where(Reminder.appointment_id == appointment.id, Reminder.state.in_(("due", "claimed")))
        .values(state="dropped"),
        execution_options=_PLAIN,
    )
    notices.forget_waiting(session, appointment, now)


def send_due(now: datetime, worker: str) -> int:
    """Turn every due row into its message and return how many messages that made.

    Rows are claimed in batches for `worker`, a name of this process; a claim that its process did not finish is
    free again after the lease.
    """
    return each(_claimed(now, worker), lambda ids: run(partial(_send, ids=ids, now=now, worker=worker)))


def _claimed(now: datetime, worker: str) -> Iterator[tuple[int, int]]:
    while claimed := run(partial(claim, now=now, worker=worker)):
        yield from claimed


def claim(session: Session, now: datetime, worker: str) -> list[tuple[int, int]]:
    """Claim the next due rows in one statement; return the ids of each row and its appointment."""
    due = (
        select(Reminder.id)
        .where(
            or_(
                (Reminder.state == "due") & (Reminder.due_at <= now),
                (Reminder.state == "claimed") & (Reminder.lease_until <= now),
            )
        )
        .order_by(Reminder.due_at, Reminder.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = session.execute(
        update(Reminder)
        .where(Reminder.id.in_(select(due.c.id)))
        .values(state="claimed", claimed_by=worker, lease_until=now + LEASE, attempts=Reminder.attempts + 1)
        .returning(Reminder.id, Reminder.appointment_id),
        execution_options=_PLAIN,
    )
    return sorted((row.id, row.appointment_id) for row in claimed)


def _send(session: Session, ids: tuple[int, int], now: datetime, worker: str) -> int:
    """Book one claimed row: locked after its appointment, as every act on an appointment does."""
    reminder_id, appointment_id = ids
    appointment = session.scalars(select(Appointment).where(Appointment.id == appointment_id).with_for_update()).one()
    reminder = session.scalar(
        select(Reminder)
        .where(Reminder.id == reminder_id, Reminder.state == "claimed", Reminder.claimed_by == worker)
        .with_for_update()
    )
    if reminder is None:
        return 0
    if not _still_wanted(reminder, appointment, now):
        reminder.state = "dropped"
        return 0
    reminder.state = "done"
    kind = _KINDS[reminder.kind, reminder.side]
    if reminder.side == Side.MEDIATOR:
        notices.tell_mediator(session, kind, appointment, now, key=reminder.key)
    else:
        request = session.get_one(Request, appointment.request_id)
        notices.tell_office(session, kind, appointment, request, now, key=reminder.key)
    return 1


def _still_wanted(reminder: Reminder, appointment: Appointment, now: datetime) -> bool:
    """Look again when it is sent: an appointment ahead, and nothing already asked or overtaken by the next row."""
    if appointment.starts_at <= now:
        return False
    match reminder.kind:
        case ReminderKind.RECONFIRM:
            return appointment.state == AppointmentState.CONFIRMED
        case ReminderKind.WEEK if appointment.reconfirm_at is not None and appointment.reconfirm_at <= now:
            return False
        case _:
            return appointment.state in {AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED}


def alarm_due(now: datetime) -> int:
    """Mark the appointments whose mediator stayed silent on the re-confirmation; return how many.

    Silence is three service hours after she was asked, by mail or by phone.
    """
    silent = (
        Appointment.state == AppointmentState.CONFIRMED,
        Appointment.reconfirm_at <= now,
        Appointment.starts_at > now,
        Appointment.reconfirm_alarm_at.is_(None),
    )
    waiting = reading().execute(select(Appointment.id, Appointment.reconfirm_at).where(*silent))
    due = [row.id for row in waiting if alarm_at(row.reconfirm_at) <= now]
    if not due:
        return 0
    mark = update(Appointment).where(Appointment.id.in_(due), *silent).values(reconfirm_alarm_at=now)

    def use_case(session: Session) -> int:
        marked = session.scalars(mark.returning(Appointment.id), execution_options=_PLAIN).all()
        for appointment_id in sorted(marked):
            appointment = session.get_one(Appointment, appointment_id)
            key = f"unconfirmed:{appointment_id}:{appointment.sequence}"
            alarms.raise_alarm(
                session, AlarmKind.UNCONFIRMED, key, now,
                request_id=appointment.request_id, appointment_id=appointment_id,
            )  # fmt: skip
        return len(marked)

    return run(use_case)


def alarm_at(asked_at: datetime) -> datetime:
    """Return when silence on a re-confirmation asked then alarms the coordination."""
    return rules.alarm_at(
        asked_at,
        zone=local_time.zone(),
        holidays=local_time.holidays(asked_at),
        hours=options.read(hours.DEFAULT),
        options=options.read(rules.DEFAULT),
    )
