"""Run what is due: once, or again and again as a process of its own."""

import json

import click

from dispatch import clock
from dispatch.cli.context import application, end_with_parent
from dispatch.jobs import run, tick
from dispatch.ops import logs


def register(main: click.Group) -> None:
    """Add the group `jobs`."""
    main.add_command(jobs)


@click.group()
def jobs() -> None:
    """Run what is due."""


@jobs.command("run")
@click.option("--with-parent", is_flag=True, help="End when the process that started this one ends.")
def run_command(with_parent: bool) -> None:
    """Look at what is due every few seconds until told to stop; any number of these may run."""
    app = application()
    logs.to_stdout(app.config["LOG_LEVEL"])
    if with_parent:
        end_with_parent()
    run(app)


@jobs.command("tick")
@click.option("--json", "_as_json", is_flag=True, help="Print the counts as JSON (the only form there is).")
def tick_command(_as_json: bool) -> None:
    """Do everything that is due at this instant and print the counts as JSON."""
    app = application()
    click.echo(json.dumps(tick(app, clock.now())))
