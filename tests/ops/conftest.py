"""One running service for the tests that need the server as it is shipped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Service


@pytest.fixture(scope="session")
def served_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the running service: migrated, empty; its log stands beside it."""
    path = tmp_path_factory.mktemp("server") / "dispatch.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture(scope="session")
def _service(served_database: Path) -> Iterator[Service]:
    folder = served_database.parent
    running = Service(f"sqlite:///{served_database}", f"file:{folder / 'mailbox'}", folder / "log")
    yield running
    running.stop()


@pytest.fixture
def service(_service: Service) -> Service:
    """The running service; one that a test has ended is started again."""
    if not _service.is_running:
        _service.start()
    return _service
