"""The three tables of moves, written out as `domain.md` 2 states them."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import product

import pytest

from dispatch.domain.errors import MoveRefused
from dispatch.domain.lifecycle import (
    APPOINTMENT_MOVES,
    LIVE,
    OFFER_MOVES,
    OPEN_REQUEST,
    REQUEST_MOVES,
    AppointmentState,
    OfferState,
    RequestState,
    move_appointment,
    move_offer,
    move_request,
)

REQUEST = """
draft -> submitted in_review
in_review -> submitted cancelled unfilled
submitted -> searching assigned unfilled cancelled
searching -> assigned unfilled cancelled
assigned -> searching completed unfilled cancelled
completed -> unfilled
unfilled -> searching assigned completed
cancelled -> searching assigned
"""
OFFER = """
open -> accepted declined expired withdrawn
accepted ->
declined -> accepted
expired -> accepted declined withdrawn
withdrawn ->
"""
APPOINTMENT = """
proposed -> confirmed reconfirmed released proposed cancelled handed_back stepped_back
confirmed -> reconfirmed completed proposed released cancelled handed_back stepped_back
reconfirmed -> completed proposed released cancelled handed_back stepped_back
completed -> client_absent mediator_absent
client_absent -> completed mediator_absent
mediator_absent -> completed client_absent
released ->
cancelled -> proposed
handed_back ->
stepped_back ->
"""


def _table(text: str) -> dict[str, set[str]]:
    rows = (line.split("->") for line in text.strip().splitlines())
    return {state.strip(): set(targets.split()) for state, targets in rows}


@pytest.mark.parametrize(
    ("moves", "text"),
    [(REQUEST_MOVES, REQUEST), (OFFER_MOVES, OFFER), (APPOINTMENT_MOVES, APPOINTMENT)],
    ids=["request", "offer", "appointment"],
)
def test_the_table_of_moves_is_that_of_the_domain(moves: Mapping[StrEnum, frozenset[StrEnum]], text: str) -> None:
    written = {state.value: {target.value for target in targets} for state, targets in moves.items()}

    assert written == _table(text)


CASES = [
    *(("request", move_request, REQUEST_MOVES, *pair) for pair in product(RequestState, RequestState)),
    *(("offer", move_offer, OFFER_MOVES, *pair) for pair in product(OfferState, OfferState)),
    *(
        ("appointment", move_appointment, APPOINTMENT_MOVES, *pair)
        for pair in product(AppointmentState, AppointmentState)
    ),
]


@pytest.mark.parametrize(
    ("subject", "move", "moves", "state", "target"),
    CASES,
    ids=[f"{subject}:{state}-{target}" for subject, _, _, state, target in CASES],
)
def test_a_move_not_listed_is_refused(
    subject: str,
    move: Callable[[str, StrEnum], StrEnum],
    moves: Mapping[StrEnum, frozenset[StrEnum]],
    state: StrEnum,
    target: StrEnum,
) -> None:
    if target in moves[state]:
        assert move(state.value, target) is target
        return

    with pytest.raises(MoveRefused) as refusal:
        move(state.value, target)

    assert (refusal.value.subject, refusal.value.state, refusal.value.target) == (subject, state, target)


def test_a_state_that_is_no_state_is_an_error() -> None:
    with pytest.raises(ValueError):
        move_request("lost", RequestState.SEARCHING)


def test_four_states_occupy_the_mediators_time() -> None:
    assert {state.value for state in LIVE} == {"proposed", "confirmed", "reconfirmed", "completed"}


def test_a_request_is_open_until_it_has_an_outcome() -> None:
    assert {state.value for state in OPEN_REQUEST} == {"in_review", "submitted", "searching", "assigned"}


@pytest.mark.parametrize(
    ("moves", "start"),
    [
        (REQUEST_MOVES, RequestState.DRAFT),
        (OFFER_MOVES, OfferState.OPEN),
        (APPOINTMENT_MOVES, AppointmentState.PROPOSED),
    ],
    ids=["request", "offer", "appointment"],
)
def test_every_state_can_be_reached_from_the_first(moves: Mapping[StrEnum, frozenset[StrEnum]], start: StrEnum) -> None:
    reached, ahead = set(), {start}
    while ahead:
        reached |= ahead
        ahead = set().union(*(moves[state] for state in ahead)) - reached

    assert reached == set(moves)
