"""The checks before a start: each sentence is said for its own fault and for no other."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text

from config import Config
from dispatch import clock, create_app
from dispatch.database import db
from dispatch.models import Mark
from dispatch.ops import checks, sign_on_checks
from dispatch.services import installation
from dispatch.services.transactions import run

SOUND = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "BASE_URL": "https://dolmetscher.landkreis.de",
    "MAIL_URL": "smtp://relay.landkreis.de:587?starttls=1",
    "MAIL_FROM": "dienst@dolmetscher.landkreis.de",
}
Installed = Callable[..., Flask]

KEY = "SECRET_KEY must have at least 50 characters, 5 of them different."
MAIL_URL = "MAIL_URL must be smtp://host:port, smtps://host:port or file:DIR."
ENCRYPT = "MAIL_URL must encrypt: smtps:// or smtp://…?starttls=1."
HEAD = "The database must be at the newest migration (dispatch db upgrade)."
GUARD = "The database must refuse overlapping appointments."
WRITABLE = "The database must be reachable and writable."
PRAGMAS = "SQLite must run with foreign keys, WAL, full synchronisation and secure deletion."
COOKIE = "The session cookie must be __Host-, Secure and HttpOnly."
HTTPS = "BASE_URL must begin with https://."
HOSTS = "TRUSTED_HOSTS must be the host of BASE_URL alone."
REAL_FROM = "MAIL_FROM must be an address of a real domain."
ZONE = "TIME_ZONE must name a time zone that is known here."
PLAIN_FROM = "MAIL_FROM must be one plain address."


@pytest.fixture
def installed(sqlite_template: Path, tmp_path: Path) -> Iterator[Installed]:
    """Make a sound installation, changed in what the test names."""
    contexts = []

    def make(values: dict[str, str] | None = None, **attributes: object) -> Flask:
        path = tmp_path / "dispatch.sqlite"
        path.write_bytes(sqlite_template.read_bytes())
        config = Config({**SOUND, "DATABASE_URL": f"sqlite:///{path}", **(values or {})})
        for name, value in attributes.items():
            setattr(config, name, value)
        app = create_app(config)
        context = app.app_context()
        context.push()
        contexts.append(context)
        return app

    yield make
    for context in contexts:
        checks.let_go()
        context.pop()


def test_a_sound_installation_has_no_failures(installed: Installed) -> None:
    assert checks.failures(installed(), deploy=True) == []


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        pytest.param({"SECRET_KEY": ""}, ["SECRET_KEY must be set.", KEY], id="no key"),
        pytest.param({"SECRET_KEY": "k" * 60}, [KEY], id="a key of one letter"),
        pytest.param({"SECRET_KEY": "0123456789" * 4 + "012345678"}, [KEY], id="a short key"),
        pytest.param({"BASE_URL": "http://dolmetscher.landkreis.de"}, [HTTPS, COOKIE], id="no https"),
        pytest.param({"BASE_URL": "https://localhost"}, [HOSTS], id="https on this machine"),
        pytest.param({"MAIL_URL": "smtp://relay.landkreis.de"}, [ENCRYPT], id="mail in the clear"),
        pytest.param({"MAIL_URL": "file:/var/mail"}, [ENCRYPT], id="mail into a folder"),
        pytest.param({"MAIL_URL": "relay.landkreis.de"}, [MAIL_URL, ENCRYPT], id="no mail address"),
        pytest.param({"MAIL_FROM": "dienst@localhost"}, [REAL_FROM], id="sender of no domain"),
        pytest.param({"MAIL_FROM": "dienst@dolmetscher.example"}, [REAL_FROM], id="sender of an invented domain"),
        pytest.param({"MAIL_FROM": "Dienst <dienst@landkreis.de>"}, [PLAIN_FROM], id="sender with a name"),
        pytest.param({"TIME_ZONE": "Europe/Nowhere"}, [ZONE], id="no time zone"),
    ],
)
def test_each_setting_has_its_sentence(installed: Installed, values: dict[str, str], sentences: list[str]) -> None:
    assert checks.failures(installed(values), deploy=True) == sentences


SIGN_ON = {
    "OIDC_ISSUER": "https://sso.landkreis.de/realms/amt",
    "OIDC_CLIENT_ID": "dispatch",
    "OIDC_CLIENT_SECRET": "a secret",
    "OIDC_ROLES": "koordination=coordinator,schule=requester:12,nord=regional_coordinator:Nirgendwo",
}


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        pytest.param({}, [], id="sound"),
        pytest.param({"OIDC_ISSUER": ""}, ["OIDC_ISSUER must be set when another OIDC_ setting is."], id="no issuer"),
        pytest.param({"OIDC_ISSUER": "http://localhost"}, ["OIDC_ISSUER must not be on this machine."], id="here"),
        pytest.param({"OIDC_CLIENT_ID": ""}, ["OIDC_CLIENT_ID must be set when OIDC_ISSUER is."], id="no client"),
        pytest.param({"OIDC_ROLES": "a=b"}, ["OIDC_ROLES, a=b: there is no such role."], id="no role"),
    ],
)
def test_settings_of_single_sign_on_have_their_sentences(
    installed: Installed, values: dict[str, str], sentences: list[str]
) -> None:
    assert checks.failures(installed({**SIGN_ON, **values}), deploy=True) == sentences


def test_units_and_areas_of_groups_that_are_not_there_are_named(installed: Installed) -> None:
    assert sign_on_checks.missing(installed(SIGN_ON)) == [
        "OIDC_ROLES, schule: there is no organisation 12.",
        "OIDC_ROLES, nord: there is no area Nirgendwo.",
    ]


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({"TESTING": True}, "Debugging and testing must be off."),
        ({"DEBUG": True}, "Debugging and testing must be off."),
        ({"SESSION_COOKIE_HTTPONLY": False}, COOKIE),
        ({"MAX_CONTENT_LENGTH": None}, "The size of a request must be limited."),
        ({"TRUSTED_HOSTS": ["dolmetscher.landkreis.de", "evil.example"]}, HOSTS),
    ],
)
def test_each_switch_has_its_sentence(installed: Installed, attributes: dict[str, object], sentence: str) -> None:
    assert checks.failures(installed(**attributes), deploy=True) == [sentence]


def forget_schema() -> None:
    run(lambda session: session.execute(text("UPDATE alembic_version SET version_num = 'older'")))


def drop_guard() -> None:
    run(lambda session: session.execute(text("DROP TRIGGER appointment_overlap_insert")))


def mark_demo() -> None:
    run(lambda session: session.add(Mark(name="demo", at=clock.now())))


def loosen() -> None:
    @event.listens_for(db.engine, "checkout")
    def _loosen(connection: object, *_rest: object) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (forget_schema, HEAD),
        (drop_guard, GUARD),
        (loosen, PRAGMAS),
        (mark_demo, "The database must not hold demo data."),
    ],
)
def test_each_fault_of_the_database_has_its_sentence(
    installed: Installed, damage: Callable[[], None], sentence: str
) -> None:
    app = installed()
    damage()

    assert checks.failures(app, deploy=True) == [sentence]


def test_without_a_database_the_list_is_said_to_its_end(installed: Installed) -> None:
    app = installed({"DATABASE_URL": "postgresql://dispatch@127.0.0.1:1/nowhere"})

    assert checks.failures(app, deploy=False) == [WRITABLE, HEAD, GUARD]


def test_what_is_only_for_outside_is_not_asked_of_a_machine_of_its_own(installed: Installed) -> None:
    app = installed(
        {"BASE_URL": "http://127.0.0.1:8000", "MAIL_URL": "file:/tmp/mail", "MAIL_FROM": "dienst@localhost"}
    )

    assert checks.failures(app, deploy=False) == []


def test_a_clock_that_differs_from_the_database_is_a_fault(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = installed()
    monkeypatch.setattr(installation, "clock_skew", lambda _now: checks.SKEW_AT_MOST)

    failures = checks.failures(app, deploy=True)

    assert failures == ["The clocks of the service and of its database must agree within five seconds."]


def test_the_clocks_are_compared_on_both_databases(app: Flask) -> None:
    assert installation.clock_skew(clock.now()) < checks.SKEW_AT_MOST
