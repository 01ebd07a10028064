"""Make the product's own tables once more with a district in every key, in one piece or in parts by district.

Every primary key, unique key, foreign key and index of the real metadata gets `district_id` in front, as a distributed
PostgreSQL demands of its distribution column; so does the guard against double bookings.
"""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

import dispatch.models
from dispatch.database import Base
from dispatch.models.constraints import LIVE_SQL, POSTGRESQL_GUARD, create_guard

assert dispatch.models.__all__

PARTS = 32
"""As many as a distributed table of Citus has shards unless told otherwise."""

GUARD = "appointment_overlap"
_POINT = "(mediator_id::bigint << 33) + extract(epoch from {} at time zone 'UTC')::bigint"
_EXCLUDE = (
    "EXCLUDE USING gist (int4range(district_id, district_id, '[]') WITH =, "
    f"int8range({_POINT.format('starts_at')}, {_POINT.format('ends_at')}) WITH &&) WHERE (state IN {LIVE_SQL})"
)
"""A range of one district instead of the district itself: so it needs no extension."""


def of_one(connection: Connection, schema: str) -> None:
    """Make the tables as they are, for one district."""
    _enter(connection, schema)
    Base.metadata.create_all(connection)
    create_guard(connection)


def of_many(connection: Connection, schema: str, *, parts: int) -> None:
    """Make the tables with a district in every key, not yet tied together; `parts` 0 leaves each in one piece."""
    _enter(connection, schema)
    keyed = _keyed(in_parts=bool(parts))
    keyed.create_all(connection)
    for table in keyed.sorted_tables if parts else ():
        for part in range(parts):
            bounds = f"FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"
            connection.execute(text(f"CREATE TABLE {table.name}_p{part} PARTITION OF {table.name} {bounds}"))


def tie(connection: Connection, *, parts: int) -> None:
    """Add foreign keys and guard to tables that are filled: part to part, as Citus ties shards that lie together.

    All rows of a district lie in parts of one number, so nothing is missed. A guard on a whole table in parts would
    need PostgreSQL 17.
    """
    for table in Base.metadata.sorted_tables:
        for suffix in _suffixes(parts):
            clauses = [f"ADD {_reference(key, suffix)}" for key in table.foreign_key_constraints]
            if clauses:
                connection.execute(text(f"ALTER TABLE {table.name}{suffix} {', '.join(clauses)}"))
    for check in POSTGRESQL_GUARD[:2]:
        connection.execute(text(check))
    for suffix in _suffixes(parts):
        statement = f"ALTER TABLE appointments{suffix} ADD CONSTRAINT {GUARD}{suffix} {_EXCLUDE}"
        connection.execute(text(statement))


def drop_guard(connection: Connection, *, parts: int) -> None:
    """Take the guard away, to see what happens without it."""
    for suffix in _suffixes(parts):
        connection.execute(text(f"ALTER TABLE appointments{suffix} DROP CONSTRAINT {GUARD}{suffix}"))


def _suffixes(parts: int) -> list[str]:
    return [f"_p{part}" for part in range(parts)] or [""]


def _reference(key: ForeignKeyConstraint, suffix: str) -> str:
    own = ", ".join(("district_id", *key.column_keys))
    others = ", ".join(("district_id", *(element.column.name for element in key.elements)))
    return f"FOREIGN KEY ({own}) REFERENCES {key.referred_table.name}{suffix} ({others})"


def _enter(connection: Connection, schema: str) -> None:
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    connection.execute(text(f"SET search_path TO {schema}"))
    connection.execute(text("CREATE SEQUENCE ids START 10000000"))


def _keyed(*, in_parts: bool) -> MetaData:
    keyed = MetaData()
    options: dict[str, Any] = {"postgresql_partition_by": "HASH (district_id)"} if in_parts else {}
    for table in Base.metadata.sorted_tables:
        new = Table(table.name, keyed, Column("district_id", Integer, primary_key=True, autoincrement=False), **options)
        for column in table.columns:
            new.append_column(
                Column(
                    column.name,
                    column.type,
                    primary_key=column.primary_key,
                    nullable=column.nullable,
                    autoincrement=False,
                    server_default=getattr(column.server_default, "arg", None),
                )
            )
        _add_constraints(table, new)
    return keyed


def _add_constraints(table: Table, new: Table) -> None:
    for constraint in table.constraints:
        match constraint:
            case UniqueConstraint():
                new.append_constraint(UniqueConstraint("district_id", *constraint.columns.keys()))
            case CheckConstraint():
                new.append_constraint(CheckConstraint(constraint.sqltext))
            case _:
                pass  # primary keys stand with their columns, foreign keys come when all is filled
    for index in table.indexes:
        where = index.dialect_options["postgresql"]["where"]
        columns = [new.c["district_id"], *(new.c[column.name] for column in index.columns)]
        Index(index.name, *columns, unique=index.unique, postgresql_where=where)
