"""A stored request, typed anew, is the same request; what is changed of it is checked with the rest."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatch.domain.blocks import TypedTalk
from dispatch.domain.places import TypedPlace
from dispatch.domain.request_checks import check
from dispatch.domain.request_values import retyped
from dispatch.domain.settings import Protection
from tests.domain.bookings import CONTEXT, COORDINATION, NOW, START, typed
from tests.domain.pool import RIESA

EVERYTHING: dict[str, Any] = {
    "languages": ("ar", "prs"), "level": "C1", "accept_related": True, "dialect": "Syrisch",
    "fallback_modes": ("video", "phone"), "place_note": "Hinterhaus", "access_phone": "+4935211234",
    "access_url": "https://example.org/x", "contact_name": "Empfang", "contact_phone": "+4935215678",
    "gender": "female", "gender_strict": True, "qualification": "certified", "minor": True, "case_token": "K7Q-4MX",
    "continuity": "lieber_nicht", "preferred_mediators": (1, 2), "exclude_mediators": (3,),
    "avoid_municipalities": (RIESA,), "last_useful_answer_at": START - timedelta(days=1), "reference": "A 12/26",
    "notes": "eins\nzwei", "wants_approval": True,
}  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {},
        EVERYTHING,
        {"mode": "phone", "place": TypedPlace(), "address": ""},
        {"talks": (TypedTalk(20, "1"), TypedTalk(25, "", "K7Q-4MX"))},
        {"setting": "psychosocial"},
    ],
    ids=["least", "everything", "phone", "block", "sensitive"],
)  # fmt: skip
def test_typed_anew_it_is_the_same(values: dict[str, Any]) -> None:
    request = check(typed(**values), CONTEXT, NOW)

    assert check(retyped(request), CONTEXT, NOW, before=request) == request


def test_a_protected_case_keeps_its_meeting_point_and_policy() -> None:
    context = replace(COORDINATION, may_protect=True)
    request = check(typed(protection="protected", meeting_point="Bahnhof"), context, NOW)

    assert check(retyped(request), context, NOW, before=request) == request


def test_another_setting_brings_its_own_protection() -> None:
    request = check(typed(), CONTEXT, NOW)

    changed = check(replace(retyped(request), setting="psychosocial"), CONTEXT, NOW, before=request)

    assert changed.protection is Protection.SENSITIVE
