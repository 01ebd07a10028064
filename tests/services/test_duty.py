"""Absences of the coordination, who answers an office, and the handover list: what is kept and who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.domain.duty import TypedAbsence
from dispatch.domain.errors import Forbidden, Invalid, Missing
from dispatch.domain.permissions import Actor, Role
from dispatch.models import CallTask, InternalNote, StaffAbsence, User
from dispatch.services import duty, handover
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.domain.times import at
from tests.services.offering import HOUR, add
from tests.services.presence import actor, away
from tests.statements import counted

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def jana(build: Builder) -> User:
    """A coordinator."""
    return build.user("coordinator", name="Jana")


def absences() -> list[tuple[int, Any, Any, int | None]]:
    db.session.remove()
    rows = reading().scalars(select(StaffAbsence).order_by(StaffAbsence.id))
    return [(row.user_id, row.first_on, row.last_on, row.deputy_id) for row in rows]


def test_an_absence_is_refused_beside_one_of_the_same_days_and_changed_beside_itself(
    build: Builder, jana: User
) -> None:
    typed = TypedAbsence(jana.id, TODAY, TODAY + DAY)
    number = duty.add(actor(jana), typed, NOW)

    with pytest.raises(Invalid):
        duty.add(actor(jana), TypedAbsence(jana.id, TODAY + DAY, TODAY + 2 * DAY), NOW)
    duty.change(actor(jana), number, TypedAbsence(jana.id, TODAY, TODAY + 2 * DAY), NOW)

    assert absences() == [(jana.id, TODAY, TODAY + 2 * DAY, None)]


@pytest.mark.parametrize(
    ("first", "left"),
    [
        pytest.param(-2, [(-2, -1)], id="back today: away until yesterday"),
        pytest.param(0, [], id="entered for today by mistake"),
        pytest.param(3, [], id="not begun"),
    ],
)
def test_ending_an_absence_keeps_the_days_that_were(
    build: Builder, jana: User, first: int, left: list[tuple[int, int]]
) -> None:
    away(jana, TODAY + first * DAY, TODAY + 5 * DAY)

    duty.end(actor(jana), 1, NOW)

    assert [(one - TODAY, last - TODAY) for _, one, last, _ in absences()] == [(a * DAY, b * DAY) for a, b in left]


def test_only_the_coordination_and_administrators_enter_absences(build: Builder, jana: User) -> None:
    regional = build.user("regional_coordinator")
    typed = TypedAbsence(jana.id, TODAY, TODAY)

    with pytest.raises(Forbidden):
        duty.add(actor(regional), typed, NOW)
    with pytest.raises(Missing):
        duty.end(actor(jana), 99, NOW)
    duty.add(actor(build.user("administrator")), typed, NOW)

    assert len(absences()) == 1


@pytest.mark.parametrize(
    ("answer_by", "is_away", "expected"),
    [
        pytest.param("2026-11-24 12:00", False, (True, ("Jana",)), id="in service hours"),
        pytest.param("2026-11-24 16:00", False, (True, ("Jana",)), id="at closing time people still answer"),
        pytest.param("2026-11-24 18:00", False, (False, ()), id="in the evening"),
        pytest.param("2026-11-28 10:00", False, (False, ()), id="on Saturday"),
        pytest.param("2026-11-24 12:00", True, (True, ()), id="everybody is away"),
    ],
)
def test_an_office_is_told_who_answers(
    build: Builder, jana: User, answer_by: str, is_away: bool, expected: tuple[bool, tuple[str, ...]]
) -> None:
    if is_away:
        away(jana, TODAY, TODAY)

    found = duty.answering(at(answer_by))

    assert (found.is_staffed, found.people) == expected


def test_nobody_there_is_told_on_service_days_until_closing(build: Builder, jana: User) -> None:
    away(jana, TODAY, TODAY + 4 * DAY)

    moments = ("2026-11-24 07:00", "2026-11-24 16:00", "2026-11-28 10:00")
    assert [duty.is_nobody_there(at(moment)) for moment in moments] == [True, False, False]


def test_a_disabled_account_is_nobody_on_duty(build: Builder) -> None:
    build.user("coordinator", active=False)

    assert duty.is_nobody_there(NOW)


def fill(build: Builder, jana: User, rows: int) -> None:
    """Make so many of everything that a handover tells of."""
    for number in range(rows):
        starts_at = START - number * HOUR
        open_one = build.request(
            state="searching", starts_at=starts_at, answer_by=NOW, claimed_by_id=jana.id, claimed_at=NOW
        )
        held = build.request(state="assigned", starts_at=starts_at)
        mediator = build.mediator(weekly=())
        build.appointment(held, mediator, reconfirm_at=NOW)
        add(
            CallTask(
                kind="notice", side="office", key=f"k{number}", request_id=open_one.id, created_at=NOW, due_at=NOW
            ),
            InternalNote(request_id=open_one.id, text="Ruft zurück", written_by_id=jana.id, written_at=NOW),
            InternalNote(mediator_id=mediator.id, text="Alt", written_by_id=jana.id, written_at=NOW - 9 * DAY),
        )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_handover_takes_the_same_statements_for_any_number_of_rows(build: Builder, jana: User, rows: int) -> None:
    fill(build, jana, rows)
    db.session.remove()

    with counted(db.engine) as statements:
        sheet = handover.sheet(actor(jana), NOW)

    told = (sheet.requests, sheet.unsure, sheet.calls, sheet.notes)
    assert [len(one) for one in told] == [rows] * 4
    assert {row.looked_after_by for row in sheet.requests} == {"Jana"}
    assert len(statements) == 14


def test_the_handover_tells_of_nothing_out_of_sight(build: Builder, jana: User) -> None:
    fill(build, jana, 1)
    hidden = build.request(state="searching", protection="protected", policy="manual", answer_by=NOW - HOUR)
    add(InternalNote(request_id=hidden.id, text="Schutz", written_by_id=jana.id, written_at=NOW))
    elsewhere = Actor(99, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))
    named = Actor(jana.id, Role.COORDINATOR, handles_protected=True)

    found = [handover.sheet(who, NOW) for who in (actor(jana), elsewhere, named)]

    assert [len(one.requests) for one in found] == [1, 0, 2]
    assert [len(one.notes) for one in found] == [1, 0, 2]
    assert [len(one.unsure) for one in found] == [1, 0, 1]
    with pytest.raises(Forbidden):
        handover.sheet(Actor(5, Role.ADMINISTRATOR), NOW)
