"""Take a whole installation from one database to another, and prove that both hold the same.

Everything is written in one transaction of the target, read back from it and compared before it is committed: either
all of it stands there, or nothing. It must not know what a table is about; it goes by the tables' own description.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, bindparam, cast, func, inspect, make_url, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from dispatch import database
from dispatch.ops import fingerprints, health, schema
from dispatch.ops.fingerprints import Fingerprint
from dispatch.services import guard
from dispatch.services.transactions import run

Progress = Callable[[int], object]

IN_USE = "a jobs process works on the source: stop the services, or what they write from now on is left behind"
CHANGED = "the source was written to while it was moved: what came later is not in the target"


class Unmovable(Exception):
    """Nothing was moved; the message says why, in one English sentence without data."""


@dataclass(frozen=True)
class Survey:
    """What stands in a source: its version, the rows of each table in the order of copying, who may still write."""

    version: str | None
    rows: Mapping[str, int]
    warnings: tuple[str, ...]

    @property
    def total(self) -> int:
        """The rows of all tables."""
        return sum(self.rows.values())


@dataclass(frozen=True)
class Move:
    """What was moved: the fingerprint of each table, the same on both sides, and what to know about it."""

    tables: Mapping[str, Fingerprint]
    warnings: tuple[str, ...]


class Differing(Unmovable):
    """The target read back differs from the source in these tables, so nothing of it was kept."""

    def __init__(self, differences: Mapping[str, tuple[Fingerprint, Fingerprint]]) -> None:
        self.differences = differences
        told = (
            f"{name} ({a.rows} rows there, {b.rows} here)" if a.rows != b.rows else f"{name} (another content)"
            for name, (a, b) in differences.items()
        )
        super().__init__(f"the copy differs from the source, nothing was kept: {', '.join(told)}")


def survey(source: str, now: datetime) -> Survey:
    """Look at the source without changing it; raises Unmovable unless it is an installation of this version."""
    path = make_url(source).database if source.startswith("sqlite") else None
    if path is not None and not Path(path).is_file():
        raise Unmovable("the source is not there")
    newest = health.newest_version()
    try:
        with database.snapshot_of(source) as connection:
            at = health.version_of(connection)
            if at != newest:
                raise Unmovable(f"the source is at version {at or 'none'}, not at {newest}: dispatch db upgrade")
            rows = {table.name: _count(connection, table) for table in _tables()}
            warnings = (IN_USE,) if _is_in_use(connection, now) else ()
    except SQLAlchemyError as error:
        raise Unmovable(f"the source cannot be read ({type(error).__name__})") from error
    return Survey(newest, rows, warnings)


def look_at_target() -> bool:
    """Tell whether the application's database has the tables already; raises Unmovable unless it may be filled."""
    url = database.db.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False
    with database.db.engine.connect() as connection:
        at, newest = health.version_of(connection), health.newest_version()
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
        if at is None and not tables:
            return False
        if at != newest:
            raise Unmovable(f"the target has tables of version {at or 'none'}, not of {newest}: give an empty database")
        filled = [table.name for table in _tables() if _count(connection, table)]
    if filled:
        raise Unmovable(f"the target is not empty ({', '.join(filled)}): give a database without tables")
    if not guard.is_present():
        raise Unmovable("the target does not refuse overlapping appointments: give a database without tables")
    return True


def move(source: str, found: Survey, *, progress: Progress) -> Move:
    """Copy the source into the application's database, make its tables first if need be, compare, commit.

    `progress` is told every batch twice: once copied, once compared. Raises Unmovable, and Differing where the copy
    does not read as the source did.
    """
    if not look_at_target():
        schema.upgrade()
    try:
        with database.snapshot_of(source) as origin:
            began = _stamp(origin)
            tables = run(partial(_copy_all, origin=origin, progress=progress))
        with database.snapshot_of(source) as origin:
            changed = (CHANGED,) if _stamp(origin) != began else ()
    except SQLAlchemyError as error:
        raise Unmovable(f"reading or writing failed, nothing was moved ({type(error).__name__})") from error
    return Move(tables, (*found.warnings, *changed))


def _copy_all(session: Session, origin: Connection, progress: Progress) -> Mapping[str, Fingerprint]:
    target = session.connection()
    told = {table.name: _copy(origin, target, table, progress) for table in _tables()}
    read = {table.name: fingerprints.of_table(target, table, progress=progress) for table in _tables()}
    if told != read:
        raise Differing({name: (told[name], read[name]) for name in told if told[name] != read[name]})
    if target.dialect.name == "postgresql":
        for table in _tables():
            _set_sequence(target, table)
        target.execute(text("ANALYZE"))
    return read


def _copy(origin: Connection, target: Connection, table: Table, progress: Progress) -> Fingerprint:
    """Copy one table; a row's reference into its own table is filled in when all rows are there."""
    adder = fingerprints.Adder()
    own = _references_to_itself(table)
    later: list[dict[str, Any]] = []
    for rows in _read(origin, table):
        adder.add(rows)
        values = [dict(zip(table.columns.keys(), row, strict=True)) for row in rows]
        for row in values:
            if any(row[name] is not None for name in own):
                later.append({"at": row["id"]} | {f"new_{name}": row[name] for name in own})
                row.update(dict.fromkeys(own))
        _write(target, table, table.insert(), values)
        progress(len(rows))
    if later:
        filled: dict[Any, Any] = {table.c[name]: bindparam(f"new_{name}") for name in own}
        _write(target, table, table.update().where(table.c.id == bindparam("at")).values(filled), later)
    return adder.result()


def _read(origin: Connection, table: Table) -> Iterator[fingerprints.Rows]:
    try:
        yield from fingerprints.batches(origin, table)
    except (ValueError, TypeError) as error:
        raise Unmovable(f"{table.name} holds a value of the wrong kind in the source, nothing was moved") from error


def _write(target: Connection, table: Table, statement: Any, values: list[dict[str, Any]]) -> None:
    try:
        target.execute(statement, values)
    except DBAPIError as error:
        if database.is_retryable(error) or database.is_locked(error):
            raise
        why = database.constraint_of(error) if getattr(error.orig, "diag", None) else ""
        reason = why or type(error.orig).__name__
        raise Unmovable(f"the target refuses a row of {table.name} ({reason}), nothing was moved") from error


def _set_sequence(target: Connection, table: Table) -> None:
    """Let the next row's key follow the greatest one, which SQLite does by itself; no rollback takes this back."""
    column = table.autoincrement_column
    if column is None:
        return
    greatest = target.scalar(select(func.max(column)))
    sequence = cast(func.pg_get_serial_sequence(table.name, column.name), postgresql.REGCLASS)
    target.execute(select(func.setval(sequence, greatest or 1, greatest is not None)))


def _references_to_itself(table: Table) -> list[str]:
    return [column.key for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]


def _tables() -> list[Table]:
    """Return every table, parents first."""
    return database.Base.metadata.sorted_tables


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _is_in_use(connection: Connection, now: datetime) -> bool:
    """Tell whether a jobs process looked at the source a moment ago."""
    marks = database.Base.metadata.tables["marks"]
    beat: datetime | None = connection.scalar(select(marks.c.at).where(marks.c.name == "jobs"))
    return beat is not None and now - beat < health.SILENT_AFTER


def _stamp(connection: Connection) -> tuple[Any, ...]:
    """Return what every change of state and every look of the jobs moves on."""
    tables = database.Base.metadata.tables
    latest = (func.max(tables["audit"].c.id), func.max(tables["sessions"].c.seen_at), func.max(tables["marks"].c.at))
    return tuple(connection.scalar(select(value)) for value in latest)
