"""Decide who looks after a request: one person at a time, for some hours, openly.

A claim gives no right and takes none away; it tells the others that somebody is at it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.domain.duty import DEFAULT, DutyOptions


@dataclass(frozen=True, slots=True)
class Claim:
    """Who said "I look after it", and when."""

    user_id: int
    at: datetime


def ends_at(claim: Claim, *, options: DutyOptions = DEFAULT) -> datetime:
    """Return when a claim ends by itself."""
    return claim.at + timedelta(hours=options.claim_hours)


def standing(
    user_id: int | None, at: datetime | None, now: datetime, *, options: DutyOptions = DEFAULT
) -> Claim | None:
    """Return the claim that holds now; one that has ended by itself does not, whether or not a job has seen it."""
    if user_id is None or at is None:
        return None
    claim = Claim(user_id, at)
    return claim if now < ends_at(claim, options=options) else None


def may_take(claim: Claim | None, user_id: int, *, taken_from: int | None = None) -> bool:
    """Tell whether `user_id` may claim: what nobody holds, one's own, or what one openly takes over from its holder."""
    return claim is None or claim.user_id in {user_id, taken_from}
