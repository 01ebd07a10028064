"""Check an installation: what must hold everywhere, and what more before it may be reached from outside.

A check is a sentence in English and a test; `failures` returns the sentences that do not hold.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from dispatch import clock, database
from dispatch.domain.contacts import parse_email
from dispatch.domain.errors import Refusal
from dispatch.ops import sign_on_checks
from dispatch.ops.health import schema_is_head
from dispatch.outgoing import smtp
from dispatch.services import guard, installation

KEY_CHARACTERS, KEY_DISTINCT = 50, 5
SKEW_AT_MOST = timedelta(seconds=5)
SQLITE_PRAGMAS = {"foreign_keys": 1, "journal_mode": "wal", "secure_delete": 1, "synchronous": 2}


class Check(NamedTuple):
    """What must hold, as a sentence, and the test of it."""

    sentence: str
    holds: Callable[[Flask], bool]


def failures(app: Flask, *, deploy: bool) -> list[str]:
    """Return the sentences of what does not hold, in order; needs the application's context."""
    wanted: Sequence[Check] = (*ALWAYS, *DEPLOY) if deploy else ALWAYS
    broken = [check.sentence for check in wanted if not _holds(check, app)]
    return [*broken, *sign_on_checks.faults(app, deploy=deploy)]


def let_go() -> None:
    """Close every connection that the checks opened."""
    database.db.session.remove()
    database.db.engine.dispose()


def _holds(check: Check, app: Flask) -> bool:
    try:
        return check.holds(app)
    except (SQLAlchemyError, Refusal, ValueError, LookupError, OSError):
        database.db.session.rollback()
        return False


def _mail_url_is_valid(app: Flask) -> bool:
    smtp.mailer(app.config["MAIL_URL"])
    return True


def _pragmas_hold(_app: Flask) -> bool:
    if database.db.engine.dialect.name != "sqlite":
        return True
    with database.db.engine.connect() as connection:
        return all(
            connection.execute(text(f"PRAGMA {name}")).scalar() == value for name, value in SQLITE_PRAGMAS.items()
        )


def _key_is_strong(app: Flask) -> bool:
    key = str(app.config["SECRET_KEY"])
    return len(key) >= KEY_CHARACTERS and len(set(key)) >= KEY_DISTINCT


def _cookie_is_guarded(app: Flask) -> bool:
    config = app.config
    flags = config["SESSION_COOKIE_SECURE"] and config["SESSION_COOKIE_HTTPONLY"]
    return bool(flags and config["SESSION_COOKIE_NAME"].startswith("__Host-"))


def _sender_is_plain(app: Flask) -> bool:
    local, _, domain = str(app.config["MAIL_FROM"]).rpartition("@")
    plain = domain if "." in domain else f"{domain}.localdomain"  # a machine of its own may have a short name
    return parse_email(f"{local}@{plain}") == f"{local}@{plain}".lower()


def _sender_is_real(app: Flask) -> bool:
    domain = str(app.config["MAIL_FROM"]).rpartition("@")[2]
    return "." in domain and not domain.endswith((".localhost", ".example"))


def _has_no_demo_data(_app: Flask) -> bool:
    return not installation.is_marked_demo()


ALWAYS: Sequence[Check] = (
    Check("SECRET_KEY must be set.", lambda app: bool(app.config["SECRET_KEY"])),
    Check("The database must be reachable and writable.", lambda _app: installation.can_write()),
    Check("The database must be at the newest migration (dispatch db upgrade).", lambda _app: schema_is_head()),
    Check("The database must refuse overlapping appointments.", lambda _app: guard.is_present()),
    Check("SQLite must run with foreign keys, WAL, full synchronisation and secure deletion.", _pragmas_hold),
    Check("MAIL_URL must be smtp://host:port, smtps://host:port or file:DIR.", _mail_url_is_valid),
    Check("MAIL_FROM must be one plain address.", _sender_is_plain),
    Check("TIME_ZONE must name a time zone that is known here.", lambda app: bool(ZoneInfo(app.config["TIME_ZONE"]))),
)

DEPLOY: Sequence[Check] = (
    Check(
        f"SECRET_KEY must have at least {KEY_CHARACTERS} characters, {KEY_DISTINCT} of them different.", _key_is_strong
    ),
    Check("BASE_URL must begin with https://.", lambda app: app.config["BASE_URL"].startswith("https://")),
    Check(
        "TRUSTED_HOSTS must be the host of BASE_URL alone.",
        lambda app: app.config["TRUSTED_HOSTS"] == [urlsplit(app.config["BASE_URL"]).hostname],
    ),
    Check("Debugging and testing must be off.", lambda app: not app.debug and not app.testing),
    Check("The session cookie must be __Host-, Secure and HttpOnly.", _cookie_is_guarded),
    Check("The size of a request must be limited.", lambda app: bool(app.config["MAX_CONTENT_LENGTH"])),
    Check(
        "MAIL_URL must encrypt: smtps:// or smtp://…?starttls=1.", lambda app: smtp.is_encrypted(app.config["MAIL_URL"])
    ),
    Check(
        "The clocks of the service and of its database must agree within five seconds.",
        lambda _app: installation.clock_skew(clock.now()) < SKEW_AT_MOST,
    ),
    Check("MAIL_FROM must be an address of a real domain.", _sender_is_real),
    Check("The database must not hold demo data.", _has_no_demo_data),
)
