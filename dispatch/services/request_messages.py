"""Keep what an office writes to the coordination about its request: a task of the board, and a mail without the words.

It must not decide who reads requests; that is the permission table's.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import office_links as rules
from dispatch.domain.findings import Findings
from dispatch.domain.permissions import Act, Actor
from dispatch.models import RequestMessage
from dispatch.services import options, outbox, recipients, throttles
from dispatch.services.audit import record
from dispatch.services.request_access import load
from dispatch.services.transactions import run


def write(actor: Actor, request_id: int, text: str, now: datetime) -> bool:
    """Keep what an office says about a request, and tell the people on duty; False when the same waits already.

    Raises Invalid (`text`), Throttled when an office writes too often, Missing and Forbidden.
    """
    shipped = options.read(rules.DEFAULT)
    findings = Findings()
    words = findings.prose("text", text, shipped.message)
    findings.require("text", words)
    findings.raise_if_any()

    def use_case(session: Session) -> bool:
        request = load(session, actor, Act.REQUEST_CANCEL, request_id, lock=True)
        if any(one.text == words for one in unsettled(session, request_id)):
            return False
        throttles.take(session, {throttles.bucket("office_message", str(request_id)): shipped.messages}, now)
        message = RequestMessage(request_id=request_id, text=words or "", written_by_id=actor.user_id, written_at=now)
        session.add(message)
        session.flush()
        record(session, actor, "write", ("request", request_id), now, facts={"message": message.id})
        duty = recipients.on_duty()
        outbox.enqueue(
            session, "office_message", duty.email, now,
            locale=duty.locale, key=f"office_message:{message.id}", request_id=request.id,
        )  # fmt: skip
        return True

    return run(use_case)


def settle(actor: Actor, request_id: int, now: datetime) -> None:
    """Note that what the office wrote so far was dealt with; nothing changes when nothing waits."""

    def use_case(session: Session) -> None:
        load(session, actor, Act.REQUEST_CLAIM, request_id, lock=True)
        waiting = unsettled(session, request_id)
        for message in waiting:
            message.settled_at, message.settled_by_id = now, actor.user_id
        if waiting:
            record(session, actor, "settle", ("request", request_id), now, facts={"messages": len(waiting)})

    run(use_case)


def unsettled(session: Session, request_id: int) -> Sequence[RequestMessage]:
    """Return what still waits for somebody, in the order of writing."""
    wanted = select(RequestMessage).where(RequestMessage.request_id == request_id, RequestMessage.settled_at.is_(None))
    return session.scalars(wanted.order_by(RequestMessage.id)).all()


def of_request(session: Session, request_id: int) -> Sequence[RequestMessage]:
    """Return everything an office wrote about a request, in the order of writing."""
    wanted = select(RequestMessage).where(RequestMessage.request_id == request_id)
    return session.scalars(wanted.order_by(RequestMessage.id)).all()
