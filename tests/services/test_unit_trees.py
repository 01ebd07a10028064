"""Units of any depth: moved in the tree, listed as one, never their own ancestor, not by two hands at once either."""

import threading
from dataclasses import replace

import pytest
from flask import Flask

from dispatch.database import db
from dispatch.domain.errors import Invalid, Refusal
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.units import ancestors
from dispatch.models import Organisation
from dispatch.services import organisation_lists, organisations
from dispatch.services.organisation_lists import Filters
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder

COORDINATOR = Actor(None, Role.COORDINATOR)
ROUNDS = 8


def chain(build: Builder, *names: str) -> list[int]:
    """Enter organisations, each a unit of the one before it."""
    ids: list[int] = []
    for name in names:
        ids.append(build.organisation(name=name, parent_id=ids[-1] if ids else None).id)
    return ids


def hang(unit_id: int, parent_id: int | None) -> None:
    row = reading().get_one(Organisation, unit_id)
    typed = replace(organisations.stored(row, ()), parent=parent_id)
    organisations.update(COORDINATOR, unit_id, typed, row.version, NOW)


def refused(unit_id: int, parent_id: int | None) -> object:
    with pytest.raises(Invalid) as refusal:
        hang(unit_id, parent_id)
    return refusal.value.errors


def test_a_unit_moves_with_its_own_and_never_below_itself(build: Builder) -> None:
    top, middle, low, lowest = chain(build, "A", "B", "C", "D")
    (other,) = chain(build, "E")

    hang(middle, other)

    assert organisation_lists.tree(reading()) == {top: None, middle: other, low: middle, lowest: low, other: None}
    assert refused(middle, middle) == {"parent": ("own_ancestor",)}
    assert refused(other, lowest) == {"parent": ("own_ancestor",)}
    assert refused(middle, 999) == {"parent": ("unknown",)}


def test_one_that_cannot_book_gets_no_further_units_and_keeps_those_it_has(build: Builder) -> None:
    resting = build.organisation(active=False).id
    kept, other = build.organisation(parent_id=resting).id, build.organisation().id

    hang(kept, resting)

    assert refused(other, resting) == {"parent": ("resting",)}
    assert [one.id for one in organisation_lists.possible_parents(COORDINATOR, kept)] == [resting, other]
    assert [one.id for one in organisation_lists.possible_parents(COORDINATOR, other)] == [kept]


def test_the_choice_of_a_parent_leaves_out_oneself_and_what_is_below(build: Builder) -> None:
    top, middle, low = chain(build, "A", "B", "C")
    (other,) = chain(build, "D")

    assert [(one.id, one.depth) for one in organisation_lists.possible_parents(COORDINATOR)] == [
        (top, 0), (middle, 1), (low, 2), (other, 0),
    ]  # fmt: skip
    assert [one.id for one in organisation_lists.possible_parents(COORDINATOR, middle)] == [top, other]


def test_the_list_is_a_tree_and_names_a_parent_that_it_does_not_show(build: Builder) -> None:
    chain(build, "B", "A", "Z klein")
    chain(build, "Klein")

    def shown(filters: Filters) -> list[tuple[str, str | None, int]]:
        entries = organisation_lists.find(COORDINATOR, filters).entries
        return [(one.organisation.name, one.parent_name, one.depth) for one in entries]

    assert shown(Filters()) == [("B", None, 0), ("A", None, 1), ("Z klein", None, 2), ("Klein", None, 0)]
    assert shown(Filters(name="klein")) == [("Klein", None, 0), ("Z klein", "A", 0)]


def test_a_member_sees_neither_the_units_nor_the_page_above(build: Builder) -> None:
    top, middle, _low = chain(build, "A", "B", "C")
    actor = Actor(None, Role.REQUESTER, organisation_ids=frozenset({middle}))

    own, whole = organisations.detail(actor, middle), organisations.detail(COORDINATOR, top)

    assert (own.parent and own.parent.name, own.is_parent_seen, own.units) == ("A", False, ())
    assert [(unit.name, unit.depth) for unit in whole.units] == [("B", 0), ("C", 1)]


def test_two_moves_at_once_never_close_a_circle(app: Flask, build: Builder) -> None:
    pairs = [(chain(build, "A", "B"), chain(build, "C", "D")) for _ in range(ROUNDS)]
    outcomes: list[str] = []

    def move(unit_id: int, parent_id: int, start: threading.Barrier) -> None:
        with app.app_context():
            start.wait(20)
            try:
                hang(unit_id, parent_id)
                outcomes.append("moved")
            except Refusal as refusal:
                outcomes.append(refusal.code)
            db.session.remove()

    for (first, first_low), (second, second_low) in pairs:
        start = threading.Barrier(2)
        moves = ((first, second_low, start), (second, first_low, start))
        threads = [threading.Thread(target=move, args=one) for one in moves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    db.session.close()
    tree = organisation_lists.tree(reading())
    assert sorted(outcomes) == ["invalid"] * ROUNDS + ["moved"] * ROUNDS
    assert [unit for unit in tree if unit in ancestors(unit, tree)] == []
