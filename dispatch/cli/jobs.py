"""Run what is due: once, or again and again as a process of its own."""

import json
import sys

import click

from dispatch import clock, jobs
from dispatch.cli.context import commanding, end_with
from dispatch.ops import logs
from dispatch.services import installation


def register(main: click.Group) -> None:
    """Add the group `jobs`."""
    main.add_command(jobs_group)


@click.group("jobs")
def jobs_group() -> None:
    """Run what is due."""


@jobs_group.command("run")
@click.option("--parent", type=click.IntRange(1), help="End when the process of this number, our parent, ends.")
def run_command(parent: int | None) -> None:
    """Look at what is due every few seconds until told to stop; any number of these may run."""
    with commanding() as app:
        logs.to_stdout(app.config["LOG_LEVEL"])
        if parent is not None:
            end_with(parent)
        jobs.run(app)


@jobs_group.command("tick")
@click.option("--json", "_as_json", is_flag=True, help="Print the counts as JSON (the only form there is).")
def tick_command(_as_json: bool) -> None:
    """Do everything that is due at this instant and print the counts as JSON; exit 1 when a job failed."""
    with commanding() as app:
        installation.last_beat()  # a database that is not there is one line, not one for each job
        counts = jobs.tick(app, clock.now())
    click.echo(json.dumps(counts))
    sys.exit(1 if counts[jobs.FAILED] else 0)
