"""Keep the organisations that ask and their units: enter, change, find, and whom a unit does not want.

It must not decide who may book for them; that is the permission table's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from dispatch.domain.errors import Forbidden, Missing, Stale
from dispatch.domain.organisations import NewOrganisation, OrganisationContext, TypedOrganisation, check
from dispatch.domain.permissions import Act, Actor, Scope, Subject, require, scope
from dispatch.domain.places import TypedPlace
from dispatch.models import Exclusion, Mediator, Organisation
from dispatch.reference import places
from dispatch.services import audit, matching, settings
from dispatch.services.mediators import Found
from dispatch.services.request_access import LARGEST_ID, area_of
from dispatch.services.transactions import reading, run

PAGE = 50
_PLAIN = ("name", "kind", "address", "phone", "contact_email", "contact_name", "default_setting", "active")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty means all. `page` counts from 1."""

    name: str = ""
    kind: str = ""
    active: bool | None = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of the list and the name of the one whose unit it is."""

    organisation: Organisation
    parent_name: str | None


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One page of the list by name; `total` counts all pages."""

    entries: tuple[Entry, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Detail:
    """An organisation with the name of its parent, its units by name, and the people it does not want by name."""

    organisation: Organisation
    parent_name: str | None
    units: tuple[Organisation, ...]
    excluded: tuple[Mediator, ...]


def find(actor: Actor, filters: Filters) -> OrganisationPage:
    """Return one page of the organisations within the actor's sight; raises Forbidden. Two statements."""
    session = reading()
    conditions = [_within_sight(actor), *_conditions(filters)]
    total = session.scalar(select(func.count()).select_from(Organisation).where(*conditions)) or 0
    page = max(1, min(filters.page, -(-total // PAGE)))
    parent = aliased(Organisation)
    wanted = (
        select(Organisation, parent.name)
        .outerjoin(parent, parent.id == Organisation.parent_id)
        .where(*conditions)
        .order_by(Organisation.name, Organisation.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    entries = tuple(Entry(organisation, name) for organisation, name in session.execute(wanted))
    return OrganisationPage(entries, total, page)


def detail(actor: Actor, organisation_id: int) -> Detail:
    """Return one organisation; raises Missing when the actor may not know of it, Forbidden for the role."""
    session = reading()
    row = _load(session, organisation_id)
    require(actor, Act.ORGANISATION_VIEW, Subject(organisation_id=row.id, area=area_of(row.municipality)))
    parent_name = session.scalar(select(Organisation.name).where(Organisation.id == row.parent_id))
    units = session.scalars(
        select(Organisation).where(Organisation.parent_id == row.id).order_by(Organisation.name)
    ).all()
    return Detail(row, parent_name, tuple(units), tuple(_excluded(session, row.id)))


def create(actor: Actor, typed: TypedOrganisation, now: datetime, *, found: Found | None = None) -> Organisation:
    """Enter an organisation or a unit; raises Invalid, with what the edge `found` too, and Forbidden."""
    require(actor, Act.ORGANISATION_CREATE)

    def use_case(session: Session) -> Organisation:
        record = check(typed, _context(session, None), found=found)
        row = Organisation(created_at=now, version=1)
        _write(row, record)
        session.add(row)
        session.flush()
        _write_excluded(session, row.id, record, now)
        audit.record(session, actor, "create", ("organisation", row.id), now)
        return row

    return run(use_case)


def update(
    actor: Actor,
    organisation_id: int,
    typed: TypedOrganisation,
    version: int,
    now: datetime,
    *,
    found: Found | None = None,
) -> Organisation:
    """Change a record; raises Invalid, Missing, or Stale when somebody else changed it since `version`."""
    require(actor, Act.ORGANISATION_EDIT)

    def use_case(session: Session) -> Organisation:
        locked = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
        session.scalar(locked)
        row = _load(session, organisation_id)
        if row.version != version:
            raise Stale(version, row.version)
        record = check(typed, _context(session, row.id), found=found)
        fields = _write(row, record)
        if _write_excluded(session, row.id, record, now):
            fields.append("excluded_mediators")
            matching.retry_unfitted(session, now)
        if fields:
            row.version += 1
            audit.record(session, actor, "update", ("organisation", row.id), now, facts={"fields": fields})
        session.flush()
        return row

    return run(use_case)


def typed_of(found: Detail) -> TypedOrganisation:
    """Return a stored record as if it were typed, for a form to change."""
    row = found.organisation
    plain: dict[str, Any] = {name: getattr(row, name) or "" for name in _PLAIN if name != "active"}
    town = row.town or "" if row.postal_code else ""
    return TypedOrganisation(
        **plain,
        parent=row.parent_id,
        home=TypedPlace(row.municipality or "", row.postal_code or "", town),
        excluded_mediators=tuple(mediator.id for mediator in found.excluded),
        active=row.active,
    )


def names(actor: Actor) -> list[tuple[int, str]]:
    """Return id and name of every organisation within the actor's sight, by name."""
    wanted = select(Organisation.id, Organisation.name).where(_within_sight(actor))
    return [(row.id, row.name) for row in reading().execute(wanted.order_by(Organisation.name, Organisation.id))]


def parents(actor: Actor, but: int | None = None) -> Sequence[Organisation]:
    """Return the organisations that may have units, by name; `but` is left out with its own units."""
    require(actor, Act.ORGANISATION_EDIT)
    return reading().scalars(_parents(but).order_by(Organisation.name)).all()


def mediators_to_exclude(actor: Actor) -> Sequence[Mediator]:
    """Return everybody of the pool by name, for the choice of whom a unit does not want."""
    require(actor, Act.ORGANISATION_EDIT)
    return reading().scalars(select(Mediator).order_by(Mediator.name, Mediator.id)).all()


def _load(session: Session, organisation_id: int) -> Organisation:
    row = session.get(Organisation, organisation_id) if 0 < organisation_id <= LARGEST_ID else None
    if row is None:
        raise Missing
    return row


def _within_sight(actor: Actor) -> ColumnElement[bool]:
    match scope(actor, Act.ORGANISATION_VIEW):
        case Scope.ALL:
            return true()
        case Scope.OWN_UNIT:
            return Organisation.id.in_(actor.organisation_ids) if actor.organisation_ids else false()
        case Scope.OWN_AREA:
            keys = [one.ags for one in places.municipalities() if one.social_area in actor.areas]
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


def _context(session: Session, own: int | None) -> OrganisationContext:
    return OrganisationContext(
        parents=frozenset(session.scalars(_parents(own).with_only_columns(Organisation.id))),
        settings=frozenset(settings.settings_by_code(session)),
        mediators=frozenset(session.scalars(select(Mediator.id))),
        places=places,
    )


def _parents(own: int | None) -> Any:
    """Select who may be a parent: no units, and nobody at all for an organisation that has units itself."""
    wanted = select(Organisation).where(Organisation.parent_id.is_(None))
    if own is None:
        return wanted
    child = aliased(Organisation)
    has_units = select(child.id).where(child.parent_id == own).exists()
    return wanted.where(Organisation.id != own, ~has_units)


def _write(row: Organisation, record: NewOrganisation) -> list[str]:
    """Write the record and return the names of the fields that changed."""
    home = record.home
    values = {
        **{name: getattr(record, name) for name in _PLAIN},
        "kind": record.kind.value,
        "parent_id": record.parent,
        "municipality": home.ags if home else None,
        "postal_code": home.postal_code if home else None,
        "town": home.town if home else None,
    }
    changed = [name for name, value in values.items() if getattr(row, name, None) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _excluded(session: Session, organisation_id: int) -> Sequence[Mediator]:
    ids = select(Exclusion.mediator_id).where(Exclusion.organisation_id == organisation_id, Exclusion.origin == "unit")
    return session.scalars(select(Mediator).where(Mediator.id.in_(ids)).order_by(Mediator.name)).all()


def _write_excluded(session: Session, organisation_id: int, record: NewOrganisation, now: datetime) -> bool:
    wanted = select(Exclusion).where(Exclusion.organisation_id == organisation_id, Exclusion.origin == "unit")
    stored = {row.mediator_id: row for row in session.scalars(wanted)}
    gone = [row for mediator_id, row in stored.items() if mediator_id not in record.excluded_mediators]
    added = sorted(record.excluded_mediators - set(stored))
    for row in gone:
        session.delete(row)
    session.add_all(
        Exclusion(mediator_id=mediator_id, organisation_id=organisation_id, origin="unit", created_at=now)
        for mediator_id in added
    )
    return bool(gone or added)
