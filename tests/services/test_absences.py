"""Absences: within two weeks of the end each side may say who was missing, and the request follows."""

from datetime import datetime, timedelta

import pytest

from dispatch.domain.errors import DoubleBooked, Forbidden, Invalid, MoveRefused
from dispatch.services import absences
from tests.appointment_cases import COORDINATOR, Case, again, booked, states
from tests.builders import START, Builder

END = START + timedelta(hours=1)
NEXT_DAY = END + timedelta(days=1)


def completed(build: Builder) -> Case:
    case = booked(build)
    absences.complete_due(END)
    return case


@pytest.mark.parametrize(
    ("steps", "expected", "reason"),
    [
        pytest.param(["client"], ("client_absent", "completed"), None, id="client"),
        pytest.param(["mediator"], ("mediator_absent", "unfilled"), "mediator_absent", id="mediator"),
        pytest.param(["none"], ("completed", "completed"), None, id="nobody"),
        pytest.param(["client", "none"], ("completed", "completed"), None, id="client, corrected"),
        pytest.param(["mediator", "none"], ("completed", "completed"), None, id="mediator, corrected"),
        pytest.param(["client", "mediator"], ("mediator_absent", "unfilled"), "mediator_absent", id="the other one"),
        pytest.param(["mediator", "client"], ("client_absent", "completed"), None, id="and back"),
    ],
)
def test_the_request_follows_its_appointment(
    build: Builder, steps: list[str], expected: tuple[str, str], reason: str | None
) -> None:
    case = completed(build)

    for side in steps:
        absences.set_absent(COORDINATOR, case.appointment.id, side, NEXT_DAY)

    assert states(case) == expected
    assert again(case.request).unfilled_reason == reason


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        pytest.param(END - timedelta(seconds=1), False, id="before the end"),
        pytest.param(END, True, id="at the end"),
        pytest.param(END + timedelta(days=14, seconds=-1), True, id="within 14 days"),
        pytest.param(END + timedelta(days=14), False, id="after 14 days"),
    ],
)
def test_it_may_be_said_for_two_weeks(build: Builder, now: datetime, allowed: bool) -> None:
    case = booked(build)

    if allowed:
        absences.set_absent(case.office, case.appointment.id, "mediator", now)
    else:
        with pytest.raises(MoveRefused):
            absences.set_absent(case.office, case.appointment.id, "mediator", now)

    assert states(case) == (("mediator_absent", "unfilled") if allowed else ("confirmed", "assigned"))


@pytest.mark.parametrize(
    ("by", "steps", "allowed"),
    [
        pytest.param("colleague", ["client"], True, id="she says the client was absent"),
        pytest.param("colleague", ["client", "none"], True, id="she takes it back"),
        pytest.param("colleague", ["mediator"], False, id="of herself she says nothing"),
        pytest.param("office", ["mediator"], True, id="the office says she was absent"),
        pytest.param("office", ["client"], True, id="the office says the client was absent"),
        pytest.param("holder", ["client"], False, id="the link does not reach so far"),
    ],
)
def test_who_may_say_what(build: Builder, by: str, steps: list[str], allowed: bool) -> None:
    case = completed(build)

    def say() -> None:
        for side in steps:
            absences.set_absent(getattr(case, by), case.appointment.id, side, NEXT_DAY)

    if allowed:
        say()
    else:
        with pytest.raises(Forbidden):
            say()

    assert (states(case) == ("completed", "completed")) == (not allowed or steps[-1] == "none")


def test_she_does_not_take_back_what_the_office_said_of_her(build: Builder) -> None:
    case = completed(build)
    absences.set_absent(case.office, case.appointment.id, "mediator", NEXT_DAY)

    with pytest.raises(Forbidden):
        absences.set_absent(case.colleague, case.appointment.id, "none", NEXT_DAY)


def test_it_does_not_come_back_into_a_time_that_is_taken(build: Builder) -> None:
    case = completed(build)
    absences.set_absent(COORDINATOR, case.appointment.id, "mediator", NEXT_DAY)
    build.appointment(build.request(state="completed"), case.mediator, state="completed")

    with pytest.raises(DoubleBooked):
        absences.set_absent(COORDINATOR, case.appointment.id, "none", NEXT_DAY)

    assert states(case) == ("mediator_absent", "unfilled")


def test_an_unknown_side_is_refused(build: Builder) -> None:
    case = completed(build)

    with pytest.raises(Invalid) as refused:
        absences.set_absent(COORDINATOR, case.appointment.id, "both", NEXT_DAY)

    assert refused.value.errors == {"side": ("unknown_choice",)}


@pytest.mark.parametrize("state", ["proposed", "released", "handed_back", "cancelled", "stepped_back"])
def test_nobody_is_absent_from_what_did_not_take_place(build: Builder, state: str) -> None:
    row = build.appointment(
        build.request(state="unfilled"), build.mediator(), state=state,
        awaits="mediator" if state == "proposed" else None,
    )  # fmt: skip

    with pytest.raises(MoveRefused):
        absences.set_absent(COORDINATOR, row.id, "client", NEXT_DAY)
