"""Moves: the new time lies ahead within the bounds of a request, the place is whole where somebody must travel."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.modes import Mode
from dispatch.domain.moves import Move, MoveOptions, TypedMove, check_move, needs_coordinator
from dispatch.domain.places import TypedPlace
from dispatch.reference import places

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RIESA = TypedPlace(municipality="14627230")


def codes(typed: TypedMove, mode: Mode = Mode.PHONE, **options: object) -> dict[str, tuple[str, ...]]:
    try:
        check_move(typed, mode, places, NOW, **options)  # type: ignore[arg-type]
    except Invalid as refused:
        return refused.errors
    return {}


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        pytest.param(START, 5, {}, id="5 minutes"),
        pytest.param(START, 24 * 60, {}, id="24 hours"),
        pytest.param(NOW + timedelta(seconds=1), 60, {}, id="in a second"),
        pytest.param(NOW + timedelta(days=400), 60, {}, id="in 400 days"),
        pytest.param(START, 4, {"ends_at": ("span_too_short",)}, id="4 minutes"),
        pytest.param(START, 24 * 60 + 1, {"ends_at": ("span_too_long",)}, id="more than 24 hours"),
        pytest.param(START, 0, {"ends_at": ("not_after_start",)}, id="no time"),
        pytest.param(NOW, 60, {"starts_at": ("in_the_past",)}, id="now"),
        pytest.param(NOW + timedelta(days=400, seconds=1), 60, {"starts_at": ("too_far_ahead",)}, id="beyond 400 days"),
    ],
)
def test_the_new_time_keeps_the_bounds_of_a_request(
    start: datetime, minutes: int, expected: dict[str, tuple[str, ...]]
) -> None:
    assert codes(TypedMove(start, start + timedelta(minutes=minutes))) == expected


@pytest.mark.parametrize(
    ("mode", "place", "address", "expected"),
    [
        pytest.param(Mode.ON_SITE, None, "", {}, id="it stays where it is"),
        pytest.param(Mode.ON_SITE, RIESA, "Markt 1", {}, id="a whole place"),
        pytest.param(Mode.ON_SITE, RIESA, "", {"place.address": ("required",)}, id="no street"),
        pytest.param(Mode.ON_SITE, TypedPlace(), "Markt 1", {"place": ("required",)}, id="no municipality"),
        pytest.param(Mode.PHONE, TypedPlace(), "", {}, id="nobody travels to a call"),
    ],
)
def test_a_place_is_whole_where_somebody_must_travel(
    mode: Mode, place: TypedPlace | None, address: str, expected: dict[str, tuple[str, ...]]
) -> None:
    assert codes(TypedMove(START, START + HOUR, place=place, address=address), mode) == expected


def test_what_the_edge_could_not_read_is_told_with_the_rest() -> None:
    found = {"starts_at": ("missing_hour",)}

    assert codes(TypedMove(), found=found) == {"starts_at": ("missing_hour",), "ends_at": ("required",)}


def test_instants_of_other_zones_become_utc() -> None:
    berlin = START.astimezone(tz=None)

    assert check_move(TypedMove(berlin, berlin + HOUR), Mode.PHONE, places, NOW) == Move(START, START + HOUR)


@pytest.mark.parametrize(("moves", "expected"), [(0, False), (1, False), (2, True), (3, True)])
def test_from_the_third_move_on_the_coordination_decides(moves: int, expected: bool) -> None:
    assert needs_coordinator(moves) is expected


def test_how_often_an_office_moves_by_itself_is_an_option() -> None:
    assert needs_coordinator(0, options=MoveOptions(by_office=0)) is True
