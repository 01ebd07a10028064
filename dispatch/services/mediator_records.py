"""Read records of the pool as programs get them: part by part as far as the reader may know it.

It must not change anything; that is `mediators`'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from sqlalchemy import select

from dispatch.domain.mediators import TypedMediator
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.domain.places import TypedPlace
from dispatch.domain.pool_sight import is_told_of_mediator
from dispatch.models import Mediator
from dispatch.services import mediator_lists, mediator_rows, mediators
from dispatch.services.mediator_lists import Filters
from dispatch.services.transactions import reading

_PARTS = tuple(field.name for field in fields(TypedMediator))
_OF_ROW = ("badge_number", "version")
"""Parts that nobody types."""


class MediatorRecord(NamedTuple):
    """A mediator by id and what the reader may know: parts named as in TypedMediator, `badge_number`, `version`."""

    id: int
    parts: Mapping[str, Any]


def get(actor: Actor, mediator_id: int) -> MediatorRecord:
    """Return one record; raises Missing, or Forbidden for the role. Five statements."""
    require(actor, Act.MEDIATOR_VIEW, Subject(mediator_id=mediator_id))
    session = reading()
    row = mediators.load(session, mediator_id)
    return _record(actor, row, mediator_rows.refused_organisations(session, mediator_id))


def after(actor: Actor, filters: Filters, last_id: int, most: int) -> Sequence[MediatorRecord]:
    """Return the records that follow `last_id`, in order of id; raises Forbidden. Six statements at most."""
    ids = mediator_lists.after(actor, filters, last_id, most)
    if not ids:
        return ()
    session = reading()
    wanted = select(Mediator).where(Mediator.id.in_(ids)).order_by(Mediator.id).options(*mediator_rows.LOADED)
    refused = mediator_rows.all_refused_organisations(session, ids)
    return [_record(actor, row, refused.get(row.id, ())) for row in session.scalars(wanted)]


def _record(actor: Actor, row: Mediator, refused: tuple[int, ...]) -> MediatorRecord:
    typed = mediator_rows.typed(row, refused)
    known: dict[str, Any] = {name: getattr(typed, name) for name in _PARTS}
    known["home"] = TypedPlace(row.municipality or "", row.postal_code or "", row.town or "")
    known |= {name: getattr(row, name) for name in _OF_ROW}
    return MediatorRecord(
        row.id, {name: value for name, value in known.items() if is_told_of_mediator(actor, row.id, name)}
    )
