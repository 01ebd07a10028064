"""Cancelling: the mediator is free, nothing waits to be sent, late is late; and the way back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from dispatch.domain.errors import AlreadyStarted, DoubleBooked, MoveRefused
from dispatch.models import Reminder, Request
from dispatch.services import appointments, bookings, closing
from dispatch.services.transactions import reading, run
from tests.appointment_cases import COORDINATOR, Case, again, booked, mails, states
from tests.builders import NOW, START, Builder

HOUR = timedelta(hours=1)


def cancel(case: Case, now: datetime = NOW) -> closing.Cancelled:
    return closing.cancel(case.office, case.request.id, "own", now)


def test_a_cancelled_request_frees_its_mediator(build: Builder) -> None:
    case = booked(build)

    cancel(case)

    assert states(case) == ("cancelled", "cancelled")
    assert again(case.appointment).cancel_reason == "own"
    assert states(booked(build, mediator=case.mediator)) == ("confirmed", "assigned")


def test_a_cancelled_appointment_reminds_nobody_and_leaves_the_calendar(build: Builder) -> None:
    case = booked(build)

    cancel(case)

    assert set(reading().scalars(select(Reminder.state))) == {"dropped"}
    assert mails() == ["appointment_cancelled", "request_cancelled"]
    assert again(case.appointment).sequence == 1


@pytest.mark.parametrize(
    ("ahead", "late"),
    [
        pytest.param(timedelta(hours=25), False, id="25 hours before"),
        pytest.param(timedelta(hours=24), False, id="24 hours before"),
        pytest.param(timedelta(hours=24, seconds=-1), True, id="a second later"),
        pytest.param(timedelta(minutes=5), True, id="5 minutes before"),
    ],
)
def test_a_cancellation_within_24_hours_is_late(build: Builder, ahead: timedelta, late: bool) -> None:
    case = booked(build)

    result = cancel(case, START - ahead)

    assert (result.late, again(case.appointment).late) == (late, late)


def test_a_freed_mediator_is_a_chance_for_requests_nobody_fits(build: Builder) -> None:
    case = booked(build)
    waiting = build.request(state="searching", nobody_fits_at=NOW, wave_due_at=NOW + 10 * HOUR)

    cancel(case, NOW + HOUR)

    assert again(waiting).wave_due_at == NOW + HOUR


def test_a_request_without_appointment_has_none_to_cancel(build: Builder) -> None:
    request = build.request(state="searching")

    def use_case(session) -> bool:  # type: ignore[no-untyped-def]
        return appointments.cancel_in(session, COORDINATOR, session.get(Request, request.id), "own", NOW)

    assert run(use_case) is False


def test_an_undone_cancellation_is_proposed_anew(build: Builder) -> None:
    case = booked(build)
    cancel(case)

    closing.reopen(COORDINATOR, case.request.id, NOW + HOUR)

    row = again(case.appointment)
    assert states(case) == ("proposed", "assigned")
    assert (row.sequence, row.cancel_reason, row.ended_at, row.awaits) == (2, None, None, "mediator")
    bookings.confirm(case.holder, row.id, NOW + HOUR)
    assert states(case) == ("confirmed", "assigned")


def test_a_cancellation_is_not_undone_into_a_time_that_is_taken(build: Builder) -> None:
    case = booked(build)
    cancel(case)
    booked(build, mediator=case.mediator)

    with pytest.raises(DoubleBooked):
        closing.reopen(COORDINATOR, case.request.id, NOW)

    assert states(case) == ("cancelled", "cancelled")


def test_a_cancellation_is_not_undone_once_it_would_have_begun(build: Builder) -> None:
    case = booked(build)
    cancel(case)

    with pytest.raises(AlreadyStarted):
        closing.reopen(COORDINATOR, case.request.id, START)


def test_what_is_completed_is_not_cancelled(build: Builder) -> None:
    request, mediator = build.request(state="completed"), build.mediator()
    row = build.appointment(request, mediator, state="completed")

    with pytest.raises(MoveRefused):
        closing.cancel(COORDINATOR, request.id, "own", NOW)

    assert again(row).state == "completed"


def test_what_has_taken_place_is_not_cancelled_although_no_job_has_completed_it_yet(build: Builder) -> None:
    case = booked(build)

    with pytest.raises(MoveRefused):
        closing.cancel(case.office, case.request.id, "own", START + HOUR)

    assert states(case) == ("confirmed", "assigned")
