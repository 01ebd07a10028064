"""Alarms: to the mailbox at once, to the deputies after two service hours, once each, until somebody is at it."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.domain.alarms import AlarmKind
from dispatch.domain.errors import Missing
from dispatch.domain.moves import TypedMove
from dispatch.domain.permissions import Actor, Role
from dispatch.models import OutboxMessage, Request, User
from dispatch.services import alarms, appointments, arrivals, bounces, claims, moves
from dispatch.services.transactions import run
from tests.appointment_cases import PHONE, booked
from tests.builders import NOW, START, Builder
from tests.services.offering import HOUR, add, change
from tests.services.presence import MAILBOX, actor, away, look, raised, told

TODAY = NOW.date()
LATER = NOW + 2 * HOUR
"""Two service hours after NOW, a Tuesday at 10:00."""


@pytest.fixture
def team(build: Builder) -> tuple[User, User]:
    """Two coordinators: Jana and Nora."""
    jana = build.user("coordinator", name="Jana", email="jana@example.org")
    return jana, build.user("coordinator", name="Nora", email="nora@example.org")


def sound(request: Request, key: str = "one") -> None:
    """Raise an alarm about a request whose promise has passed."""
    change(request, answer_by=NOW, promise_told_at=NOW)
    run(lambda session: alarms.raise_alarm(session, AlarmKind.PROMISE_PASSED, key, NOW, request_id=request.id))


def test_an_alarm_goes_to_the_mailbox_at_once_and_to_everybody_there_after_two_service_hours(
    build: Builder, team: tuple[User, User]
) -> None:
    sound(build.request())

    look(LATER - timedelta(seconds=1))
    before = told()
    for _ in range(2):
        look(LATER)

    assert (before, told()) == ([MAILBOX], [MAILBOX, "jana@example.org", "nora@example.org"])


def test_it_goes_to_the_deputy_alone_where_there_is_one(build: Builder, team: tuple[User, User]) -> None:
    jana, nora = team
    build.user("coordinator")
    away(jana, TODAY, TODAY, nora)
    sound(build.request())

    look(LATER)

    assert told() == [MAILBOX, "nora@example.org"]


def test_while_nobody_is_there_it_waits_for_whoever_comes_first(build: Builder, team: tuple[User, User]) -> None:
    jana, nora = team
    away(jana, TODAY, TODAY)
    away(nora, TODAY, TODAY + timedelta(days=7))
    sound(build.request())

    look(LATER)
    waiting = told()
    look(LATER + timedelta(days=1))

    assert (waiting, told()) == ([MAILBOX], [MAILBOX, "jana@example.org"])


def test_the_same_key_alarms_once(build: Builder) -> None:
    request = build.request()

    for _ in range(2):
        sound(request)

    assert (len(raised()), told()) == (1, [MAILBOX])


def test_whoever_takes_or_claims_is_the_last_to_be_told(build: Builder, team: tuple[User, User]) -> None:
    taken, claimed = build.request(), build.request()
    sound(taken, "one")
    sound(claimed, "two")

    alarms.take(actor(team[0]), 1, NOW)
    claims.claim(actor(team[1]), claimed.id, NOW)
    look(LATER)

    assert told() == [MAILBOX, MAILBOX]
    assert raised() == [("promise_passed", True, False)] * 2


def test_what_is_claimed_already_is_taken_from_the_start(build: Builder, team: tuple[User, User]) -> None:
    sound(build.request(claimed_by_id=team[0].id, claimed_at=NOW))

    look(LATER)

    assert (raised(), told()) == ([("promise_passed", True, False)], [MAILBOX])


@pytest.mark.parametrize("by_hand", [True, False], ids=["given back", "after four hours"])
def test_a_claim_that_ends_lets_the_alarm_wait_for_somebody_again(
    build: Builder, team: tuple[User, User], by_hand: bool
) -> None:
    request = build.request()
    sound(request)
    claims.claim(actor(team[0]), request.id, NOW)

    if by_hand:
        claims.release(actor(team[0]), request.id, NOW + HOUR)
    over = NOW + (HOUR if by_hand else 4 * HOUR)
    look(over)
    waiting = told()
    look(over + 2 * HOUR if by_hand else over + timedelta(days=1))

    assert (waiting, told()[1:]) == ([MAILBOX], ["jana@example.org", "nora@example.org"])


def test_an_alarm_whose_cause_has_gone_is_settled_and_tells_nobody(build: Builder, team: tuple[User, User]) -> None:
    request = build.request()
    sound(request)
    change(request, answer_by=NOW + timedelta(days=2))

    look(LATER)

    assert (raised(), told()) == ([("promise_passed", False, True)], [MAILBOX])


def test_a_hand_back_alarms_unless_the_coordination_records_it(build: Builder, team: tuple[User, User]) -> None:
    first, second, third = (booked(build, starts_at=START + timedelta(days=day)) for day in range(3))
    appointments.hand_back(first.holder, first.appointment.id, NOW)
    appointments.hand_back(actor(team[0]), second.appointment.id, NOW, on_behalf=PHONE)
    appointments.step_back(third.holder, third.appointment.id, NOW)

    assert [kind for kind, *_ in raised()] == ["handed_back", "stepped_back"]


def test_silence_on_the_re_confirmation_alarms_until_she_says_that_she_comes(build: Builder) -> None:
    case = booked(build)
    silent_at = START - timedelta(days=1) + 3 * HOUR

    look(silent_at - timedelta(seconds=1))
    before = raised()
    look(silent_at)
    sounded = raised()
    arrivals.coming(case.holder, case.appointment.id, silent_at)
    look(silent_at)

    assert before == []
    assert (sounded, raised()) == ([("unconfirmed", False, False)], [("unconfirmed", False, True)])


def test_a_moved_appointment_is_another_cause(build: Builder) -> None:
    case = booked(build)
    look(START - timedelta(days=1) + 3 * HOUR)

    moves.move(case.office, case.appointment.id, TypedMove(START + 3 * HOUR, START + 4 * HOUR), START - 10 * HOUR)
    look(START - 10 * HOUR)

    assert ("unconfirmed", False, True) in raised()


@pytest.mark.parametrize(
    ("hours", "values", "expected"),
    [
        pytest.param(48, {"nobody_fits_at": NOW}, ["nobody_fits"], id="nobody fits, in two days"),
        pytest.param(49, {"nobody_fits_at": NOW}, [], id="nobody fits, later"),
        pytest.param(3, {"exhausted_at": NOW}, ["nobody_fits"], id="everybody has declined"),
        pytest.param(3, {}, [], id="a round runs"),
        pytest.param(-1, {"nobody_fits_at": NOW}, [], id="it has begun"),
    ],
)
def test_nobody_left_for_a_start_that_is_near_alarms_once(
    build: Builder, hours: int, values: dict[str, Any], expected: list[str]
) -> None:
    build.request(state="searching", starts_at=NOW + hours * HOUR, **values)

    for _ in range(2):
        look(NOW)

    assert [kind for kind, *_ in raised()] == expected


def test_an_address_that_refuses_alarms_once_until_a_person_has_seen_it(
    build: Builder, team: tuple[User, User]
) -> None:
    request = build.request()
    for number in range(2):
        add(_failed(f"<{number}@x>", "request_received", request_id=request.id))
    add(_failed("<2@x>", "invite"), _failed("<3@x>", "alarm"))

    for _ in range(2):
        look(NOW)
    sounded = raised()
    bounces.mark_seen(actor(team[0]), 1, NOW)
    look(NOW)

    assert sounded == [("undelivered", False, False)]
    assert raised() == [("undelivered", False, True)]


def test_an_alarm_out_of_sight_does_not_exist(build: Builder, team: tuple[User, User]) -> None:
    sound(build.request())
    elsewhere = Actor(99, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))

    with pytest.raises(Missing):
        alarms.take(elsewhere, 1, NOW)

    assert (raised(), alarms.open_alarms(elsewhere)) == ([("promise_passed", False, False)], [])


def test_a_protected_case_alarms_those_who_are_named_for_it_only(build: Builder, team: tuple[User, User]) -> None:
    change(team[1], handles_protected=True)
    sound(build.request(protection="protected", policy="manual"))

    look(LATER)

    assert told() == [MAILBOX, "nora@example.org"]


def _failed(message_id: str, kind: str, **values: object) -> OutboxMessage:
    return OutboxMessage(
        kind=kind, recipient="schule@example.org", locale="de", message_id=message_id, state="failed", due_at=NOW,
        created_at=NOW, error="550 no such user", **values,
    )  # fmt: skip
