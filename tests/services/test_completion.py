"""Completion: what was confirmed and has ended is completed by the job, once, with its request."""

from datetime import timedelta

import pytest

from dispatch.services import absences, appointments, closing
from tests.appointment_cases import booked, moves_of, states
from tests.builders import NOW, START, Builder

END = START + timedelta(hours=1)


@pytest.mark.parametrize(
    ("seconds", "count", "expected"),
    [
        pytest.param(-1, 0, ("confirmed", "assigned"), id="a second before its end"),
        pytest.param(0, 1, ("completed", "completed"), id="at its end"),
    ],
)
def test_an_appointment_is_completed_when_it_has_ended(
    build: Builder, seconds: int, count: int, expected: tuple[str, str]
) -> None:
    case = booked(build)

    assert absences.complete_due(END + timedelta(seconds=seconds)) == count

    assert states(case) == expected


def test_completing_again_does_nothing(build: Builder) -> None:
    case = booked(build)

    counts = [absences.complete_due(END) for _ in range(2)]

    assert counts == [1, 0]
    assert moves_of("request", case.request.id)[-1] == ("assigned", "completed")
    assert len(moves_of("appointment", case.appointment.id)) == 1


@pytest.mark.parametrize("state", ["cancelled", "handed_back", "released", "stepped_back"])
def test_what_was_ended_otherwise_is_not_completed(build: Builder, state: str) -> None:
    build.appointment(build.request(state="unfilled"), build.mediator(), state=state)

    assert absences.complete_due(END) == 0


def test_a_proposal_that_ended_unconfirmed_is_released_and_its_request_unfilled(build: Builder) -> None:
    case = booked(build, confirmed=False, now=START - timedelta(minutes=5))

    assert absences.complete_due(END) == 0
    assert appointments.lapse_proposed(END) == 1
    assert closing.close_due(END) == 1

    assert states(case) == ("released", "unfilled")


def test_what_was_entered_afterwards_is_completed_at_once(build: Builder) -> None:
    case = booked(build, starts_at=NOW - timedelta(days=2), state="submitted", entered_afterwards=True)

    absences.complete_due(NOW)

    assert states(case) == ("completed", "completed")
