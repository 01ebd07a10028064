"""Tell machines whether the service lives (`/healthz`) and whether it can do its work (`/readyz`).

Neither says anything about people, versions or addresses.
"""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from dispatch import clock, database
from dispatch.domain.errors import Refusal
from dispatch.services import guard, installation

SILENT_AFTER = timedelta(seconds=90)
WAITING_AT_MOST = timedelta(minutes=15)
FREE_SHARE = 0.05

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Answer as long as the process lives; nothing else is touched."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Answer 200 when everything the service needs is there, else 503; each field says what is not."""
    findings = {name: _holds(check) for name, check in CHECKS.items()}
    is_ready = all(findings[name] for name in NEEDED)
    return jsonify(status="ok" if is_ready else "degraded", **findings), 200 if is_ready else 503


for _view in (healthz, readyz):
    vars(_view)["rule"] = ("public", None)  # as web.guards.public marks its views, which this room may not import


def schema_is_head() -> bool:
    """Tell whether the database has exactly the migrations of this code."""
    at, newest = schema_versions()
    return at == newest


def schema_versions() -> tuple[str | None, str | None]:
    """Return the version the database is at, None when it is empty, and the newest one of this code."""
    with database.db.engine.connect() as connection:
        return version_of(connection), newest_version()


def version_of(connection: Connection) -> str | None:
    """Return the version a database is at, None when it is empty."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str | None:
    """Return the newest version of this code."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(database.MIGRATIONS)).get_current_head()


def _jobs_alive() -> bool:
    beat = installation.last_beat()
    return beat is not None and clock.now() - beat < SILENT_AFTER


def _mail_flows() -> bool:
    now = clock.now()
    oldest = installation.oldest_waiting(now)
    return oldest is None or now - oldest < WAITING_AT_MOST


def _disk_has_room() -> bool:
    url = database.db.engine.url
    folder = Path(url.database or ".").parent if url.get_backend_name() == "sqlite" else Path(current_app.root_path)
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total > FREE_SHARE


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (SQLAlchemyError, Refusal, OSError):
        return False


CHECKS: dict[str, Callable[[], bool]] = {
    "database": installation.can_write,
    "schema": schema_is_head,
    "guard": guard.is_present,
    "jobs": _jobs_alive,
    "mail": _mail_flows,
    "disk": _disk_has_room,
}
NEEDED = ("database", "schema", "guard", "jobs", "disk")
"""Without these the service is not ready; waiting mail is a warning, pages work without it."""
