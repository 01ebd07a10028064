"""Who leaves five offers in a row unanswered stands on the board until somebody has asked; on both databases."""

from datetime import timedelta

import pytest

from dispatch.database import run
from dispatch.domain.errors import Forbidden, Missing
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.tasks import TaskKind
from dispatch.models import AuditEntry, Mediator
from dispatch.services import board, silence
from dispatch.services.board_filters import Filters
from tests.builders import NOW, Builder
from tests.domain.times import at

COORDINATOR = Actor(1, Role.COORDINATOR)
IN_RIESA = Actor(1, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))
HOUR = timedelta(hours=1)


def silent(filters: Filters | None = None, actor: Actor = COORDINATOR) -> list[tuple[int, int]]:
    """Return id and unanswered offers of each person who may have gone."""
    found = board.tasks(actor, filters or Filters(), NOW)
    return [(task.mediator.id, task.times) for task in found if task.kind is TaskKind.STILL_THERE and task.mediator]


def test_who_left_five_offers_in_a_row_unanswered_is_asked_whether_still_there(build: Builder) -> None:
    build.mediator(lapses_in_row=4)
    build.mediator(lapses_in_row=7, active=False)
    five = build.mediator(lapses_in_row=5)

    assert silent() == [(five.id, 5)]
    assert silent(Filters(area="Riesa")) == []
    assert silent(actor=IN_RIESA) == []


def test_whether_somebody_is_still_there_is_asked_by_the_end_of_the_next_service_day(build: Builder) -> None:
    person = build.mediator(lapses_in_row=5)
    for state, hours in (("expired", 30), ("expired", 20), ("declined", 1)):
        build.offer(build.request(), person, state=state, deadline_at=NOW - hours * HOUR)

    (task,) = (task for task in board.tasks(COORDINATOR, Filters(), NOW) if task.kind is TaskKind.STILL_THERE)

    assert task.due_at == at("2026-11-24 16:00")


def test_who_is_still_there_is_counted_anew(build: Builder) -> None:
    person = build.mediator(lapses_in_row=5)

    for _ in range(2):
        silence.mark_still_there(COORDINATOR, person.id, NOW)

    entries = run(lambda session: session.query(AuditEntry).filter_by(act="still_there").all())
    assert (silent(), run(lambda session: session.get_one(Mediator, person.id).lapses_in_row)) == ([], 0)
    assert [(entry.subject, entry.subject_id, entry.facts) for entry in entries] == [
        ("mediator", person.id, {"unanswered": 5})
    ]


def test_only_who_edits_the_pool_says_that_somebody_is_still_there(build: Builder) -> None:
    person = build.mediator(lapses_in_row=5)

    with pytest.raises(Forbidden):
        silence.mark_still_there(IN_RIESA, person.id, NOW)
    for missing in (0, 999_999, 2**63):
        with pytest.raises(Missing):
            silence.mark_still_there(COORDINATOR, missing, NOW)
    assert silent() == [(person.id, 5)]
