"""Fixtures of the commands: run in this process, on an installation that the environment names."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from config import TestConfig
from dispatch import create_app
from dispatch.cli import main
from dispatch.database import db
from tests.builders import Builder

Command = Callable[..., Result]


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A migrated, empty SQLite database."""
    path = tmp_path / "installation.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def command(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `dispatch` with words and, if wanted, other variables of the environment; empty ones count as absent."""
    environment = {
        "DATABASE_URL": f"sqlite:///{file}",
        "SECRET_KEY": TestConfig("sqlite://").SECRET_KEY,
        "MAIL_URL": f"file:{tmp_path / 'mailbox'}",
        "BASE_URL": "",
        "MAIL_FROM": "",
        "DISPATCH_DEMO": "",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, **changed: str) -> Result:
        return CliRunner().invoke(main, words, env=changed, catch_exceptions=False)

    return run


@pytest.fixture
def builder(file: Path) -> Iterator[Builder]:
    """Builders on the database of the commands."""
    app: Flask = create_app(TestConfig(f"sqlite:///{file}"))
    with app.app_context():
        yield Builder()
        db.session.remove()
        db.engine.dispose()
