"""What the tests of duty and alarms share: people of the coordination, who is away, and whom the mails went to."""

from datetime import date, datetime

from sqlalchemy import select, update

from dispatch.database import db
from dispatch.domain.permissions import Actor, Role
from dispatch.models import Alarm, LoginSession, OutboxMessage, StaffAbsence, User
from dispatch.services import alarms, claims, promises, reminders
from dispatch.services.transactions import reading, run
from tests.builders import NOW
from tests.services.offering import add

MAILBOX = "koordination@dolmetscherdienst.example"


def actor(user: User) -> Actor:
    """Return who acts."""
    return Actor(user.id, Role(user.role))


def away(user: User, first: date, last: date, deputy: User | None = None) -> None:
    """Let somebody be away, without the rules."""
    deputy_id = deputy.id if deputy else None
    add(StaffAbsence(user_id=user.id, first_on=first, last_on=last, deputy_id=deputy_id, created_at=NOW))


def look(now: datetime) -> None:
    """Do what the jobs do about promises, re-confirmations, claims and alarms."""
    promises.tell_passed_promises(now)
    reminders.alarm_due(now)
    claims.release_due(now)
    alarms.raise_due(now)
    alarms.settle_gone(now)
    alarms.escalate_due(now)


def told() -> list[str]:
    """Return to whom alarms were written, in that order."""
    db.session.remove()
    wanted = select(OutboxMessage.recipient).where(OutboxMessage.kind == "alarm").order_by(OutboxMessage.id)
    return list(reading().scalars(wanted))


def raised() -> list[tuple[str, bool, bool]]:
    """Return each alarm: its kind, whether somebody has taken it, whether it is settled."""
    db.session.remove()
    rows = reading().scalars(select(Alarm).order_by(Alarm.id))
    return [(row.kind, row.taken_by_id is not None, row.settled_at is not None) for row in rows]


def still_signed_in(now: datetime) -> None:
    """Let every session of a test have begun just now, after it has let days pass."""
    fresh = update(LoginSession).values(created_at=now, seen_at=now)
    run(lambda session: session.execute(fresh, execution_options={"synchronize_session": False}))
    db.session.remove()
