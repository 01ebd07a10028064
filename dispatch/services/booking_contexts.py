"""Gather what the checks of a request must know, and what its form begins with.

It must not check anything; that is `domain.request_checks`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from dispatch.domain.errors import Forbidden
from dispatch.domain.permissions import Act, Actor, Scope, may, reaches_protected, scope
from dispatch.domain.requests import BookingContext
from dispatch.models import Appointment, Mediator, Organisation, Request
from dispatch.reference import languages, places
from dispatch.services import settings
from dispatch.services.request_access import LARGEST_ID, municipalities_in
from dispatch.services.transactions import reading

MOST_KNOWN_PEOPLE = 30


class KnownPerson(NamedTuple):
    """A mediator whom the unit has met: what it may call her."""

    id: int
    call_name: str


class Unit(NamedTuple):
    """An organisation in a choice; its town tells apart those of one name."""

    id: int
    name: str
    town: str | None


@dataclass(frozen=True, slots=True)
class FormDefaults:
    """What a unit's form begins with: itself, its place and contact, the people it has met."""

    organisation: Organisation | None
    known_people: tuple[KnownPerson, ...]


def context_for(
    actor: Actor, organisation_id: int | None, *, names_people: bool, people: Collection[int] = ()
) -> BookingContext:
    """Return what a request of this unit is checked against; two statements, three when it names people.

    A requester's own unit is known without asking. A unit may name whom it has met; of `people` those who may find
    everybody in the pool may name everybody who is in it.
    """
    session = reading()
    known: Collection[int] = ()
    if names_people:
        finds_all = bool(people) and may(actor, Act.MEDIATOR_FIND)
        known = _in_pool(session, people) if finds_all else [one.id for one in _met_by(session, organisation_id)]
    return BookingContext(
        known_languages={language.code for language in languages.all_languages()},
        settings=settings.settings_by_code(session),
        places=places,
        organisations=_unit(session, actor, organisation_id),
        mediators=known,
        may_enter_afterwards=may(actor, Act.REQUEST_ENTER_AFTERWARDS),
        may_choose_policy=may(actor, Act.REQUEST_CHOOSE_POLICY),
        may_protect=may_protect(actor),
    )


def may_protect(actor: Actor) -> bool:
    """Tell whether the actor may make requests of protected cases: those who see them afterwards."""
    reach = scope(actor, Act.REQUEST_CREATE)
    return reach is not None and reaches_protected(actor, reach)


def defaults_for(actor: Actor, organisation_id: int | None) -> FormDefaults:
    """Return what the form of a unit begins with; nothing for one that the actor may not name."""
    session = reading()
    wanted = select(Organisation).where(Organisation.id == organisation_id, _nameable(actor))
    found = session.scalar(wanted) if organisation_id and 0 < organisation_id <= LARGEST_ID else None
    return FormDefaults(found, tuple(_met_by(session, found.id)) if found else ())


def units_for(actor: Actor) -> list[Unit]:
    """Return every active organisation for which the actor may make a request, by name; not that of residents."""
    wanted = select(Organisation.id, Organisation.name, Organisation.town, Organisation.municipality)
    wanted = wanted.where(_nameable(actor), Organisation.active, ~Organisation.is_for_residents).order_by(
        Organisation.name, Organisation.id
    )
    return [Unit(row.id, row.name, _town(row.town, row.municipality)) for row in reading().execute(wanted)]


def _unit(session: Session, actor: Actor, organisation_id: int | None) -> frozenset[int]:
    if scope(actor, Act.REQUEST_CREATE) is Scope.OWN_UNIT:
        return actor.organisation_ids
    if organisation_id is None or not 0 < organisation_id <= LARGEST_ID:
        return frozenset()
    wanted = select(Organisation.id).where(Organisation.id == organisation_id, Organisation.active)
    return frozenset(session.scalars(wanted.where(_nameable(actor), ~Organisation.is_for_residents)))


def _town(town: str | None, municipality: str | None) -> str | None:
    place = places.find_municipality(municipality) if municipality and not town else None
    return place.name if place else town


def _nameable(actor: Actor) -> ColumnElement[bool]:
    match scope(actor, Act.REQUEST_CREATE):
        case Scope.ALL:
            return true()
        case Scope.OWN_UNIT:
            return Organisation.id.in_(actor.organisation_ids) if actor.organisation_ids else false()
        case Scope.OWN_AREA:
            return Organisation.municipality.in_(municipalities_in(actor.areas))
        case _:
            raise Forbidden


def _in_pool(session: Session, people: Collection[int]) -> list[int]:
    return list(session.scalars(select(Mediator.id).where(Mediator.id.in_(people), Mediator.active)))


def _met_by(session: Session, organisation_id: int | None) -> list[KnownPerson]:
    wanted = (
        select(Mediator.id, Mediator.call_name)
        .join(Appointment, Appointment.mediator_id == Mediator.id)
        .join(Request, Request.id == Appointment.request_id)
        .where(Request.organisation_id == organisation_id, Mediator.active)
        .group_by(Mediator.id, Mediator.call_name)
        .order_by(Mediator.call_name, Mediator.id)
        .limit(MOST_KNOWN_PEOPLE)
    )
    return [KnownPerson(row.id, row.call_name) for row in session.execute(wanted)]
