"""Hand events over to programs, book what they answered, and leave alone for a while what does not answer.

It never connects to anything: `send` is handed in. What a webhook waits for goes out in the lane of its own of
`services.delivery`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from dispatch.domain import outbox as rules
from dispatch.domain import webhooks
from dispatch.domain.outbox import Outcome
from dispatch.domain.permissions import SYSTEM
from dispatch.models import OutboxMessage, User, Webhook
from dispatch.services import delivery, options, sealing
from dispatch.services import webhooks as hooks
from dispatch.services.audit import record
from dispatch.services.delivery import Delivery, Lane, Report, no_time
from dispatch.services.transactions import reading, run

ENDED = ("sent", "failed", "dropped")
_PLAIN = {"synchronize_session": False}


@dataclass(frozen=True)
class Call:
    """What is to be posted: where, signed by which secret, the event under its lasting id."""

    url: str
    secret: str
    id: str
    event: Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """What came of posting: a status, or in which trouble no answer came."""

    status: int | None = None
    trouble: str | None = None


Send = Callable[[Call, datetime], Reply]


def deliver_due(
    now: datetime,
    send: Send,
    *,
    key: str,
    worker: str,
    passed: Callable[[], timedelta] = no_time,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Mapping[str, int]:
    """Post every event due at `now` and count the outcomes; `key` opens the secrets.

    A host that does not answer is left alone until the next try of what failed first, with everything that waits for
    it; so is a webhook whose program says no.
    """

    def deliver(message: Delivery) -> Report:
        at = now + passed()
        call = _call(message, key)
        return Report(Outcome.OBSOLETE, call) if isinstance(call, str) else _report(message, send(call, at), at)

    return delivery.deliver_due(
        now, deliver, worker=worker, lane=Lane.WEBHOOK, passed=passed, may_go_on=may_go_on
    )  # fmt: skip


def clean_up(now: datetime) -> int:
    """Forget what was sent or given up long ago, and return how much that is; mostly it only looks."""
    old = (
        OutboxMessage.webhook_id.is_not(None),
        OutboxMessage.state.in_(ENDED),
        OutboxMessage.created_at < now - timedelta(days=webhooks.LOG_DAYS),
    )
    if reading().scalar(select(OutboxMessage.id).where(*old).limit(1)) is None:
        return 0
    forgotten = delete(OutboxMessage).where(*old).returning(OutboxMessage.id)
    return run(lambda session: len(session.scalars(forgotten, execution_options=_PLAIN).all()))


def _call(message: Delivery, key: str) -> Call | str:
    """Return what is to be posted, or why it is not any more."""
    session = reading()
    wanted = select(Webhook, User.active).join(User, User.id == Webhook.user_id).where(Webhook.id == message.webhook_id)
    found = session.execute(wanted).one_or_none()
    allowed = options.read(webhooks.DEFAULT).hosts
    session.close()
    if found is None or not found[0].active:
        return "paused"
    hook, is_user_active = found
    if not is_user_active:
        return "user_disabled"
    if hooks.host_of(hook) not in allowed:
        return "host_not_allowed"
    secret = sealing.unseal(hook.sealed_secret, key, purpose=hooks.PURPOSE)
    return Call(hook.url, secret, message.message_id, message.params) if secret else "secret_lost"


def _report(message: Delivery, reply: Reply, at: datetime) -> Report:
    """Say what became of a message, after everything else that follows from it."""
    if reply.status is None:
        run(partial(_put_off, message=message, at=at, is_host_down=True))
        return Report(Outcome.RETRY, reply.trouble)
    match webhooks.verdict(reply.status):
        case webhooks.Verdict.TAKEN:
            run(partial(_go_on, message=message, at=at))
            return Report(Outcome.SENT)
        case webhooks.Verdict.OFF:
            run(partial(_switch_off, message=message, at=at))
            return Report(Outcome.FAILED, f"HTTP {reply.status}")
        case webhooks.Verdict.LATER:
            run(partial(_put_off, message=message, at=at, is_host_down=False))
            return Report(Outcome.RETRY, f"HTTP {reply.status}")


def _others(message: Delivery, *, is_host_down: bool = False) -> ColumnElement[bool]:
    """Return the condition of what waits for the same webhook, or for the same host."""
    of_host = OutboxMessage.webhook_id.is_not(None) & (OutboxMessage.recipient == message.recipient)
    whose = of_host if is_host_down else OutboxMessage.webhook_id == message.webhook_id
    return whose & OutboxMessage.state.in_(("queued", "retry"))


def _put_off(session: Session, message: Delivery, at: datetime, is_host_down: bool) -> None:
    until = rules.next_try_at(message.attempts, at, chance=1.0, options=options.read(rules.DEFAULT))
    waiting = _others(message, is_host_down=is_host_down) & (OutboxMessage.due_at < until)
    session.execute(update(OutboxMessage).where(waiting).values(due_at=until), execution_options=_PLAIN)


def _go_on(session: Session, message: Delivery, at: datetime) -> None:
    waiting = _others(message) & (OutboxMessage.due_at > at)
    session.execute(update(OutboxMessage).where(waiting).values(due_at=at), execution_options=_PLAIN)


def _switch_off(session: Session, message: Delivery, at: datetime) -> None:
    hook = session.get(Webhook, message.webhook_id, with_for_update=True)
    if hook is not None and hook.active:
        hooks.switch_off(session, hook)
        record(session, SYSTEM, "switch_off", ("webhook", hook.id), at)
