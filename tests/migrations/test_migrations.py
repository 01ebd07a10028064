"""Every migration goes up, down and up again with data, keeps child rows, and leaves the overlap guard in place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from dispatch.database import db
from dispatch.models.constraints import GUARD_NAME, guard_present
from dispatch.ops.schema import downgrade, upgrade
from tests.builders import START, Builder

COLUMNS = (
    "number, request_id, slot, mediator_id, state, awaits, mode, starts_at, ends_at, minutes_before, minutes_after, "
    "distance_km, travel_minutes, uid, sequence, version, created_at, late"
)


def _plain_insert(connection: Connection, values: dict[str, object]) -> None:
    """Write an appointment by SQL alone, as somebody at a database console would."""
    names = [name.strip() for name in COLUMNS.split(",")]
    marks = ", ".join(f":{name}" for name in names)
    connection.execute(text(f"INSERT INTO appointments ({COLUMNS}) VALUES ({marks})"), values)


def _row(request_id: int, mediator_id: int, starts: str, ends: str) -> dict[str, object]:
    return {
        "number": 9000 + request_id, "request_id": request_id, "slot": 1, "mediator_id": mediator_id,
        "state": "confirmed", "awaits": None, "mode": "on_site", "starts_at": starts, "ends_at": ends,
        "minutes_before": 0, "minutes_after": 0, "distance_km": 1.0, "travel_minutes": 5,
        "uid": f"plain-{request_id}", "sequence": 0, "version": 1, "created_at": "2026-11-24T09:00:00Z", "late": False,
    }  # fmt: skip


def test_head_is_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        differences = compare_metadata(context, db.metadata)

    dialect = db.engine.dialect.name
    foreign = {"ck_appointments_instants"} if dialect == "sqlite" else set()
    assert [item for item in differences if getattr(item[1], "name", None) not in foreign] == []


def test_down_and_up_again_leaves_the_same_tables(app: Flask) -> None:
    with db.engine.connect() as connection:
        before = sorted(inspect(connection).get_table_names())
    db.engine.dispose()

    downgrade("base")
    with db.engine.connect() as connection:
        between = inspect(connection).get_table_names()
    upgrade()

    with db.engine.connect() as connection:
        after = sorted(inspect(connection).get_table_names())
        assert between == ["alembic_version"]
        assert after == before
        assert guard_present(connection)


def test_the_latest_migration_keeps_child_rows_both_ways(app: Flask, build: Builder) -> None:
    mediator = build.mediator(languages=(("prs", "native"), ("fa", "C1")))
    build.appointment(build.request(), mediator)
    tables = (
        "mediators",
        "mediator_languages",
        "weekly_windows",
        "requests",
        "request_languages",
        "appointments",
    )

    def counts() -> list[int]:
        with db.engine.connect() as connection:
            return [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]

    before = counts()
    db.session.remove()
    _rebuild_appointments()

    assert counts() == before
    with db.engine.connect() as connection:
        assert guard_present(connection)


def _rebuild_appointments() -> None:
    """Rebuild the two parent tables in batch mode as a later migration would, guard included."""
    from alembic.operations import Operations
    from sqlalchemy import create_engine

    from dispatch.models.constraints import create_guard

    engine = create_engine(db.engine.url)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA foreign_keys=OFF"))
            connection.commit()
        operations = Operations(MigrationContext.configure(connection))
        for table in ("mediators", "requests", "appointments"):
            with operations.batch_alter_table(table, recreate="auto") as batch:
                batch.alter_column("version", server_default="1")
        if connection.dialect.name == "sqlite":
            assert not guard_present(connection)  # what the batch dropped
            create_guard(connection)
        connection.commit()
    engine.dispose()


@pytest.mark.parametrize(
    ("starts", "ends", "refused"),
    [
        pytest.param("2026-12-01T08:30:00Z", "2026-12-01T09:30:00Z", True, id="overlaps"),
        pytest.param("2026-12-01T08:00:00Z", "2026-12-01T09:00:00Z", True, id="same"),
        pytest.param("2026-12-01T07:00:00Z", "2026-12-01T10:00:00Z", True, id="around"),
        pytest.param("2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z", False, id="touches-after"),
        pytest.param("2026-12-01T07:00:00Z", "2026-12-01T08:00:00Z", False, id="touches-before"),
    ],
)
def test_plain_sql_cannot_double_book(app: Flask, build: Builder, starts: str, ends: str, refused: bool) -> None:
    mediator, request = build.mediator(), build.request()
    build.appointment(build.request(), mediator)

    found = _outcome(lambda connection: _plain_insert(connection, _row(request.id, mediator.id, starts, ends)))

    assert found == (GUARD_NAME if refused else "")


def test_reactivation_by_plain_sql_cannot_double_book(app: Flask, build: Builder) -> None:
    mediator = build.mediator()
    build.appointment(build.request(), mediator)
    gone = build.appointment(build.request(), mediator, state="cancelled")

    found = _outcome(
        lambda connection: connection.execute(
            text("UPDATE appointments SET state = 'confirmed' WHERE id = :id"), {"id": gone.id}
        )
    )

    assert found == GUARD_NAME


def test_move_by_plain_sql_cannot_double_book(app: Flask, build: Builder) -> None:
    mediator = build.mediator()
    build.appointment(build.request(), mediator)
    later = build.request(starts_at=START + timedelta(hours=3))
    other = build.appointment(later, mediator)

    found = _outcome(
        lambda connection: connection.execute(
            text("UPDATE appointments SET starts_at = :starts WHERE id = :id"),
            {"id": other.id, "starts": "2026-12-01T08:30:00Z"},
        )
    )

    assert found == GUARD_NAME


@pytest.mark.parametrize("form", ["2026-12-01 08:30:00", "2026-12-01T08:30:00+00:00", "2026-12-01T08:30:00.5Z"])
def test_sqlite_refuses_an_instant_of_another_form(app: Flask, build: Builder, form: str) -> None:
    if db.engine.dialect.name != "sqlite":
        form = "2026-12-01T08:30:00.5Z"  # PostgreSQL keeps instants as such; only the fraction is refused
    mediator, request = build.mediator(), build.request()

    found = _outcome(
        lambda connection: _plain_insert(connection, _row(request.id, mediator.id, form, "2026-12-01T10:00:00Z"))
    )

    assert found != ""


def _outcome(write: Callable[[Connection], object]) -> str:
    from dispatch.database import constraint_of

    with db.engine.connect() as connection:
        try:
            write(connection)
        except IntegrityError as error:
            return constraint_of(error)
        finally:
            connection.rollback()
    return ""


def test_states_are_those_of_the_lifecycle_only(app: Flask, build: Builder) -> None:
    appointment = build.appointment(build.request(), build.mediator())

    found = _outcome(
        lambda connection: connection.execute(
            text("UPDATE appointments SET state = 'perhaps' WHERE id = :id"), {"id": appointment.id}
        )
    )

    assert found != ""
