"""Bring the database of the current application to a version of its schema.

What runs migrations is heavy to import; a service whose schema is right never needs it.
"""

from flask import current_app

from dispatch.database import MIGRATIONS, db


def upgrade() -> None:
    """Run every migration that is missing."""
    import flask_migrate

    _configure()
    flask_migrate.upgrade()


def downgrade(revision: str) -> None:
    """Go back to a revision."""
    import flask_migrate

    _configure()
    flask_migrate.downgrade(revision=revision)


def _configure() -> None:
    from flask_migrate import Migrate

    if "migrate" not in current_app.extensions:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
