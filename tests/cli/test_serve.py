"""`dispatch serve` refuses an unsafe start in one sentence each, before anything is opened."""

import os
import socket
import stat
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.cli.serve import demo_key
from dispatch.models import Mark
from dispatch.ops import logs
from dispatch.services.transactions import run
from tests.builders import Builder
from tests.cli.conftest import Command
from tests.processes import free_port

OUTSIDE = {"BASE_URL": "https://dolmetscher.landkreis.de"}


@pytest.fixture
def marked(builder: Builder) -> None:
    """The database holds invented people."""

    def mark(session: Session) -> None:
        session.add(Mark(name="demo", at=clock.now()))

    run(mark)


@pytest.mark.parametrize(
    ("words", "changed", "code", "sentence"),
    [
        pytest.param(["--demo", "--host", "0.0.0.0"], {}, 2, "--demo serves this machine only", id="demo for all"),
        pytest.param(["--demo"], OUTSIDE, 2, "--demo needs a BASE_URL on this machine.", id="demo outside"),
        pytest.param(["--demo"], {}, 1, "--demo needs a database with demo data", id="demo with real people"),
        pytest.param([], {"SECRET_KEY": ""}, 1, "SECRET_KEY must be set.", id="no key"),
        pytest.param([], OUTSIDE, 1, "MAIL_URL must encrypt", id="unsafe from outside"),
        pytest.param(["--host", "0.0.0.0"], {}, 1, "BASE_URL must begin with https://.", id="listens to all"),
        pytest.param(["--port", "0"], {}, 2, "--port", id="no port"),
        pytest.param(["--workers", "0"], {}, 2, "--workers", id="no worker"),
    ],
)
def test_an_unsafe_start_is_refused(
    command: Command, words: list[str], changed: dict[str, str], code: int, sentence: str
) -> None:
    result = command("serve", "--no-jobs", *words, **changed)

    assert (result.exit_code, sentence in result.stderr) == (code, True)


@pytest.mark.usefixtures("marked")
def test_invented_people_are_not_served_to_the_outside(command: Command) -> None:
    result = command("serve", "--no-jobs", **OUTSIDE)

    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "The database must not hold demo data.")


def test_a_port_that_is_taken_is_one_line(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "to_stdout", lambda _level: None)
    with socket.socket() as other:
        port = free_port()
        other.bind(("127.0.0.1", port))
        other.listen()

        result = command("serve", "--no-jobs", "--port", str(port))

    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: 127.0.0.1 port {port} cannot be used (Address already in use).\n",
    )


def test_the_key_of_a_demonstration_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "demo-key"

    keys = [demo_key(path) for _ in range(2)]

    assert keys[0] == keys[1]
    assert len(keys[0]) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_demonstration_sets_what_nobody_configured(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    def look(*_arguments: object, **_named: object) -> None:
        seen.update({name: os.environ[name] for name in ("BASE_URL", "DISPATCH_DEMO")})
        raise SystemExit(7)

    monkeypatch.setattr("dispatch.cli.serve._refuse_unsafe", look)

    result = command("serve", "--demo", "--host", "::1", "--port", "8123")

    assert (result.exit_code, seen) == (7, {"BASE_URL": "http://[::1]:8123", "DISPATCH_DEMO": "1"})
