"""Know how the installation stands: its jobs, its waiting messages, whether its people are invented."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.models import Mark, OutboxMessage
from dispatch.services.transactions import reading, run

JOBS = "jobs"
DEMO = "demo"


def beat(now: datetime) -> None:
    """Note that a jobs process looked at what is due; several processes share the note."""

    def use_case(session: Session) -> None:
        mark = session.get(Mark, JOBS, with_for_update=True)
        if mark is None:
            session.add(Mark(name=JOBS, at=now))
        elif mark.at < now:
            mark.at = now

    run(use_case)


def last_beat() -> datetime | None:
    """Return when a jobs process last looked, None when none ever did."""
    return reading().scalar(select(Mark.at).where(Mark.name == JOBS))


def oldest_waiting(now: datetime) -> datetime | None:
    """Return since when the oldest message that is due has waited, None when none does."""
    waiting = OutboxMessage.state.in_(("queued", "retry")) & (OutboxMessage.due_at <= now)
    return reading().scalar(select(func.min(OutboxMessage.due_at)).where(waiting))


def can_write() -> bool:
    """Take the write lock and give it back; raises Busy when it is not to be had."""
    run(lambda _session: None)
    return True


def is_marked_demo() -> bool:
    """Tell whether the database holds invented people."""
    return reading().scalar(select(Mark.name).where(Mark.name == DEMO)) is not None
