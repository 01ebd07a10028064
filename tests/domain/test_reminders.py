"""What is due around an appointment: three reminders to both sides, the alarm, the late window."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.hours import ServiceHours
from dispatch.domain.reminders import (
    AppointmentFacts,
    Reminder,
    ReminderKind,
    ReminderOptions,
    Side,
    alarm_at,
    counts_as_reconfirmed,
    due_reminders,
    is_late,
    last_reminder_at,
    may_correct,
    reconfirmation_at,
)
from tests.domain.times import BERLIN, HOLIDAYS, PROPERTY, at, instants, minutes, wall

WHEN: dict[str, Any] = {"zone": BERLIN, "holidays": HOLIDAYS}
START, DEPARTURE = at("2026-12-10 14:00"), at("2026-12-10 13:14")
WEEK = (ReminderKind.WEEK, "Thu 2026-12-03 14:00 +01")
RECONFIRM = (ReminderKind.RECONFIRM, "Wed 2026-12-09 09:00 +01")
LAST = (ReminderKind.LAST, "Thu 2026-12-10 12:00 +01")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 10:00", [WEEK, RECONFIRM, LAST]),
        ("2026-12-03 13:59:59", [WEEK, RECONFIRM, LAST]),
        ("2026-12-03 14:00", [RECONFIRM, LAST]),
        ("2026-12-09 06:59:59", [RECONFIRM, LAST]),
        ("2026-12-09 07:00", [RECONFIRM, LAST]),
        ("2026-12-09 07:00:01", [LAST]),
        ("2026-12-09 09:00", [LAST]),
        ("2026-12-10 11:59:59", [LAST]),
        ("2026-12-10 12:00", []),
        ("2026-12-10 15:00", []),
    ],
    ids=[
        "weeks ahead", "a second before a week", "a week", "over two hours before re-confirmation",
        "two hours before re-confirmation", "within two hours", "when it would be asked", "a second before the last",
        "at the last", "afterwards",
    ],
)  # fmt: skip
def test_only_rows_still_ahead_are_kept_for_both_sides(now: str, expected: list[tuple[ReminderKind, str]]) -> None:
    facts = AppointmentFacts(START, DEPARTURE, confirmed_at=at(now))

    rows = due_reminders(facts, at(now), **WHEN)

    assert [(row.kind, wall(row.due_at), row.side) for row in rows] == [
        (kind, due, side) for kind, due in expected for side in (Side.MEDIATOR, Side.OFFICE)
    ]


@pytest.mark.parametrize(
    ("confirmed_at", "expected"),
    [
        (None, [ReminderKind.RECONFIRM, ReminderKind.LAST]),
        (at("2026-12-01 10:00"), [ReminderKind.RECONFIRM, ReminderKind.LAST]),
        (at("2026-12-09 08:00"), [ReminderKind.LAST]),
    ],
    ids=["not yet", "long ago", "just now"],
)
def test_who_confirmed_late_is_not_asked_again(confirmed_at: datetime | None, expected: list[ReminderKind]) -> None:
    rows = due_reminders(AppointmentFacts(START, DEPARTURE, confirmed_at), at("2026-12-09 08:00"), **WHEN)

    assert [row.kind for row in rows if row.side is Side.OFFICE] == expected


def test_rows_come_in_order_of_time() -> None:
    rows = due_reminders(AppointmentFacts(START, START), at("2026-11-24 10:00"), **WHEN)

    assert rows[0] == Reminder(at("2026-12-03 14:00"), ReminderKind.WEEK, Side.MEDIATOR)
    assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-12-10 14:00", "Wed 2026-12-09 09:00 +01"),
        ("2026-12-10 08:00", "Wed 2026-12-09 08:00 +01"),
        ("2026-12-10 09:00", "Wed 2026-12-09 09:00 +01"),
        ("2026-12-07 10:00", "Fri 2026-12-04 09:00 +01"),
        ("2026-12-05 08:00", "Fri 2026-12-04 08:00 +01"),
        ("2026-12-06 08:00", "Fri 2026-12-04 09:00 +01"),
        ("2026-11-19 10:00", "Tue 2026-11-17 09:00 +01"),
        ("2026-11-18 10:00", "Tue 2026-11-17 09:00 +01"),
        ("2026-12-28 10:00", "Wed 2026-12-23 09:00 +01"),
        ("2027-01-04 10:00", "Thu 2026-12-31 09:00 +01"),
        ("2026-10-25 10:00", "Fri 2026-10-23 09:00 +02"),
        ("2026-10-26 10:00", "Fri 2026-10-23 09:00 +02"),
        ("2027-03-29 10:00", "Fri 2027-03-26 09:00 +01"),
        ("2027-11-01 10:00", "Fri 2027-10-29 09:00 +02"),
    ],
    ids=[
        "afternoon", "early morning", "nine", "monday", "saturday early", "sunday", "after a holiday", "on a holiday",
        "after christmas", "after new year", "on the day of october 2026", "after october 2026", "after march",
        "after october",
    ],
)  # fmt: skip
def test_reconfirmation_is_asked_the_day_before_or_on_the_last_service_day(start: str, expected: str) -> None:
    hours = ServiceHours(closing_days=frozenset({date(2026, 12, 24)}))

    assert wall(reconfirmation_at(at(start), hours=hours, **WHEN)) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-10-25 10:00", "Sat 2026-10-24 10:00 +02"),
        ("2026-10-26 02:30", "Sun 2026-10-25 02:30 +02"),
        ("2027-03-28 10:00", "Sat 2027-03-27 10:00 +01"),
        ("2027-03-29 02:30", "Sun 2027-03-28 03:00 +02"),
        ("2027-10-31 10:00", "Sat 2027-10-30 10:00 +02"),
    ],
    ids=["october 2026", "day after, in the doubled hour", "march", "day after, in the missing hour", "october"],
)
def test_a_day_before_is_the_same_wall_time(start: str, expected: str) -> None:
    every_day = ServiceHours(week=((480, 960),) * 7)
    options = ReminderOptions(reconfirm_minute=1440)

    assert wall(reconfirmation_at(at(start), zone=BERLIN, hours=every_day, options=options)) == expected


@pytest.mark.parametrize(
    ("departs_at", "expected"),
    [
        ("2026-12-10 14:00", "2026-12-10 12:00"),
        ("2026-12-10 13:00", "2026-12-10 12:00"),
        ("2026-12-10 12:59", "2026-12-10 11:59"),
        ("2026-12-10 11:30", "2026-12-10 10:30"),
    ],
    ids=["nobody travels", "an hour of way", "just over an hour", "long way"],
)
def test_the_last_reminder_is_an_hour_before_departure_or_two_before_the_start(departs_at: str, expected: str) -> None:
    assert last_reminder_at(START, at(departs_at)) == at(expected)


@pytest.mark.parametrize(
    ("asked_at", "expected"),
    [
        ("2026-12-09 09:00", "Wed 2026-12-09 12:00 +01"),
        ("2026-12-09 08:00", "Wed 2026-12-09 11:00 +01"),
        ("2026-12-04 09:00", "Fri 2026-12-04 12:00 +01"),
        ("2026-12-04 11:30", "Mon 2026-12-07 09:30 +01"),
        ("2026-12-05 08:00", "Mon 2026-12-07 11:00 +01"),
        ("2026-11-17 14:00", "Thu 2026-11-19 09:00 +01"),
        ("2027-03-26 12:00", "Mon 2027-03-29 10:00 +02"),
    ],
    ids=["nine", "eight", "friday", "friday noon", "saturday", "over a holiday", "over march"],
)
def test_three_service_hours_of_silence_alarm(asked_at: str, expected: str) -> None:
    assert wall(alarm_at(at(asked_at), **WHEN)) == expected


@pytest.mark.parametrize(
    ("confirmed_at", "expected"),
    [
        ("2026-12-01 09:00", False),
        ("2026-12-09 07:00", False),
        ("2026-12-09 07:00:01", True),
        ("2026-12-09 09:00", True),
        ("2026-12-10 13:00", True),
    ],
    ids=["days before", "two hours before", "a second later", "when asked", "on the day"],
)
def test_a_yes_later_than_two_hours_before_counts_as_reconfirmed(confirmed_at: str, expected: bool) -> None:
    assert counts_as_reconfirmed(at(confirmed_at), at("2026-12-09 09:00")) is expected


@pytest.mark.parametrize(
    ("now", "start", "expected"),
    [
        ("2026-12-09 13:59", "2026-12-10 14:00", False),
        ("2026-12-09 14:00", "2026-12-10 14:00", False),
        ("2026-12-09 14:00:01", "2026-12-10 14:00", True),
        ("2026-12-10 14:00", "2026-12-10 14:00", True),
        ("2026-12-10 15:00", "2026-12-10 14:00", True),
        ("2026-10-24 10:30", "2026-10-25 10:00", False),
        ("2026-10-24 11:00:01", "2026-10-25 10:00", True),
        ("2027-03-27 09:30", "2027-03-28 10:00", True),
    ],
    ids=["earlier", "24 hours", "a second less", "at the start", "afterwards", "october", "october, late", "march"],
)
def test_late_is_less_than_a_day_of_clock_time_before_the_start(now: str, start: str, expected: bool) -> None:
    assert is_late(at(now), at(start)) is expected


def test_the_late_window_is_an_option() -> None:
    assert is_late(at("2026-12-08 15:00"), START, options=ReminderOptions(late_cancellation_hours=48)) is True


@pytest.mark.parametrize(
    ("after_end", "corrects"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(), True),
        (timedelta(days=14, seconds=-1), True),
        (timedelta(days=14), False),
    ],
    ids=["before the end", "at the end", "last second of the window", "after fourteen days"],
)
def test_an_ended_appointment_may_be_corrected_for_fourteen_days(after_end: timedelta, corrects: bool) -> None:
    now = START + after_end

    assert may_correct(now, START) is corrects


@PROPERTY
@given(instants(), instants(), st.integers(0, 300))
def test_every_row_is_ahead_of_now_and_before_the_start(now: datetime, start: datetime, way: int) -> None:
    rows = due_reminders(AppointmentFacts(start, start - minutes(way)), now, **WHEN)

    assert all(now < row.due_at < start for row in rows)
    assert len({(row.kind, row.side) for row in rows}) == len(rows)
