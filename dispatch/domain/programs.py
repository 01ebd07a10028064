"""Decide what a program's token reaches and how many calls it may make; who its user is stands in the permissions.

A token without scopes reaches all that its user may.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings

LONGEST_NAME = 100
LASTS_DAYS = (30, 90, 365)
"""For how long a token may be made on its page, besides until it is revoked."""
REPEAT_LASTS = timedelta(hours=24)
"""How long a call with the same `Idempotency-Key` gets the first one's answer."""
REPEAT_LEASE = timedelta(minutes=1)
"""How long a call under such a key is believed to be at work still."""


class Scope(StrEnum):
    """What a token is for: `read` looks at everything, each other word does everything with one kind of thing."""

    READ = "read"
    REQUESTS = "requests"
    OFFERS = "offers"
    APPOINTMENTS = "appointments"
    MEDIATORS = "mediators"
    ORGANISATIONS = "organisations"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True)
class ProgramOptions:
    """Calls of one token in a minute, of the clock on the wall."""

    calls_per_minute: int = 3_000


DEFAULT = ProgramOptions()
BLOCKS = 100
"""Into how many blocks the calls of a minute are cut; a process takes one block at a time."""


@dataclass(frozen=True)
class NewToken:
    """A token as it is made; no `expires_at`: until it is revoked."""

    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None


def check_token(name: str, scopes: Collection[str], expires_at: datetime | None, now: datetime) -> NewToken:
    """Return the token to make. Raises Invalid: `name` required, too_long, control_characters; `scopes` unknown_choice;
    `expires_at` past.
    """  # fmt: skip
    findings = Findings()
    kept = findings.line("name", name, LONGEST_NAME)
    findings.require("name", kept)
    if not set(scopes) <= set(Scope):
        findings.add("scopes", "unknown_choice")
    if expires_at is not None and expires_at <= now:
        findings.add("expires_at", "past")
    findings.raise_if_any()
    return NewToken(kept or "", frozenset(Scope(word) for word in scopes), expires_at)


def ends_at(days: str, now: datetime) -> datetime | None:
    """Return until when a token holds that was made for so many days, None for an empty choice.

    Raises Invalid (`lasts`: unknown) for any number but those of LASTS_DAYS.
    """
    if not days:
        return None
    if days not in {str(choice) for choice in LASTS_DAYS}:
        raise Invalid({"lasts": ("unknown_choice",)})
    return now + timedelta(days=int(days))


def reaches(scopes: Collection[Scope], area: Scope | None, *, is_looking: bool) -> bool:
    """Tell whether a token may be used for a call: `area` is whose things it concerns, None those that are public."""
    if not scopes or area is None:
        return True
    return area in scopes or (is_looking and Scope.READ in scopes)


def block_size(options: ProgramOptions = DEFAULT) -> int:
    """Return how many calls a process takes at once out of a minute's."""
    return max(1, options.calls_per_minute // BLOCKS)


def minute_of(now: datetime) -> int:
    """Return the number of the minute in which calls are counted."""
    return int(now.timestamp()) // 60


def next_minute(now: datetime) -> datetime:
    """Return when the count begins anew."""
    return datetime.fromtimestamp((minute_of(now) + 1) * 60, now.tzinfo)
