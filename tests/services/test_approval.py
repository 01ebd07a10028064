"""The office agrees to who comes before it counts as found."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.domain.errors import Forbidden, LinkExpired, Missing, MoveRefused
from dispatch.domain.tasks import TaskKind
from dispatch.models import Exclusion, Mediator
from dispatch.services import answers, appointment_pages, appointments, board, bookings, promises, request_pages, waves
from dispatch.services.appointment_deeds import Deed
from dispatch.services.board_filters import Filters
from dispatch.services.transactions import reading
from tests.appointment_cases import COORDINATOR, PHONE, Case, again, booked, mails, states
from tests.builders import NOW, START, Builder
from tests.services.offering import asked, codes, fitting, holder, offered

HOUR = timedelta(hours=1)


def waiting(build: Builder, **values: object) -> Case:
    """Somebody has said yes, and the office is asked whether it agrees."""
    return booked(build, wants_approval=True, **values)  # type: ignore[arg-type]


def test_a_yes_waits_for_the_office_and_both_sides_are_told(build: Builder) -> None:
    request, offer = offered(build, wants_approval=True)

    given = answers.accept(holder(offer), offer.id, NOW)

    page = appointment_pages.show(COORDINATOR, given.appointment_id or 0, NOW)
    assert (page.state, page.awaits) == ("proposed", "office")
    assert page.answer_by is not None
    assert mails() == ["appointment_awaits_office", "approval_wanted"]
    assert again(request).first_confirmed_at is None


@pytest.mark.parametrize("side", ["office", "by_link"])
def test_the_office_agrees(build: Builder, side: str) -> None:
    case = waiting(build)

    for _ in range(2):
        bookings.confirm(getattr(case, side), case.appointment.id, NOW + HOUR)

    assert states(case) == ("confirmed", "assigned")
    assert mails() == ["appointment_confirmed", "request_assigned"]
    assert again(case.appointment).approved_at == NOW + HOUR


def test_a_coordinator_records_what_the_office_says(build: Builder) -> None:
    case = waiting(build)

    bookings.confirm(COORDINATOR, case.appointment.id, NOW, on_behalf=PHONE)

    assert states(case) == ("confirmed", "assigned")


def test_the_mediator_cannot_agree_for_the_office_and_repeating_her_yes_is_no_fault(build: Builder) -> None:
    case = waiting(build)

    bookings.confirm(case.holder, case.appointment.id, NOW)

    assert again(case.appointment).awaits == "office"
    with pytest.raises(Forbidden):
        appointments.decline(case.holder, case.appointment.id, NOW, other_person=True)


def test_the_link_of_a_request_reaches_its_own_appointment_only(build: Builder) -> None:
    case, other = waiting(build), waiting(build, starts_at=START + timedelta(days=1))

    for act in (bookings.confirm, appointments.decline):
        with pytest.raises(Missing):
            act(case.by_link, other.appointment.id, NOW)

    assert states(other) == ("proposed", "assigned")


def test_the_link_of_a_request_gives_no_yes_of_hers(build: Builder) -> None:
    asked_anew = booked(build, confirmed=False, wants_approval=True)
    soon = waiting(build, starts_at=NOW + 5 * HOUR, ends_at=NOW + 6 * HOUR)
    sure = booked(build, starts_at=START + timedelta(days=1))

    with pytest.raises(Forbidden):
        bookings.confirm(asked_anew.by_link, asked_anew.appointment.id, NOW)
    bookings.confirm(sure.by_link, sure.appointment.id, START + timedelta(hours=23))
    for act in (appointments.hand_back, appointments.step_back):
        with pytest.raises(Missing):
            act(soon.by_link, soon.appointment.id, NOW)

    assert (states(asked_anew)[0], states(sure)[0], states(soon)[0]) == ("proposed", "confirmed", "proposed")


def test_no_link_speaks_for_the_office_of_a_protected_case(build: Builder) -> None:
    case = waiting(build, protection="protected")

    for act in (bookings.confirm, appointments.decline):
        with pytest.raises(Missing):
            act(case.by_link, case.appointment.id, NOW)
    with pytest.raises(LinkExpired):
        request_pages.holder_of(case.request.id, NOW)


@pytest.mark.parametrize("side", ["office", "by_link"])
def test_somebody_else_needs_no_reason_bars_for_the_case_and_counts_as_nothing(build: Builder, side: str) -> None:
    case = waiting(build, case_token=None)
    other = build.mediator()

    for _ in range(2):
        appointments.decline(getattr(case, side), case.appointment.id, NOW, other_person=True)

    request = again(case.request)
    bars = reading().execute(select(Exclusion.mediator_id, Exclusion.origin, Exclusion.case_token)).all()
    assert [tuple(bar) for bar in bars] == [(case.mediator.id, "unit", request.case_token)]
    assert states(case) == ("released", "searching")
    assert mails() == ["appointment_released"]
    assert again(reading().get_one(Mediator, case.mediator.id)).lapses_in_row == 0
    waves.run_waves(NOW)
    assert asked(request) == [other.id]


def test_who_was_not_wanted_for_one_case_is_asked_for_another_of_the_unit(build: Builder) -> None:
    case = waiting(build)
    appointments.decline(case.office, case.appointment.id, NOW, other_person=True)
    elsewhere = build.request(
        organisation_id=case.request.organisation_id, case_token="ABC-2DE", starts_at=START + timedelta(days=9)
    )

    assert fitting(elsewhere) == [case.mediator.id]
    assert "excluded" in codes(again(case.request), case.mediator)


def test_the_silence_of_the_office_is_a_task_and_not_her_loss(build: Builder) -> None:
    case = waiting(build)
    later = again(case.appointment).deadline_at
    assert later is not None

    assert appointments.lapse_proposed(later) == 0
    assert [task.kind for task in board.tasks(COORDINATOR, Filters(), later)] == [TaskKind.APPROVAL]
    assert appointments.lapse_proposed(START) == 1
    assert states(case) == ("released", "searching")


def test_an_office_that_is_asked_to_agree_is_not_told_that_nobody_was_found(build: Builder) -> None:
    waiting(build, answer_by=NOW + HOUR)

    assert promises.tell_passed_promises(NOW + HOUR) == 0


def test_she_may_hand_back_while_the_office_thinks_and_its_yes_comes_too_late(build: Builder) -> None:
    case = waiting(build)
    page = appointment_pages.show(case.holder, case.appointment.id, NOW)
    assert set(page.deeds) == {Deed.HAND_BACK}

    appointments.hand_back(case.holder, case.appointment.id, NOW)

    with pytest.raises(MoveRefused):
        bookings.confirm(case.office, case.appointment.id, NOW)
    assert states(case) == ("handed_back", "searching")


def test_whose_time_was_moved_after_the_office_agreed_needs_no_second_approval(build: Builder) -> None:
    case = waiting(build)
    bookings.confirm(case.office, case.appointment.id, NOW)

    assert again(case.appointment).approved_at is not None
    assert set(appointment_pages.show(case.office, case.appointment.id, NOW).deeds) == {Deed.CANCEL, Deed.MOVE}
