"""One row that cannot be done stops none of the others of its job; the job says so when it has been through all."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from dispatch import jobs
from dispatch.domain.errors import Busy
from dispatch.services import (
    absences,
    appointments,
    closing,
    digest,
    lapses,
    matching,
    promises,
    reminders,
    transactions,
    unmet,
    waves,
)
from dispatch.services.transactions import Unfinished, each
from tests.appointment_cases import booked
from tests.builders import NOW, START, Builder
from tests.services.offering import SEARCHING

DAY = timedelta(days=1)


def fails_once(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Let a step of a job fail the first time it is taken."""
    original: Callable[..., Any] = getattr(module, name)
    calls: list[None] = []

    def step(*args: Any, **kwargs: Any) -> Any:
        calls.append(None)
        if len(calls) == 1:
            raise ValueError("poison")
        return original(*args, **kwargs)

    monkeypatch.setattr(module, name, step)


def two_searches(build: Builder) -> None:
    for _ in range(2):
        request = build.request(**SEARCHING)
        build.offer(request, build.mediator(), deadline_at=NOW)


def two_unfit(build: Builder) -> None:
    for _ in range(2):
        build.offer(build.request(**SEARCHING), build.mediator(active=False))


def two_waves(build: Builder) -> None:
    build.mediator()
    for number in range(2):
        build.request(starts_at=START + number * DAY)


def two_broken_promises(build: Builder) -> None:
    for _ in range(2):
        build.request(state="searching", answer_by=NOW)


def two_begun(build: Builder) -> None:
    for _ in range(2):
        build.request(state="searching", starts_at=NOW - timedelta(hours=1))


def two_ended(build: Builder) -> None:
    for _ in range(2):
        booked(build, starts_at=NOW - timedelta(hours=2), now=NOW - DAY)


def two_proposed(build: Builder) -> None:
    for _ in range(2):
        booked(build, confirmed=False, starts_at=NOW + 3 * DAY, now=NOW - 3 * DAY)


def two_reminders(build: Builder) -> None:
    for _ in range(2):
        booked(build, starts_at=NOW + 7 * DAY, now=NOW - DAY)


def two_coordinators(build: Builder) -> None:
    for area in ("Riesa", "Meißen"):
        user = build.user("regional_coordinator", created_at=NOW - DAY)
        build.area(user, area, NOW.date())


Prepare = Callable[[Builder], None]
Job = Callable[[], int]

JOBS: dict[str, tuple[Prepare, ModuleType, str, Job, int]] = {
    "waves": (two_waves, waves, "_ask", lambda: waves.run_waves(NOW), 1),
    "a broken rank": (two_waves, matching, "rank", lambda: waves.run_waves(NOW), 1),
    "lapses": (two_searches, lapses, "note_answer", lambda: lapses.expire_due(NOW), 1),
    "no longer fitting": (two_unfit, lapses, "withdraw", lambda: lapses.withdraw_unfit(NOW), 1),
    "promises": (two_broken_promises, promises, "write_to_office", lambda: promises.tell_passed_promises(NOW), 1),
    "unfilled": (two_begun, unmet, "reason_for", lambda: closing.close_due(NOW), 1),
    "completed": (two_ended, absences, "_complete", lambda: absences.complete_due(NOW), 1),
    "proposals": (two_proposed, appointments, "release", lambda: appointments.lapse_proposed(NOW), 1),
    "reminders": (two_reminders, reminders, "_still_wanted", lambda: reminders.send_due(NOW, "w"), 3),
    "digests": (two_coordinators, digest, "counts", lambda: digest.send_due(NOW), 1),
}


@pytest.mark.parametrize(("prepare", "module", "step", "job", "done"), JOBS.values(), ids=JOBS)
def test_a_row_that_fails_stops_none_of_the_others(
    build: Builder,
    monkeypatch: pytest.MonkeyPatch,
    prepare: Prepare,
    module: ModuleType,
    step: str,
    job: Job,
    done: int,
) -> None:
    prepare(build)
    fails_once(monkeypatch, module, step)

    with pytest.raises(Unfinished) as unfinished:
        job()

    assert (unfinished.value.done, len(unfinished.value.rows)) == (done, 1)


def test_a_locked_database_ends_the_job_at_once() -> None:
    seen: list[int] = []

    def locked(row: int) -> int:
        seen.append(row)
        raise Busy

    with pytest.raises(Busy):
        each([1, 2], locked)

    assert seen == [1]


def test_what_was_done_beside_a_failed_row_is_counted_and_the_job_left_for_the_next_tick(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[None] = []

    def partly(_tick: jobs.Tick) -> int:
        looks.append(None)
        return transactions.each([0, 1], lambda row: 2 // row)

    monkeypatch.setattr(jobs, "JOBS", {"waves": partly})

    counts = jobs.tick(app, NOW)

    assert (counts, len(looks)) == ({"waves": 2, "failed": 1}, 1)
    assert [getattr(record, "event", None) for record in caplog.records] == [{"rows": (0,)}]
