"""Offer one button per role, on a machine of one's own with a database of invented people and nowhere else."""

from flask import current_app

from dispatch import clock
from dispatch.domain.errors import Missing
from dispatch.domain.permissions import ASSIGNABLE, Role
from dispatch.services import sign_ins


def roles() -> list[Role]:
    """Return the roles one may try, none outside a demonstration that is reached on this machine only."""
    if not (current_app.config["DEMO"] and current_app.config["IS_LOOPBACK"]):
        return []
    return sign_ins.demo_roles()


def begin(role: str) -> str:
    """Begin a session as the invented person of a role. Raises Missing unless it is offered."""
    if role not in ASSIGNABLE or Role(role) not in roles():
        raise Missing
    return sign_ins.sign_in_demo(Role(role), clock.now())
