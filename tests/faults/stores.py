"""Watch what is written to the database, and put it back as it was."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine, event, text

from dispatch.database import Base, db

KEPT_ANYWAY = frozenset({"sessions", "sign_in_steps", "attempts", "form_drafts", "audit"})
"""Tables in which a refused form may leave a trace: when one was here, what is asked next, how often one tried,
what one typed."""

_WRITE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM) (\w+)")


class Store:
    """A database whose committed writes are noted by table, and which can be put back."""

    def __init__(self, engine: Engine) -> None:
        self.written: set[str] = set()
        self._engine = engine
        self._pending: set[str] = set()
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._copy = sqlite3.connect(":memory:")

    @property
    def left(self) -> set[str]:
        """The tables written since the last look, without those in which any form may leave a trace."""
        return self.written - KEPT_ANYWAY

    def keep(self) -> None:
        """Take what is stored now for what `put_back` brings back."""
        db.session.close()
        if self._engine.dialect.name == "sqlite":
            raw = self._engine.raw_connection()
            raw.driver_connection.backup(self._copy)  # type: ignore[union-attr]
            raw.close()
            return
        with self._engine.connect() as connection:
            for table in Base.metadata.sorted_tables:
                self._rows[table.name] = [dict(row) for row in connection.execute(table.select()).mappings()]

    def put_back(self) -> None:
        """Bring back what was kept, if anything was written since."""
        if self.written:
            db.session.close()
            (self._copy_back if self._engine.dialect.name == "sqlite" else self._insert_again)()
        self.written.clear()

    def _copy_back(self) -> None:
        raw = self._engine.raw_connection()
        self._copy.backup(raw.driver_connection)  # type: ignore[arg-type]
        raw.close()

    def _insert_again(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in Base.metadata.sorted_tables:
                if table.name not in self.written:
                    continue
                connection.execute(table.delete())
                if self._rows[table.name]:
                    connection.execute(table.insert(), self._rows[table.name])

    def note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if found := _WRITE.match(statement):
            self._pending |= _with_dependents(found[2]) if found[1] == "DELETE FROM" else {found[2]}

    def commit(self, _connection: Any) -> None:
        self.written |= self._pending
        self._pending.clear()

    def roll_back(self, _connection: Any) -> None:
        self._pending.clear()


@cache
def _with_dependents(name: str) -> frozenset[str]:
    """Return a table with those whose rows go with its own."""
    found = {name}
    for table in Base.metadata.sorted_tables:
        if any(key.ondelete and key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return frozenset(found)


@contextmanager
def watched(engine: Engine) -> Iterator[Store]:
    """Note writes while the block runs."""
    store = Store(engine)
    listeners = (("before_cursor_execute", store.note), ("commit", store.commit), ("rollback", store.roll_back))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield store
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)
        store._copy.close()
