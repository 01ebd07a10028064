"""Bring the database to a version of its schema, and take an installation from one database to another."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from dispatch import clock
from dispatch.cli.context import commanding
from dispatch.ops import checks, health, moving, schema
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
        schema.upgrade()
        run(settings.ensure_shipped)


@db.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Go back to REVISION ("base" is the empty database)."""
    with commanding():
        schema.downgrade(revision=revision)


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


class DatabaseAddress(click.ParamType[str]):
    """The URL of a database without a password, or `env:NAME`, a variable that holds one."""

    name = "database"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the URL; what cannot be used is a wrong call."""
        is_named = value.startswith("env:")
        given = os.environ.get(value.removeprefix("env:"), "") if is_named else value
        try:
            url = make_url(given)
        except ArgumentError:
            self.fail(f"{value if is_named else 'this'} is no URL of a database.", param, ctx)
        if not is_named and _holds_secret(url):
            self.fail("no password as an argument: give env:NAME of a variable, or use ~/.pgpass.", param, ctx)
        is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
        if not is_file and url.get_backend_name() != "postgresql":
            self.fail("a database is sqlite:////path/file.sqlite or postgresql://user@host/name.", param, ctx)
        return given


def _holds_secret(url: URL) -> bool:
    return url.password is not None or any("password" in name.lower() for name in url.query)


@db.command("move")
@click.argument("source", type=DatabaseAddress())
@click.argument("target", type=DatabaseAddress())
@click.option("--dry-run", is_flag=True, help="Say what would be moved and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def move_command(source: str, target: str, *, dry_run: bool, as_json: bool) -> None:
    """Take a whole installation from SOURCE to TARGET, compare both, and keep it only if they hold the same.

    Both are URLs without a password, or env:NAME, a variable that holds one. SOURCE is only read, and must be at the
    newest version; TARGET must be empty. Stop the services first. Prints rows and checksum of each table.
    """
    if _place(source) == _place(target):
        raise click.UsageError("SOURCE and TARGET are the same database.")
    try:
        found = moving.survey(source, clock.now())
        _warn(found.warnings)
        with commanding(target):
            moved = _move(source, found, dry_run=dry_run)
    except moving.Unmovable as error:
        raise click.ClickException(f"{error}.") from error
    _print_report(found, moved, as_json=as_json)


def _move(source: str, found: moving.Survey, *, dry_run: bool) -> moving.Move | None:
    try:
        if dry_run:
            moving.look_at_target()
            return None
        with click.progressbar(length=2 * found.total, label="Moving", file=sys.stderr) as bar:
            moved = moving.move(source, found, progress=bar.update)
    finally:
        checks.let_go()
    _warn(moved.warnings[len(found.warnings) :])
    return moved


def _place(address: str) -> str:
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").resolve())
    return url.set(drivername="postgresql").render_as_string()


def _warn(warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        click.echo(f"Warning: {warning}.", err=True)


def _print_report(found: moving.Survey, moved: moving.Move | None, *, as_json: bool) -> None:
    """Print each table with its rows, and its checksum once it has been moved."""
    if moved is None:
        tables = {name: {"rows": rows} for name, rows in found.rows.items()}
    else:
        tables = {name: asdict(fingerprint) for name, fingerprint in moved.tables.items()}
    if as_json:
        warnings = found.warnings if moved is None else moved.warnings
        report = {"moved": moved is not None, "version": found.version, "tables": tables, "warnings": warnings}
        click.echo(json.dumps(report))
        return
    for name, facts in tables.items():
        click.echo("\t".join(str(value) for value in (name, *facts.values())))
