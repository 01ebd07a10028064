"""Decide in which of the asked modes a mediator would come; never whether that suits her otherwise."""

from collections.abc import Collection, Sequence
from enum import StrEnum


class Mode(StrEnum):
    """How the two sides and the mediator meet."""

    ON_SITE = "on_site"
    PHONE = "phone"
    VIDEO = "video"


def mode_offered(offered: Collection[Mode], asked: Sequence[Mode]) -> Mode | None:
    """Return the first asked mode (the wanted one, then the named fallbacks) that is offered, or None."""
    return next((mode for mode in asked if mode in offered), None)
