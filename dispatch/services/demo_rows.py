"""Collect the rows of a demonstration and write them in batches, so that memory stays bounded.

It must not know what the rows tell. Ids are given out here, in order, so that rows may name each other before they
are written.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from dispatch.database import Base
from dispatch.models import (
    Applicant,
    ApplicantStep,
    Appointment,
    AvailabilitySpan,
    CallAttempt,
    CallTask,
    Exclusion,
    HelpRequest,
    IntakeRule,
    InternalNote,
    Mediator,
    MediatorDocument,
    MediatorLanguage,
    MediatorSetting,
    Offer,
    Organisation,
    OutboxMessage,
    Provider,
    ProviderLanguage,
    Reminder,
    Request,
    RequestLanguage,
    RequestMessage,
    RequestPerson,
    SettingRow,
    StaffAbsence,
    UnaskedNeed,
    UnitSight,
    User,
    UserArea,
    WeeklyWindow,
)
from dispatch.models import Counter as NumberCounter
from dispatch.services.numbers import FIRST
from dispatch.services.transactions import run

BATCH = 5_000

_ORDER: tuple[type[Base], ...] = (
    Organisation, UnitSight, Mediator, MediatorLanguage, MediatorSetting, MediatorDocument, WeeklyWindow,
    AvailabilitySpan, User, UserArea, Request, RequestLanguage, RequestMessage, RequestPerson, HelpRequest, Exclusion,
    Offer, Appointment, Reminder, OutboxMessage, CallTask, CallAttempt, StaffAbsence, InternalNote,
    Provider, ProviderLanguage, IntakeRule, UnaskedNeed, Applicant, ApplicantStep,
)  # fmt: skip
"""Every table a demonstration fills, none before one that it refers to."""


class Rows:
    """Rows that wait to be written, and the ids and numbers given out so far."""

    def __init__(self) -> None:
        self._waiting: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in _ORDER}
        self._empty = {table: _defaults(table) for table in _ORDER}
        self._ids: Counter[type[Base]] = Counter()
        self._numbers: Counter[str] = Counter({series: first - 1 for series, first in FIRST.items()})
        self._size = 0

    def new_id(self, table: type[Base]) -> int:
        """Give out the next key of a table."""
        self._ids[table] += 1
        return self._ids[table]

    def new_number(self, series: str) -> int:
        """Give out the next number that people read."""
        self._numbers[series] += 1
        return self._numbers[series]

    def add(self, table: type[Base], values: Mapping[str, Any]) -> int:
        """Keep one row until the next `flush`; it gets the next id unless it brings one. Return the id, if any."""
        row = {**self._empty[table], **values}
        if "id" in row and row["id"] is None:
            row["id"] = self.new_id(table)
        self._waiting[table].append(row)
        self._size += 1
        return row.get("id", 0)  # type: ignore[no-any-return]

    def flush(self, *, least: int = 1) -> None:
        """Write what waits in one transaction, if it is at least that many rows."""
        if self._size < least:
            return
        run(self._write)
        for rows in self._waiting.values():
            rows.clear()
        self._size = 0

    def finish(self) -> None:
        """Write the rest, and let the counters and sequences of the database go on behind what was given out."""
        self.flush()
        run(self._count_on)

    def _write(self, session: Session) -> None:
        for table, rows in self._waiting.items():
            if rows:
                session.execute(insert(cast("Table", table.__table__)), rows)

    def _count_on(self, session: Session) -> None:
        session.execute(delete(NumberCounter))
        session.add_all(NumberCounter(name=name, value=value) for name, value in self._numbers.items())
        if session.get_bind().dialect.name == "postgresql":
            for table, last in self._ids.items():
                session.execute(select(func.setval(func.pg_get_serial_sequence(table.__tablename__, "id"), last)))


def empty(session: Session) -> None:
    """Delete every row but the fields of work; only ever called on a database of invented people."""
    for table in reversed(Base.metadata.sorted_tables):
        if table is not SettingRow.__table__:
            session.execute(delete(table))


def _defaults(table: type[Base]) -> dict[str, Any]:
    return {column.key: _default(column) for column in table.__table__.columns}


def _default(column: Any) -> Any:
    made = column.default
    if made is None:
        return None
    value = made.arg
    return value(None) if callable(value) else value
