"""Eight mediators in four processes say yes to one request at once: one gets it, the others learn that it is taken.

The negative control takes what it saw free, with the database's own guard dropped: then several get it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text

from dispatch.database import db, run
from dispatch.models import Appointment, AuditEntry, Mediator, Offer, OutboxMessage
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder
from tests.races.conftest import Crowd
from tests.races.contenders import CLIENTS, Pool, Target

pytestmark = pytest.mark.race

Hours = Callable[[int, int], list[datetime]]
ROUNDS = 25


@pytest.fixture
def people(build: Builder) -> list[Mediator]:
    """One mediator for each client."""
    return [build.mediator() for _ in range(CLIENTS)]


def offered(crowd: Crowd, people: list[Mediator], starts: list[datetime]) -> list[list[Target]]:
    """Ask all of them for each of the requests."""
    rows: list[dict[str, Any]] = [
        {
            "request_id": request_id, "mediator_id": person.id, "revision": 1, "wave": 0, "state": "open",
            "sent_at": NOW, "deadline_at": NOW + timedelta(hours=14), "distance_km": 5.0, "travel_minutes": 20,
        }
        for request_id in crowd.requests(starts, "searching")
        for person in people
    ]  # fmt: skip
    statement = insert(Offer).returning(Offer.id, sort_by_parameter_order=True)
    ids = run(lambda session: list(session.scalars(statement, rows)))
    targets = [Target(number, row["mediator_id"], NOW) for number, row in zip(ids, rows, strict=True)]
    return [targets[first : first + CLIENTS] for first in range(0, len(targets), CLIENTS)]


def most_for_one_request() -> int:
    db.session.remove()
    each = select(func.count()).select_from(Appointment).group_by(Appointment.request_id)
    return max(reading().scalars(each), default=0)


def test_one_yes_wins_and_every_other_is_told(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, people: list[Mediator], hours: Hours
) -> None:
    outcomes = pool.compete(database_url, "accept", offered(crowd, people, hours(ROUNDS, 0)))

    assert [sorted(outcome) for outcome in outcomes] == [["already_taken"] * (CLIENTS - 1) + ["won"]] * ROUNDS
    assert most_for_one_request() == 1
    states = reading().execute(select(Offer.state, Offer.cause, func.count()).group_by(Offer.state, Offer.cause))
    assert sorted(tuple(row) for row in states) == [
        ("accepted", None, ROUNDS),
        ("withdrawn", "taken", ROUNDS * (CLIENTS - 1)),
    ]
    assert _count(OutboxMessage, OutboxMessage.kind == "appointment_confirmed") == ROUNDS
    assert _count(AuditEntry, AuditEntry.act == "book") == ROUNDS


def test_the_database_lets_one_through_even_without_a_lock(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, people: list[Mediator], hours: Hours
) -> None:
    outcomes = pool.compete(database_url, "accept naively", offered(crowd, people, hours(ROUNDS, 0)))

    assert most_for_one_request() == 1
    assert {outcome for slot in outcomes for outcome in slot} == {"won", "already_taken"}


def test_without_lock_and_guard_several_get_it(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, people: list[Mediator], hours: Hours
) -> None:
    with db.engine.connect() as connection:
        connection.execute(text("DROP INDEX uq_appointments_live_slot"))
        connection.commit()

    pool.compete(database_url, "accept naively", offered(crowd, people, hours(5, 0)))

    assert most_for_one_request() > 1


def _count(table: type[OutboxMessage | AuditEntry], condition: object) -> int:
    return reading().scalar(select(func.count()).select_from(table).where(condition)) or 0  # type: ignore[arg-type]
