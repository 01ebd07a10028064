"""Whom a unit does not want: by first name and badge number to the unit, in full and both ways to the coordination."""

import pytest
from sqlalchemy import select

from dispatch.domain.errors import Forbidden, Invalid, Missing
from dispatch.domain.permissions import Actor, Role
from dispatch.models import Exclusion, Mediator, Organisation
from dispatch.services import bars, organisations
from dispatch.services.bars import Bars, Person
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder

COORDINATOR = Actor(None, Role.COORDINATOR)


def leading(unit_id: int) -> Actor:
    return Actor(None, Role.REQUESTER, organisation_ids=frozenset({unit_id}), leads_unit=True)


@pytest.fixture
def unit(build: Builder) -> Organisation:
    """A unit."""
    return build.organisation()


def met(build: Builder, unit: Organisation) -> Mediator:
    mediator = build.mediator(name="Shirin Rahmani", badge_number=1042)
    build.appointment(build.request(organisation_id=unit.id, state="completed"), mediator, state="completed")
    return mediator


def test_a_unit_bars_whom_it_has_met_and_only_for_itself(build: Builder, unit: Organisation) -> None:
    mediator, other = met(build, unit), build.organisation()

    bars.set_barred(leading(unit.id), unit.id, mediator.id, True, NOW)
    bars.set_barred(leading(unit.id), unit.id, mediator.id, True, NOW)

    assert bars.of(leading(unit.id), unit.id) == Bars((Person(mediator.id, "Shirin", 1042, True),), ())
    row = reading().execute(select(Exclusion.mediator_id, Exclusion.organisation_id, Exclusion.origin)).one()
    assert tuple(row) == (mediator.id, unit.id, "unit")
    assert bars.of(leading(other.id), other.id) == Bars((), ())
    bars.set_barred(leading(unit.id), unit.id, mediator.id, False, NOW)
    assert reading().scalars(select(Exclusion.id)).all() == []


def test_a_unit_neither_names_nor_bars_strangers_and_others_not_at_all(build: Builder, unit: Organisation) -> None:
    stranger, person = build.mediator(), met(build, unit)

    for mediator_id in (stranger.id, 999, 2**40):
        with pytest.raises(Invalid):
            bars.set_barred(leading(unit.id), unit.id, mediator_id, True, NOW)
    with pytest.raises(Missing):
        bars.set_barred(leading(build.organisation().id), unit.id, person.id, True, NOW)
    member = Actor(None, Role.REQUESTER, organisation_ids=frozenset({unit.id}))
    for actor in (member, Actor(None, Role.ADMINISTRATOR), Actor(None, Role.REGIONAL_COORDINATOR)):
        with pytest.raises(Forbidden):
            bars.set_barred(actor, unit.id, person.id, True, NOW)
        with pytest.raises(Forbidden):
            bars.of(actor, unit.id)
    assert reading().scalars(select(Exclusion.id)).all() == []


def test_the_coordination_sees_both_ways_and_bars_for_one_case_stay_apart(build: Builder, unit: Organisation) -> None:
    barred, refusing, for_case = build.mediator(name="B"), build.mediator(name="R"), met(build, unit)
    bars.set_barred(COORDINATOR, unit.id, barred.id, True, NOW)
    rows = [
        Exclusion(mediator_id=refusing.id, organisation_id=unit.id, origin="mediator", created_at=NOW),
        Exclusion(
            mediator_id=for_case.id, organisation_id=unit.id, origin="unit", case_token="K7Q-4MX", created_at=NOW
        ),
    ]
    run(lambda session: session.add_all(rows))

    found = bars.of(COORDINATOR, unit.id)

    assert {(one.name, one.is_barred) for one in found.people} == {("B", True), ("Shirin Rahmani", False)}
    assert found.refusing == ("R",)
    assert [one.id for one in organisations.detail(COORDINATOR, unit.id).excluded] == [barred.id]
