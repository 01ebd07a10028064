"""Webhooks and what is told to them, for the tests of both."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import SYSTEM, Actor
from dispatch.models import OptionChange, OutboxMessage, Request, User, Webhook
from dispatch.services import (
    accounts,
    states,
    webhook_deliveries,
)
from dispatch.services.transactions import reading, run
from dispatch.services.webhook_deliveries import Call, Reply
from tests.builders import NOW

KEY = "a key of this test"
MINUTE = timedelta(minutes=1)


def allow_hosts() -> None:
    """Let webhooks go to two hosts."""
    values = {"hosts": ["hooks.example", "other.example"]}
    row = OptionChange(topic="webhooks", version=1, values=values, changed_at=NOW)
    run(lambda session: session.add(row))


def actor_of(user: User) -> Actor:
    """Return a user as somebody who acts."""
    return accounts.describe(reading(), user, None, NOW).actor


def hook_of(hook: Webhook) -> Webhook:
    """Return a webhook as it is now."""
    reading().close()
    return reading().get_one(Webhook, hook.id)


def log(hook: Webhook) -> list[tuple[str, str]]:
    """Return what is in the outbox for a webhook: event and state, in the order of their ids."""
    reading().close()
    rows = reading().scalars(
        select(OutboxMessage).where(OutboxMessage.webhook_id == hook.id).order_by(OutboxMessage.id)
    )
    return [(row.params["type"], row.state) for row in rows]


def move(request: Request, target: str, now: datetime = NOW) -> None:
    """Move a request, as the jobs do."""

    def use_case(session: Any) -> None:
        row = session.get_one(Request, request.id)
        states.set_request(session, SYSTEM, row, RequestState(target), now)

    run(use_case)


def deliver(*replies: Reply, now: datetime = NOW, key: str = KEY, seen: list[Call] | None = None) -> dict[str, int]:
    """Deliver what is due to programs that reply so in turn, and with the last one ever after."""
    left = list(replies)

    def send(call: Call, _at: datetime) -> Reply:
        if seen is not None:
            seen.append(call)
        return left.pop(0) if len(left) > 1 else left[0]

    return dict(webhook_deliveries.deliver_due(now, send, key=key, worker="one"))


OK, NO, GONE, DOWN = Reply(200), Reply(500), Reply(410), Reply(trouble="no_connection")
