"""Grant a unit a wider sight: its members also look at the requests and appointments of one other unit.

It must not decide what a sight shows; that is the permission table's. None is ever inherited.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import Organisation, UnitSight
from dispatch.services import audit
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run


@dataclass(frozen=True, slots=True)
class Sights:
    """Id and name of the units whose requests a unit may look at, and of those that may look at its own, by name."""

    sees: tuple[tuple[int, str], ...]
    seen_by: tuple[tuple[int, str], ...]


def of(unit_id: int) -> Sights:
    """Return both sides of a unit's sights; two statements. Whoever may view the unit may know them."""
    sees = select(Organisation.id, Organisation.name).join(UnitSight, UnitSight.sees_id == Organisation.id)
    seen_by = select(Organisation.id, Organisation.name).join(UnitSight, UnitSight.unit_id == Organisation.id)
    session = reading()
    by_name = (Organisation.name, Organisation.id)
    return Sights(
        tuple(
            (row.id, row.name) for row in session.execute(sees.where(UnitSight.unit_id == unit_id).order_by(*by_name))
        ),
        tuple(
            (row.id, row.name)
            for row in session.execute(seen_by.where(UnitSight.sees_id == unit_id).order_by(*by_name))
        ),
    )


def grant(actor: Actor, unit_id: int, sees_id: int | None, now: datetime) -> None:
    """Let the members of a unit look at another's requests and appointments.

    Raises Missing for an unknown unit; Invalid at `sees`: required, unknown, itself, already.
    """
    require(actor, Act.SIGHT_GRANT)

    def use_case(session: Session) -> None:
        _need_unit(session, unit_id)
        _check(session, unit_id, sees_id)
        session.add(UnitSight(unit_id=unit_id, sees_id=sees_id, granted_by_id=actor.user_id, granted_at=now))
        audit.record(session, actor, "grant_sight", ("organisation", unit_id), now, facts={"sees": sees_id})

    try:
        run(use_case)
    except IntegrityError as error:
        raise Invalid({"sees": ("already",)}) from error


def revoke(actor: Actor, unit_id: int, sees_id: int, now: datetime) -> None:
    """Take a granted sight back, from the next page on; one that is not there stays so. Raises Missing."""
    require(actor, Act.SIGHT_GRANT)

    def use_case(session: Session) -> None:
        _need_unit(session, unit_id)
        row = session.get(UnitSight, (unit_id, sees_id)) if 0 < sees_id <= LARGEST_ID else None
        if row is None:
            return
        session.delete(row)
        audit.record(session, actor, "revoke_sight", ("organisation", unit_id), now, facts={"sees": sees_id})

    run(use_case)


def _need_unit(session: Session, unit_id: int) -> None:
    if not _is_unit(session, unit_id):
        raise Missing


def _check(session: Session, unit_id: int, sees_id: int | None) -> None:
    code = None
    if sees_id is None:
        code = "required"
    elif sees_id == unit_id:
        code = "itself"
    elif not _is_unit(session, sees_id):
        code = "unknown"
    elif session.get(UnitSight, (unit_id, sees_id)) is not None:
        code = "already"
    if code:
        raise Invalid({"sees": (code,)})


def _is_unit(session: Session, unit_id: int) -> bool:
    """Tell whether there is such a unit; what residents ask is shown to no other one."""
    unit = session.get(Organisation, unit_id) if 0 < unit_id <= LARGEST_ID else None
    return unit is not None and not unit.is_for_residents
