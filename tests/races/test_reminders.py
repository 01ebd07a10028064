"""Three job processes and 200 due reminders: 200 messages; a naive claim sends some of them twice."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from dispatch.database import run
from dispatch.models import OutboxMessage, Reminder
from dispatch.services.transactions import reading
from tests.builders import NOW
from tests.races.conftest import Crowd
from tests.races.contenders import Pool

pytestmark = pytest.mark.race

DUE = 200
Hours = Callable[[int, int], list[datetime]]


def lay_due_reminders(crowd: Crowd, hours: Hours) -> None:
    starts = hours(DUE, 7)
    ids = crowd.appointments(crowd.requests(starts, "assigned"), starts, "confirmed")
    rows = [
        {"appointment_id": row, "kind": "week", "side": "mediator", "key": f"{row}:week", "due_at": NOW} for row in ids
    ]
    run(lambda session: session.execute(insert(Reminder), rows))


def messages() -> tuple[int, int]:
    """Return how many messages there are, and about how many appointments."""
    counted = select(func.count(), func.count(OutboxMessage.appointment_id.distinct()))
    return tuple(reading().execute(counted).one())  # type: ignore[return-value]


def test_each_due_reminder_becomes_one_message(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, hours: Hours
) -> None:
    lay_due_reminders(crowd, hours)

    sent = pool.work(database_url, naive=False)

    assert (sum(sent), messages()) == (DUE, (DUE, DUE))
    assert set(reading().scalars(select(Reminder.state))) == {"done"}


def test_a_naive_claim_sends_twice(app: Flask, database_url: str, pool: Pool, crowd: Crowd, hours: Hours) -> None:
    lay_due_reminders(crowd, hours)

    sent = pool.work(database_url, naive=True)

    assert sum(sent) > DUE
    assert messages()[0] > DUE
