"""Count the statements of a page as the limits mean them: SELECT, INSERT, UPDATE, DELETE, nothing around."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements sent while the block runs; `len(statements)` is the count.

    The look-up of the session is among them; BEGIN, COMMIT, SAVEPOINT and PRAGMA are not.
    """
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(COUNTED):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
