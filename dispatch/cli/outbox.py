"""Look after the messages that are to be sent."""

import json

import click

from dispatch import clock
from dispatch.cli.context import application
from dispatch.domain.permissions import SYSTEM
from dispatch.services import message_log

STATES = ("queued", "sending", "sent", "retry", "failed", "uncertain", "held", "dropped")


def register(main: click.Group) -> None:
    """Add the group `outbox`."""
    main.add_command(outbox)


@click.group()
def outbox() -> None:
    """Look after the messages that are to be sent."""


@outbox.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only these; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_command(states: tuple[str, ...], as_json: bool) -> None:
    """List messages, newest first: id, state, kind, due, tries, error."""
    with application().app_context():
        rows = [
            {
                "id": row.id,
                "state": row.state,
                "kind": row.kind,
                "due_at": row.due_at.isoformat(),
                "attempts": row.attempts,
                "error": row.error,
            }
            for row in message_log.messages(SYSTEM, states=states)
        ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo("\t".join("" if value is None else str(value) for value in row.values()))


def _settle(act: str, ids: tuple[int, ...]) -> None:
    with application().app_context():
        done = message_log.settle(SYSTEM, act, ids, clock.now())
    click.echo(f"{done} of {len(ids)} messages")


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=int)
def retry(ids: tuple[int, ...]) -> None:
    """Send messages again that failed or are uncertain."""
    _settle("retry", ids)


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=int)
def hold(ids: tuple[int, ...]) -> None:
    """Keep waiting messages back until they are released."""
    _settle("hold", ids)


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=int)
def release(ids: tuple[int, ...]) -> None:
    """Let held messages go."""
    _settle("release", ids)
