"""Reminders: rows of what is still ahead, each one message at most, looked at again when it is sent."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from dispatch.domain.moves import TypedMove
from dispatch.models import OutboxMessage, Reminder
from dispatch.services import appointments, arrivals, moves, reminders
from dispatch.services.transactions import reading, run
from tests.appointment_cases import COORDINATOR, again, booked, mails
from tests.builders import NOW, START, Builder

WEEK = START - timedelta(days=7)
ASKED = START - timedelta(hours=24)
"""Monday 9:00: the same wall time the day before is also 9:00 of the last service day."""
LAST = START - timedelta(hours=2)
EARLY = NOW - timedelta(days=3)


def rows() -> list[tuple[str, str, datetime, str]]:
    found = reading().execute(
        select(Reminder.kind, Reminder.side, Reminder.due_at, Reminder.state).order_by(Reminder.due_at, Reminder.side)
    )
    return [tuple(row) for row in found]  # type: ignore[misc]


def send(now: datetime) -> int:
    return reminders.send_due(now, "one")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(EARLY, ["week", "week", "reconfirm", "last", "last"], id="booked early"),
        pytest.param(NOW, ["reconfirm", "last", "last"], id="booked within a week"),
        pytest.param(ASKED - timedelta(hours=1), ["last", "last"], id="a late yes needs no second one"),
        pytest.param(LAST, [], id="nothing is ahead"),
    ],
)
def test_only_rows_still_ahead_are_made(build: Builder, now: datetime, expected: list[str]) -> None:
    booked(build, now=now)

    assert [kind for kind, *_ in rows()] == expected


def test_the_rows_fall_due_for_both_sides_but_the_mediator_alone_is_asked(build: Builder) -> None:
    booked(build, now=EARLY)

    assert rows() == [
        ("week", "mediator", WEEK, "due"),
        ("week", "office", WEEK, "due"),
        ("reconfirm", "mediator", ASKED, "due"),
        ("last", "mediator", LAST, "due"),
        ("last", "office", LAST, "due"),
    ]


def test_a_long_way_is_reminded_an_hour_before_she_leaves(build: Builder) -> None:
    case = booked(build)
    row = case.appointment
    row.travel_minutes, row.minutes_before = 90, 10

    assert reminders.departs_at(row) == START - timedelta(minutes=100)


def test_a_call_has_no_departure(build: Builder) -> None:
    case = booked(build, mode="phone")

    assert reminders.departs_at(case.appointment) == START


def test_a_proposal_reminds_nobody_before_its_yes(build: Builder) -> None:
    booked(build, confirmed=False)

    assert rows() == []


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        pytest.param(WEEK, ["office_reminder_week", "reminder_week"], id="a week before"),
        pytest.param(ASKED, ["reminder_reconfirm"], id="the day before, the missed week is left out"),
        pytest.param(LAST, ["office_reminder_last", "reminder_last", "reminder_reconfirm"], id="all at once, late"),
        pytest.param(START, [], id="none once it has begun"),
    ],
)
def test_a_due_row_becomes_one_message(build: Builder, now: datetime, kinds: list[str]) -> None:
    booked(build, now=EARLY)

    counts = [send(now) for _ in range(2)]

    assert counts == [len(kinds), 0]
    assert mails(since=now) == kinds


def test_a_row_that_is_not_due_waits(build: Builder) -> None:
    booked(build, now=EARLY)

    assert send(WEEK - timedelta(seconds=1)) == 0


def test_who_has_re_confirmed_is_not_asked(build: Builder) -> None:
    case = booked(build)
    arrivals.coming(case.holder, case.appointment.id, ASKED - timedelta(minutes=30))

    assert send(ASKED) == 0


@pytest.mark.parametrize("state", ["cancelled", "handed_back", "released", "stepped_back", "completed"])
def test_a_row_left_behind_is_dropped_when_it_is_sent(build: Builder, state: str) -> None:
    row = build.appointment(build.request(state="cancelled"), build.mediator(), state=state)
    left = Reminder(appointment_id=row.id, kind="last", side="mediator", key="left", due_at=LAST)
    run(lambda session: session.add(left))

    assert send(LAST) == 0

    assert [state for *_, state in rows()] == ["dropped"]


def test_a_moved_appointment_has_only_the_rows_of_its_new_time(build: Builder) -> None:
    case = booked(build, now=EARLY)
    new = START + timedelta(days=1)
    moves.move(COORDINATOR, case.appointment.id, TypedMove(new, new + timedelta(hours=1)), NOW)

    assert send(LAST) == 0


def test_a_message_not_yet_sent_is_dropped_with_its_appointment(build: Builder) -> None:
    case = booked(build, now=EARLY)
    send(ASKED)

    appointments.hand_back(case.holder, case.appointment.id, ASKED)

    assert mails(since=ASKED) == ["alarm", "appointment_handed_back", "appointment_released"]


def test_who_has_no_address_gets_no_message_and_the_row_is_done(build: Builder) -> None:
    booked(build, now=EARLY, mediator=build.mediator(contact_channel="phone"))

    send(WEEK)

    assert mails(since=WEEK) == ["office_reminder_week"]
    assert [state for *_, due_at, state in rows() if due_at == WEEK] == ["done", "done"]


def test_a_claim_of_a_process_that_died_is_free_after_its_lease(build: Builder) -> None:
    booked(build, now=EARLY)
    run(lambda session: reminders.claim(session, WEEK, "dead"))

    counts = [send(WEEK), send(WEEK + reminders.LEASE - timedelta(seconds=1)), send(WEEK + reminders.LEASE)]

    assert counts == [0, 0, 2]
    assert set(reading().scalars(select(Reminder.attempts).where(Reminder.due_at == WEEK))) == {2}


def test_a_message_names_its_row_so_that_it_exists_once(build: Builder) -> None:
    case = booked(build, now=EARLY)

    send(WEEK)

    number = case.appointment.id
    keys = reading().scalars(select(OutboxMessage.key).where(OutboxMessage.created_at == WEEK))
    assert sorted(key or "" for key in keys) == [
        f"office_reminder_week:{number}:{number}:week:office:0",
        f"reminder_week:{number}:{number}:week:mediator:0",
    ]


@pytest.mark.parametrize(
    ("now", "alarmed"),
    [
        pytest.param(ASKED + timedelta(hours=3, seconds=-1), 0, id="before three service hours"),
        pytest.param(ASKED + timedelta(hours=3), 1, id="after three service hours"),
        pytest.param(START, 0, id="not once it has begun"),
    ],
)
def test_three_service_hours_of_silence_alarm_the_coordination(build: Builder, now: datetime, alarmed: int) -> None:
    case = booked(build)

    counts = [reminders.alarm_due(now) for _ in range(2)]

    assert counts == [alarmed, 0]
    assert again(case.appointment).reconfirm_alarm_at == (now if alarmed else None)


def test_who_is_asked_by_phone_is_given_the_same_three_service_hours(build: Builder) -> None:
    booked(build, mediator=build.mediator(contact_channel="phone"))
    silent_until = ASKED + timedelta(hours=3)

    assert [reminders.alarm_due(silent_until - timedelta(seconds=1)), reminders.alarm_due(silent_until)] == [0, 1]


def test_a_re_confirmed_appointment_raises_no_alarm(build: Builder) -> None:
    case = booked(build)
    arrivals.coming(case.holder, case.appointment.id, ASKED)

    assert reminders.alarm_due(START - timedelta(hours=1)) == 0
