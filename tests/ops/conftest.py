"""Running services of two workers for the tests that need the server as it is shipped."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url

from tests.processes import Service

WORKERS = 2


@pytest.fixture(scope="session")
def served_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the running service: migrated, empty; its log stands beside it."""
    path = tmp_path_factory.mktemp("server") / "dispatch.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture(scope="session")
def _service(served_database: Path) -> Iterator[Service]:
    folder = served_database.parent
    url, mail_url = f"sqlite:///{served_database}", f"file:{folder / 'mailbox'}"
    running = Service(url, mail_url, folder / "log", workers=WORKERS)
    yield running
    running.stop()


@pytest.fixture
def service(_service: Service) -> Service:
    """The running service; one that a test has ended is started again."""
    if not _service.is_running:
        _service.start()
    return _service


@pytest.fixture(scope="session")
def _on_postgresql(pg_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    template, name = make_url(pg_url), f"served_{uuid4().hex[:12]}"
    folder = tmp_path_factory.mktemp("server")
    engine = create_engine(template.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template.database}")
    url = template.set(database=name).render_as_string(hide_password=False)
    running = Service(url, f"file:{folder / 'mailbox'}", folder / "log", workers=WORKERS)
    yield running
    running.stop()
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest) -> Service:
    """The running service on either database."""
    if request.param == "sqlite":
        return request.getfixturevalue("service")  # type: ignore[no-any-return]
    running: Service = request.getfixturevalue("_on_postgresql")
    if not running.is_running:
        running.start()
    return running
