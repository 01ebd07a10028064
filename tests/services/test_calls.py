"""Calls come and go with their cause, are listed by urgency, and are recorded once with the act they stand for."""

from typing import Any

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.domain.calls import CallSide, Outcome
from dispatch.domain.errors import AlreadyTaken, CallSettled, Invalid, Missing
from dispatch.domain.moves import TypedMove
from dispatch.domain.permissions import Actor, Role
from dispatch.models import AuditEntry, CallAttempt, CallTask, Mediator, Request
from dispatch.services import answers, bookings, call_lists, call_records, closing, lapses, moves, reminders, waves
from dispatch.services.audit import OnBehalf
from dispatch.services.call_lists import Filters
from dispatch.services.call_records import Typed
from dispatch.services.transactions import reading
from tests.appointment_cases import booked
from tests.builders import NOW, START, Builder
from tests.services.offering import (
    HOUR,
    coordinator,
    holder,
    mails,
    offers_of,
    open_calls,
    stored,
)
from tests.services.offering import appointments as appointments_of

DESK = Actor(None, Role.COORDINATOR)
PHONE = OnBehalf("phone")


def tasks(**values: Any) -> list[CallTask]:
    """Return the calls with these values, the earliest first."""
    db.session.remove()
    return list(reading().scalars(select(CallTask).filter_by(**values).order_by(CallTask.id)))


def only(**values: Any) -> CallTask:
    (task,) = tasks(**{"state": "open"} | values)
    return task


def say(task: CallTask, outcome: str, *, now: Any = NOW, actor: Actor = DESK, **values: Any) -> Outcome:
    return call_records.take_down(actor, task.id, Typed(outcome, task.version, **values), now)


def by_phone(build: Builder, **values: Any) -> Mediator:
    return build.mediator(**{"email": None, "contact_channel": "phone", "phone": "+491713920014"} | values)


def asked(build: Builder, **values: Any) -> tuple[Request, Mediator, CallTask]:
    """A request whose wave asks somebody by phone and somebody by mail."""
    person = by_phone(build)
    build.mediator()
    request = build.request(**values)
    waves.run_waves(NOW)
    return request, person, only(kind="offer")


def test_who_cannot_be_called_before_the_deadline_takes_no_place(build: Builder) -> None:
    saturday = NOW + 96 * HOUR
    person, *written = by_phone(build), *(build.mediator() for _ in range(5))
    request = build.request(starts_at=saturday + 40 * HOUR, wave_due_at=saturday)

    waves.run_waves(saturday)

    made = {offer.mediator_id: offer.in_addition for offer in offers_of(request)}
    assert made == {person.id: True} | {other.id: False for other in written}
    assert open_calls() == [("offer", person.id)]


def test_nobody_is_blamed_for_not_being_called(build: Builder) -> None:
    person = by_phone(build)
    build.request()
    waves.run_waves(NOW)

    lapses.expire_due(NOW + 40 * HOUR)

    assert stored(person).lapses_in_row == 0


def test_a_yes_by_phone_is_hers_with_channel_and_recorder(build: Builder) -> None:
    request, person, task = asked(build)
    user = build.user("coordinator")

    outcome = say(task, "yes", actor=coordinator(user.id), note="freut sich")

    offer = offers_of(request)[0]
    assert (outcome, appointments_of(request)) == (Outcome.YES, [(person.id, "confirmed")])
    assert (offer.state, offer.channel, offer.recorded_by_id) == ("accepted", "phone", user.id)
    tried = reading().scalars(select(CallAttempt)).one()
    assert (tried.outcome, tried.note, tried.recorded_by_id, tried.at) == ("yes", "freut sich", user.id, NOW)
    assert (stored(task).state, stored(task).attempts, open_calls()) == ("done", 1, [])
    assert [entry.facts["outcome"] for entry in reading().scalars(select(AuditEntry).filter_by(act="call"))] == ["yes"]


def test_a_no_by_phone_declines_with_its_reason(build: Builder) -> None:
    request, _person, task = asked(build)

    say(task, "no", reason="too_far")

    assert (offers_of(request)[0].state, offers_of(request)[0].decline_reason) == ("declined", "too_far")


