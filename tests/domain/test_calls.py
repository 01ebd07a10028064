"""What the telephone can do in time: a place in a wave, the hour of a call, by when somebody is told."""

from datetime import timedelta

import pytest

from dispatch.domain.calls import CallKind, Outcome, call_at, may_call_back, outcomes_of, takes_a_place, told_by
from dispatch.domain.offers import DEFAULT, WaveRow
from dispatch.domain.reminders import AppointmentFacts, ReminderKind, Side, due_reminders
from tests.domain.times import BERLIN, HOLIDAYS, at, wall

URGENT, SOON, DAY, DAYS, LONG = DEFAULT.rows


@pytest.mark.parametrize(
    ("sent", "deadline", "row", "expected"),
    [
        pytest.param("2026-11-24 10:00", "2026-11-24 11:00", DAY, True, id="exactly one service hour"),
        pytest.param("2026-11-24 10:00", "2026-11-24 10:59", DAY, False, id="a minute less"),
        pytest.param("2026-11-24 15:30", "2026-11-24 19:30", DAY, False, id="closing comes first"),
        pytest.param("2026-11-24 15:30", "2026-11-25 08:30", DAYS, True, id="half an hour on two days"),
        pytest.param("2026-11-27 13:00", "2026-11-30 08:00", DAYS, False, id="Friday afternoon to Monday opening"),
        pytest.param("2026-11-27 13:00", "2026-11-30 09:00", LONG, True, id="Friday afternoon to Monday at nine"),
        pytest.param("2026-11-17 16:00", "2026-11-19 08:30", LONG, False, id="the holiday between does not count"),
        pytest.param("2026-11-24 10:00", "2026-11-24 10:15", URGENT, True, id="last row, 15 minutes"),
        pytest.param("2026-11-24 10:00", "2026-11-24 10:14", URGENT, False, id="last row, 14 minutes"),
        pytest.param("2026-11-24 15:45", "2026-11-24 16:45", SOON, True, id="last but one row, 15 minutes"),
        pytest.param("2026-11-24 15:46", "2026-11-24 16:46", SOON, False, id="last but one row, 14 minutes"),
        pytest.param("2026-11-24 07:00", "2026-11-24 07:15", URGENT, False, id="before opening"),
        pytest.param("2026-11-28 10:00", "2026-11-28 10:15", URGENT, False, id="Saturday"),
    ],
)
def test_who_is_called_takes_a_place_if_the_office_can_call_in_time(
    sent: str, deadline: str, row: WaveRow, expected: bool
) -> None:
    assert takes_a_place(at(sent), at(deadline), row, zone=BERLIN, holidays=HOLIDAYS) is expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param("2026-11-24 10:00", "Tue 2026-11-24 10:00 +01", id="in service hours"),
        pytest.param("2026-11-24 06:00", "Mon 2026-11-23 15:00 +01", id="before opening"),
        pytest.param("2026-11-24 16:00", "Tue 2026-11-24 15:00 +01", id="at closing"),
        pytest.param("2026-11-24 20:00", "Tue 2026-11-24 15:00 +01", id="in the evening"),
        pytest.param("2026-11-30 06:00", "Fri 2026-11-27 12:00 +01", id="Monday morning: Friday before closing"),
        pytest.param("2026-11-19 06:00", "Tue 2026-11-17 15:00 +01", id="after a holiday"),
    ],
)
def test_a_reminder_by_phone_falls_due_while_somebody_is_there(wanted: str, expected: str) -> None:
    assert wall(call_at(at(wanted), zone=BERLIN, holidays=HOLIDAYS)) == expected


@pytest.mark.parametrize(
    ("now", "latest", "expected"),
    [
        pytest.param("2026-11-24 10:00", None, "Tue 2026-11-24 11:00 +01", id="one service hour"),
        pytest.param("2026-11-24 15:30", None, "Wed 2026-11-25 08:30 +01", id="across closing"),
        pytest.param("2026-11-24 10:00", "2026-11-24 10:20", "Tue 2026-11-24 10:20 +01", id="before the start"),
        pytest.param("2026-11-24 20:00", "2026-11-25 07:00", "Wed 2026-11-25 07:00 +01", id="before an early start"),
        pytest.param("2026-11-24 10:00", "2026-11-24 09:00", "Tue 2026-11-24 11:00 +01", id="it has begun"),
    ],
)
def test_people_are_told_within_a_service_hour(now: str, latest: str | None, expected: str) -> None:
    assert wall(told_by(at(now), at(latest) if latest else None, zone=BERLIN, holidays=HOLIDAYS)) == expected


def test_reminders_of_who_is_called_are_laid_in_service_hours_and_only_ahead() -> None:
    start = at("2026-11-26 07:00")
    facts = AppointmentFacts(start, start - timedelta(minutes=30))
    now = at("2026-11-24 10:00")

    rows = due_reminders(facts, now, zone=BERLIN, holidays=HOLIDAYS, by_phone=frozenset({Side.MEDIATOR}))

    mine = [(row.kind, wall(row.due_at)) for row in rows if row.side is Side.MEDIATOR]
    assert mine == [
        (ReminderKind.RECONFIRM, "Tue 2026-11-24 15:00 +01"),
        (ReminderKind.LAST, "Wed 2026-11-25 15:00 +01"),
    ]
    assert [wall(row.due_at) for row in rows if (row.kind, row.side) == (ReminderKind.LAST, Side.OFFICE)] == [
        "Thu 2026-11-26 05:00 +01"
    ]


@pytest.mark.parametrize(
    ("back", "start", "expected"),
    [
        ("2026-11-24 14:00", "2026-12-01 09:00", True),
        ("2026-11-24 10:00", "2026-12-01 09:00", False),
        ("2026-12-01 09:00", "2026-12-01 09:00", False),
        ("2026-12-08 10:00", None, True),
        ("2026-12-08 10:01", None, False),
        ("2026-11-24 14:00", "2026-11-24 09:00", True),
    ],
    ids=["this afternoon", "now", "when it begins", "in two weeks", "later than that", "about what has begun"],
)
def test_a_call_is_put_off_to_a_time_ahead_and_before_the_talk(back: str, start: str | None, expected: bool) -> None:
    assert may_call_back(at(back), at("2026-11-24 10:00"), at(start) if start else None) is expected


@pytest.mark.parametrize("kind", CallKind)
def test_questions_end_with_yes_or_no_and_messages_when_told(kind: CallKind) -> None:
    asks = kind in (CallKind.OFFER, CallKind.PROPOSAL, CallKind.RECONFIRM)

    ends = (Outcome.YES, Outcome.NO) if asks else (Outcome.TOLD,)
    assert outcomes_of(kind) == (*ends, Outcome.NOT_REACHED, Outcome.CALL_BACK)
