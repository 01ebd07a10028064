"""Cut what is past its period."""

import json

import click

from dispatch import clock
from dispatch.cli.context import commanding
from dispatch.services import retention


def register(main: click.Group) -> None:
    """Add the group `retention`."""
    main.add_command(retention_group)


@click.group("retention")
def retention_group() -> None:
    """Cut what is past its period."""


@retention_group.command("run")
@click.option("--dry-run", is_flag=True, help="Say how much would be cut and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def run_command(*, dry_run: bool, as_json: bool) -> None:
    """Cut texts, case tokens, references and people who left, as soon as their periods are over; print the counts."""
    with commanding():
        counts = retention.apply(clock.now(), dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(counts))
        return
    for kind, number in counts.items():
        click.echo(f"{kind}\t{number}")
