"""Fixtures of all tests: a migrated database of either kind, the application on it, builders, a signed-in client."""

import gc

gc.disable()  # until all tests are collected: see `pytest_collection_finish`

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from config import TestConfig
from dispatch import create_app
from dispatch.database import db
from dispatch.ops.schema import upgrade
from tests import postgres, reuse
from tests.browsing import Browser
from tests.builders import Builder

DATABASES = ("sqlite", "postgresql")
SHARING = frozenset({"api", "services", "web", "outgoing", "faults", "cases"})
"""Folders whose tests share one PostgreSQL database, emptied before each of them."""

MEMORY, ROOM = Path("/dev/shm"), 2 * 10**9
"""A folder that is no disk, on systems that have one, and how much must be free there."""

reuse.reuse_rules()


def pytest_configure() -> None:
    """Keep the files of the tests in memory where there is room, so that no commit waits for a disk."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Turn the collector on again."""
    reuse.collect_seldom()


def _migrate(url: str) -> None:
    app = create_app(TestConfig(url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let the services that tests start find the pages compiled that any of them has shown in this run."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "templates"
    folder.mkdir(exist_ok=True)
    os.environ["TEST_TEMPLATES"] = str(folder)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy for each test."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    _migrate(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=DELETE"))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def pg_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test process, with the migrated database `template_dispatch`."""
    with postgres.server() as url:
        template = f"template_{uuid4().hex[:12]}"
        _execute(url, f"CREATE DATABASE {template}")
        _migrate(_with_database(url, template))
        yield _with_database(url, template)


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, statement: str) -> None:
    engine = create_engine(_with_database(url, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def pg_emptied(pg_url: str) -> Iterator[Callable[[], str]]:
    """A database that many tests use one after the other: called, it empties it and returns its URL.

    Emptying takes a tenth of making one. Only tests that leave the schema and no process behind may share it.
    """
    name = f"shared_{uuid4().hex[:12]}"
    _execute(pg_url, f"CREATE DATABASE {name} TEMPLATE {make_url(pg_url).database}")
    url = _with_database(pg_url, name)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    tables = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(db.metadata.sorted_tables))
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    numbers = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"

    def empty() -> str:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"{others} pg_backend_pid(); {tables}; {numbers}")
        return url

    yield empty
    engine.dispose()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database; each test runs once per kind."""
    if request.param == "sqlite":
        path = tmp_path / "dispatch.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    if request.path.parent.name in SHARING:
        yield request.getfixturevalue("pg_emptied")()
        return
    template = request.getfixturevalue("pg_url")
    name = f"test_{uuid4().hex[:16]}"
    _execute(template, f"CREATE DATABASE {name} TEMPLATE {make_url(template).database}")
    yield _with_database(template, name)
    _execute(template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database, inside its context; mail would go to a folder of the test."""
    application = reuse.application(TestConfig(database_url, MAIL_URL=f"file:{tmp_path / 'mailbox'}"))
    application.test_client_class = Browser
    with application.app_context():
        reuse.reuse_statements(db.engine)
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def build(app: Flask) -> Builder:
    """Builders of rows with plausible defaults."""
    return Builder()
