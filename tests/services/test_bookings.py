"""Booking: how an appointment begins, whose yes counts, and what both sides are told."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from dispatch.domain.errors import DoubleBooked, Forbidden, Invalid, Missing, MoveRefused
from dispatch.domain.permissions import Actor, Role
from dispatch.services import arrivals, bookings
from tests.appointment_cases import COORDINATOR, PHONE, again, booked, mails, moves_of, states
from tests.builders import NOW, START, Builder

LATE = START - timedelta(hours=24)
"""Within two hours before a re-confirmation would be asked, which is Monday 9:00."""


@pytest.mark.parametrize(
    ("confirmed", "now", "state"),
    [
        pytest.param(True, NOW, "confirmed", id="yes"),
        pytest.param(True, LATE, "reconfirmed", id="late yes"),
        pytest.param(False, NOW, "proposed", id="direct"),
        pytest.param(False, LATE, "proposed", id="late direct"),
    ],
)
def test_an_appointment_begins_as_its_booking_says(build: Builder, confirmed: bool, now: datetime, state: str) -> None:
    case = booked(build, confirmed=confirmed, now=now)

    assert states(case) == (state, "assigned")
    assert case.appointment.awaits == (None if confirmed else "mediator")


def test_a_booking_copies_time_place_and_the_minutes_of_the_setting(build: Builder) -> None:
    case = booked(build, setting="parent_talk")

    row = case.appointment
    assert (row.starts_at, row.ends_at, row.address, row.mode) == (
        case.request.starts_at, case.request.ends_at, case.request.address, "on_site",
    )  # fmt: skip
    assert (row.distance_km, row.travel_minutes, row.sequence, row.slot) == (5.0, 20, 0, 1)
    assert row.reconfirm_at == START - timedelta(hours=24)


def test_a_mediator_who_offers_only_the_fallback_comes_by_it(build: Builder) -> None:
    at_home = build.mediator(on_site=False, by_phone=False, by_video=True)

    case = booked(build, mediator=at_home, fallback_video=True)

    assert case.appointment.mode == "video"


def test_a_booking_marks_the_instants_the_service_is_measured_by(build: Builder) -> None:
    case = booked(build, confirmed=False)
    later = NOW + timedelta(hours=1)
    bookings.confirm(case.holder, case.appointment.id, later)

    request = again(case.request)
    assert (request.first_assigned_at, request.first_confirmed_at) == (NOW, later)


@pytest.mark.parametrize(
    ("confirmed", "expected"),
    [
        pytest.param(True, ["appointment_confirmed", "request_assigned"], id="confirmed"),
        pytest.param(False, ["appointment_proposed"], id="proposed"),
    ],
)
def test_both_sides_are_told_of_a_yes_and_the_mediator_alone_of_a_proposal(
    build: Builder, confirmed: bool, expected: list[str]
) -> None:
    booked(build, confirmed=confirmed)

    assert mails() == expected


def test_who_has_no_address_gets_no_mail(build: Builder) -> None:
    booked(build, mediator=build.mediator(email=None))

    assert mails() == ["request_assigned"]


def test_what_was_entered_after_its_end_needs_no_yes_and_tells_nobody(build: Builder) -> None:
    case = booked(build, confirmed=False, starts_at=NOW - timedelta(days=2), state="submitted", entered_afterwards=True)

    assert states(case) == ("reconfirmed", "assigned")
    assert mails() == []


@pytest.mark.parametrize(
    ("now", "deadline"),
    [
        pytest.param(NOW, timedelta(hours=24), id="fourteen waking hours, a night between"),
        pytest.param(START - timedelta(hours=2), timedelta(minutes=15), id="fifteen minutes shortly before"),
    ],
)
def test_a_proposal_waits_as_long_as_the_wave_table_says(build: Builder, now: datetime, deadline: timedelta) -> None:
    case = booked(build, confirmed=False, now=now)

    assert case.appointment.deadline_at == now + deadline


def test_an_overlap_is_refused_when_it_is_booked(build: Builder) -> None:
    first = booked(build)

    with pytest.raises(DoubleBooked):
        booked(build, mediator=first.mediator, starts_at=START + timedelta(minutes=30))


def test_touching_appointments_are_both_booked(build: Builder) -> None:
    first = booked(build)

    second = booked(build, mediator=first.mediator, starts_at=START + timedelta(hours=1))

    assert states(second) == ("confirmed", "assigned")


def test_a_closed_request_is_not_booked(build: Builder) -> None:
    with pytest.raises(MoveRefused):
        booked(build, state="completed")


def test_a_yes_to_a_proposal_confirms_it_once(build: Builder) -> None:
    case = booked(build, confirmed=False)

    for _ in range(2):
        bookings.confirm(case.holder, case.appointment.id, NOW)

    assert moves_of("appointment", case.appointment.id) == [("proposed", "confirmed")]
    assert mails() == ["appointment_confirmed", "request_assigned"]
    assert again(case.appointment).deadline_at is None


def test_a_late_yes_to_a_proposal_is_a_re_confirmation(build: Builder) -> None:
    case = booked(build, confirmed=False)

    bookings.confirm(case.holder, case.appointment.id, LATE)

    assert states(case) == ("reconfirmed", "assigned")


@pytest.mark.parametrize(
    ("awaits", "by", "allowed"),
    [
        pytest.param("mediator", "holder", True, id="her link"),
        pytest.param("mediator", "colleague", True, id="her account"),
        pytest.param("mediator", "office", False, id="not the office"),
        pytest.param("office", "office", True, id="the office it awaits"),
    ],
)
def test_only_whom_it_awaits_confirms_a_proposal(
    app: Flask, build: Builder, awaits: str, by: str, allowed: bool
) -> None:
    request, mediator = build.request(state="assigned"), build.mediator()
    row = build.appointment(request, mediator, state="proposed", awaits=awaits, confirmed_at=None)
    case = type(booked(build))(request, mediator, row)

    if allowed:
        bookings.confirm(getattr(case, by), row.id, NOW)
    else:
        with pytest.raises(Forbidden):
            bookings.confirm(getattr(case, by), row.id, NOW)

    assert again(row).state == ("confirmed" if allowed else "proposed")


def test_a_coordinator_records_a_yes_with_its_channel(build: Builder) -> None:
    case = booked(build, confirmed=False)

    bookings.confirm(COORDINATOR, case.appointment.id, NOW, on_behalf=PHONE)

    assert (again(case.appointment).state, again(case.appointment).channel) == ("confirmed", "phone")


def test_a_coordinator_who_names_no_channel_is_asked_for_it(build: Builder) -> None:
    case = booked(build, confirmed=False)

    with pytest.raises(Invalid) as refused:
        bookings.confirm(COORDINATOR, case.appointment.id, NOW)

    assert refused.value.errors == {"channel": ("required",)}


def test_nobody_but_the_coordination_acts_for_others(build: Builder) -> None:
    case = booked(build, confirmed=False)

    with pytest.raises(Forbidden):
        bookings.confirm(case.holder, case.appointment.id, NOW, on_behalf=PHONE)


def test_an_appointment_of_others_does_not_exist(build: Builder) -> None:
    case = booked(build, confirmed=False)
    stranger = Actor(None, Role.MEDIATOR, mediator_id=build.mediator().id)

    for who, which in ((stranger, case.appointment.id), (COORDINATOR, 2**40), (COORDINATOR, 999)):
        with pytest.raises(Missing):
            bookings.confirm(who, which, NOW)


@pytest.mark.parametrize(
    ("now", "state", "coming"),
    [
        pytest.param(NOW, "confirmed", False, id="days before, it changes nothing"),
        pytest.param(LATE - timedelta(hours=2), "confirmed", False, id="two hours before it is asked"),
        pytest.param(LATE - timedelta(hours=1), "reconfirmed", True, id="an hour before it is asked"),
        pytest.param(LATE + timedelta(hours=1), "reconfirmed", True, id="when asked"),
    ],
)
def test_her_word_that_she_comes_re_confirms_when_it_is_about_time(
    build: Builder, now: datetime, state: str, coming: bool
) -> None:
    case = booked(build)

    arrivals.coming(case.holder, case.appointment.id, now)

    assert states(case) == (state, "assigned")
    assert (again(case.appointment).coming_at is not None) == coming


def test_her_word_ends_the_alarm_about_her_silence(build: Builder) -> None:
    request, mediator = build.request(state="assigned"), build.mediator()
    row = build.appointment(request, mediator, reconfirm_at=LATE, reconfirm_alarm_at=LATE)

    bookings.confirm(Actor(None, Role.MEDIATOR, mediator_id=mediator.id), row.id, LATE)

    assert (again(row).state, again(row).reconfirm_alarm_at) == ("reconfirmed", None)


def test_a_proposal_is_not_confirmed_by_coming(build: Builder) -> None:
    case = booked(build, confirmed=False)

    with pytest.raises(MoveRefused):
        arrivals.coming(case.holder, case.appointment.id, NOW)


def test_the_office_is_told_of_a_delay_once_for_each_number(build: Builder) -> None:
    case = booked(build)
    before = START - timedelta(minutes=30)

    for minutes in (10, 10, 20):
        arrivals.running_late(case.holder, case.appointment.id, minutes, before + timedelta(minutes=minutes))

    assert mails(since=before) == ["appointment_running_late"] * 2
    assert (again(case.appointment).late_minutes, states(case)) == (20, ("reconfirmed", "assigned"))


@pytest.mark.parametrize("minutes", [0, -5, 241])
def test_a_delay_has_bounds(build: Builder, minutes: int) -> None:
    case = booked(build)

    with pytest.raises(Invalid) as refused:
        arrivals.running_late(case.holder, case.appointment.id, minutes, NOW)

    assert refused.value.errors == {"minutes": ("out_of_range",)}


def test_nobody_is_late_for_what_is_over(build: Builder) -> None:
    case = booked(build)

    with pytest.raises(MoveRefused):
        arrivals.running_late(case.holder, case.appointment.id, 10, case.appointment.ends_at)
