"""Run a use case in one transaction and turn what the database refuses into the domain's refusals.

It must not decide anything; every other service reads and writes through these two functions.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import database
from dispatch.domain.errors import AlreadyTaken, Busy, DoubleBooked, Refusal
from dispatch.models.constraints import GUARD_NAME, SLOT_NAME

T = TypeVar("T")

_REFUSALS: dict[str, type[Refusal]] = {
    GUARD_NAME: DoubleBooked,
    SLOT_NAME: AlreadyTaken,
    "appointments.request_id, appointments.slot": AlreadyTaken,
}


def reading() -> Session:
    """Return the session of this context for queries; a write through it raises RuntimeError."""
    return database.db.session()


def run(use_case: Callable[[Session], T]) -> T:
    """Run `use_case` as `database.run` does, with refusals instead of database errors.

    Raises DoubleBooked or AlreadyTaken when the overlap guard or the slot's uniqueness refused a row, Busy when the
    write lock was not to be had; other integrity errors pass through.
    """
    try:
        return database.run(use_case)
    except database.DatabaseLocked as locked:
        raise Busy from locked
    except IntegrityError as error:
        refusal = _REFUSALS.get(database.constraint_of(error))
        if refusal is None:
            raise
        raise refusal from error
