"""Run migrations on a connection of their own, with SQLite's foreign keys off while tables are rebuilt.

Batch mode drops and re-creates a table; with foreign keys on, ON DELETE CASCADE would empty its children.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, create_engine, text

database = current_app.extensions["migrate"].db


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run() -> None:
    engine = create_engine(current_app.config["SQLALCHEMY_DATABASE_URI"])
    try:
        with engine.connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            if sqlite:
                connection.execute(text("PRAGMA journal_mode=WAL"))  # kept by the file: later openings need no lock
                connection.execute(text("PRAGMA foreign_keys=OFF"))
                connection.commit()
            _migrate(connection)
            connection.commit()
            if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
                raise RuntimeError(f"the migration left rows without parents: {broken[:5]}")
    finally:
        engine.dispose()


_run()
