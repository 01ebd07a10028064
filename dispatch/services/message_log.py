"""List what was and is to be sent by mail, and let a person settle what did not arrive.

What goes to programs is in the log of its webhook.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import OutboxMessage, Provider, Referral, Request, User
from dispatch.services import outbox, recipients
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
    wanted = select(OutboxMessage).where(outbox.IS_MAIL).order_by(OutboxMessage.id.desc()).limit(limit)
    if states:
        wanted = wanted.where(OutboxMessage.state.in_(states))
    return list(reading().scalars(wanted))


def settle(actor: Actor, act: str, ids: Sequence[int], now: datetime) -> int:
    """Do `act` (a key of SETTLES) to those of the messages whose state allows it; return how many.

    A message sent again keeps its Message-ID, so that a mail program shows it once, and goes to the address that its
    reader has now.
    """
    require(actor, Act.MESSAGE_RETRY)
    before, after = SETTLES[act]

    def use_case(session: Session) -> int:
        wanted = select(OutboxMessage).where(outbox.IS_MAIL, OutboxMessage.id.in_(ids), OutboxMessage.state.in_(before))
        rows = session.scalars(wanted.order_by(OutboxMessage.id).with_for_update()).all()
        for row in rows:
            row.state = after
            if after == "queued":
                _begin_anew(session, row, now)
            record(session, actor, act, ("message", row.id), now)
        return len(rows)

    return run(use_case)


def _begin_anew(session: Session, row: OutboxMessage, now: datetime) -> None:
    row.due_at, row.created_at = now, now
    row.attempts = row.interruptions = 0
    row.error = row.seen_at = None
    row.recipient = _address_now(session, row) or row.recipient


def _address_now(session: Session, row: OutboxMessage) -> str | None:
    """Return where the reader of a message is reached today; None when that is not known any more."""
    if row.kind in outbox.TO_MEDIATORS and row.mediator_id is not None:
        known = recipients.mediator(session, row.mediator_id)
        return known.email if known else None
    if row.kind in outbox.TO_PROVIDERS:
        referral = session.get(Referral, row.params.get("referral"))
        return session.scalar(select(Provider.email).where(Provider.id == referral.provider_id)) if referral else None
    if row.user_id is not None:
        return session.scalar(select(User.email).where(User.id == row.user_id))
    if row.request_id is not None:
        office = recipients.office(session, session.get_one(Request, row.request_id))
        return office.email if office else None
    return None
