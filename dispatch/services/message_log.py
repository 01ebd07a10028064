"""List what was and is to be sent, and let a person settle what did not arrive."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import OutboxMessage
from dispatch.services.audit import record
from dispatch.services.transactions import reading, run

SETTLES = {
    "retry": (("failed", "uncertain", "retry", "held"), "queued"),
    "hold": (("queued", "retry"), "held"),
    "release": (("held",), "queued"),
}
"""Per act: the states it may be done in, and the state it leads to."""


def messages(actor: Actor, *, states: Sequence[str] = (), limit: int = 200) -> list[OutboxMessage]:
    """Return the newest messages first, those of `states` only when named. Forbidden by role."""
    require(actor, Act.MESSAGE_VIEW)
    wanted = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(limit)
    if states:
        wanted = wanted.where(OutboxMessage.state.in_(states))
    return list(reading().scalars(wanted))


def settle(actor: Actor, act: str, ids: Sequence[int], now: datetime) -> int:
    """Do `act` (a key of SETTLES) to those of the messages whose state allows it; return how many.

    A message sent again keeps its Message-ID, so that a mail program shows it once.
    """
    require(actor, Act.MESSAGE_RETRY)
    before, after = SETTLES[act]

    def use_case(session: Session) -> int:
        done = session.scalars(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids), OutboxMessage.state.in_(before))
            .values(state=after, due_at=now, attempts=0, interruptions=0, created_at=now, error=None)
            .returning(OutboxMessage.id),
            execution_options={"synchronize_session": False},
        ).all()
        for message_id in done:
            record(session, actor, act, ("message", message_id), now)
        return len(done)

    return run(use_case)
