"""Handing back and declining: the request goes on at once, late only informs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.domain.errors import AlreadyStarted, Forbidden, Invalid, MoveRefused
from dispatch.models import OutboxMessage, Reminder
from dispatch.services import appointments
from dispatch.services.transactions import reading
from tests.appointment_cases import COORDINATOR, PHONE, again, booked, mails, moves_of, states
from tests.builders import NOW, START, Builder

LATER = NOW + timedelta(hours=1)


def params_of(kind: str) -> Any:
    return reading().scalars(select(OutboxMessage.params).where(OutboxMessage.kind == kind)).one()


def test_a_handed_back_request_searches_in_an_emergency(build: Builder) -> None:
    case = booked(build)

    appointments.hand_back(case.holder, case.appointment.id, LATER)

    request = again(case.request)
    assert states(case) == ("handed_back", "searching")
    assert (request.emergency, request.wave_due_at, request.handed_back_at) == (True, LATER, LATER)
    assert request.answer_by is not None


def test_both_sides_are_told_and_nothing_else_waits(build: Builder) -> None:
    case = booked(build)

    appointments.hand_back(case.holder, case.appointment.id, LATER)

    assert sorted(mails()) == ["alarm", "appointment_handed_back", "appointment_released"]
    assert set(reading().scalars(select(Reminder.state))) == {"dropped"}


@pytest.mark.parametrize(
    ("ahead", "late"),
    [
        pytest.param(timedelta(hours=24), False, id="24 hours before"),
        pytest.param(timedelta(hours=23), True, id="23 hours before"),
    ],
)
def test_late_only_informs_the_office(build: Builder, ahead: timedelta, late: bool) -> None:
    case = booked(build)

    appointments.hand_back(case.holder, case.appointment.id, START - ahead)

    assert states(case) == ("handed_back", "searching")
    assert params_of("appointment_handed_back") == {"late": late}


def test_handing_back_twice_is_no_fault_and_tells_once(build: Builder) -> None:
    case = booked(build)

    for _ in range(2):
        appointments.hand_back(case.holder, case.appointment.id, LATER)

    assert sorted(mails()) == ["alarm", "appointment_handed_back", "appointment_released"]
    assert moves_of("appointment", case.appointment.id) == [("confirmed", "handed_back")]


def test_a_coordinator_records_a_hand_back_with_its_channel(build: Builder) -> None:
    case = booked(build)

    with pytest.raises(Invalid):
        appointments.hand_back(COORDINATOR, case.appointment.id, LATER)
    appointments.hand_back(COORDINATOR, case.appointment.id, LATER, on_behalf=PHONE)

    assert states(case) == ("handed_back", "searching")


def test_an_office_does_not_hand_back(build: Builder) -> None:
    case = booked(build)

    with pytest.raises(Forbidden):
        appointments.hand_back(case.office, case.appointment.id, LATER)


def test_what_has_begun_is_not_handed_back(build: Builder) -> None:
    case = booked(build)

    with pytest.raises(AlreadyStarted):
        appointments.hand_back(case.holder, case.appointment.id, START)


@pytest.mark.parametrize("state", ["completed", "cancelled", "released", "stepped_back", "client_absent"])
def test_what_is_over_is_not_handed_back(build: Builder, state: str) -> None:
    request, mediator = build.request(state="assigned"), build.mediator()
    row = build.appointment(request, mediator, state=state)

    with pytest.raises(MoveRefused):
        appointments.hand_back(COORDINATOR, row.id, NOW, on_behalf=PHONE)

    assert again(row).state == state


def test_who_handed_back_is_not_a_candidate_for_this_revision(build: Builder) -> None:
    from dispatch.services import matching

    case = booked(build)
    appointments.hand_back(case.holder, case.appointment.id, LATER)

    ranking = matching.rank(reading(), case.request.id, LATER)

    assert [[failure.code for failure in unfit.failures] for unfit in ranking.ineligible] == [["declined"]]


def test_a_declined_proposal_releases_her_and_searches_on(build: Builder) -> None:
    case = booked(build, confirmed=False)

    for _ in range(2):
        appointments.decline(case.holder, case.appointment.id, LATER)

    assert states(case) == ("released", "searching")
    assert again(case.request).emergency is False
    assert moves_of("appointment", case.appointment.id) == [("proposed", "released")]
    assert mails() == ["appointment_released"]


def test_what_was_confirmed_is_handed_back_not_declined(build: Builder) -> None:
    case = booked(build)

    with pytest.raises(MoveRefused):
        appointments.decline(case.holder, case.appointment.id, LATER)


def test_the_office_does_not_decline_what_awaits_the_mediator(build: Builder) -> None:
    case = booked(build, confirmed=False)

    with pytest.raises(Forbidden):
        appointments.decline(case.office, case.appointment.id, LATER)


@pytest.mark.parametrize(
    ("deadline", "now", "lapsed"),
    [
        pytest.param(NOW + timedelta(hours=24), NOW + timedelta(hours=23), 0, id="before its deadline"),
        pytest.param(NOW + timedelta(hours=24), NOW + timedelta(hours=24), 1, id="at its deadline"),
    ],
)
def test_a_proposal_lapses_in_silence(build: Builder, deadline: datetime, now: datetime, lapsed: int) -> None:
    case = booked(build, confirmed=False)
    assert case.appointment.deadline_at == deadline

    assert appointments.lapse_proposed(now) == lapsed
    assert appointments.lapse_proposed(now) == 0

    assert states(case) == (("released", "searching") if lapsed else ("proposed", "assigned"))
    assert mails() == (["appointment_released"] if lapsed else ["appointment_proposed"])
