"""Requests are closed by people with a reason or by time, and come back while their start is ahead."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dispatch.domain.errors import AlreadyStarted, Forbidden, Invalid, Missing, MoveRefused
from dispatch.domain.lifecycle import RequestState
from dispatch.models import Appointment
from dispatch.services import closing
from dispatch.services.closing import Cancelled
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.booking import actor_of, acts, mails, offer_states, stored

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("state", ["in_review", "submitted", "searching"])
def test_cancelling_withdraws_offers_and_tells_the_office(build: Builder, state: str) -> None:
    office = build.user()
    request = build.request(organisation_id=office.organisation_id, created_by_id=office.id, state=state)
    build.offer(request, build.mediator())

    done = closing.cancel(actor_of(office), request.id, "solved", NOW)

    row = stored(request.id)
    assert done == Cancelled(RequestState.CANCELLED, late=False)
    assert (row.state, row.cancel_reason, row.closed_at, row.wave_due_at) == ("cancelled", "solved", NOW, None)
    assert offer_states(request.id) == [("withdrawn", "closed")]
    assert mails(request.id)[-1] == ("request_cancelled", office.email, "queued")


@pytest.mark.parametrize(
    ("now", "late"),
    [(START - 24 * HOUR, False), (START - 24 * HOUR + timedelta(seconds=1), True)],
    ids=["24 hours before", "a second later"],
)
def test_cancelling_an_appointment_is_late_inside_24_hours(build: Builder, now: datetime, late: bool) -> None:
    office = build.user()
    request = build.request(organisation_id=office.organisation_id, state="assigned", wave_due_at=None)
    appointment = build.appointment(request, build.mediator())

    done = closing.cancel(actor_of(office), request.id, "own", now)

    row = reading().get(Appointment, appointment.id)
    assert done == Cancelled(RequestState.CANCELLED, late)
    assert row is not None
    assert (row.state, row.cancel_reason, row.late) == ("cancelled", "own", late)


def test_cancelling_twice_changes_nothing_and_answers_the_same(build: Builder) -> None:
    office = build.user()
    request = build.request(organisation_id=office.organisation_id, state="assigned")
    build.appointment(request, build.mediator())
    first = closing.cancel(actor_of(office), request.id, "own", START - HOUR)

    second = closing.cancel(actor_of(office), request.id, "solved", START)

    assert second == first
    assert stored(request.id).cancel_reason == "own"
    assert acts(request.id) == [("move", "cancelled")]


@pytest.mark.parametrize(
    ("reason", "codes"),
    [("", ("required",)), ("lost interest", ("unknown",)), ("refused", ("unknown",))],
)
def test_an_office_cancels_for_one_of_three_reasons(build: Builder, reason: str, codes: tuple[str, ...]) -> None:
    office = build.user()
    request = build.request(organisation_id=office.organisation_id)

    with pytest.raises(Invalid) as refused:
        closing.cancel(actor_of(office), request.id, reason, NOW)

    assert refused.value.errors == {"reason": codes}


@pytest.mark.parametrize("state", ["draft", "completed", "unfilled"])
def test_what_is_over_or_not_sent_is_not_cancelled(build: Builder, state: str) -> None:
    office = build.user()
    request = build.request(organisation_id=office.organisation_id, state=state)

    with pytest.raises(MoveRefused):
        closing.cancel(actor_of(office), request.id, "own", NOW)


def test_nobody_cancels_the_request_of_another_unit(build: Builder) -> None:
    with pytest.raises(Missing):
        closing.cancel(actor_of(build.user()), build.request().id, "own", NOW)


def test_an_unfilled_request_is_searched_for_again_under_a_new_promise(build: Builder) -> None:
    coordinator = build.user("coordinator")
    request = build.request(state="unfilled", unfilled_reason="nobody_free", closed_at=NOW, wave_due_at=None)

    state = closing.reopen(actor_of(coordinator), request.id, NOW)

    row = stored(request.id)
    assert (state, row.state, row.unfilled_reason, row.closed_at) == ("searching", "searching", None, None)
    assert row.wave_due_at == NOW
    assert row.answer_by is not None


def test_undoing_a_cancellation_brings_the_appointment_back_to_be_confirmed(build: Builder) -> None:
    office, coordinator = build.user(), build.user("coordinator")
    request = build.request(organisation_id=office.organisation_id, state="assigned", wave_due_at=None)
    appointment = build.appointment(request, build.mediator())
    closing.cancel(actor_of(office), request.id, "own", NOW)

    state = closing.reopen(actor_of(coordinator), request.id, NOW + HOUR)

    row = reading().get(Appointment, appointment.id)
    assert row is not None
    assert (state, row.state, row.awaits) == ("assigned", "proposed", "mediator")
    assert stored(request.id).cancel_reason is None


def test_nothing_is_reopened_once_its_start_has_come(build: Builder) -> None:
    coordinator = build.user("coordinator")
    request = build.request(state="cancelled", cancel_reason="own", closed_at=NOW)

    with pytest.raises(AlreadyStarted):
        closing.reopen(actor_of(coordinator), request.id, START)


def test_an_office_does_not_reopen(build: Builder) -> None:
    office = build.user()
    request = build.request(organisation_id=office.organisation_id, state="cancelled", closed_at=NOW)

    with pytest.raises(Forbidden):
        closing.reopen(actor_of(office), request.id, NOW)


def test_a_request_is_given_up_with_a_reason(build: Builder) -> None:
    coordinator = build.user("coordinator")
    request = build.request(state="searching")

    closing.mark_unfilled(actor_of(coordinator), request.id, "nobody_speaks", NOW, note="Wir rufen an")

    row = stored(request.id)
    assert (row.state, row.unfilled_reason, row.state_note) == ("unfilled", "nobody_speaks", "Wir rufen an")
    assert mails(request.id) == [("request_unfilled", "schule@example.org", "queued")]


CLOSED_BY_TIME: dict[str, tuple[dict[str, Any], timedelta, str]] = {
    "at its start": ({"state": "searching"}, timedelta(), "unfilled"),
    "not a second before": ({"state": "searching"}, timedelta(seconds=-1), "searching"),
    "in review too": ({"state": "in_review"}, timedelta(), "unfilled"),
    "after a step back at its end": (
        {"state": "searching", "stepped_back": True},
        timedelta(minutes=60),
        "unfilled",
    ),
    "after a step back not at its start": (
        {"state": "searching", "stepped_back": True},
        timedelta(minutes=59),
        "searching",
    ),
    "not what was taken": ({"state": "assigned"}, timedelta(), "assigned"),
    "not what was entered afterwards": (
        {"state": "submitted", "entered_afterwards": True},
        timedelta(),
        "submitted",
    ),
    "never a draft": ({"state": "draft"}, timedelta(), "draft"),
}


@pytest.mark.parametrize(("values", "after", "state"), CLOSED_BY_TIME.values(), ids=CLOSED_BY_TIME)
def test_the_job_closes_what_nobody_took(build: Builder, values: dict[str, Any], after: timedelta, state: str) -> None:
    request = build.request(**values)

    closed = closing.close_due(START + after)

    assert (stored(request.id).state, closed) == (state, int(state == "unfilled"))


def test_the_job_says_why_and_does_nothing_the_second_time(build: Builder) -> None:
    request = build.request(state="searching")
    build.offer(request, build.mediator(), state="declined")
    first = closing.close_due(START)

    second = closing.close_due(START)

    assert (first, second, stored(request.id).unfilled_reason) == (1, 0, "all_declined")
    assert acts(request.id) == [("move", "unfilled")]


def test_where_nobody_speaks_the_language_that_is_the_reason(build: Builder) -> None:
    request = build.request(state="searching", languages=("ti",))
    build.mediator()

    closing.close_due(START)

    assert stored(request.id).unfilled_reason == "nobody_speaks"


def test_a_passed_promise_alone_closes_nothing(build: Builder) -> None:
    request = build.request(state="searching", answer_by=NOW - HOUR)

    assert closing.close_due(NOW) == 0
    assert stored(request.id).state == "searching"
