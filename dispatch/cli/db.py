"""Bring the database to a version of its schema."""

import click
from flask_migrate import current, downgrade, upgrade

from dispatch.cli.context import application


def register(main: click.Group) -> None:
    """Add the group `db`."""
    main.add_command(db)


@click.group()
def db() -> None:
    """Bring the database to a version of its schema."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Run every migration that is missing."""
    with application().app_context():
        upgrade()


@db.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Go back to REVISION ("base" is the empty database)."""
    with application().app_context():
        downgrade(revision=revision)


@db.command("current")
def current_command() -> None:
    """Show the version the database is at."""
    with application().app_context():
        current()
