"""Stepping back: she knows the person, is barred for the case, and the search runs until the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.domain.errors import Forbidden, MoveRefused
from dispatch.models import Exclusion
from dispatch.services import appointments, closing, matching
from dispatch.services.transactions import reading
from tests.appointment_cases import COORDINATOR, PHONE, again, booked, mails, states
from tests.builders import START, Builder

ARRIVAL = START + timedelta(minutes=2)


def test_on_arrival_she_steps_back_and_the_search_runs_on(build: Builder) -> None:
    case = booked(build)

    appointments.step_back(case.holder, case.appointment.id, ARRIVAL)

    request = again(case.request)
    assert states(case) == ("stepped_back", "searching")
    assert (request.stepped_back, request.emergency, request.wave_due_at) == (True, True, ARRIVAL)


def test_the_office_is_told_so_that_it_can_choose_and_her_calendar_too(build: Builder) -> None:
    case = booked(build)

    appointments.step_back(case.holder, case.appointment.id, ARRIVAL)

    assert sorted(mails(since=ARRIVAL)) == ["alarm", "appointment_released", "appointment_stepped_back"]


def test_she_is_barred_for_the_case_of_this_unit(build: Builder) -> None:
    case = booked(build)
    follow_up = build.request(
        state="searching", organisation_id=case.request.organisation_id, starts_at=START + timedelta(days=7)
    )
    another_case = build.request(state="searching", case_token="ABC-2DE", starts_at=START + timedelta(days=8))

    appointments.step_back(case.holder, case.appointment.id, ARRIVAL)

    fits = {
        request.id: matching.rank(reading(), request.id, ARRIVAL).eligible_total
        for request in (case.request, follow_up, another_case)
    }
    assert fits == {case.request.id: 0, follow_up.id: 0, another_case.id: 1}


def test_stepping_back_twice_is_no_fault_and_bars_once(build: Builder) -> None:
    case = booked(build)

    for _ in range(2):
        appointments.step_back(case.holder, case.appointment.id, ARRIVAL)

    rows = reading().execute(select(Exclusion.origin, Exclusion.case_token)).all()
    assert [tuple(row) for row in rows] == [("stepped_back", "K7Q-4MX")]
    assert sorted(mails(since=ARRIVAL)) == ["alarm", "appointment_released", "appointment_stepped_back"]


def test_a_coordinator_records_it_by_phone(build: Builder) -> None:
    case = booked(build)

    appointments.step_back(COORDINATOR, case.appointment.id, ARRIVAL, on_behalf=PHONE)

    assert states(case) == ("stepped_back", "searching")


def test_the_office_cannot_say_it_for_her(build: Builder) -> None:
    case = booked(build)

    with pytest.raises(Forbidden):
        appointments.step_back(case.office, case.appointment.id, ARRIVAL)


def test_nobody_steps_back_from_what_is_over(build: Builder) -> None:
    case = booked(build)

    with pytest.raises(MoveRefused):
        appointments.step_back(case.holder, case.appointment.id, case.appointment.ends_at)


def test_without_replacement_the_request_stays_unfilled_at_its_end(build: Builder) -> None:
    case = booked(build)
    appointments.step_back(case.holder, case.appointment.id, ARRIVAL)

    assert closing.close_due(case.request.ends_at - timedelta(seconds=1)) == 0
    assert closing.close_due(case.request.ends_at) == 1

    assert states(case) == ("stepped_back", "unfilled")
