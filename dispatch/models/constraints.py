"""The overlap guard: what the database itself refuses, and how to see that it still does.

Two live appointments of one mediator never overlap, by whatever path they are written. PostgreSQL has an exclusion
constraint over one range that joins mediator and seconds (no extension needed); SQLite has CHECKs of the exact text
form and two triggers. Alembic's batch mode drops triggers: `create_guard` is called at the end of every migration
that rebuilds the table.
"""

from sqlalchemy import Connection, text

GUARD_NAME = "appointment_overlap"
SLOT_NAME = "uq_appointments_live_slot"
LIVE_SQL = "('proposed', 'confirmed', 'reconfirmed', 'completed')"

_SECONDS = "extract(epoch from {column} at time zone 'UTC')"
_POINT = f"(mediator_id::bigint << 33) + {_SECONDS}::bigint"

POSTGRESQL_GUARD = (
    "ALTER TABLE appointments ADD CONSTRAINT ck_appointments_whole_seconds CHECK ("
    f"{_SECONDS.format(column='starts_at')} = floor({_SECONDS.format(column='starts_at')}) AND "
    f"{_SECONDS.format(column='ends_at')} = floor({_SECONDS.format(column='ends_at')}))",
    "ALTER TABLE appointments ADD CONSTRAINT ck_appointments_mediator_range "
    "CHECK (mediator_id BETWEEN 1 AND 1073741823)",
    f"ALTER TABLE appointments ADD CONSTRAINT {GUARD_NAME} EXCLUDE USING gist (int8range("
    f"{_POINT.format(column='starts_at')}, {_POINT.format(column='ends_at')}) WITH &&) WHERE (state IN {LIVE_SQL})",
)

_INSTANT = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
SQLITE_INSTANT_CHECK = f"starts_at GLOB '{_INSTANT}' AND ends_at GLOB '{_INSTANT}'"

SQLITE_GUARD = tuple(
    f"CREATE TRIGGER {GUARD_NAME}_{event.split()[0].lower()} BEFORE {event} ON appointments "
    f"WHEN NEW.state IN {LIVE_SQL} AND EXISTS (SELECT 1 FROM appointments AS other "
    "WHERE other.mediator_id = NEW.mediator_id AND other.id IS NOT NEW.id "
    f"AND other.state IN {LIVE_SQL} AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at) "
    f"BEGIN SELECT RAISE(ABORT, '{GUARD_NAME}'); END"
    for event in ("INSERT", "UPDATE")
)


def create_guard(connection: Connection) -> None:
    """Create the guard on a table that has none; SQLite's CHECK of the text form is part of the table itself."""
    for statement in SQLITE_GUARD if connection.dialect.name == "sqlite" else POSTGRESQL_GUARD:
        connection.execute(text(statement))


def guard_present(connection: Connection) -> bool:
    """Tell whether the database refuses overlaps, by its own catalogue."""
    if connection.dialect.name == "sqlite":
        triggers = connection.scalar(
            text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE :name"),
            {"name": f"{GUARD_NAME}%"},
        )
        table = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'appointments'")) or ""
        return bool(triggers == len(SQLITE_GUARD) and "GLOB" in table)
    found = connection.scalar(text("SELECT count(*) FROM pg_constraint WHERE conname = :name"), {"name": GUARD_NAME})
    return bool(found == 1)
