"""Look after accounts from the command line, for the first administrator and for emergencies."""

import json
import sys

import click

from dispatch import clock
from dispatch.cli.context import refusing
from dispatch.domain.areas import TypedArea
from dispatch.domain.permissions import ASSIGNABLE, SYSTEM
from dispatch.domain.users import TypedUser
from dispatch.services import account_links, passwords, second_factors, sign_ins, users

ROLES = [role.value for role in ASSIGNABLE]


def register(main: click.Group) -> None:
    """Add the group `user`."""
    main.add_command(user)


@click.group()
def user() -> None:
    """Look after accounts."""


@user.command()
@click.option("--email", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", default="", help="Left out, the part of the address before the @.")
@click.option("--organisation", type=int, help="Key of the unit a requester works for.")
@click.option("--mediator", type=int, help="Key of the mediator's entry in the pool.")
@click.option(
    "--social-area", "areas", multiple=True, help="Of a regional coordinator, from today on; may be repeated."
)
@click.option("--invite", is_flag=True, help="Mail an invitation instead of reading a password.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def create(
    email: str,
    role: str,
    name: str,
    *,
    organisation: int | None,
    mediator: int | None,
    areas: tuple[str, ...],
    invite: bool,
    as_json: bool,
) -> None:
    """Create an account; its password is the first line of standard input unless its owner is invited."""
    typed = TypedUser(
        email=email,
        name=name or email.partition("@")[0],
        role=role,
        organisation_id=str(organisation or ""),
        mediator_id=str(mediator or ""),
        areas=tuple(TypedArea(area) for area in areas),
    )
    with refusing("account"):
        user_id = users.create(SYSTEM, typed, clock.now(), kept_password=None if invite else _hashed(typed))
    _say({"id": user_id, "email": typed.email}, f"Created the account {user_id}.", as_json)


@user.command()
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def disable(email: str, as_json: bool) -> None:
    """Disable an account; its sessions end at once."""
    with refusing("account"):
        user_id = users.find_by_email(SYSTEM, email)
        users.set_active(SYSTEM, user_id, False, clock.now())
    _say({"id": user_id, "active": False}, "The account is disabled.", as_json)


@user.command("reset-link")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def reset_link(email: str, as_json: bool) -> None:
    """Print a link to choose a new password: once, for an hour, for whoever holds it."""
    with refusing("account") as app:
        user_id = users.find_by_email(SYSTEM, email)
        token = account_links.make_reset(SYSTEM, user_id, clock.now(), key=app.config["SECRET_KEY"])
    link = f"{app.config['BASE_URL']}/reset/{token}"
    _say({"id": user_id, "link": link}, link, as_json)


@user.command("sessions-end")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def sessions_end(email: str, as_json: bool) -> None:
    """End every session of an account."""
    with refusing("account"):
        user_id = users.find_by_email(SYSTEM, email)
        ended = users.end_sessions(SYSTEM, user_id, clock.now())
    _say({"id": user_id, "ended": ended}, f"{ended} sessions ended.", as_json)


@user.command("factors-reset")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def factors_reset(email: str, as_json: bool) -> None:
    """Remove all second factors of somebody who lost them; the sessions end, and a mail says so."""
    with refusing("account"):
        user_id = users.find_by_email(SYSTEM, email)
        removed = second_factors.reset(SYSTEM, user_id, clock.now())
    _say({"id": user_id, "removed": removed}, f"{removed} second factors removed.", as_json)


def _hashed(typed: TypedUser) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    sign_ins.check_new(password, (typed.name, typed.email), field="password")
    return passwords.STRONG.hash(password)


def _say(result: dict[str, object], words: str, as_json: bool) -> None:
    click.echo(json.dumps(result) if as_json else words)
