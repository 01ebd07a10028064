"""Run a use case in one transaction and turn what the database refuses into the domain's refusals.

It must not decide anything; every other service reads and writes through these two functions.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import database
from dispatch.domain.errors import AlreadyTaken, Busy, DoubleBooked, KeyAtWork, Refusal
from dispatch.models.constraints import GUARD_NAME, SLOT_NAME

T = TypeVar("T")
R = TypeVar("R")

_REFUSALS: dict[str, type[Refusal]] = {
    GUARD_NAME: DoubleBooked,
    SLOT_NAME: AlreadyTaken,
    "appointments.request_id, appointments.slot": AlreadyTaken,
    "uq_idempotency_keys_token_id_key_hash": KeyAtWork,
    "idempotency_keys.token_id, idempotency_keys.key_hash": KeyAtWork,
}


class Unfinished(Exception):
    """These `rows` of a job failed, their errors are the cause; `done` counts what came of the others."""

    def __init__(self, done: int, rows: Sequence[object]) -> None:
        self.done, self.rows = done, rows
        super().__init__(f"{len(rows)} failed, {done} done")


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


def each(rows: Iterable[R], act: Callable[[R], int]) -> int:
    """Do `act` for each row of a job and return the sum of what it returns: one that fails stops no other.

    Raises Unfinished when all have had their turn; Busy at once, since the others would only wait as long.
    """
    done = 0
    failed: list[tuple[R, Exception]] = []
    for row in rows:
        try:
            done += act(row)
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 - raised below, with those of the others
            failed.append((row, error))
            reading().close()
    if failed:
        rows, errors = zip(*failed, strict=True)
        raise Unfinished(done, rows) from ExceptionGroup("rows of a job", errors)
    return done
