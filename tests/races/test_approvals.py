"""Four people agree by the link of an office while four coordinators record "somebody else": one word holds.

Whoever says the same as the first is told that it is so; the others that it is too late.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.database import db
from dispatch.models import Appointment, OutboxMessage, Request
from dispatch.services.transactions import reading
from tests.races.conftest import Crowd
from tests.races.contenders import CLIENTS, Pool, Target

pytestmark = pytest.mark.race

Hours = Callable[[int, int], list[datetime]]
ROUNDS = 4
WORDS = ("agree", "somebody else") * (CLIENTS // 2)


def test_the_first_word_for_the_office_holds(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, hours: Hours
) -> None:
    starts = hours(ROUNDS, 0)
    requests = crowd.requests(starts, "assigned")
    proposed = crowd.appointments(requests, starts, "proposed", awaits="office", confirmed_at=None)
    slots = [[Target(row, crowd.mediator.id, word) for word in WORDS] for row in proposed]

    outcomes = pool.compete(database_url, "answer for the office", slots)

    db.session.remove()
    session = reading()
    for request_id, row, outcome in zip(requests, proposed, outcomes, strict=True):
        agreed = session.get_one(Appointment, row).state == "confirmed"
        holds = "agree" if agreed else "somebody else"
        assert outcome == ["won" if word == holds else "move_refused" for word in WORDS]
        assert session.get_one(Request, request_id).state == ("assigned" if agreed else "searching")
        told = select(OutboxMessage.kind).where(OutboxMessage.appointment_id == row, OutboxMessage.state == "queued")
        expected = ["appointment_confirmed", "request_assigned"] if agreed else ["appointment_released"]
        assert sorted(session.scalars(told)) == expected
