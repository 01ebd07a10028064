"""Eight coordinators in four processes record one call at once, some a yes and some a no: one is first."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from dispatch.database import run
from dispatch.models import CallAttempt, CallTask, Offer
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder
from tests.races.conftest import Crowd
from tests.races.contenders import CLIENTS, Pool, Target

pytestmark = pytest.mark.race

Hours = Callable[[int, int], list[datetime]]
ROUNDS = 4


def called(build: Builder, crowd: Crowd, starts: list[datetime]) -> list[int]:
    """Ask one mediator by phone for each of the requests; return the ids of the calls."""
    person = build.mediator(email=None)
    offers: list[dict[str, Any]] = [
        {
            "request_id": request_id, "mediator_id": person.id, "revision": 1, "wave": 0, "state": "open",
            "sent_at": NOW, "deadline_at": NOW + timedelta(hours=14), "distance_km": 5.0, "travel_minutes": 20,
            "channel": "phone",
        }
        for request_id in crowd.requests(starts, "searching")
    ]  # fmt: skip
    statement = insert(Offer).returning(Offer.id, sort_by_parameter_order=True)
    ids = run(lambda session: list(session.scalars(statement, offers)))
    tasks = [
        {
            "kind": "offer", "side": "mediator", "key": f"offer:{number}", "message": "offer", "offer_id": number,
            "request_id": row["request_id"], "mediator_id": person.id, "created_at": NOW, "due_at": row["deadline_at"],
            "params": {},
        }
        for number, row in zip(ids, offers, strict=True)
    ]  # fmt: skip
    adding = insert(CallTask).returning(CallTask.id, sort_by_parameter_order=True)
    return run(lambda session: list(session.scalars(adding, tasks)))


def test_one_recording_counts_and_every_other_is_told(
    app: Flask, database_url: str, build: Builder, pool: Pool, crowd: Crowd, hours: Hours
) -> None:
    calls = called(build, crowd, hours(ROUNDS, 0))
    said = ("yes", "no", "not_reached", "yes")
    slots = [[Target(call_id, 0, said[client % len(said)]) for client in range(CLIENTS)] for call_id in calls]

    outcomes = pool.compete(database_url, "record a call", slots)

    assert [sorted(outcome) for outcome in outcomes] == [["call_settled"] * (CLIENTS - 1) + ["won"]] * ROUNDS
    each = select(func.count()).select_from(CallAttempt).group_by(CallAttempt.call_task_id)
    assert list(reading().scalars(each)) == [1] * ROUNDS
    tasks = {task.id: task for task in reading().scalars(select(CallTask))}
    states = {"yes": "accepted", "no": "declined", "not_reached": "open"}
    for attempt in reading().scalars(select(CallAttempt)):
        offer = reading().get_one(Offer, tasks[attempt.call_task_id or 0].offer_id)
        assert offer.state == states[attempt.outcome]
