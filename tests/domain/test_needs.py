"""Which line of need without a request holds."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.needs import NeedContext, NewNeed, TypedNeed, check
from dispatch.domain.organisations import OrganisationKind

TODAY = date(2026, 11, 24)
CONTEXT = NeedContext({"prs", "so"}, {"doctor"}, {"14627140"})
TYPED = TypedNeed(("so",), "", TODAY, "doctor", "practice", "14627140", "45", "mit dem Kind verständigt")


def test_a_line_holds_with_everything_and_with_the_least() -> None:
    full = NewNeed("so", TODAY, None, "doctor", OrganisationKind.PRACTICE, "14627140", 45, "mit dem Kind verständigt")

    assert check(TYPED, CONTEXT, TODAY) == full
    assert check(TypedNeed(("und",), day=TODAY), CONTEXT, TODAY) == NewNeed("und", TODAY)
    assert check(TypedNeed(("mis",), "Dungan", TODAY), CONTEXT, TODAY) == NewNeed("mis", TODAY, "Dungan")


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"languages": ()}, {"languages": ("required",)}),
        ({"languages": ("so", "prs")}, {"languages": ("one_only",)}),
        ({"languages": ("tlh",)}, {"languages": ("unknown",)}),
        ({"day": None}, {"day": ("required",)}),
        ({"day": date(2025, 11, 23)}, {"day": ("out_of_range",)}),
        ({"day": date(2028, 1, 1)}, {"day": ("out_of_range",)}),
        ({"setting": "witchcraft"}, {"setting": ("unknown",)}),
        ({"kind": "castle"}, {"kind": ("unknown",)}),
        ({"municipality": "00000000"}, {"municipality": ("unknown",)}),
        ({"minutes": "lang"}, {"minutes": ("not_a_number",)}),
        ({"minutes": "٤٥"}, {"minutes": ("not_a_number",)}),
        ({"minutes": "0"}, {"minutes": ("out_of_range",)}),
        ({"minutes": "1441"}, {"minutes": ("out_of_range",)}),
        ({"why": "x" * 201}, {"why": ("too_long",)}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_line_that_does_not_hold_is_refused(changes: dict[str, Any], errors: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid) as refused:
        check(replace(TYPED, **changes), CONTEXT, TODAY)

    assert refused.value.errors == errors
