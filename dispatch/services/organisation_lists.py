"""List the organisations within a reader's sight as the tree they are: each unit below the one it belongs to.

It must not change anything; that is `organisations`'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from dispatch.domain.errors import Forbidden
from dispatch.domain.permissions import Act, Actor, Scope, require, scope
from dispatch.domain.units import Node, ancestors, as_tree
from dispatch.models import Organisation
from dispatch.services.social_areas import municipalities_in
from dispatch.services.transactions import reading

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty means all. `page` counts from 1."""

    name: str = ""
    kind: str = ""
    active: bool | None = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of the list; `depth` counts the ancestors listed above it; `parent_name` if there are none."""

    organisation: Organisation
    parent_name: str | None
    depth: int


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One page of the tree; `total` counts all pages."""

    entries: tuple[Entry, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in a tree; `depth` counts from the top of what is shown."""

    id: int
    name: str
    depth: int
    active: bool


def find(actor: Actor, filters: Filters) -> OrganisationPage:
    """Return one page of the organisations within the actor's sight; raises Forbidden. Two statements."""
    session = reading()
    wanted = select(Organisation.id, Organisation.parent_id).where(within_sight(actor), *_conditions(filters))
    placed = as_tree([Node(*row) for row in session.execute(wanted.order_by(Organisation.name, Organisation.id))])
    page = max(1, min(filters.page, -(-len(placed) // PAGE)))
    shown = placed[(page - 1) * PAGE : page * PAGE]
    parent = aliased(Organisation)
    rows = (
        select(Organisation, parent.name)
        .outerjoin(parent, parent.id == Organisation.parent_id)
        .where(Organisation.id.in_([one.id for one in shown]))
    )
    by_id = {row.Organisation.id: row for row in session.execute(rows)}
    entries = (
        Entry(by_id[one.id].Organisation, None if one.depth else by_id[one.id].name, one.depth)
        for one in shown
        if one.id in by_id
    )
    return OrganisationPage(tuple(entries), len(placed), page)


def after(actor: Actor, last_id: int, most: int) -> Sequence[Organisation]:
    """Return the organisations within the actor's sight that follow `last_id`, in order of id; raises Forbidden."""
    wanted = select(Organisation).where(within_sight(actor), Organisation.id > last_id)
    return reading().scalars(wanted.order_by(Organisation.id).limit(most)).all()


def names(actor: Actor) -> list[tuple[int, str]]:
    """Return id and name of every organisation within the actor's sight, by name; not the unit for residents."""
    wanted = select(Organisation.id, Organisation.name).where(within_sight(actor), ~Organisation.is_for_residents)
    return [(row.id, row.name) for row in reading().execute(wanted.order_by(Organisation.name, Organisation.id))]


def possible_parents(actor: Actor, own: int | None = None) -> list[Branch]:
    """Return the tree of those of which `own` may become a unit: it can book, or is its parent, and none of its own."""
    require(actor, Act.ORGANISATION_EDIT)
    every = branches(reading(), None, ~Organisation.is_for_residents)
    parents = tree(reading())
    before = parents.get(own) if own else None
    return [
        one
        for one in every
        if one.id == before or (one.active and one.id != own and own not in ancestors(one.id, parents))
    ]


def branches(session: Session, top_id: int | None, sight: ColumnElement[bool] | None = None) -> list[Branch]:
    """Return the units below one, or the whole tree; only those in `sight`."""
    wanted = select(Organisation.id, Organisation.parent_id, Organisation.name, Organisation.active)
    rows = session.execute(wanted.order_by(Organisation.name, Organisation.id)).all()
    parents = {row.id: row.parent_id for row in rows}
    seen = set(session.scalars(select(Organisation.id).where(sight))) if sight is not None else set(parents)
    below = [row for row in rows if row.id in seen and (top_id is None or top_id in ancestors(row.id, parents))]
    by_id = {row.id: row for row in below}
    placed = as_tree([Node(row.id, row.parent_id) for row in below])
    return [Branch(one.id, by_id[one.id].name, one.depth, by_id[one.id].active) for one in placed]


def tree(session: Session) -> dict[int, int | None]:
    """Return every organisation with its parent."""
    return {row.id: row.parent_id for row in session.execute(select(Organisation.id, Organisation.parent_id))}


def within_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the organisations the actor may view; raises Forbidden when the role has none."""
    match scope(actor, Act.ORGANISATION_VIEW):
        case Scope.ALL:
            return true()
        case Scope.OWN_UNIT:
            return Organisation.id.in_(actor.organisation_ids) if actor.organisation_ids else false()
        case Scope.OWN_AREA:
            keys = municipalities_in(actor.areas)
            return Organisation.municipality.in_(keys)
        case _:
            raise Forbidden


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.active is not None:
        conditions.append(Organisation.active.is_(filters.active))
    if filters.kind:
        conditions.append(Organisation.kind == filters.kind)
    if filters.name.strip():
        word = filters.name.strip()
        conditions.append(
            or_(Organisation.name.icontains(word, autoescape=True), Organisation.town.icontains(word, autoescape=True))
        )
    return conditions
