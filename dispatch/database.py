"""Open the database and commit: the only place that does either.

It must not know any table or rule. A write is a function handed to `run`; everything else reads.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, MetaData, String, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from dispatch.write_queue import WriteQueue

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
SQLITE_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
TRIES = 3
_UTC_SESSION = {"options": "-c timezone=utc"}
_RETRY_STATES = frozenset({"40001", "40P01"})
_WRITING = "dispatch_writing"

T = TypeVar("T")


class Base(DeclarativeBase):
    """The base of every table; names every constraint so that both databases can drop it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class DatabaseLocked(Exception):
    """The write lock was not to be had within the waiting time; nothing was changed."""


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware, whole seconds, UTC.

    PostgreSQL keeps `timestamptz`; SQLite keeps the text `2026-11-22T09:30:00Z`, whose order is that of time.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(20))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive instants and fractions, hand over the stored form."""
        if value is None:
            return None
        if value.tzinfo is None or value.microsecond:
            raise ValueError(f"an instant is aware and of whole seconds: {value!r}")
        instant = value.astimezone(UTC)
        return instant.strftime(SQLITE_INSTANT) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)  # eight times as fast as strptime; the `Z` makes it aware
        return value.astimezone(UTC)  # type: ignore[no-any-return]


def init_app(app: Flask) -> None:
    """Bind the database to the application, with the settings each dialect needs."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    else:
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"connect_args": dict(_UTC_SESSION)})
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine, int(app.config["SQLITE_BUSY_SECONDS"]))


def _prepare_sqlite(engine: Engine, busy_seconds: int) -> None:
    database = engine.url.database
    queue = WriteQueue(Path(database) if database and database != ":memory:" else None, busy_seconds)
    pragmas = (
        f"busy_timeout={busy_seconds * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    )

    @event.listens_for(engine, "connect")
    def _open(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin by itself; `_begin` does
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if connection.get_execution_options().get("write", False):
            queue.begin(connection)
        else:
            connection.exec_driver_sql("BEGIN")


@contextmanager
def snapshot_of(url: str) -> Iterator[Connection]:
    """Open another database and read it as it stands at one instant, however long that takes; it refuses writes."""
    if url.startswith("sqlite:"):
        engine = create_engine(url)
        event.listen(engine, "connect", _open_for_reading)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        options: dict[str, Any] = {}
    else:
        engine = create_engine(url, connect_args=_UTC_SESSION)
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.connect().execution_options(**options) as connection:
            yield connection
    finally:
        engine.dispose()


def _open_for_reading(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def run(use_case: Callable[[Session], T]) -> T:
    """Call `use_case` with a session inside one write transaction and commit what it did.

    Rows read before are detached: the use case reads anew what it decides upon. A serialization failure or
    deadlock is tried again, three times in all, so the use case must have no effect outside the database.
    Raises DatabaseLocked when the write lock is not to be had, and whatever the use case raises, rolled back.
    """
    session = db.session()
    if session.info.get(_WRITING):
        raise RuntimeError("database.run inside database.run: shared steps take the session instead")
    for remaining in range(TRIES - 1, -1, -1):
        session.close()
        session.info[_WRITING] = True
        try:
            session.connection(execution_options={"write": True})
            result = use_case(session)
            session.commit()
            return result
        except DBAPIError as error:
            session.rollback()
            if is_locked(error) or (is_retryable(error) and not remaining):
                raise DatabaseLocked from error
            if not is_retryable(error):
                raise
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(_WRITING, None)
    raise AssertionError("unreachable")


def is_locked(error: DBAPIError) -> bool:
    """Tell whether SQLite gave up waiting for its write lock."""
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def is_retryable(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL asks to try the same transaction again."""
    return getattr(error.orig, "sqlstate", None) in _RETRY_STATES


def constraint_of(error: DBAPIError) -> str:
    """Return the name of the violated constraint, or the column list SQLite names instead of it."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "")
    return re.sub(r"^\w+ constraint failed: ", "", str(error.orig))


@event.listens_for(Session, "before_flush")
def _refuse_flush_outside_run(session: Session, _context: Any, _instances: Any) -> None:
    if not session.info.get(_WRITING) and (session.new or session.dirty or session.deleted):
        raise RuntimeError("rows are written inside database.run only")


@event.listens_for(Session, "do_orm_execute")
def _refuse_statements_outside_run(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and not state.session.info.get(_WRITING):
        raise RuntimeError("statements that write run inside database.run only")
