"""Eight clients of four processes want one mediator for one slot: one gets her, whatever path they take.

Each race has its negative control: the same with the guard dropped books her several times.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from dispatch.database import db
from tests.races.conftest import Crowd
from tests.races.contenders import CLIENTS, Pool, Target

pytestmark = pytest.mark.race

Hours = Callable[[int, int], list[datetime]]

DOUBLES = text(
    "SELECT count(*) FROM appointments AS one JOIN appointments AS other ON one.mediator_id = other.mediator_id "
    "AND one.id < other.id AND one.starts_at < other.ends_at AND one.ends_at > other.starts_at "
    "WHERE one.state IN ('proposed', 'confirmed', 'reconfirmed', 'completed') "
    "AND other.state IN ('proposed', 'confirmed', 'reconfirmed', 'completed')"
)


def doubles() -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(DOUBLES) or 0)


def drop_guard() -> None:
    statements = ["ALTER TABLE appointments DROP CONSTRAINT appointment_overlap"]
    if db.engine.dialect.name == "sqlite":
        statements = [f"DROP TRIGGER appointment_overlap_{event}" for event in ("insert", "update")]
    with db.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def targets(crowd: Crowd, hours: Hours, act: str, slots: int) -> list[list[Target]]:
    """Lay out what the clients need: for each slot one row for each of them."""
    wanted = [start for start in hours(slots, 0) for _ in range(CLIENTS)]
    elsewhere = hours(len(wanted), 60)
    if act in {"book", "insert by SQL"}:
        ids = crowd.requests(wanted, "searching")
    elif "move" in act:
        ids = crowd.appointments(crowd.requests(elsewhere, "assigned"), elsewhere, "confirmed")
    else:
        ids = crowd.appointments(crowd.requests(wanted, "cancelled"), wanted, "cancelled")
    rows = [Target(row, crowd.mediator.id, start) for row, start in zip(ids, wanted, strict=True)]
    return [rows[first : first + CLIENTS] for first in range(0, len(rows), CLIENTS)]


@pytest.mark.parametrize(
    ("act", "slots", "refusals"),
    [
        pytest.param("book", 50, {"conflict"}, id="book"),
        pytest.param("move", 25, {"does_not_fit"}, id="move"),
        pytest.param("undo a cancellation", 25, {"conflict"}, id="undo"),
        pytest.param("insert by SQL", 200, {"refused by the database"}, id="insert by SQL"),
        pytest.param("move by SQL", 200, {"refused by the database"}, id="move by SQL"),
        pytest.param("reactivate by SQL", 200, {"refused by the database"}, id="reactivate by SQL"),
    ],
)
def test_one_of_eight_gets_the_slot_and_the_others_a_clear_no(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, hours: Hours, act: str, slots: int, refusals: set[str]
) -> None:
    rows = targets(crowd, hours, act, slots)

    outcomes = pool.compete(database_url, act, rows)

    assert doubles() == 0
    assert [slot.count("won") for slot in outcomes] == [1] * slots
    assert {outcome for slot in outcomes for outcome in slot} == {"won"} | refusals


@pytest.mark.parametrize("act", ["book", "insert by SQL", "move by SQL", "reactivate by SQL"])
def test_without_the_guard_she_is_booked_several_times(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, hours: Hours, act: str
) -> None:
    drop_guard()
    rows = targets(crowd, hours, act, 5)

    pool.compete(database_url, act, rows)

    assert doubles() > 0
