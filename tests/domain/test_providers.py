"""Which record of a provider holds, and whom it serves."""

from dataclasses import replace
from typing import Any

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.providers import NewProvider, ProviderKind, TypedProvider, check, serves

LANGUAGES = {"so", "ti", "prs"}
TYPED = TypedProvider("Pool Nord", "neighbouring_pool", "+4935211234", "pool@example.org", languages=("so", "ti"))


def test_a_provider_holds_with_a_number_or_an_address() -> None:
    least = replace(TYPED, phone="")

    assert check(TYPED, LANGUAGES) == NewProvider(
        "Pool Nord", ProviderKind.NEIGHBOURING_POOL, "+4935211234", "pool@example.org", languages=("so", "ti")
    )
    assert check(least, LANGUAGES).email == "pool@example.org"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": " "}, {"name": ("required",)}),
        ({"name": "Pool Süd"}, {"name": ("taken",)}),
        ({"kind": ""}, {"kind": ("required",)}),
        ({"kind": "castle"}, {"kind": ("unknown",)}),
        ({"phone": "", "email": ""}, {"phone": ("required",)}),
        ({"phone": "Sekretariat"}, {"phone": ("not_a_phone",)}),
        ({"email": "niemand"}, {"email": ("not_an_address",)}),
        ({"url": "javascript:alert(1)"}, {"url": ("not_a_link",)}),
        ({"languages": ("so", "tlh")}, {"languages": ("unknown",)}),
        ({"languages": ("so", "so")}, {"languages": ("repeated",)}),
        ({"hint": "x" * 501}, {"hint": ("too_long",)}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_provider_that_does_not_hold_is_refused(changes: dict[str, Any], errors: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid) as refused:
        check(replace(TYPED, **changes), LANGUAGES, taken={"Pool Süd"})

    assert refused.value.errors == errors


@pytest.mark.parametrize(
    ("spoken", "asked", "holds"),
    [(("so", "ti"), ("ti",), True), (("so",), ("ti", "am"), False), ((), ("ti",), True), (("so",), ("und",), False)],
    ids=["one of them", "none of them", "every language", "a language not known"],
)
def test_a_provider_serves_what_it_speaks(spoken: tuple[str, ...], asked: tuple[str, ...], holds: bool) -> None:
    assert serves(spoken, asked) is holds
