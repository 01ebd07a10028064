"""Decide how long an office reads its request by a link, how much it may write, and who speaks for the office.

It never decides what the page shows; that is `disclosure`'s.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.domain.accounts import Limit
from dispatch.domain.permissions import Actor, Role


@dataclass(frozen=True, slots=True)
class OfficeLinkOptions:
    """Option: how long after its end a request is shown by its link, and how long and how many messages may be.

    Fourteen days: as long as it may be corrected who came.
    """

    link_lasts: timedelta = timedelta(days=14)
    message: int = 500
    messages: Limit = field(default_factory=lambda: Limit(10, timedelta(hours=1)))


DEFAULT = OfficeLinkOptions()


def has_ended(
    closed_at: datetime | None, ends_at: datetime, now: datetime, *, options: OfficeLinkOptions = DEFAULT
) -> bool:
    """Tell whether the link of a request has ended: it counts from when it was closed, else from its end."""
    return now >= (closed_at or ends_at) + options.link_lasts


def speaks_for_office(actor: Actor) -> bool:
    """Tell whether an act is the office's own word: of a member of the unit, or of who holds its request's link."""
    if actor.role is Role.LINK:
        return actor.link is not None and actor.link[0] == "request"
    return actor.role is Role.REQUESTER
