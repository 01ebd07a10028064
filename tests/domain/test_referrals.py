"""What a provider outside may learn, what becomes of asking it, and how a request counts that it solved."""

from dataclasses import fields
from itertools import product

import pytest

from dispatch.domain.errors import Invalid, MoveRefused
from dispatch.domain.referrals import (
    OutsideFacts,
    ReferralState,
    check_channel,
    facts_for_provider,
    is_helped_from_outside,
    move,
)
from dispatch.domain.settings import Protection
from tests.domain.bookings import END, START

ASKED, AGREED, DECLINED, WITHDRAWN, FULFILLED = ReferralState
ALLOWED = {
    (ASKED, AGREED), (ASKED, DECLINED), (ASKED, WITHDRAWN),
    (AGREED, FULFILLED), (AGREED, DECLINED), (AGREED, WITHDRAWN), (FULFILLED, DECLINED),
}  # fmt: skip


def test_a_provider_learns_five_facts_and_no_other() -> None:
    facts = facts_for_provider(["so"], (START, END), "Riesa", "sensitive")

    assert facts == OutsideFacts(("so",), START, END, "Riesa", Protection.SENSITIVE)
    assert [field.name for field in fields(OutsideFacts)] == ["languages", "starts_at", "ends_at", "area", "protection"]


@pytest.mark.parametrize(("state", "target"), list(product(ReferralState, ReferralState)), ids=str)
def test_a_referral_moves_as_the_table_says(state: ReferralState, target: ReferralState) -> None:
    if (state, target) in ALLOWED:
        assert move(state, target) is target
    else:
        with pytest.raises(MoveRefused):
            move(state, target)


@pytest.mark.parametrize(
    ("channel", "protection", "has_email", "has_phone", "code"),
    [
        ("mail", "normal", True, True, None),
        ("phone", "protected", True, True, None),
        ("mail", "protected", True, True, "protected_by_phone"),
        ("mail", "sensitive", False, True, "no_address"),
        ("phone", "normal", True, False, "no_number"),
        ("", "normal", True, True, "required"),
        ("pigeon", "normal", True, True, "unknown_choice"),
    ],
    ids=["mail", "protected by phone", "protected by mail", "no address", "no number", "none", "no such way"],
)
def test_a_protected_case_is_put_to_a_provider_by_telephone_only(
    channel: str, protection: str, has_email: bool, has_phone: bool, code: str | None
) -> None:
    if code is None:
        assert check_channel(channel, protection=protection, has_email=has_email, has_phone=has_phone) == channel
        return
    with pytest.raises(Invalid) as refused:
        check_channel(channel, protection=protection, has_email=has_email, has_phone=has_phone)
    assert refused.value.errors == {"channel": (code,)}


@pytest.mark.parametrize(
    ("state", "reason", "referrals", "counts"),
    [
        ("cancelled", "solved", ("declined", "agreed"), True),
        ("cancelled", "solved", ("fulfilled",), True),
        ("cancelled", "solved", ("declined", "withdrawn"), False),
        ("cancelled", "solved", (), False),
        ("cancelled", "own", ("agreed",), False),
        ("searching", None, ("agreed",), False),
    ],
    ids=["agreed", "fulfilled", "fell through", "the office itself", "own reason", "still searched for"],
)
def test_what_a_provider_solved_counts_apart(
    state: str, reason: str | None, referrals: tuple[str, ...], counts: bool
) -> None:
    assert is_helped_from_outside(state, reason, referrals) is counts
