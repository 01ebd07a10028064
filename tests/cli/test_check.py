"""`dispatch check` and `dispatch jobs tick`: their words and their exit codes; and that there are the commands."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch import clock, jobs
from dispatch.cli import GROUPS
from tests.builders import Builder
from tests.cli.conftest import Command
from tests.message_cases import Post
from tests.processes import ROOT

OUTSIDE = [
    "BASE_URL must begin with https://.",
    "TRUSTED_HOSTS must be the host of BASE_URL alone.",
    "The session cookie must be __Host-, Secure and HttpOnly.",
    "MAIL_URL must encrypt: smtps:// or smtp://…?starttls=1.",
    "MAIL_FROM must be an address of a real domain.",
    "The imprint must say who represents the operator (option operator.represented_by).",
    "The privacy statement must name a data protection officer (option operator.privacy_officer).",
    "The accessibility statement must be reviewed every twelve months (option statement.reviewed_on).",
    "The mailbox of the service must be a real one (option service.mailbox).",
]


def test_what_holds_is_said(command: Command) -> None:
    result = command("check")

    assert (result.exit_code, result.stdout) == (0, "Everything holds.\n")


def test_what_does_not_hold_is_listed_and_exit_1(command: Command) -> None:
    result = command("check", "--deploy")

    assert (result.exit_code, result.stderr.splitlines()) == (1, OUTSIDE)


def test_the_list_is_printed_as_json(command: Command) -> None:
    results = [command("check", "--json"), command("check", "--deploy", "--json")]

    assert [(result.exit_code, json.loads(result.stdout)) for result in results] == [
        (0, {"failures": []}),
        (1, {"failures": OUTSIDE}),
    ]


def test_a_tick_prints_what_it_did_then_zeros(command: Command, builder: Builder, tmp_path: Path) -> None:
    Post(builder).put("request_unfilled", due_at=clock.now())

    results = [command("jobs", "tick"), command("jobs", "tick", "--json")]

    counts = [json.loads(result.stdout) for result in results]
    assert [result.exit_code for result in results] == [0, 0]
    assert [sum(count.values()) for count in counts] == [1, 0]
    assert (counts[0]["messages"], list(counts[0])[-1]) == (1, "failed")
    assert len(list((tmp_path / "mailbox").glob("*.eml"))) == 1


def test_a_tick_with_a_job_that_failed_is_exit_1(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs.JOBS, "waves", lambda _tick: 1 // 0)

    result = command("jobs", "tick")

    assert (result.exit_code, json.loads(result.stdout)["failed"]) == (1, 1)


@pytest.mark.parametrize("name", GROUPS)
def test_every_command_explains_itself(command: Command, name: str) -> None:
    result = command(name, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {name}")


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), (["no-such-command"], 2)])
def test_the_program_is_run_as_a_module(words: list[str], code: int) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "dispatch", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert process.returncode == code
    assert (process.stdout or process.stderr).startswith("Usage: dispatch")