def test_who_is_not_reached_stays_in_the_list(build: Builder) -> None:
    request, _person, task = asked(build)

    say(task, "not_reached")

    assert (stored(task).state, stored(task).attempts, offers_of(request)[0].state) == ("open", 1, "open")
    (call,) = call_lists.index(DESK, Filters(), NOW)
    assert (call.attempts, call.latest) == (1, call_lists.Try(NOW, Outcome.NOT_REACHED))


def test_who_wants_to_be_called_back_stands_at_that_time(build: Builder) -> None:
    _request, _person, task = asked(build)

    say(task, "call_back", call_back_at=NOW + 2 * HOUR)

    (call,) = call_lists.index(DESK, Filters(), NOW)
    assert (call.at, call.call_back_at) == (NOW + 2 * HOUR, NOW + 2 * HOUR)
    assert call_lists.index(DESK, Filters(is_later=False), NOW) == []
    assert len(call_lists.index(DESK, Filters(is_later=False), NOW + 2 * HOUR)) == 1


@pytest.mark.parametrize(
    ("outcome", "values", "errors"),
    [
        ("", {}, {"outcome": ("not_of_this_call",)}),
        ("told", {}, {"outcome": ("not_of_this_call",)}),
        ("perhaps", {}, {"outcome": ("not_of_this_call",)}),
        ("call_back", {}, {"call_back": ("required",)}),
        ("call_back", {"call_back_at": NOW}, {"call_back": ("not_ahead",)}),
        ("call_back", {"call_back_at": START}, {"call_back": ("not_ahead",)}),
        ("yes", {"note": "x" * 501}, {"note": ("too_long",)}),
        ("no", {"reason": "mood"}, {"reason": ("unknown_choice",)}),
    ],
)
def test_what_does_not_hold_is_refused_and_changes_nothing(
    build: Builder, outcome: str, values: dict[str, Any], errors: dict[str, tuple[str, ...]]
) -> None:
    _request, _person, task = asked(build)

    with pytest.raises(Invalid) as refused:
        say(task, outcome, **values)

    assert (refused.value.errors, stored(task).attempts, stored(task).state) == (errors, 0, "open")


def test_two_coordinators_record_one_call_and_the_second_learns_so(build: Builder) -> None:
    request, person, task = asked(build)
    say(task, "yes")

    with pytest.raises(CallSettled):
        say(task, "no")

    assert appointments_of(request) == [(person.id, "confirmed")]
    assert (stored(task).attempts, [row.outcome for row in reading().scalars(select(CallAttempt))]) == (1, ["yes"])


def test_a_second_try_recorded_from_an_old_page_is_refused(build: Builder) -> None:
    _request, _person, task = asked(build)
    say(task, "not_reached")

    with pytest.raises(CallSettled):
        say(task, "not_reached")

    assert stored(task).attempts == 1


def test_a_yes_that_comes_too_late_is_noted_and_not_asked_for_again(build: Builder) -> None:
    request, _person, task = asked(build)
    other = offers_of(request)[1]
    stale = stored(task)
    answers.accept(holder(other), other.id, NOW)

    with pytest.raises((AlreadyTaken, CallSettled)):
        say(stale, "yes")

    assert open_calls() == []
    assert appointments_of(request) == [(other.mediator_id, "confirmed")]


def test_who_never_heard_of_an_offer_is_not_told_that_it_is_taken(build: Builder) -> None:
    request, _person, task = asked(build)
    say(task, "not_reached")
    other = offers_of(request)[1]

    answers.accept(holder(other), other.id, NOW)

    assert (open_calls(), stored(task).state) == ([], "dropped")


def test_who_wanted_to_be_called_back_is_told_that_it_is_taken(build: Builder) -> None:
    request, person, task = asked(build)
    say(task, "call_back", call_back_at=NOW + HOUR)
    other = offers_of(request)[1]

    answers.accept(holder(other), other.id, NOW)

    assert [(one.message, one.mediator_id) for one in tasks(state="open")] == [("offer_taken", person.id)]
    assert say(only(), "told") is Outcome.TOLD


