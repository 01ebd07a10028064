"""Moving: what fits is proposed anew and blocks its time, what does not changes nothing and says why."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.domain.errors import (
    AlreadyStarted,
    ApprovalNeeded,
    DoesNotFit,
    DoubleBooked,
    Forbidden,
    Invalid,
    Missing,
    MoveRefused,
    Refusal,
    Stale,
)
from dispatch.domain.moves import TypedMove
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.places import TypedPlace
from dispatch.models import Link, OutboxMessage, Reminder
from dispatch.services import appointments, bookings, links, moves
from dispatch.services.transactions import reading
from tests.appointment_cases import COORDINATOR, Case, again, booked, mails, moves_of, states
from tests.builders import NOW, START, Builder

HOUR = timedelta(hours=1)
NEW = START + timedelta(days=1)
KEY = "a key of the tests"


def to(start: datetime, **values: Any) -> TypedMove:
    return TypedMove(start, start + HOUR, **values)


def test_a_move_that_fits_is_proposed_and_waits_for_the_mediator(build: Builder) -> None:
    case = booked(build)

    moves.move(case.office, case.appointment.id, to(NEW), NOW)

    row, request = again(case.appointment), again(case.request)
    assert (row.state, row.awaits, row.sequence, row.confirmed_at) == ("proposed", "mediator", 1, None)
    assert (row.starts_at, request.starts_at, request.state) == (NEW, NEW, "assigned")
    assert (request.move_count, request.revision, row.late) == (1, 2, False)
    assert row.deadline_at == NOW + timedelta(hours=24)
    assert row.reconfirm_at == NEW - timedelta(hours=24)


def test_a_move_tells_both_sides_and_forgets_what_it_made_untrue(build: Builder) -> None:
    case = booked(build)

    moves.move(COORDINATOR, case.appointment.id, to(NEW), NOW)

    assert mails() == ["appointment_moved", "appointment_proposed"]
    assert set(reading().scalars(select(Reminder.state))) == {"dropped"}


def test_a_yes_to_the_new_time_makes_its_reminders_anew(build: Builder) -> None:
    case = booked(build)
    moves.move(COORDINATOR, case.appointment.id, to(NEW), NOW)

    bookings.confirm(case.holder, case.appointment.id, NOW + HOUR)

    due = reading().scalars(select(Reminder.due_at).where(Reminder.state == "due"))
    assert sorted(set(due)) == [NEW - timedelta(hours=hours) for hours in (7 * 24, 24, 2)]
    assert states(case) == ("confirmed", "assigned")


def test_a_move_retires_the_link_to_the_old_time(build: Builder) -> None:
    case = booked(build)
    links.issue("appointment", case.appointment.id, key=KEY, now=NOW)

    moves.move(COORDINATOR, case.appointment.id, to(NEW), NOW)

    assert reading().scalars(select(Link.used_at)).all() == [NOW]


def test_the_new_time_blocks_the_mediator_while_it_is_only_proposed(build: Builder) -> None:
    case = booked(build)
    moves.move(COORDINATOR, case.appointment.id, to(NEW), NOW)

    with pytest.raises(DoubleBooked):
        booked(build, mediator=case.mediator, starts_at=NEW)

    assert states(booked(build, mediator=case.mediator)) == ("confirmed", "assigned")


@pytest.mark.parametrize(
    ("other_start", "other", "codes"),
    [
        pytest.param(NEW + HOUR / 2, {}, ("conflict",), id="overlap"),
        pytest.param(NEW + HOUR + HOUR / 4, {}, ("conflict",), id="the way does not fit"),
        pytest.param(NEW + 2 * HOUR, {}, None, id="the way fits"),
        pytest.param(NEW + HOUR + HOUR / 4, {"mode": "phone"}, None, id="no way to a call"),
    ],
)
def test_a_move_respects_the_other_appointments(
    build: Builder, other_start: datetime, other: dict[str, Any], codes: tuple[str, ...] | None
) -> None:
    case = booked(build)
    booked(build, mediator=case.mediator, starts_at=other_start, address="Markt 1", **other)

    if codes:
        with pytest.raises(DoesNotFit) as refused:
            moves.move(case.office, case.appointment.id, to(NEW), NOW)
        assert refused.value.codes == codes
    else:
        moves.move(case.office, case.appointment.id, to(NEW), NOW)

    assert states(case)[0] == ("confirmed" if codes else "proposed")


def test_a_move_that_does_not_fit_changes_nothing(build: Builder) -> None:
    case = booked(build)
    build.span(case.mediator, "absence", NEW, NEW + HOUR)
    before = mails()

    with pytest.raises(DoesNotFit) as refused:
        moves.move(case.office, case.appointment.id, to(NEW), NOW)

    row, request = again(case.appointment), again(case.request)
    assert refused.value.codes == ("availability",)
    assert (row.starts_at, row.sequence, row.state) == (START, 0, "confirmed")
    assert (request.starts_at, request.revision, request.move_count) == (START, 1, 0)
    assert mails() == before


def test_with_search_again_the_mediator_is_released_and_the_search_begins_anew(build: Builder) -> None:
    case = booked(build)
    build.span(case.mediator, "absence", NEW, NEW + HOUR)

    moves.move(case.office, case.appointment.id, to(NEW), NOW, search_again=True)

    request = again(case.request)
    assert states(case) == ("released", "searching")
    assert (request.starts_at, request.revision, request.wave, request.wave_due_at) == (NEW, 2, 0, NOW)
    assert request.answer_by is not None
    assert again(case.appointment).starts_at == START
    assert mails() == ["appointment_moved", "appointment_released"]


@pytest.mark.parametrize("after", ["silence", "no"])
def test_silence_or_a_no_to_the_new_time_restarts_the_search(build: Builder, after: str) -> None:
    case = booked(build)
    moved = moves.move(case.office, case.appointment.id, to(NEW), NOW)
    deadline = moved.deadline_at
    assert deadline is not None

    if after == "silence":
        assert appointments.lapse_proposed(deadline - timedelta(seconds=1)) == 0
        assert appointments.lapse_proposed(deadline) == 1
    else:
        appointments.decline(case.holder, case.appointment.id, NOW + HOUR)

    assert states(case) == ("released", "searching")
    assert again(case.request).starts_at == NEW


@pytest.mark.parametrize(
    ("ahead", "late"),
    [
        pytest.param(timedelta(hours=24), False, id="24 hours before"),
        pytest.param(timedelta(hours=24, seconds=-1), True, id="a second later"),
    ],
)
def test_a_move_inside_the_late_window_counts_as_late(build: Builder, ahead: timedelta, late: bool) -> None:
    case = booked(build)

    moves.move(case.office, case.appointment.id, to(NEW), START - ahead)

    assert again(case.appointment).late is late


def test_from_the_third_move_on_the_coordination_moves(build: Builder) -> None:
    case = booked(build)
    for day in (1, 2):
        moves.move(case.office, case.appointment.id, to(START + timedelta(days=day)), NOW)

    with pytest.raises(ApprovalNeeded):
        moves.move(case.office, case.appointment.id, to(START + timedelta(days=3)), NOW)
    moves.move(COORDINATOR, case.appointment.id, to(START + timedelta(days=3)), NOW)

    assert again(case.request).move_count == 3


def test_the_time_it_has_already_is_no_move(build: Builder) -> None:
    case = booked(build)

    moves.move(case.office, case.appointment.id, to(START), NOW)

    assert (states(case), again(case.request).move_count) == (("confirmed", "assigned"), 0)


def test_a_new_place_changes_the_way_and_goes_to_the_request(build: Builder) -> None:
    case = booked(build)
    riesa = TypedPlace(municipality="14627230")

    moves.move(case.office, case.appointment.id, to(START, place=riesa, address="Markt 1"), NOW)

    row, request = again(case.appointment), again(case.request)
    assert (row.municipality, row.address) == (request.municipality, request.address) == ("14627230", "Markt 1")
    assert row.distance_km > 20
    assert row.travel_minutes > 30


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        pytest.param(TypedMove(), {"starts_at": ("required",), "ends_at": ("required",)}, id="nothing"),
        pytest.param(TypedMove(NEW, NEW), {"ends_at": ("not_after_start",)}, id="no time"),
        pytest.param(TypedMove(NEW, NEW + HOUR / 15), {"ends_at": ("span_too_short",)}, id="4 minutes"),
        pytest.param(TypedMove(NEW, NEW + 25 * HOUR), {"ends_at": ("span_too_long",)}, id="25 hours"),
        pytest.param(to(NOW), {"starts_at": ("in_the_past",)}, id="now"),
        pytest.param(to(NOW + 401 * 24 * HOUR), {"starts_at": ("too_far_ahead",)}, id="in 401 days"),
        pytest.param(
            to(NEW, place=TypedPlace(municipality="99999999"), address="Markt 1"),
            {"place.municipality": ("unknown",)},
            id="unknown municipality",
        ),
        pytest.param(
            to(NEW, place=TypedPlace(municipality="14627230")), {"place.address": ("required",)}, id="no address"
        ),
    ],
)
def test_what_was_typed_must_hold(build: Builder, typed: TypedMove, errors: dict[str, tuple[str, ...]]) -> None:
    case = booked(build)

    with pytest.raises(Invalid) as refused:
        moves.move(case.office, case.appointment.id, typed, NOW)

    assert {name: refused.value.errors.get(name) for name in errors} == errors
    assert states(case) == ("confirmed", "assigned")


def test_a_stale_form_is_refused(build: Builder) -> None:
    case = booked(build)
    moves.move(case.office, case.appointment.id, to(NEW), NOW, version=1)

    with pytest.raises(Stale):
        moves.move(case.office, case.appointment.id, to(NEW + HOUR), NOW, version=1)


@pytest.mark.parametrize(
    ("state", "now", "refusal"),
    [
        pytest.param("completed", NOW, MoveRefused, id="completed"),
        pytest.param("cancelled", NOW, MoveRefused, id="cancelled"),
        pytest.param("handed_back", NOW, MoveRefused, id="handed back"),
        pytest.param("confirmed", START, AlreadyStarted, id="begun"),
    ],
)
def test_what_is_over_or_has_begun_is_not_moved(
    build: Builder, state: str, now: datetime, refusal: type[Refusal]
) -> None:
    request, mediator = build.request(state="assigned"), build.mediator()
    row = build.appointment(request, mediator, state=state)

    with pytest.raises(refusal):
        moves.move(COORDINATOR, row.id, to(NEW), now)

    assert again(row).state == state


def test_offices_move_their_own_and_mediators_none(build: Builder) -> None:
    case = booked(build)
    other_office = Actor(None, Role.REQUESTER, organisation_ids=frozenset({build.organisation().id}))

    for who, refusal in ((other_office, Missing), (case.colleague, Forbidden), (case.holder, Forbidden)):
        with pytest.raises(refusal):
            moves.move(who, case.appointment.id, to(NEW), NOW)


def test_a_move_is_in_the_audit_log(build: Builder) -> None:
    case = booked(build)

    moves.move(case.office, case.appointment.id, to(NEW), NOW)

    assert moves_of("appointment", case.appointment.id) == [("confirmed", "proposed")]


def test_every_move_raises_the_sequence_of_the_calendar_entry(build: Builder) -> None:
    case: Case = booked(build)

    for day in (1, 2):
        moves.move(COORDINATOR, case.appointment.id, to(START + timedelta(days=day)), NOW)

    proposals = select(OutboxMessage.key).where(OutboxMessage.kind == "appointment_proposed")
    keys = sorted(key or "" for key in reading().scalars(proposals))
    number = case.appointment.id
    assert keys == [f"appointment_proposed:{number}:1", f"appointment_proposed:{number}:2"]
