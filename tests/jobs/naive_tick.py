"""Tick as the real command does, but without claims: the control that proves what the claims are for.

Run as a script; it waits until as many of its kind are ready as the first argument says, in the folder of the second.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.cli import main
from dispatch.models import OutboxMessage
from dispatch.services import delivery
from dispatch.services.delivery import Delivery, Report
from dispatch.services.transactions import reading, run


def deliver_due(now: datetime, deliver: Callable[[Delivery], Report], **_rest: Any) -> dict[str, int]:
    """Look what is due, hand it over, then note it: whoever looks meanwhile sees the same."""
    waiting = select(OutboxMessage).where(OutboxMessage.state == "queued", OutboxMessage.due_at <= now)
    due = [delivery._delivery(row) for row in reading().scalars(waiting.order_by(OutboxMessage.id))]
    _meet()
    for message in due:
        deliver(message)
        run(partial(_note, message_id=message.id))
    return {"sent": len(due)}


def _note(session: Session, message_id: int) -> None:
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(state="sent"))


def _meet() -> None:
    parties, folder = int(sys.argv[1]), Path(sys.argv[2])
    (folder / str(os.getpid())).touch()
    until = time.monotonic() + 30
    while len(list(folder.iterdir())) < parties and time.monotonic() < until:
        time.sleep(0.02)


if __name__ == "__main__":
    delivery.deliver_due = deliver_due
    main(["jobs", "tick"])
