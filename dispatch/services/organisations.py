"""Keep the organisations that ask and their units: enter, change, and what a form of theirs begins with.

It must not decide who may book for them; that is the permission table's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.errors import Invalid, Missing, Stale
from dispatch.domain.organisations import (
    NewOrganisation,
    OrganisationContext,
    TypedOrganisation,
    check,
    with_defaults,
)
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.domain.places import TypedPlace
from dispatch.models import Exclusion, Mediator, Organisation
from dispatch.reference import places
from dispatch.services import audit, matching, organisation_lists, settings
from dispatch.services.mediators import Found
from dispatch.services.organisation_lists import Branch
from dispatch.services.request_access import LARGEST_ID, area_of
from dispatch.services.transactions import reading, run

_TEXTS = ("name", "kind", "address", "phone", "contact_email", "contact_name", "default_setting")
_FLAGS = ("approves_mediators", "answers_to_mailbox", "active")


@dataclass(frozen=True, slots=True)
class Detail:
    """An organisation, the people it does not want by name, and its place in the tree as far as the reader sees it.

    `parent` is the one whose unit it is, `is_parent_seen` whether its page exists for the reader.
    """

    organisation: Organisation
    parent: Organisation | None
    is_parent_seen: bool
    units: tuple[Branch, ...]
    excluded: tuple[Mediator, ...]


def detail(actor: Actor, organisation_id: int) -> Detail:
    """Return one organisation; raises Missing when the actor may not know of it, Forbidden for the role."""
    session = reading()
    row = load(session, actor, Act.ORGANISATION_VIEW, organisation_id)
    sight = organisation_lists.within_sight(actor)
    seen = session.scalar(select(Organisation.id).where(Organisation.id == row.parent_id, sight))
    return Detail(
        row,
        session.get(Organisation, row.parent_id) if row.parent_id else None,
        seen is not None,
        tuple(organisation_lists.branches(session, row.id, sight)),
        tuple(_excluded(session, row.id)),
    )


def create(actor: Actor, typed: TypedOrganisation, now: datetime, *, found: Found | None = None) -> Organisation:
    """Enter an organisation or a unit; raises Invalid, with what the edge `found` too, and Forbidden."""
    require(actor, Act.ORGANISATION_CREATE)

    def use_case(session: Session) -> Organisation:
        return create_in(session, actor, check(typed, _context(session, None), found=found), now)

    return run(use_case)


def create_in(session: Session, actor: Actor, record: NewOrganisation, now: datetime) -> Organisation:
    """Enter a record that holds in the transaction of another use case; raises Forbidden."""
    require(actor, Act.ORGANISATION_CREATE)
    row = Organisation(created_at=now, version=1)
    _write(row, record)
    session.add(row)
    session.flush()
    _write_excluded(session, row.id, record, now)
    audit.record(session, actor, "create", ("organisation", row.id), now)
    return row


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
        row = _hold(session, actor, organisation_id, version, parent=typed.parent)
        return _change(session, actor, row, check(typed, _context(session, row.id), found=found), now)

    return run(use_case)


def change(actor: Actor, organisation_id: int, fields: Mapping[str, Any], version: int, now: datetime) -> Organisation:
    """Change only these fields of a record, named as in TypedOrganisation; raises as `update`."""
    require(actor, Act.ORGANISATION_EDIT)

    def use_case(session: Session) -> Organisation:
        row = _hold(session, actor, organisation_id, version, parent=fields.get("parent"))
        typed = replace(stored(row, _excluded(session, row.id)), **fields)
        return _change(session, actor, row, check(typed, _context(session, row.id)), now)

    return run(use_case)


def set_defaults(
    actor: Actor,
    organisation_id: int,
    typed: TypedOrganisation,
    version: int,
    now: datetime,
    *,
    found: Found | None = None,
) -> None:
    """Change only what the unit's requests begin with (`DEFAULTS`); raises as `update`."""
    require(actor, Act.UNIT_SET_DEFAULTS)

    def use_case(session: Session) -> None:
        _lock(session, organisation_id)
        row = load(session, actor, Act.UNIT_SET_DEFAULTS, organisation_id)
        if row.version != version:
            raise Stale(version, row.version)
        whole = with_defaults(stored(row, _excluded(session, row.id)), typed)
        _change(session, actor, row, check(whole, _context(session, row.id), found=found), now)

    run(use_case)


def begin(actor: Actor, parent_id: int | None) -> TypedOrganisation:
    """Return what the form of a new organisation holds: a unit begins with kind and defaults of its parent."""
    require(actor, Act.ORGANISATION_CREATE)
    parent = reading().get(Organisation, parent_id) if parent_id and 0 < parent_id <= LARGEST_ID else None
    if parent is None:
        return TypedOrganisation(parent=parent_id)
    empty = TypedOrganisation(parent=parent.id, kind=parent.kind)
    return with_defaults(empty, stored(parent, ()))


def typed_of(found: Detail) -> TypedOrganisation:
    """Return a stored record as if it were typed, for a form to change."""
    return stored(found.organisation, found.excluded)


