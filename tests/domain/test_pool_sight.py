"""Which parts of the pool's records each role may read."""

import pytest

from dispatch.domain.permissions import SYSTEM, Actor, Role
from dispatch.domain.pool_sight import is_told_of_mediator, is_told_of_organisation

HER_ID = 7
PARTS = ("name", "email", "documents", "remarks")


@pytest.mark.parametrize(
    ("actor", "told"),
    [
        (Actor(1, Role.COORDINATOR), PARTS),
        (SYSTEM, PARTS),
        (Actor(1, Role.REGIONAL_COORDINATOR, areas=frozenset({"Meißen"})), ("name",)),
        (Actor(1, Role.MEDIATOR, mediator_id=HER_ID), ("name", "email", "documents")),
        (Actor(1, Role.MEDIATOR, mediator_id=8), ()),
        (Actor(1, Role.REQUESTER, organisation_ids=frozenset({1})), ()),
        (Actor(1, Role.OBSERVER), ()),
        (Actor(1, Role.ADMINISTRATOR), ()),
    ],
    ids=["coordinator", "job", "regional", "herself", "another", "office", "observer", "administrator"],
)
def test_who_reads_what_of_a_mediator(actor: Actor, told: tuple[str, ...]) -> None:
    assert tuple(part for part in PARTS if is_told_of_mediator(actor, HER_ID, part)) == told


@pytest.mark.parametrize("role", Role)
def test_whom_a_unit_does_not_want_is_told_to_who_keeps_organisations(role: Role) -> None:
    actor = Actor(1, role)

    assert is_told_of_organisation(actor, "excluded_mediators") == (role in {Role.COORDINATOR, Role.SYSTEM})
    assert is_told_of_organisation(actor, "phone")
