"""Eight coordinators say "I look after it" of one request at once: one does, the others learn who.

The negative control looks first and claims then, without the lock: several believe that it is theirs.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from dispatch.database import db
from dispatch.models import Request, User
from dispatch.services.transactions import reading
from tests.builders import Builder
from tests.races.conftest import Crowd
from tests.races.contenders import CLIENTS, Pool, Target

pytestmark = pytest.mark.race

Hours = Callable[[int, int], list[datetime]]
ROUNDS = 10


def slots(crowd: Crowd, build: Builder, starts: list[datetime]) -> list[list[Target]]:
    """Let each of them claim each of the requests."""
    people: list[User] = [build.user("coordinator") for _ in range(CLIENTS)]
    return [
        [Target(request_id, person.id, None) for person in people] for request_id in crowd.requests(starts, "searching")
    ]


def test_one_looks_after_it_and_every_other_is_told(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, build: Builder, hours: Hours
) -> None:
    targets = slots(crowd, build, hours(ROUNDS, 0))

    outcomes = pool.compete(database_url, "claim", targets)

    assert [sorted(outcome) for outcome in outcomes] == [["already_claimed"] * (CLIENTS - 1) + ["won"]] * ROUNDS
    db.session.remove()
    for slot, outcome in zip(targets, outcomes, strict=True):
        winner = slot[outcome.index("won")].mediator_id
        assert reading().get_one(Request, slot[0].row_id).claimed_by_id == winner


def test_without_the_lock_several_believe_that_it_is_theirs(
    app: Flask, database_url: str, pool: Pool, crowd: Crowd, build: Builder, hours: Hours
) -> None:
    outcomes = pool.compete(database_url, "claim naively", slots(crowd, build, hours(3, 0)))

    assert all(outcome.count("won") > 1 for outcome in outcomes)
