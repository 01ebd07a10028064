"""Health: what lives says so whatever is broken around it, and each fault shows in its own field."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import text, update

from config import TestConfig
from dispatch import clock, create_app
from dispatch.database import db
from dispatch.models import Mark, OutboxMessage
from dispatch.services import installation
from dispatch.services.transactions import run
from tests.builders import Builder
from tests.message_cases import Post

FIELDS = ("database", "disk", "guard", "jobs", "mail", "schema")


def answer(app: Flask) -> tuple[int, dict[str, object]]:
    db.session.close()
    response = app.test_client().get("/readyz")
    return response.status_code, response.get_json()


def broken(app: Flask) -> tuple[int, list[str]]:
    status, fields = answer(app)
    return status, [name for name in FIELDS if fields[name] is False]


@pytest.fixture
def alive(app: Flask) -> Flask:
    """The application beside a jobs process that has just looked."""
    installation.beat(clock.now())
    return app


def execute(statement: str) -> None:
    run(lambda session: session.execute(text(statement)))


def test_ready_means_that_every_field_holds(alive: Flask) -> None:
    assert answer(alive) == (200, {"status": "ok", **dict.fromkeys(FIELDS, True)})


def forget_schema(_build: Builder) -> None:
    execute("UPDATE alembic_version SET version_num = 'older'")


def drop_guard(_build: Builder) -> None:
    if db.engine.dialect.name == "sqlite":
        execute("DROP TRIGGER appointment_overlap_update")
    else:
        execute("ALTER TABLE appointments DROP CONSTRAINT appointment_overlap")


def silence_jobs(_build: Builder) -> None:
    run(lambda session: session.execute(update(Mark).values(at=clock.now() - timedelta(seconds=91))))


def stop_jobs(_build: Builder) -> None:
    execute("DELETE FROM marks")


def let_mail_wait(build: Builder) -> None:
    Post(build).put("request_received", due_at=clock.now() - timedelta(minutes=16))


def try_mail_in_vain(build: Builder) -> None:
    number = Post(build).put("request_received")
    waits = {
        "state": "retry",
        "created_at": clock.now() - timedelta(hours=1),
        "due_at": clock.now() + timedelta(hours=1),
    }
    run(lambda session: session.execute(update(OutboxMessage).where(OutboxMessage.id == number).values(**waits)))


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        pytest.param(forget_schema, (503, ["schema"]), id="another version of the tables"),
        pytest.param(drop_guard, (503, ["guard"]), id="double bookings possible"),
        pytest.param(silence_jobs, (503, ["jobs"]), id="jobs silent for 90 seconds"),
        pytest.param(stop_jobs, (503, ["jobs"]), id="jobs never began"),
        pytest.param(let_mail_wait, (200, ["mail"]), id="mail waits: a warning, pages work"),
        pytest.param(try_mail_in_vain, (200, ["mail"]), id="mail tried in vain for an hour"),
    ],
)
def test_each_fault_shows_in_its_field(
    alive: Flask, build: Builder, damage: Callable[[Builder], None], expected: tuple[int, list[str]]
) -> None:
    damage(build)

    assert broken(alive) == expected


def test_mail_that_is_not_due_yet_is_no_fault(alive: Flask, build: Builder) -> None:
    Post(build).put("request_received", due_at=clock.now() + timedelta(hours=9))

    assert broken(alive) == (200, [])


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(("free", "expected"), [(5, (503, ["disk"])), (6, (200, []))])
def test_a_disk_that_is_nearly_full_is_a_fault(
    alive: Flask, monkeypatch: pytest.MonkeyPatch, free: int, expected: tuple[int, list[str]]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: _Usage(100, 100 - free, free))

    assert broken(alive) == expected


@pytest.fixture
def impatient(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[Flask, Path]]:
    """An application on SQLite that waits for no lock, and its file."""
    path = tmp_path / "impatient.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    application = create_app(TestConfig(f"sqlite:///{path}", SQLITE_BUSY_SECONDS=0))
    with application.app_context():
        installation.beat(clock.now())
        yield application, path
        db.session.remove()
        db.engine.dispose()


def test_a_database_that_cannot_be_written_is_a_fault(impatient: tuple[Flask, Path]) -> None:
    app, path = impatient
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    found = broken(app)
    holder.close()

    assert (found, broken(app)) == ((503, ["database"]), (200, []))


@pytest.fixture
def cut_off() -> Iterator[Flask]:
    """An application whose database is not there."""
    application = create_app(TestConfig("postgresql://dispatch@127.0.0.1:1/nowhere"))
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def test_without_a_database_the_service_lives_but_is_not_ready(cut_off: Flask) -> None:
    lives = cut_off.test_client().get("/healthz")

    assert (lives.status_code, lives.get_json()) == (200, {"status": "ok"})
    assert broken(cut_off) == (503, ["database", "guard", "jobs", "mail", "schema"])


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_tells_nothing_about_people_versions_or_places(alive: Flask, path: str) -> None:
    response = alive.test_client().get(path)

    assert {type(value) for name, value in response.get_json().items() if name != "status"} <= {bool}
    assert [name for name, _value in response.headers if name in {"Server", "X-Powered-By", "Set-Cookie"}] == []
    assert os.fspath(alive.root_path) not in response.text
