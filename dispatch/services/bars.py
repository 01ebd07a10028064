"""Say whom a unit does not want to be asked for it, and who of the pool refuses the unit.

It must not name people of the pool in full to a unit: it knows those it has met, by first name and badge number.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act, Actor, Scope, scope
from dispatch.models import Appointment, Exclusion, Mediator, Request
from dispatch.services import audit, matching, organisations
from dispatch.services.request_access import LARGEST_ID, visible
from dispatch.services.transactions import reading, run

MOST_MET = 60


class Person(NamedTuple):
    """Somebody of the pool as the reader may know her: `name` is the first name to a unit, else the whole."""

    id: int
    name: str
    badge_number: int | None
    is_barred: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Whom the unit has met or does not want, by name, and the names of those who refuse it (coordination only)."""

    people: tuple[Person, ...]
    refusing: tuple[str, ...]


def of(actor: Actor, unit_id: int) -> Bars:
    """Return both ways of a unit. Raises Missing and Forbidden. Three statements."""
    session = reading()
    organisations.load(session, actor, Act.UNIT_BAR, unit_id)
    barred = set(session.scalars(select(Exclusion.mediator_id).where(*organisations.of_unit(unit_id))))
    in_full = _knows_names(actor)
    wanted = select(Mediator.id, Mediator.name, Mediator.call_name, Mediator.badge_number)
    is_met = Mediator.id.in_(_met_by(actor, unit_id))
    is_barred = Mediator.id.in_(barred)
    is_shown = or_(and_(is_met, Mediator.active), is_barred if in_full else and_(is_met, is_barred))
    rows = session.execute(wanted.where(is_shown).order_by(Mediator.call_name, Mediator.id).limit(MOST_MET))
    people = (
        Person(row.id, row.name if in_full else row.call_name, row.badge_number, row.id in barred) for row in rows
    )
    return Bars(tuple(people), tuple(_refusing(session, unit_id)) if in_full else ())


def set_barred(actor: Actor, unit_id: int, mediator_id: int, barred: bool, now: datetime) -> None:
    """Have somebody not asked for a unit any more, or again; what is booked stays.

    Raises Missing and Forbidden; Invalid at `mediator`: unknown, for a unit also when it has not met her.
    """

    def use_case(session: Session) -> None:
        row = organisations.lock(session, actor, Act.UNIT_BAR, unit_id)
        if not _is_known(session, actor, unit_id, mediator_id):
            raise Invalid({"mediator": ("unknown",)})
        wanted = select(Exclusion).where(*organisations.of_unit(unit_id), Exclusion.mediator_id == mediator_id)
        stored = session.scalars(wanted).all()
        if bool(stored) == barred:
            return
        for one in stored:
            session.delete(one)
        if barred:
            session.add(Exclusion(mediator_id=mediator_id, organisation_id=unit_id, origin="unit", created_at=now))
        row.version += 1
        matching.retry_unfitted(session, now, [mediator_id])
        facts = {"mediator": mediator_id}
        audit.record(session, actor, "bar" if barred else "unbar", ("organisation", unit_id), now, facts=facts)

    run(use_case)


def _knows_names(actor: Actor) -> bool:
    return scope(actor, Act.MEDIATOR_VIEW) is Scope.ALL


def _met_by(actor: Actor, unit_id: int) -> Select[int]:
    """Select whom the unit has an appointment with, or had, as far as the reader may know of it."""
    return (
        select(Appointment.mediator_id)
        .join(Request, Request.id == Appointment.request_id)
        .where(Request.organisation_id == unit_id, visible(actor, Act.APPOINTMENT_VIEW))
    )


def _refusing(session: Session, unit_id: int) -> list[str]:
    wanted = (
        select(Mediator.name)
        .join(Exclusion, Exclusion.mediator_id == Mediator.id)
        .where(Exclusion.organisation_id == unit_id, Exclusion.origin == "mediator")
    )
    return list(session.scalars(wanted.order_by(Mediator.name)))


def _is_known(session: Session, actor: Actor, unit_id: int, mediator_id: int) -> bool:
    if not 0 < mediator_id <= LARGEST_ID:
        return False
    wanted = select(Mediator.id).where(Mediator.id == mediator_id)
    if not _knows_names(actor):
        wanted = wanted.where(Mediator.id.in_(_met_by(actor, unit_id)))
    return session.scalar(wanted) is not None
