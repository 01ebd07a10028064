"""Commands for tokens: made once, listed without their secret, revoked."""

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from dispatch import clock
from dispatch.cli import main
from dispatch.services import programs
from tests.builders import Builder


@pytest.fixture(autouse=True)
def installation(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the application of the test."""
    monkeypatch.setattr("dispatch.cli.context.application", lambda: app)


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["token", *words])


def test_a_token_is_printed_once_and_acts_as_its_user_within_its_scopes(build: Builder) -> None:
    user = build.user(email="klinik@example.org")

    made = call("create", "--user", "klinik@example.org", "--scope", "requests", "--scope", "read", "--name", "Klinik")
    listed = call("list", "--user", "klinik@example.org", "--json")

    found = programs.find(made.stdout.strip(), clock.now())
    assert found is not None
    assert (found.account.user_id, sorted(found.scopes)) == (user.id, ["read", "requests"])
    rows = json.loads(listed.stdout)
    assert [(row["name"], row["scopes"], row["expires_at"]) for row in rows] == [("Klinik", ["read", "requests"], None)]
    assert made.stdout.strip() not in listed.stdout


def test_a_revoked_token_is_unknown(build: Builder) -> None:
    build.user(email="klinik@example.org")
    secret = json.loads(call("create", "--user", "klinik@example.org", "--days", "30", "--json").stdout)["token"]
    number = json.loads(call("list", "--user", "klinik@example.org", "--json").stdout)[0]["id"]

    revoked, again = call("revoke", str(number)), call("revoke", str(number))

    assert (revoked.exit_code, again.exit_code, again.stderr.strip()) == (0, 1, "missing")
    assert programs.find(secret, clock.now()) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("create", "--user", "nobody@example.org"), 1),
        (("create", "--user", "klinik@example.org", "--name", ""), 1),
        (("create", "--user", "klinik@example.org", "--scope", "everything"), 2),
        (("create", "--user", "klinik@example.org", "--days", "0"), 2),
        (("create",), 2),
    ],
    ids=["nobody", "no name", "no such scope", "no days", "no user"],
)
def test_what_makes_no_token_prints_none(build: Builder, words: tuple[str, ...], code: int) -> None:
    build.user(email="klinik@example.org")

    result = call(*words)

    assert (result.exit_code, result.stdout) == (code, "")
