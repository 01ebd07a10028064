"""What becomes of a request when its acts follow each other: no state without a way out, nobody left untold."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.domain.errors import DoubleBooked
from dispatch.domain.moves import TypedMove
from dispatch.domain.permissions import bearer
from dispatch.domain.requests import NewRequest, Policy
from dispatch.models import Request
from dispatch.services import (
    answers,
    appointments,
    assignments,
    bookings,
    closing,
    lapses,
    letters,
    moves,
    offers,
    promises,
    request_edits,
    waves,
)
from dispatch.services.delivery import Delivery
from dispatch.services.transactions import run
from tests.appointment_cases import COORDINATOR, PHONE, Case, again, booked, states
from tests.builders import NOW, START, Builder
from tests.services.offering import (
    HOUR,
    SEARCHING,
    asked,
    change,
    coordinator,
    holder,
    mails,
    offered,
    offers_of,
    sent,
    states_of,
    stored,
)
from tests.services.offering import (
    appointments as appointments_of,
)

NIGHT = datetime.fromisoformat("2026-11-24T21:30:00+00:00")
"""22:30 in Berlin."""
MOVED = START + timedelta(days=1)


def edit(request: Request, now: datetime = NOW, **values: object) -> None:
    """Change these values of a request as its form does."""
    before = request_edits.stored(COORDINATOR, request.id)
    after: NewRequest = replace(before.value, **values)  # type: ignore[arg-type]
    request_edits.edit(COORDINATOR, request.id, before.version, after, now)


def emergency(request: Request, now: datetime) -> None:
    """Search again as after a hand-back."""
    run(lambda session: _search(session, request, now))


def _search(session: Session, request: Request, now: datetime) -> None:
    held = session.get_one(Request, request.id)
    offers.start_search(session, COORDINATOR, held, now, emergency=True)


def moved(build: Builder) -> Case:
    """An appointment that was confirmed, then moved by its office to another day; all mails so far have left."""
    case = booked(build, answer_by=NOW + HOUR, policy="manual")
    moves.move(case.office, case.appointment.id, TypedMove(MOVED, MOVED + HOUR), NOW)
    sent()
    return case


def asked_again(build: Builder) -> tuple[Request, list[int]]:
    """A request whose emergency wave asks somebody again whose first offer has expired."""
    request, first = offered(build, of_offer={"deadline_at": NOW})
    lapses.expire_due(NOW)
    emergency(request, NOW)
    waves.run_waves(NOW)
    sent()
    return request, [first.id, offers_of(request)[-1].id]


def test_a_search_by_hand_that_is_handed_to_the_waves_goes_on_by_itself(build: Builder) -> None:
    person = build.mediator()
    request = build.request(policy="manual", wave_due_at=None)

    edit(request, policy=Policy.WAVES)
    waves.run_waves(NOW)

    assert asked(request) == [person.id]


def test_waves_that_are_handed_to_the_coordination_stop(build: Builder) -> None:
    build.mediator()
    request = build.request()

    edit(request, policy=Policy.MANUAL)

    assert (waves.run_waves(NOW), stored(request).wave_due_at) == (0, None)


def test_who_must_know_sooner_is_promised_an_answer_sooner(build: Builder) -> None:
    request = build.request(answer_by=START - HOUR, promised_at_booking=START - HOUR, promise_told_at=NOW)

    edit(request, last_useful_answer_at=NOW + 2 * HOUR)

    row = stored(request)
    assert (row.answer_by, row.promised_at_booking, row.promise_told_at) == (NOW + 2 * HOUR, START - HOUR, None)
    assert row.revision == 1


def test_a_new_date_after_a_step_back_ends_at_its_start_again(build: Builder) -> None:
    case = booked(build)
    appointments.step_back(case.holder, case.appointment.id, START)

    edit(case.request, START, starts_at=MOVED, ends_at=MOVED + HOUR)
    closing.close_due(MOVED)

    row = again(case.request)
    assert (row.stepped_back, row.state) == (False, "unfilled")


@pytest.mark.parametrize("which", [0, 1], ids=["old_link", "new_link"])
def test_who_was_asked_twice_says_yes_once_and_is_never_told_that_it_is_taken(build: Builder, which: int) -> None:
    request, ids = asked_again(build)
    mediator_id = offers_of(request)[0].mediator_id

    answers.accept(bearer("offer", ids[which], mediator_id=mediator_id), ids[which], NOW)

    expected = ["withdrawn", "withdrawn"]
    expected[which] = "accepted"
    assert states_of(request) == expected
    assert [offer.cause for offer in offers_of(request) if offer.state == "withdrawn"] == ["closed"]
    assert (mails("offer_taken"), mails("offer_withdrawn")) == ([], [])


def test_who_was_asked_twice_says_no_once(build: Builder) -> None:
    request, ids = asked_again(build)
    mediator_id = offers_of(request)[0].mediator_id

    answers.decline(bearer("offer", ids[0], mediator_id=mediator_id), ids[0], NOW)

    assert states_of(request) == ["declined", "withdrawn"]
    assert (mails("offer_withdrawn"), stored(request).wave_due_at) == ([], NOW)


def test_a_promise_that_passes_while_a_mediator_has_not_confirmed_is_told(build: Builder) -> None:
    request = build.request(policy="direct", answer_by=NOW + HOUR)
    appointment_id = assignments.assign(COORDINATOR, request.id, build.mediator().id, NOW)

    told = [promises.tell_passed_promises(NOW + HOUR), promises.tell_passed_promises(NOW + HOUR)]

    assert (told, mails("request_nobody_yet"), stored(request).state) == ([1, 0], ["schule@example.org"], "assigned")
    message = Delivery(
        id=1, kind="request_nobody_yet", recipient="", locale="de", message_id="m", created_at=NOW, attempts=1,
        request_id=request.id, offer_id=None, appointment_id=appointment_id, mediator_id=None, user_id=None, params={},
    )  # fmt: skip
    assert letters.facts(message, NOW + HOUR) is not None


def test_a_promise_that_was_kept_is_not_broken_by_a_move(build: Builder) -> None:
    case = moved(build)

    told = promises.tell_passed_promises(NOW + HOUR)

    assert (told, again(case.request).answer_by) == (0, None)


@pytest.mark.parametrize("is_silent", [False, True], ids=["declined", "silent"])
def test_the_office_hears_that_nobody_comes_to_its_moved_appointment(build: Builder, is_silent: bool) -> None:
    case = moved(build)

    if is_silent:
        appointments.lapse_proposed(MOVED)
    else:
        appointments.decline(case.holder, case.appointment.id, NOW + HOUR)

    assert (states(case), mails("appointment_moved")) == (("released", "searching"), ["schule@example.org"])


def test_a_proposal_the_office_never_heard_of_ends_without_a_word_to_it(build: Builder) -> None:
    case = booked(build, confirmed=False, answer_by=START - HOUR)

    appointments.decline(case.holder, case.appointment.id, NOW + HOUR)

    assert (states(case), mails("appointment_moved")) == (("released", "searching"), [])


def test_a_late_move_by_the_office_does_not_make_a_hand_back_late(build: Builder) -> None:
    case = booked(build)
    moves.move(case.office, case.appointment.id, TypedMove(MOVED, MOVED + HOUR), START - HOUR)
    bookings.confirm(case.holder, case.appointment.id, START - HOUR)

    appointments.hand_back(case.holder, case.appointment.id, START)

    assert again(case.appointment).late is False


def test_a_cancellation_after_a_late_move_is_shown_as_late_before(build: Builder) -> None:
    case = booked(build)
    moves.move(case.office, case.appointment.id, TypedMove(MOVED, MOVED + HOUR), START - HOUR)
    shown = closing.cancels_late(again(case.request), again(case.appointment), START - HOUR)

    done = closing.cancel(case.office, case.request.id, "own", START - HOUR)

    assert (shown, done.late) == (True, True)


def test_a_cancellation_whose_mediator_is_taken_is_undone_into_a_search(build: Builder) -> None:
    case = booked(build)
    closing.cancel(COORDINATOR, case.request.id, "own", NOW)
    booked(build, mediator=case.mediator)

    with pytest.raises(DoubleBooked):
        closing.reopen(COORDINATOR, case.request.id, NOW)
    state = closing.reopen(COORDINATOR, case.request.id, NOW, search_again=True)

    assert (state, states(case), again(case.request).wave_due_at) == ("searching", ("cancelled", "searching"), NOW)


def test_an_appointment_cancelled_long_before_does_not_come_back(build: Builder) -> None:
    case = booked(build)
    closing.cancel(COORDINATOR, case.request.id, "own", NOW)
    closing.reopen(COORDINATOR, case.request.id, NOW, search_again=True)
    edit(case.request, starts_at=MOVED, ends_at=MOVED + HOUR)
    closing.cancel(COORDINATOR, case.request.id, "own", NOW + HOUR)

    state = closing.reopen(COORDINATOR, case.request.id, NOW + HOUR)

    assert (state, states(case)) == ("searching", ("cancelled", "searching"))


def test_the_office_hears_that_its_cancellation_was_undone(build: Builder) -> None:
    case = booked(build)
    closing.cancel(COORDINATOR, case.request.id, "own", NOW)
    sent()

    closing.reopen(COORDINATOR, case.request.id, NOW + HOUR)

    assert (states(case), mails("request_received")) == (("proposed", "assigned"), ["schule@example.org"])
    answer_by = again(case.request).answer_by
    assert answer_by is not None
    assert answer_by > NOW + HOUR


def test_after_a_hand_back_a_person_may_ask_those_again_who_let_it_lapse(build: Builder) -> None:
    person = build.mediator()
    request = build.request(**SEARCHING | {"policy": "manual"})
    build.offer(request, person, state="expired")
    emergency(request, NOW)

    (offer_id,) = assignments.ask(coordinator(build.user("coordinator").id), request.id, [person.id], NOW)

    assert (states_of(request), offers_of(request)[-1].id) == (["expired", "open"], offer_id)


def test_who_is_booked_in_the_night_is_not_asked_in_the_morning(build: Builder) -> None:
    person = build.mediator()
    picked = build.request(policy="manual", wave_due_at=None)
    assignments.ask(COORDINATOR, picked.id, [person.id], NIGHT)
    other, offer = build.request(**SEARCHING), None
    offer = build.offer(other, person)
    answers.accept(holder(offer), offer.id, NIGHT + HOUR)

    lapses.withdraw_unfit(NIGHT + HOUR)

    assert (states_of(picked), offers_of(picked)[0].cause) == (["withdrawn"], "no_longer_fits")


def test_what_is_filled_afterwards_loses_the_reason_why_it_was_not(build: Builder) -> None:
    person = build.mediator()
    request = build.request(
        starts_at=NOW - 5 * HOUR, state="unfilled", unfilled_reason="other", entered_afterwards=True
    )

    assignments.assign(COORDINATOR, request.id, person.id, NOW, on_behalf=PHONE)

    assert (appointments_of(request), stored(request).unfilled_reason) == ([(person.id, "reconfirmed")], None)


def test_a_search_that_begins_anew_is_no_longer_one_handed_back(build: Builder) -> None:
    case = booked(build)
    appointments.hand_back(case.holder, case.appointment.id, NOW)
    closing.cancel(COORDINATOR, case.request.id, "own", NOW)

    closing.reopen(COORDINATOR, case.request.id, NOW)

    assert change(case.request).handed_back_at is None
