"""Decide what a provider outside the service may learn of a request, and what becomes of asking one.

Five facts leave the house and no other: languages, day with time, area and protection class.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.domain.errors import Invalid, MoveRefused
from dispatch.domain.lifecycle import CancelReason, RequestState
from dispatch.domain.settings import Protection


class ReferralState(StrEnum):
    """How asking a provider stands; `fulfilled`: the talk was held with its help."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"


class ReferralChannel(StrEnum):
    """How a provider is asked."""

    MAIL = "mail"
    PHONE = "phone"


S = ReferralState

MOVES: Mapping[ReferralState, frozenset[ReferralState]] = {
    S.ASKED: frozenset({S.AGREED, S.DECLINED, S.WITHDRAWN}),
    S.AGREED: frozenset({S.FULFILLED, S.DECLINED, S.WITHDRAWN}),
    S.DECLINED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.FULFILLED: frozenset({S.DECLINED}),
}
"""A provider that agreed and then did not help after all has declined."""

HELPING: frozenset[ReferralState] = frozenset({S.AGREED, S.FULFILLED})


@dataclass(frozen=True, slots=True)
class OutsideFacts:
    """All that a provider may learn; `area` is a social area, None where there is no place or it lies outside."""

    languages: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    area: str | None
    protection: Protection


def facts_for_provider(
    languages: Iterable[str], span: tuple[datetime, datetime], area: str | None, protection: str
) -> OutsideFacts:
    """Return the facts for a provider: never number, office, setting, place, notes or anything of the case."""
    return OutsideFacts(tuple(languages), span[0], span[1], area, Protection(protection))


def move(state: str, target: ReferralState) -> ReferralState:
    """Return `target`, or raise MoveRefused when asking a provider cannot go there."""
    if target not in MOVES[ReferralState(state)]:
        raise MoveRefused("referral", state, target)
    return target


def check_channel(channel: str, *, protection: str, has_email: bool, has_phone: bool) -> ReferralChannel:
    """Return how a provider is asked; Invalid (`channel`) where that way does not exist or must not be taken.

    Nothing of a protected case leaves by mail: such a one is asked by telephone.
    """
    if channel not in set(ReferralChannel):
        raise Invalid({"channel": ("unknown_choice" if channel else "required",)})
    chosen = ReferralChannel(channel)
    if chosen is ReferralChannel.MAIL and protection == Protection.PROTECTED:
        raise Invalid({"channel": ("protected_by_phone",)})
    if chosen is ReferralChannel.MAIL and not has_email:
        raise Invalid({"channel": ("no_address",)})
    if chosen is ReferralChannel.PHONE and not has_phone:
        raise Invalid({"channel": ("no_number",)})
    return chosen


def is_helped_from_outside(state: str, cancel_reason: str | None, referrals: Iterable[str]) -> bool:
    """Tell whether a request was solved by a provider: counted apart, neither as filled nor as unmet."""
    is_solved = state == RequestState.CANCELLED and cancel_reason == CancelReason.SOLVED
    return is_solved and not HELPING.isdisjoint(referrals)
