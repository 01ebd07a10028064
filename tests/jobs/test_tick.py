"""One look at everything that is due: its order, its end, its counts, and what a fault does to the rest of it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dispatch import jobs
from dispatch.domain.errors import Busy
from dispatch.jobs import JOBS, Tick
from dispatch.services import installation
from dispatch.services.transactions import reading
from tests.appointment_cases import booked
from tests.builders import NOW, START, Builder
from tests.jobs.conftest import Tick as Look
from tests.jobs.sinks import Sink

SUNDAY = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
MONDAY = SUNDAY + timedelta(hours=26)
"""10:00 in Berlin: the service is open."""


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[Tick], int]]:
    """A table of jobs of the test's own; their order is that in which it names them."""
    own: dict[str, Callable[[Tick], int]] = {}
    monkeypatch.setattr(jobs, "JOBS", own)
    return own


def failing(error: Exception) -> Callable[[Tick], int]:
    def fail(_tick: Tick) -> int:
        raise error

    return fail


def last_beat() -> datetime | None:
    reading().close()
    return installation.last_beat()


def test_the_outbox_is_last_so_that_what_others_write_goes_out_in_the_same_tick() -> None:
    assert list(JOBS) == [
        "completed", "unfilled", "proposals_lapsed", "offers_lapsed", "offers_withdrawn", "waves", "promises_passed",
        "reminders", "alarms", "calls_dropped", "claims_ended", "alarms_raised", "alarms_settled", "alarms_escalated",
        "documents_warned", "data_asked", "silent_asked", "digests", "retention", "cleaned", "webhooks_told",
        "messages", "webhooks", "calendars_fetched",
    ]  # fmt: skip


def test_a_scheduler_that_was_off_for_a_day_sends_what_is_still_useful_once(
    build: Builder, tick: Look, sink: Sink
) -> None:
    """A11."""
    coordinator = build.user("coordinator")
    ahead = booked(build, starts_at=START)
    begun = booked(build, starts_at=MONDAY - timedelta(minutes=30))
    past = booked(build, starts_at=MONDAY - timedelta(hours=20))
    tick(SUNDAY)
    sink.mails.clear()
    sink.recipients.clear()

    counts = [tick(MONDAY), tick(MONDAY)]

    assert sorted(sink.recipients) == sorted([str(ahead.mediator.email), coordinator.email, coordinator.email])
    assert {begun.mediator.email, past.mediator.email} & set(sink.recipients) == set()
    alarms = {"alarms_settled": 1, "alarms_escalated": 1}  # what is over, and what has begun and nobody has confirmed
    assert counts == [{"completed": 1, "reminders": 1, **alarms, "digests": 1, "messages": 3}, {}]


def test_a_tick_goes_on_until_a_round_finds_nothing(app: Flask, table: dict[str, Callable[[Tick], int]]) -> None:
    left = [3, 2]
    table["waves"] = lambda _tick: left.pop() if left else 0

    assert jobs.tick(app, NOW) == {"waves": 5, "failed": 0}


def test_a_job_that_is_never_done_does_not_hold_up_the_next_tick(
    app: Flask, table: dict[str, Callable[[Tick], int]]
) -> None:
    table["waves"] = lambda _tick: 1

    assert jobs.tick(app, NOW) == {"waves": jobs.ROUNDS, "failed": 0}


@pytest.mark.parametrize("error", [Busy(), ValueError("nothing for a log")], ids=["locked", "broken"])
def test_a_job_that_fails_stops_no_other_and_is_counted_once(
    app: Flask, table: dict[str, Callable[[Tick], int]], error: Exception
) -> None:
    left = [1]
    table["waves"] = failing(error)
    table["reminders"] = lambda _tick: left.pop() if left else 0

    assert jobs.tick(app, NOW) == {"waves": 0, "reminders": 1, "failed": 1}


def test_no_job_begins_once_the_process_is_to_stop(app: Flask, table: dict[str, Callable[[Tick], int]]) -> None:
    may = [True]

    def stop(_tick: Tick) -> int:
        may[0] = False
        return 1

    table["waves"] = stop
    table["reminders"] = lambda _tick: 1

    assert jobs.tick(app, NOW, may_go_on=lambda: may[0]) == {"waves": 1, "reminders": 0, "failed": 0}


def test_each_tick_leaves_a_heartbeat(app: Flask, table: dict[str, Callable[[Tick], int]]) -> None:
    table["waves"] = lambda _tick: 0

    seen = []
    for instant in (NOW, NOW + timedelta(seconds=10), NOW - timedelta(hours=1)):
        jobs.tick(app, instant)
        seen.append(last_beat())

    assert seen == [NOW, NOW + timedelta(seconds=10), NOW + timedelta(seconds=10)]


def test_a_long_tick_beats_on_the_way(
    app: Flask, table: dict[str, Callable[[Tick], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def work(_tick: Tick) -> int:
        clock[0] += 45
        return 0

    table["waves"], table["reminders"] = work, lambda _tick: 0

    jobs.tick(app, NOW)

    assert last_beat() == NOW + timedelta(seconds=45)


def test_a_heartbeat_that_finds_the_database_locked_stops_nothing(
    app: Flask, table: dict[str, Callable[[Tick], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_now: datetime) -> None:
        raise Busy

    monkeypatch.setattr(installation, "beat", locked)
    table["waves"] = lambda _tick: 0

    assert jobs.tick(app, NOW) == {"waves": 0, "failed": 0}
