"""Who sees which request and appointment: the own unit's, what a granted sight shows, and nothing else."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.domain.errors import Forbidden, Invalid, Missing, Refusal
from dispatch.domain.permissions import Act, Actor, Role
from dispatch.models import AuditEntry, UnitSight, User
from dispatch.services import accounts, appointment_pages, request_details, request_edits, request_reading, sights
from dispatch.services.appointment_access import hold
from dispatch.services.request_access import load
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder

COORDINATOR = Actor(None, Role.COORDINATOR)
ADMINISTRATOR = Actor(None, Role.ADMINISTRATOR)
UNITS = ("own", "child", "seen", "other")
KINDS = ("draft", "normal", "sensitive", "protected")
OWN = {f"own {kind}" for kind in KINDS}
SEEN = {"seen normal", "seen sensitive"}


class Case(NamedTuple):
    """A request of one unit, with an appointment unless it was never sent."""

    request_id: int
    appointment_id: int | None


class World(NamedTuple):
    """Units by name, cases by unit and kind."""

    units: dict[str, int]
    cases: dict[str, Case]


@pytest.fixture
def world(build: Builder) -> World:
    """Own unit with a unit of its own, one whose requests it may see, and one more; each with a case of every kind."""
    own = build.organisation(name="Eigene").id
    units = {
        "own": own,
        "child": build.organisation(name="Untere", parent_id=own).id,
        "seen": build.organisation(name="Gezeigte").id,
    }
    units["other"] = build.organisation(name="Andere", parent_id=units["seen"]).id
    sights.grant(COORDINATOR, own, units["seen"], NOW)
    return World(units, {f"{unit} {kind}": _case(build, units[unit], kind) for unit in UNITS for kind in KINDS})


def _case(build: Builder, unit_id: int, kind: str) -> Case:
    if kind == "draft":
        return Case(build.request(organisation_id=unit_id, state="draft", notes="Geheim").id, None)
    request = build.request(organisation_id=unit_id, state="assigned", protection=kind, notes="Geheim")
    return Case(request.id, build.appointment(request, build.mediator()).id)


def member(unit_id: int, build: Builder) -> Actor:
    user = build.user(organisation_id=unit_id)
    return actor_of(user)


def actor_of(user: User) -> Actor:
    return accounts.describe(reading(), user, None, NOW).actor


def found(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (Missing, Forbidden):
        return False
    return True


def by_page(actor: Actor, world: World) -> set[str]:
    return {
        name
        for name, case in world.cases.items()
        if found(partial(request_details.details, actor, case.request_id, NOW))
    }


def by_appointment(actor: Actor, world: World) -> set[str]:
    return {
        name
        for name, case in world.cases.items()
        if case.appointment_id and found(partial(appointment_pages.show, actor, case.appointment_id, NOW))
    }


def by_list(actor: Actor, world: World) -> set[str]:
    names = {case.request_id: name for name, case in world.cases.items()}
    try:
        start = request_reading.start(actor, NOW)
    except Forbidden:
        return set()
    return {
        names[line.request.id] for lines in (start.coming, start.waiting, start.drafts, start.past) for line in lines
    }


def by_appointment_list(actor: Actor, world: World) -> set[str]:
    names = {case.appointment_id: name for name, case in world.cases.items()}
    try:
        listing = appointment_pages.index(actor, appointment_pages.Filters(), NOW)
    except Forbidden:
        return set()
    return {names[line.appointment_id] for line in listing.lines}


@pytest.mark.parametrize(
    ("who", "visible"),
    [
        pytest.param("own", OWN | SEEN, id="own unit, and what was granted"),
        pytest.param("child", {f"child {kind}" for kind in KINDS}, id="a unit inherits nothing from above"),
        pytest.param("seen", {f"seen {kind}" for kind in KINDS}, id="the sight goes one way"),
        pytest.param("other", {f"other {kind}" for kind in KINDS}, id="nothing sideways"),
        pytest.param(Role.OBSERVER, set(), id="observer"),
        pytest.param(Role.ADMINISTRATOR, set(), id="administrator"),
    ],
)
def test_every_list_and_page_shows_the_same(build: Builder, world: World, who: str | Role, visible: set[str]) -> None:
    actor = Actor(None, who) if isinstance(who, Role) else member(world.units[who], build)
    kept = {name for name in visible if not name.endswith("draft")}

    assert by_page(actor, world) == visible
    assert by_list(actor, world) == visible
    assert by_appointment(actor, world) == kept
    assert by_appointment_list(actor, world) == kept


def test_an_area_shows_its_requests_and_no_other(build: Builder, world: World) -> None:
    here, there = (Actor(None, Role.REGIONAL_COORDINATOR, areas=frozenset({area})) for area in ("Meißen", "Riesa"))

    assert by_page(here, world) >= {f"{unit} normal" for unit in UNITS}
    assert (by_page(there, world), by_appointment(there, world)) == (set(), set())


def test_what_is_shown_is_without_contact_and_nothing_can_be_done_with_it(build: Builder, world: World) -> None:
    actor, case = member(world.units["own"], build), world.cases["seen normal"]
    assert case.appointment_id is not None

    page = appointment_pages.show(actor, case.appointment_id, NOW)

    assert (page.is_shown, page.deeds, page.where, page.office, page.talk.place) == (
        True, frozenset(), None, "Gezeigte", "Meißen",
    )  # fmt: skip
    assert request_details.details(actor, case.request_id, NOW).is_shown is True
    for act in (act for act in Act if act.startswith("request_") and act is not Act.REQUEST_VIEW):
        with pytest.raises(Refusal) as refusal:
            load(reading(), actor, act, case.request_id)
        assert refusal.value.code in {"missing", "forbidden"}
    for deed in (one for one in Act if one.startswith("appointment_") and one is not Act.APPOINTMENT_VIEW):
        with pytest.raises(Refusal) as refusal:
            run(partial(hold, actor=actor, act=deed, appointment_id=case.appointment_id))
        assert refusal.value.code in {"missing", "forbidden"}
    with pytest.raises(Missing):
        request_edits.stored(actor, case.request_id, act=Act.REQUEST_CREATE)


def test_a_sight_is_granted_and_taken_back_at_once_and_logged(build: Builder) -> None:
    unit, other = build.organisation(name="A"), build.organisation(name="B")
    user = build.user(organisation_id=unit.id)
    secret = run(lambda session: accounts.begin_session(session, user.id, NOW))

    def seen() -> frozenset[int]:
        db.session.close()
        found = accounts.find_session(secret, NOW)
        assert found is not None
        return found.actor.seen_ids

    sights.grant(ADMINISTRATOR, unit.id, other.id, NOW)
    granted = seen()
    sides = sights.of(unit.id), sights.of(other.id)
    sights.revoke(COORDINATOR, unit.id, other.id, NOW)
    sights.revoke(COORDINATOR, unit.id, other.id, NOW)

    assert (granted, seen()) == (frozenset({other.id}), frozenset())
    assert (sides[0].sees, sides[1].seen_by) == (((other.id, "B"),), ((unit.id, "A"),))
    entries = reading().execute(select(AuditEntry.act, AuditEntry.subject_id, AuditEntry.facts).order_by(AuditEntry.id))
    assert [tuple(entry) for entry in entries] == [
        ("grant_sight", unit.id, {"sees": other.id}), ("revoke_sight", unit.id, {"sees": other.id}),
    ]  # fmt: skip


def test_a_sight_that_makes_no_sense_is_refused(build: Builder) -> None:
    unit, other = build.organisation(), build.organisation()
    sights.grant(COORDINATOR, unit.id, other.id, NOW)

    def codes(sees_id: int | None) -> object:
        with pytest.raises(Invalid) as refusal:
            sights.grant(COORDINATOR, unit.id, sees_id, NOW)
        return refusal.value.errors["sees"]

    assert [codes(one) for one in (None, unit.id, 999, 2**40, other.id)] == [
        ("required",), ("itself",), ("unknown",), ("unknown",), ("already",),
    ]  # fmt: skip
    with pytest.raises(Missing):
        sights.grant(COORDINATOR, 999, unit.id, NOW)
    for role in (Role.REQUESTER, Role.MEDIATOR, Role.REGIONAL_COORDINATOR, Role.OBSERVER):
        with pytest.raises(Forbidden):
            sights.grant(Actor(1, role, organisation_ids=frozenset({unit.id}), leads_unit=True), unit.id, 1, NOW)
        with pytest.raises(Forbidden):
            sights.revoke(Actor(1, role), unit.id, other.id, NOW)
    assert reading().scalars(select(UnitSight.sees_id)).all() == [other.id]
