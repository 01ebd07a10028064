"""Settle messages that did not arrive: a person has seen it, or they are sent once more.

It must not correct an address; that is done where the address stands.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.domain.errors import Missing
from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import OutboxMessage
from dispatch.services import message_log
from dispatch.services.audit import record
from dispatch.services.outbox import BAD, IS_MAIL
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run


def mark_seen(actor: Actor, message_id: int, now: datetime) -> int:
    """Take every failed message to the address of this one off the board; return how many.

    Twice is no fault. Raises Forbidden by role, Missing when there is no such message or it did not fail.
    """
    require(actor, Act.MESSAGE_RETRY)

    def use_case(session: Session) -> int:
        recipient = _recipient(session, message_id)
        seen = session.scalars(
            update(OutboxMessage)
            .where(OutboxMessage.recipient == recipient, OutboxMessage.state.in_(BAD), OutboxMessage.seen_at.is_(None))
            .values(seen_at=now)
            .returning(OutboxMessage.id),
            execution_options={"synchronize_session": False},
        ).all()
        for one in seen:
            record(session, actor, "see_failure", ("message", one), now)
        return len(seen)

    return run(use_case)


def send_again(actor: Actor, message_id: int, now: datetime) -> bool:
    """Send one message once more, to the address its reader has now; False when that is not open any more.

    Raises Forbidden by role, Missing when there is no such message.
    """
    require(actor, Act.MESSAGE_RETRY)
    if not 0 < message_id <= LARGEST_ID or reading().get(OutboxMessage, message_id) is None:
        raise Missing
    return message_log.settle(actor, "retry", [message_id], now) == 1


def _recipient(session: Session, message_id: int) -> str:
    found = None
    if 0 < message_id <= LARGEST_ID:
        mails = IS_MAIL, OutboxMessage.state.in_(BAD)
        wanted = select(OutboxMessage.recipient).where(OutboxMessage.id == message_id, *mails)
        found = session.scalar(wanted)
    if found is None:
        raise Missing
    return found
