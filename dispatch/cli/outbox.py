"""Look after the messages that are to be sent."""

import json
import sys

import click

from dispatch import clock
from dispatch.cli.context import commanding
from dispatch.domain.permissions import SYSTEM
from dispatch.services import message_log

STATES = ("queued", "sending", "sent", "retry", "failed", "uncertain", "held", "dropped")
MESSAGE = click.IntRange(1, 2**63 - 1)


def register(main: click.Group) -> None:
    """Add the group `outbox`."""
    main.add_command(outbox)


@click.group()
def outbox() -> None:
    """Look after the messages that are to be sent."""


@outbox.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only these; may be repeated.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_command(states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List messages, newest first: id, state, kind, due, tries, error."""
    with commanding():
        rows = [
            {
                "id": row.id,
                "state": row.state,
                "kind": row.kind,
                "due_at": row.due_at.isoformat(),
                "attempts": row.attempts,
                "error": row.error,
            }
            for row in message_log.messages(SYSTEM, states=states, limit=limit)
        ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo("\t".join("" if value is None else str(value) for value in row.values()))


def _settle(act: str, ids: tuple[int, ...], as_json: bool) -> None:
    """Do the act; exit 1 when the state of a message does not allow it, or there is no such message."""
    wanted = tuple(dict.fromkeys(ids))
    with commanding():
        done = message_log.settle(SYSTEM, act, wanted, clock.now())
    click.echo(json.dumps({"done": done, "asked": len(wanted)}) if as_json else f"{done} of {len(wanted)} messages")
    sys.exit(0 if done == len(wanted) else 1)


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=MESSAGE)
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def retry(ids: tuple[int, ...], as_json: bool) -> None:
    """Send messages again that failed or are uncertain, to the address their readers have now."""
    _settle("retry", ids, as_json)


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=MESSAGE)
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def hold(ids: tuple[int, ...], as_json: bool) -> None:
    """Keep waiting messages back until they are released."""
    _settle("hold", ids, as_json)


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=MESSAGE)
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def release(ids: tuple[int, ...], as_json: bool) -> None:
    """Let held messages go."""
    _settle("release", ids, as_json)
