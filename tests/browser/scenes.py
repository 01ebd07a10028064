"""What a demonstration has not, for pages that are to show it."""

from datetime import datetime

from sqlalchemy import select

from dispatch.domain.permissions import Role
from dispatch.models import OutboxMessage, User
from dispatch.services.sign_ins import DEMO_ADDRESS
from dispatch.services.transactions import reading, run
from tests.builders import Builder
from tests.processes import KEY


def enter_webhook(now: datetime) -> int:
    """Enter a webhook of the coordinator with an event that was given up, and return its id."""
    wanted = select(User).where(User.email == DEMO_ADDRESS.format(role=Role.COORDINATOR))
    hook = Builder().webhook(reading().scalars(wanted).one(), key=KEY)
    event = {"type": "request.searching", "created_at": now.isoformat(), "data": {"number": 403}}
    row = OutboxMessage(
        kind="webhook", recipient="hooks.example", locale="", webhook_id=hook.id, message_id="a", params=event,
        state="failed", due_at=now, created_at=now, error="HTTP 500", attempts=9,
    )  # fmt: skip
    run(lambda session: session.add(row))
    return hook.id
