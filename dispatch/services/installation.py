"""Know how the installation stands: its jobs, its waiting messages, whether its people are invented."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.models import Mark, OutboxMessage
from dispatch.services.outbox import IS_MAIL
from dispatch.services.transactions import reading, run

JOBS = "jobs"
DEMO = "demo"


def beat(now: datetime) -> None:
    """Note that a jobs process looks at what is due; several processes share the note."""

    def use_case(session: Session) -> None:
        mark = session.get(Mark, JOBS, with_for_update=True)
        if mark is not None:
            mark.at = max(mark.at, now)
            return
        with suppress(IntegrityError), session.begin_nested():  # another process may be the first one too
            session.add(Mark(name=JOBS, at=now))

    run(use_case)


def last_beat() -> datetime | None:
    """Return when a jobs process last looked, None when none ever did."""
    return reading().scalar(select(Mark.at).where(Mark.name == JOBS))


def oldest_waiting(now: datetime) -> datetime | None:
    """Return since when the oldest message waits that should have left, None when none does.

    One that was tried in vain waits since it was made: its next try lies ahead. What goes to programs has a log of its
    own and does not count.
    """
    since = case((OutboxMessage.state == "retry", OutboxMessage.created_at), else_=OutboxMessage.due_at)
    waiting = (OutboxMessage.state == "retry") | ((OutboxMessage.state == "queued") & (OutboxMessage.due_at <= now))
    oldest: datetime | None = reading().scalar(select(func.min(since)).where(IS_MAIL, waiting))
    return oldest


def can_write() -> bool:
    """Take the write lock and give it back; raises Busy when it is not to be had."""
    run(lambda _session: None)
    return True


def clock_skew(now: datetime) -> timedelta:
    """Return how far the clock of the database is from ours; nothing where both are the same machine's."""
    session = reading()
    if session.get_bind().dialect.name == "sqlite":
        return timedelta()
    theirs: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return abs(theirs - now)


def is_marked_demo() -> bool:
    """Tell whether the database holds invented people."""
    return reading().scalar(select(Mark.name).where(Mark.name == DEMO)) is not None