def stored(row: Organisation, excluded: Sequence[Mediator]) -> TypedOrganisation:
    """Return a row, with whom it does not want, as if it were typed."""
    plain: dict[str, Any] = {name: getattr(row, name) or "" for name in _TEXTS}
    flags: dict[str, Any] = {name: getattr(row, name) for name in _FLAGS}
    town = row.town or "" if row.postal_code else ""
    return TypedOrganisation(
        **plain,
        **flags,
        parent=row.parent_id,
        home=TypedPlace(row.municipality or "", row.postal_code or "", town),
        excluded_mediators=tuple(mediator.id for mediator in excluded),
    )


def mediators_to_exclude(actor: Actor) -> Sequence[Mediator]:
    """Return everybody of the pool by name, for the choice of whom a unit does not want."""
    require(actor, Act.ORGANISATION_EDIT)
    return reading().scalars(select(Mediator).order_by(Mediator.name, Mediator.id)).all()


def load(session: Session, actor: Actor, act: Act, organisation_id: int) -> Organisation:
    """Return an organisation to act upon; raises Missing when the actor may not know of it, Forbidden for the role."""
    require(actor, act)
    row = session.get(Organisation, organisation_id) if 0 < organisation_id <= LARGEST_ID else None
    if row is None:
        raise Missing
    require(actor, act, Subject(organisation_id=row.id, area=area_of(row.municipality)))
    return row


def lock(session: Session, actor: Actor, act: Act, organisation_id: int) -> Organisation:
    """Return an organisation as `load` does, locked for a write."""
    _lock(session, organisation_id)
    return load(session, actor, act, organisation_id)


def _hold(session: Session, actor: Actor, organisation_id: int, version: int, *, parent: int | None) -> Organisation:
    """Return the row to edit, locked for a move below `parent`; raises Missing, Stale unless it has the version."""
    _lock(session, organisation_id, is_moved=_is_moved(session, organisation_id, parent))
    row = load(session, actor, Act.ORGANISATION_EDIT, organisation_id)
    if row.version != version:
        raise Stale(version, row.version)
    return row


def _lock(session: Session, organisation_id: int, *, is_moved: bool = False) -> None:
    """Lock the row; the whole tree before one is moved in it, so that two moves never close a circle together."""
    if not 0 < organisation_id <= LARGEST_ID:
        return
    wanted = select(Organisation.id).order_by(Organisation.id)
    if not is_moved:
        wanted = wanted.where(Organisation.id == organisation_id)
    session.execute(wanted.with_for_update(key_share=True)).all()


def _is_moved(session: Session, organisation_id: int, parent_id: int | None) -> bool:
    if not 0 < organisation_id <= LARGEST_ID:
        return False
    before = session.scalar(select(Organisation.parent_id).where(Organisation.id == organisation_id))
    return parent_id not in (None, before)


def _context(session: Session, own: int | None) -> OrganisationContext:
    return OrganisationContext(
        parents=organisation_lists.tree(session),
        resting=frozenset(
            session.scalars(select(Organisation.id).where(~Organisation.active | Organisation.is_for_residents))
        ),
        own=own,
        settings=frozenset(settings.settings_by_code(session)),
        mediators=frozenset(session.scalars(select(Mediator.id))),
        places=places,
    )


def _change(session: Session, actor: Actor, row: Organisation, record: NewOrganisation, now: datetime) -> Organisation:
    if row.is_for_residents and (not record.active or record.parent is not None):
        raise Invalid({"parent" if record.parent is not None else "active": ("for_residents",)})
    fields = _write(row, record)
    if _write_excluded(session, row.id, record, now):
        fields.append("excluded_mediators")
        matching.retry_unfitted(session, now)
    if fields:
        row.version += 1
        audit.record(session, actor, "update", ("organisation", row.id), now, facts={"fields": fields})
    session.flush()
    return row


def _write(row: Organisation, record: NewOrganisation) -> list[str]:
    """Write the record and return the names of the fields that changed."""
    home = record.home
    values = {
        **{name: getattr(record, name) for name in (*_TEXTS, *_FLAGS)},
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
    ids = select(Exclusion.mediator_id).where(*of_unit(organisation_id))
    return session.scalars(select(Mediator).where(Mediator.id.in_(ids)).order_by(Mediator.name)).all()


def of_unit(organisation_id: int) -> tuple[Any, ...]:
    """Return the conditions of a unit's own lasting bars; one for a single case holds for that case only."""
    return of_units([organisation_id])


def of_units(ids: Sequence[int]) -> tuple[Any, ...]:
    """Return the same for several units."""
    return (
        Exclusion.organisation_id.in_(ids),
        Exclusion.origin == "unit",
        Exclusion.case_token.is_(None),
        Exclusion.request_id.is_(None),
    )


def _write_excluded(session: Session, organisation_id: int, record: NewOrganisation, now: datetime) -> bool:
    stored_rows = {row.mediator_id: row for row in session.scalars(select(Exclusion).where(*of_unit(organisation_id)))}
    gone = [row for mediator_id, row in stored_rows.items() if mediator_id not in record.excluded_mediators]
    added = sorted(record.excluded_mediators - set(stored_rows))
    for row in gone:
        session.delete(row)
    session.add_all(
        Exclusion(mediator_id=mediator_id, organisation_id=organisation_id, origin="unit", created_at=now)
        for mediator_id in added
    )
    return bool(gone or added)
