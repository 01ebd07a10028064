"""What needs a coordinator: which task a request is, by when, and which of several comes first."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.domain.lifecycle import RequestState
from dispatch.domain.requests import Policy
from dispatch.domain.tasks import Due, OpenRequest, TaskKind, looked_into_by, task_of, urgency
from tests.domain.times import BERLIN, HOLIDAYS, at

NOW = at("2026-11-24 10:00")
START = at("2026-12-01 09:00")
PROMISE = at("2026-11-26 08:00")


def due(**values: Any) -> Due | None:
    defaults: dict[str, Any] = {
        "state": RequestState.SEARCHING, "policy": Policy.WAVES, "starts_at": START, "answer_by": PROMISE,
        "is_waited_for": True,
    }  # fmt: skip
    return task_of(OpenRequest(**defaults | values), NOW, zone=BERLIN, holidays=HOLIDAYS)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({}, None, id="a wave runs"),
        pytest.param({"is_waited_for": False}, None, id="the jobs send the next wave"),
        pytest.param({"state": RequestState.IN_REVIEW}, TaskKind.REVIEW, id="waits for a look"),
        pytest.param({"nobody_fits_at": NOW}, TaskKind.NOBODY_FITS, id="nobody fits"),
        pytest.param({"exhausted_at": NOW}, TaskKind.EXHAUSTED, id="everybody was asked"),
        pytest.param({"handed_back_at": NOW}, TaskKind.HANDED_BACK, id="handed back"),
        pytest.param({"handed_back_at": NOW, "exhausted_at": NOW}, TaskKind.EXHAUSTED, id="handed back, nobody left"),
        pytest.param({"answer_by": NOW}, TaskKind.PROMISE_PASSED, id="promise passed at its instant"),
        pytest.param({"answer_by": NOW + timedelta(seconds=1)}, None, id="promise a second ahead"),
        pytest.param({"policy": Policy.MANUAL}, None, id="somebody picked by hand is asked"),
        pytest.param({"policy": Policy.MANUAL, "is_waited_for": False}, TaskKind.BY_HAND, id="nobody picked yet"),
        pytest.param({"policy": Policy.DIRECT, "is_waited_for": False}, TaskKind.BY_HAND, id="nobody assigned yet"),
    ],
)  # fmt: skip
def test_a_request_is_one_task_named_after_what_is_most_in_its_way(
    values: dict[str, Any], expected: TaskKind | None
) -> None:
    found = due(**values)

    assert (found and found.kind) == expected


def test_a_task_is_due_with_the_promise_and_without_one_with_the_start() -> None:
    assert due(exhausted_at=NOW) == Due(TaskKind.EXHAUSTED, PROMISE)
    assert due(exhausted_at=NOW, answer_by=None) == Due(TaskKind.EXHAUSTED, START)


def test_what_was_handed_back_is_due_since_then() -> None:
    assert due(handed_back_at=at("2026-11-24 09:20")) == Due(TaskKind.HANDED_BACK, at("2026-11-24 09:20"))


def test_a_promise_that_passed_at_night_is_due_from_the_next_service_hour() -> None:
    assert due(answer_by=at("2026-11-23 20:00")) == Due(TaskKind.PROMISE_PASSED, at("2026-11-24 08:00"))


def test_a_bad_address_is_due_at_the_end_of_the_next_service_day_or_at_the_start() -> None:
    failed_at = at("2026-11-27 15:00")

    assert looked_into_by(failed_at, None, zone=BERLIN, holidays=HOLIDAYS) == at("2026-11-30 16:00")
    assert looked_into_by(failed_at, at("2026-11-30 09:00"), zone=BERLIN) == at("2026-11-30 09:00")


def test_what_is_late_comes_first_by_how_soon_the_talk_begins() -> None:
    late_and_soon = (NOW - timedelta(minutes=5), NOW + timedelta(hours=1))
    late_for_days = (NOW - timedelta(days=3), NOW + timedelta(days=2))
    late_without_talk = (NOW - timedelta(days=1), None)
    due_next = (NOW + timedelta(minutes=30), NOW + timedelta(hours=2))
    due_later = (NOW + timedelta(hours=3), NOW + timedelta(hours=1))

    tasks = [due_later, due_next, late_for_days, late_and_soon, late_without_talk]
    ordered = sorted(tasks, key=lambda task: urgency(task[0], task[1], NOW))

    assert ordered == [late_without_talk, late_and_soon, late_for_days, due_next, due_later]
