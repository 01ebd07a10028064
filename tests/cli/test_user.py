"""Commands for accounts: made, disabled, let in again by a link; secrets come by standard input only."""

import json

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from dispatch.cli import main
from dispatch.models import OutboxMessage, SecondFactor, User
from dispatch.services import accounts, sign_ins
from dispatch.services.passwords import STRONG
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder

PASSWORD = "tanzende Giraffe"


@pytest.fixture(autouse=True)
def installation(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the application of the test."""
    app.config["BASE_URL"] = "https://dienst.example"
    monkeypatch.setattr("dispatch.cli.context.application", lambda: app)


def call(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["user", *words], input=typed)


def create(*words: str, typed: str = "") -> Result:
    return call("create", "--email", "wolf@example.org", *words, typed=typed)


def test_an_account_is_made_with_the_password_of_standard_input() -> None:
    result = create("--role", "administrator", "--json", typed=PASSWORD + "\n")

    made = json.loads(result.stdout)
    assert (result.exit_code, made["email"]) == (0, "wolf@example.org")
    assert sign_ins.sign_in("wolf@example.org", PASSWORD, NOW, client="here", passwords=STRONG)[1] == made["id"]


def test_an_invited_account_has_no_password() -> None:
    result = create("--role", "coordinator", "--invite", "--name", "Jana Wolf")

    assert result.exit_code == 0
    assert reading().execute(select(User.name, User.password_hash)).one() == ("Jana Wolf", None)
    assert reading().scalars(select(OutboxMessage.kind)).all() == ["invite"]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        pytest.param(["--role", "coordinator"], "kurz\n", "password: too_short", id="short password"),
        pytest.param(["--role", "coordinator"], "", "password: too_short", id="no password"),
        pytest.param(["--role", "requester", "--invite"], "", "organisation_id: required", id="no unit"),
        pytest.param(
            ["--role", "mediator", "--mediator", "99999999999", "--invite"],
            "",
            "mediator_id: unknown",
            id="no such key",
        ),
        pytest.param(
            ["--role", "regional_coordinator", "--social-area", "Bonn", "--invite"],
            "",
            "areas.0.area: unknown",
            id="no such area",
        ),
    ],
)
def test_a_refusal_is_told_by_its_codes(words: list[str], typed: str, said: str) -> None:
    result = create(*words, typed=typed)

    assert (result.exit_code, result.stderr.splitlines()[0], result.stdout) == (1, said, "")


def test_a_role_that_is_none_is_a_fault_of_usage() -> None:
    assert create("--role", "king").exit_code == 2


def test_disabling_ends_sessions(build: Builder) -> None:
    user = build.user("coordinator", email="wolf@example.org")
    secret = run(lambda session: accounts.begin_session(session, user.id, NOW))

    result = call("disable", "wolf@example.org", "--json")

    assert (result.exit_code, json.loads(result.stdout)) == (0, {"id": user.id, "active": False})
    assert accounts.find_session(secret, NOW) is None


def test_sessions_end_and_the_account_stays(build: Builder) -> None:
    user = build.user("coordinator", email="wolf@example.org")
    run(lambda session: accounts.begin_session(session, user.id, NOW))

    result = call("sessions-end", "wolf@example.org", "--json")

    assert json.loads(result.stdout) == {"id": user.id, "ended": 1}


def test_a_reset_link_is_absolute_and_works(app: Flask, build: Builder) -> None:
    build.user("coordinator", email="wolf@example.org")

    link = call("reset-link", "wolf@example.org").stdout.strip()

    assert link.startswith("https://dienst.example/reset/")
    assert app.test_client().get(link.removeprefix("https://dienst.example")).status_code == 200


def test_lost_factors_are_removed(build: Builder) -> None:
    user = build.user("coordinator", email="wolf@example.org")
    factor = SecondFactor(user_id=user.id, kind="totp", name="Telefon", created_at=NOW, sealed_secret="?")
    run(lambda session: session.add(factor))

    result = call("factors-reset", "wolf@example.org", "--json")

    assert json.loads(result.stdout) == {"id": user.id, "removed": 1}


@pytest.mark.parametrize("command", ["disable", "reset-link", "sessions-end", "factors-reset"])
def test_an_unknown_address_is_missing(command: str) -> None:
    result = call(command, "nobody@example.org")

    assert (result.exit_code, result.stderr.strip()) == (1, "missing")


@pytest.mark.parametrize("command", ["create", "disable", "reset-link", "sessions-end", "factors-reset"])
def test_every_command_explains_itself(command: str) -> None:
    assert call(command, "--help").exit_code == 0