def test_an_expired_offer_is_still_asked_for_while_a_yes_would_count(build: Builder) -> None:
    request, _person, task = asked(build)
    later = offers_of(request)[0].deadline_at
    lapses.expire_due(later)

    assert [call.call_id for call in call_lists.index(DESK, Filters(), later)] == [task.id]
    assert call_lists.index(DESK, Filters(), START) == []
    assert (call_records.drop_ended(START), call_records.drop_ended(START)) == (1, 0)


def test_the_re_confirmation_of_who_is_called_is_asked_and_answered_by_phone(build: Builder) -> None:
    case = booked(build, mediator=by_phone(build))
    asked_at = START - 24 * HOUR
    reminders.send_due(asked_at, "worker")
    task = only(kind="reconfirm")

    say(task, "yes", now=asked_at)

    assert (stored(case.appointment).state, open_calls()) == ("reconfirmed", [])
    assert mails("reminder_reconfirm") == []


def test_a_no_to_the_re_confirmation_hands_the_appointment_back(build: Builder) -> None:
    case = booked(build, mediator=by_phone(build))
    reminders.send_due(START - 24 * HOUR, "worker")

    say(only(kind="reconfirm"), "no", now=START - 24 * HOUR)

    assert (stored(case.appointment).state, stored(case.request).state) == ("handed_back", "searching")


def test_a_moved_appointment_is_a_call_and_a_second_move_replaces_it(build: Builder) -> None:
    case = booked(build, mediator=by_phone(build))
    for hours in (24, 48):
        moves.move(case.office, case.appointment.id, TypedMove(START + hours * HOUR, START + (hours + 1) * HOUR), NOW)

    (call,) = call_lists.index(DESK, Filters(), NOW)
    assert (call.message, call.was_moved, call.talk and call.talk.starts_at) == (
        "appointment_proposed", True, START + 48 * HOUR,
    )  # fmt: skip
    say(only(kind="proposal"), "yes")
    assert stored(case.appointment).state == "confirmed"


@pytest.mark.parametrize("confirmed", [True, False], ids=["she knows of it", "she was never reached"])
def test_who_knows_of_an_appointment_is_told_that_it_is_cancelled(build: Builder, confirmed: bool) -> None:
    case = booked(build, mediator=by_phone(build), confirmed=confirmed)

    closing.cancel(case.office, case.request.id, "own", NOW)

    expected = [("appointment_cancelled", case.mediator.id)] if confirmed else []
    assert [(one.message, one.mediator_id) for one in tasks(state="open")] == expected


def test_an_office_without_mail_is_called_with_whom_to_ask_for(build: Builder) -> None:
    unit = build.organisation(contact_email=None, phone="+493521000299")
    case = booked(build, organisation_id=unit.id, contact_name=None, contact_phone=None)

    (call,) = call_lists.index(DESK, Filters(side=CallSide.OFFICE), NOW)

    assert (call.message, call.name, call.phone, call.comes) == (
        "request_assigned", unit.name, "+493521000299", case.mediator.call_name,
    )  # fmt: skip
    assert call.due_at == NOW + HOUR


def test_nothing_about_a_protected_case_is_mailed_and_everybody_is_called(build: Builder) -> None:
    case = booked(build, protection="protected")

    assert (mails("request_assigned"), mails("appointment_confirmed")) == ([], [])
    assert [(one.message, one.side) for one in tasks(state="open")] == [("request_assigned", "office")]
    assert case.appointment.state == "confirmed"


def test_a_region_sees_and_records_its_own_calls_only(build: Builder) -> None:
    asked(build)
    (task,) = tasks()
    elsewhere = Actor(None, Role.REGIONAL_COORDINATOR, areas=frozenset({"Riesa"}))
    here = Actor(None, Role.REGIONAL_COORDINATOR, areas=frozenset({"Meißen"}))

    assert [len(call_lists.index(actor, Filters(), NOW)) for actor in (elsewhere, here)] == [0, 1]
    with pytest.raises(Missing):
        say(task, "not_reached", actor=elsewhere)


def test_an_answer_on_her_own_way_ends_the_call(build: Builder) -> None:
    case = booked(build, mediator=by_phone(build), confirmed=False)
    assert [one.kind for one in tasks(state="open")] == ["proposal"]

    bookings.confirm(DESK, case.appointment.id, NOW, on_behalf=PHONE)

    assert open_calls() == []
