"""Tell both databases how long something lasts: the SQL twin of subtracting two instants."""

from typing import Any

from sqlalchemy import ColumnElement, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Minutes(FunctionElement[int]):
    type = Integer()
    name = "minutes_between"
    inherit_cache = True


@compiles(_Minutes, "sqlite")
def _on_sqlite(element: _Minutes, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((strftime('%s', {end}) - strftime('%s', {start})) / 60)"


@compiles(_Minutes, "postgresql")
def _on_postgresql(element: _Minutes, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(extract(epoch from {end} - {start})::bigint / 60)"


def minutes_between(start: ColumnElement[Any] | Any, end: ColumnElement[Any] | Any) -> ColumnElement[int]:
    """Return the whole minutes from one column of instants to a later one."""
    return _Minutes(start, end)
