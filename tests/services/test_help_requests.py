"""A request for help waits for the coordination, tells its state by a code, and keeps from all others who asked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.database import run
from dispatch.domain.errors import Forbidden, Invalid, Throttled
from dispatch.domain.help_requests import Progress, Timing, Topic
from dispatch.domain.permissions import Actor, Role
from dispatch.models import AuditEntry, Offer, OutboxMessage, Request
from dispatch.services import (
    bookings,
    help_requests,
    promises,
    request_edits,
    reviews,
    waves,
)
from dispatch.services.help_requests import Sender
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.booking import actor_of, mails, stored
from tests.services.helping import HOUR, KEY, asked, calls_to_make, coordinator, count, only, said, send


def test_it_waits_for_the_coordination_and_nobody_else_is_asked(build: Builder) -> None:
    build.mediator()
    send()

    row = only()
    assert (row.state, row.wave_due_at, row.review_reasons, row.setting) == ("in_review", None, "resident", "doctor")
    assert (row.contact_name, row.contact_phone, row.caller_name, row.created_by_id) == (None, None, None, None)
    waves.run_waves(NOW + HOUR)
    assert (count(Offer), mails(row.id), calls_to_make()) == (0, [], [])


def test_danger_is_a_protected_case_of_which_only_named_coordinators_know(build: Builder) -> None:
    send(asked(topic=Topic.DANGER, address=None))

    row = only()
    assert (row.protection, row.policy, row.setting, row.address) == ("protected", "manual", "domestic_violence", None)
    kinds = reading().execute(select(OutboxMessage.kind, OutboxMessage.request_id)).all()
    assert [tuple(one) for one in kinds] == [("protected_waits", None)]
    assert help_requests.beside(coordinator(build), row, NOW).contact is None  # type: ignore[union-attr]
    assert help_requests.beside(coordinator(build, named=True), row, NOW).contact  # type: ignore[union-attr]


def test_the_same_form_sent_again_is_one_request_with_the_same_code(build: Builder) -> None:
    sender = Sender("a" * 24, "net", "ar")
    first = help_requests.send(asked(), sender, NOW, key=KEY)

    assert help_requests.send(asked(), sender, NOW + timedelta(minutes=59), key=KEY) == first
    assert help_requests.send(asked(), sender, NOW + HOUR, key=KEY) is None
    assert count(Request) == 1


def test_a_network_is_slowed_down_and_others_are_not(build: Builder) -> None:
    for number in range(10):
        send(number=number)

    with pytest.raises(Throttled):
        send(number=10)
    send(number=11, client="another")
    send(number=12, now=NOW + HOUR)
    assert count(Request) == 12


def test_the_code_tells_the_state_and_no_other_code_does(build: Builder) -> None:
    code = send()

    assert help_requests.progress(code.lower(), "net", NOW, key=KEY) is Progress.LOOKED_AT
    for wrong in ("AAAAA-AAAAA", "no code", "", said().code_hash):
        assert help_requests.progress(wrong, "net", NOW, key=KEY) is None
    assert help_requests.progress(code, "net", NOW, key="another key") is None
    assert code not in str(said().__dict__)


def test_asking_by_code_is_slowed_down(build: Builder) -> None:
    for _ in range(30):
        help_requests.progress("AAAAA-AAAAA", "net", NOW, key=KEY)

    with pytest.raises(Throttled):
        help_requests.progress("AAAAA-AAAAA", "net", NOW, key=KEY)


def test_found_is_told_when_somebody_has_said_yes(build: Builder) -> None:
    code, desk, mediator = send(), coordinator(build), build.mediator()
    reviews.review(desk, only().id, NOW, accept=True)

    def book(confirmed: bool) -> Any:
        request = only().id
        return run(
            lambda session: bookings.book(
                session, desk, session.get_one(Request, request), mediator, NOW,
                confirmed=confirmed, distance_km=1, travel_minutes=5,
            ).id
        )  # fmt: skip

    appointment = book(confirmed=False)
    assert help_requests.progress(code, "net", NOW, key=KEY) is Progress.SEARCHING

    bookings.confirm(Actor(None, Role.MEDIATOR, mediator_id=mediator.id), appointment, NOW)
    assert help_requests.progress(code, "net", NOW, key=KEY) is Progress.FOUND
    assert calls_to_make() == ["request_assigned"]


def test_it_is_released_once_everything_is_settled(build: Builder) -> None:
    send(asked(timing=Timing.MORNING, address=None))
    desk, request = coordinator(build), only()

    with pytest.raises(Invalid) as refused:
        reviews.review(desk, request.id, NOW, accept=True)
    assert refused.value.errors == {"": ("time_is_open", "place_is_open")}

    before = request_edits.stored(desk, request.id)
    assert before.is_time_open
    request_edits.edit(desk, request.id, before.version, replace(before.value, address="Markt 1"), NOW)
    assert (said().timing, only().review_reasons, only().state) == ("fixed", "resident", "in_review")

    reviews.review(desk, request.id, NOW, accept=True)
    assert (stored(request.id).state, calls_to_make()) == ("submitted", [])


def test_an_answer_is_promised_for_the_next_service_day_where_no_time_is_fixed(build: Builder) -> None:
    send(asked(timing=Timing.ANY, starts_at=START + timedelta(days=7), ends_at=START + timedelta(days=7, hours=1)))

    assert only().answer_by == NOW.replace(hour=15) + timedelta(days=1)
    assert promises.tell_passed_promises(NOW + timedelta(days=2)) == 1
    assert (mails(only().id), calls_to_make()) == ([], [])


def test_that_the_contact_was_read_is_noted(build: Builder) -> None:
    send()
    desk, request = coordinator(build), only()

    beside = help_requests.beside(desk, request, NOW)

    assert beside is not None
    assert beside.contact == asked().contact
    wanted = select(AuditEntry.actor_id).where(AuditEntry.act == "read_contact", AuditEntry.subject_id == request.id)
    assert reading().scalars(wanted).all() == [desk.user_id]
    assert help_requests.beside(desk, build.request(), NOW) is None


def test_the_regional_coordination_does_not_read_how_to_reach_who_asked(build: Builder) -> None:
    send()

    beside = help_requests.beside(actor_of(build.user("regional_coordinator")), only(), NOW)

    assert beside is not None
    assert (beside.may_know, beside.contact) == (False, None)
    with pytest.raises(Forbidden):
        help_requests.erase(actor_of(build.user("regional_coordinator")), only().id, NOW)
