"""Keep what readers report about barriers and wrong translations, until the coordination has settled it.

Anybody may write, without an account. The mail to the people on duty says that something came, never what.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import feedback as rules
from dispatch.domain.errors import Missing
from dispatch.domain.feedback import TypedFeedback
from dispatch.domain.permissions import SYSTEM, Act, Actor, require
from dispatch.models import Feedback, User
from dispatch.services import options, outbox, recipients, throttles
from dispatch.services.audit import record
from dispatch.services.transactions import reading, run

MAIL = "feedback"
LATEST = 100


class Reported(NamedTuple):
    """A report, and the name of who settled it."""

    row: Feedback
    who: str | None


class Reports(NamedTuple):
    """The reports that wait, the oldest first, and the latest settled ones, the newest first."""

    waiting: Sequence[Feedback]
    settled: Sequence[Reported]


def write(typed: TypedFeedback, now: datetime, *, client: str) -> None:
    """Keep a report and tell the people on duty; the same words twice are kept once while they wait.

    Raises Invalid (`report`, `reply_to`), and Throttled when this client, or everybody together, writes too often.
    """
    shipped = options.read(rules.DEFAULT)
    found = rules.check(typed, shipped)
    limits = {
        throttles.bucket("feedback", client): shipped.of_client,
        throttles.bucket("feedback"): shipped.of_all,
    }

    def use_case(session: Session) -> None:
        if _waits_already(session, found):
            return
        throttles.take(session, limits, now)
        row = Feedback(
            kind=found.kind.value, page=found.page, ui_language=found.language, text=found.text,
            reply_to=found.reply_to, written_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        record(session, SYSTEM, "report", ("feedback", row.id), now, facts={"kind": row.kind})
        _tell_duty(session, row, now)

    run(use_case)


def reports(actor: Actor) -> Reports:
    """Return what waits and what was settled lately; two statements. Forbidden by role."""
    require(actor, Act.FEEDBACK_VIEW)
    waiting = select(Feedback).where(Feedback.settled_at.is_(None)).order_by(Feedback.id).limit(LATEST)
    settled = (
        select(Feedback, User.name)
        .outerjoin(User, User.id == Feedback.settled_by_id)
        .where(Feedback.settled_at.is_not(None))
        .order_by(Feedback.settled_at.desc(), Feedback.id.desc())
        .limit(LATEST)
    )
    session = reading()
    return Reports(session.scalars(waiting).all(), [Reported(row, who) for row, who in session.execute(settled)])


def settle(actor: Actor, feedback_id: int, now: datetime) -> None:
    """Note that a report was dealt with; a second time nothing changes. Raises Missing, Forbidden by role."""
    require(actor, Act.FEEDBACK_SETTLE)

    def use_case(session: Session) -> None:
        row = session.get(Feedback, feedback_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.settled_at is not None:
            return
        row.settled_at, row.settled_by_id = now, actor.user_id
        outbox.drop_waiting(session, (MAIL,), feedback_id=row.id)
        record(session, actor, "settle", ("feedback", row.id), now, facts={"kind": row.kind})

    run(use_case)


def _waits_already(session: Session, found: rules.NewFeedback) -> bool:
    wanted = (
        select(Feedback.id)
        .where(Feedback.settled_at.is_(None), Feedback.kind == found.kind.value, Feedback.text == found.text)
        .where(Feedback.page == found.page if found.page else Feedback.page.is_(None))
        .where(Feedback.ui_language == found.language)
        .limit(1)
    )
    return session.scalar(wanted) is not None


def _tell_duty(session: Session, row: Feedback, now: datetime) -> None:
    desk = recipients.on_duty()
    key = f"{MAIL}:{row.id}"
    outbox.enqueue(
        session, MAIL, desk.email, now, locale=desk.locale, key=key, feedback_id=row.id, params={"about": row.kind}
    )
