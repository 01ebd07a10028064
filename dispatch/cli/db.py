"""Bring the database to a version of its schema."""

import json

import click
from flask_migrate import downgrade, upgrade

from dispatch.cli.context import commanding
from dispatch.ops import health
from dispatch.services import settings
from dispatch.services.transactions import run


def register(main: click.Group) -> None:
    """Add the group `db`."""
    main.add_command(db)


@click.group()
def db() -> None:
    """Bring the database to a version of its schema."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Run every migration that is missing, and add the fields of work that are shipped."""
    with commanding():
        upgrade()
        run(settings.ensure_shipped)


@db.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Go back to REVISION ("base" is the empty database)."""
    with commanding():
        downgrade(revision=revision)


@db.command("current")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def current_command(as_json: bool) -> None:
    """Show the version the database is at, and whether it is the newest."""
    with commanding():
        at, newest = health.schema_versions()
    if as_json:
        click.echo(json.dumps({"current": at, "newest": newest}))
    else:
        click.echo(f"{at or 'empty'}{' (newest)' if at == newest else f', newest is {newest}'}")
