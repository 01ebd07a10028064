"""What a token reaches, how its calls are counted, and what may be typed to make one."""

from datetime import datetime, timedelta

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.programs import (
    ProgramOptions,
    Scope,
    block_size,
    check_token,
    ends_at,
    minute_of,
    next_minute,
    reaches,
)
from tests.domain.times import at

NOW = at("2026-11-23 09:30")


@pytest.mark.parametrize(
    ("scopes", "area", "is_looking", "expected"),
    [
        ((), Scope.REQUESTS, False, True),
        ((Scope.READ,), Scope.REQUESTS, True, True),
        ((Scope.READ,), Scope.REQUESTS, False, False),
        ((Scope.REQUESTS,), Scope.REQUESTS, False, True),
        ((Scope.REQUESTS,), Scope.REQUESTS, True, True),
        ((Scope.REQUESTS,), Scope.MEDIATORS, True, False),
        ((Scope.REQUESTS, Scope.READ), Scope.MEDIATORS, True, True),
        ((Scope.REQUESTS,), None, True, True),
    ],
    ids=["no scopes", "read looks", "read acts", "area acts", "area looks", "another area", "both", "public"],
)
def test_what_a_token_reaches(scopes: tuple[Scope, ...], area: Scope | None, is_looking: bool, expected: bool) -> None:
    assert reaches(scopes, area, is_looking=is_looking) is expected


def test_a_minute_is_counted_in_a_hundred_blocks_at_most() -> None:
    assert [block_size(ProgramOptions(number)) for number in (1, 99, 250, 3000)] == [1, 1, 2, 30]


def test_the_count_begins_anew_with_the_minute_of_the_clock() -> None:
    late = NOW + timedelta(seconds=59)

    assert (minute_of(late), next_minute(late)) == (minute_of(NOW), NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("name", "scopes", "ends", "errors"),
    [
        ("", (), None, {"name": ("required",)}),
        ("x" * 101, (), None, {"name": ("too_long",)}),
        ("Klinik", ("everything",), None, {"scopes": ("unknown_choice",)}),
        ("Klinik", (), NOW, {"expires_at": ("past",)}),
    ],
    ids=["no name", "long name", "unknown scope", "past end"],
)
def test_a_token_that_does_not_hold_is_not_made(
    name: str, scopes: tuple[str, ...], ends: datetime | None, errors: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(Invalid) as refused:
        check_token(name, scopes, ends, NOW)

    assert refused.value.errors == errors


def test_a_token_that_holds_is_made_of_what_was_typed() -> None:
    made = check_token(" Klinik ", ("read", "requests"), None, NOW)

    assert (made.name, made.scopes, made.expires_at) == ("Klinik", frozenset({Scope.READ, Scope.REQUESTS}), None)


def test_a_token_lasts_as_long_as_was_chosen() -> None:
    assert [ends_at(days, NOW) for days in ("", "30")] == [None, NOW + timedelta(days=30)]
    with pytest.raises(Invalid):
        ends_at("31", NOW)
