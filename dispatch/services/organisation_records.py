"""Read records of organisations as programs get them: part by part as far as the reader may know it.

It must not change anything; that is `organisations`'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.organisations import TypedOrganisation
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.places import TypedPlace
from dispatch.domain.pool_sight import is_told_of_organisation
from dispatch.models import Exclusion, Organisation
from dispatch.services import organisation_lists, organisations
from dispatch.services.transactions import reading

_PARTS = tuple(field.name for field in fields(TypedOrganisation))


class OrganisationRecord(NamedTuple):
    """An organisation by id with its version and what the reader may know, parts named as in TypedOrganisation."""

    id: int
    version: int
    parts: Mapping[str, Any]


def get(actor: Actor, organisation_id: int) -> OrganisationRecord:
    """Return one record; raises Missing when the actor may not know of it, Forbidden for the role. Two statements."""
    session = reading()
    row = organisations.load(session, actor, Act.ORGANISATION_VIEW, organisation_id)
    return _record(actor, row, _excluded(session, [row.id]))


def after(actor: Actor, last_id: int, most: int) -> Sequence[OrganisationRecord]:
    """Return the records within sight that follow `last_id`, in order of id; raises Forbidden. Two statements."""
    rows = organisation_lists.after(actor, last_id, most)
    excluded = _excluded(reading(), [row.id for row in rows])
    return [_record(actor, row, excluded) for row in rows]


def _record(actor: Actor, row: Organisation, excluded: Mapping[int, tuple[int, ...]]) -> OrganisationRecord:
    typed = organisations.stored(row, ())
    known: dict[str, Any] = {name: getattr(typed, name) for name in _PARTS}
    known["home"] = TypedPlace(row.municipality or "", row.postal_code or "", row.town or "")
    known["excluded_mediators"] = excluded.get(row.id, ())
    return OrganisationRecord(
        row.id, row.version, {name: value for name, value in known.items() if is_told_of_organisation(actor, name)}
    )


def _excluded(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return whom each unit does not want, by id."""
    wanted = select(Exclusion.organisation_id, Exclusion.mediator_id).where(*organisations.of_units(ids))
    found: dict[int, tuple[int, ...]] = {}
    for organisation_id, mediator_id in session.execute(wanted.order_by(Exclusion.mediator_id)):
        if organisation_id is not None:
            found[organisation_id] = (*found.get(organisation_id, ()), mediator_id)
    return found
