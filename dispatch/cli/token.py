"""Make, list and revoke the tokens with which programs call the API."""

import json
from datetime import datetime, timedelta

import click

from dispatch import clock
from dispatch.cli.context import refusing
from dispatch.domain.permissions import SYSTEM
from dispatch.domain.programs import Scope, check_token
from dispatch.services import programs, users

SCOPES = [scope.value for scope in Scope]
LONGEST_DAYS = 3_650


def register(main: click.Group) -> None:
    """Add the group `token`."""
    main.add_command(token)


@click.group()
def token() -> None:
    """Look after the tokens of programs."""


@token.command()
@click.option("--user", "email", required=True, help="Address of the account the program acts as.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="May be repeated; none: everything.")
@click.option("--name", default="API", help="What the program is; shown beside the token.")
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), help="Until when it holds; left out, until revoked.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def create(email: str, scopes: tuple[str, ...], name: str, *, days: int | None, as_json: bool) -> None:
    """Print a new bearer token; nothing tells it again."""
    now = clock.now()
    with refusing("token"):
        user_id = users.find_by_email(SYSTEM, email)
        new = check_token(name, scopes, now + timedelta(days=days) if days else None, now)
        secret = programs.make(SYSTEM, user_id, new, now)
    click.echo(json.dumps({"token": secret, "scopes": sorted(new.scopes)}) if as_json else secret)


@token.command("list")
@click.option("--user", "email", required=True, help="Address of the account.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def list_tokens(email: str, as_json: bool) -> None:
    """List the tokens of an account that hold: id, name, scopes, made, last used."""
    with refusing("token"):
        found = programs.tokens_of(SYSTEM, users.find_by_email(SYSTEM, email))
    if as_json:
        click.echo(json.dumps([_told(one) for one in found]))
    for one in () if as_json else found:
        scopes = " ".join(one.scopes) or "everything"
        used = _written(one.last_used_at) or "never used"
        click.echo(f"{one.id}  {one.name}  {scopes}  {_written(one.created_at)}  {used}")


@token.command()
@click.argument("token_id", type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def revoke(token_id: int, as_json: bool) -> None:
    """End a token at once."""
    with refusing("token"):
        programs.revoke(SYSTEM, token_id, clock.now())
    click.echo(json.dumps({"id": token_id, "revoked": True}) if as_json else "The token is revoked.")


def _told(one: programs.Token) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "scopes": list(one.scopes),
        "created_at": _written(one.created_at),
        "expires_at": _written(one.expires_at),
        "last_used_at": _written(one.last_used_at),
    }


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
