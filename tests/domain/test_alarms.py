"""Alarms and claims: when an alarm goes on, to whom, until when it stands; who may take a request."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.domain.alarms import AlarmKind, Cause, escalates_at, escalates_to, still_stands
from dispatch.domain.claims import Claim, may_take, standing
from dispatch.domain.duty import Colleague, Duty
from dispatch.domain.lifecycle import AppointmentState, RequestState
from tests.domain.times import BERLIN, HOLIDAYS, at

NOW = at("2026-11-24 10:00")
START = at("2026-11-25 09:00")
JANA, NORA = Colleague(1, "Jana"), Colleague(2, "Nora")


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        pytest.param("2026-11-24 10:00", "2026-11-24 12:00", id="in the morning"),
        pytest.param("2026-11-24 15:00", "2026-11-25 09:00", id="an hour before closing"),
        pytest.param("2026-11-24 03:00", "2026-11-24 10:00", id="at night"),
        pytest.param("2026-11-27 12:30", "2026-11-30 09:30", id="over the weekend"),
        pytest.param("2026-11-17 15:30", "2026-11-19 09:30", id="over Buß- und Bettag"),
    ],
)
def test_an_alarm_goes_on_after_two_service_hours(raised: str, expected: str) -> None:
    assert escalates_at(at(raised), zone=BERLIN, holidays=HOLIDAYS) == at(expected)


@pytest.mark.parametrize(
    ("duty", "people"),
    [
        pytest.param(Duty((JANA, NORA), (NORA,)), (2,), id="to the deputy"),
        pytest.param(Duty((JANA, NORA)), (1, 2), id="to everybody where nobody stands in"),
        pytest.param(Duty(), (), id="to nobody where nobody is there"),
    ],
)
def test_an_alarm_goes_on_to_deputies_or_to_everybody_there(duty: Duty, people: tuple[int, ...]) -> None:
    assert escalates_to(duty) == people


def cause(**values: Any) -> Cause:
    defaults: dict[str, Any] = {
        "request": RequestState.SEARCHING, "starts_at": START, "ends_at": START + timedelta(hours=1),
    }  # fmt: skip
    return Cause(**defaults | values)


CONFIRMED: dict[str, Any] = {"request": RequestState.ASSIGNED, "appointment": AppointmentState.CONFIRMED}
PROPOSED: dict[str, Any] = {"request": RequestState.ASSIGNED, "appointment": AppointmentState.PROPOSED}
CANCELLED: dict[str, Any] = {"request": RequestState.CANCELLED}
BEGUN: dict[str, Any] = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
OVER: dict[str, Any] = {"starts_at": NOW - timedelta(hours=1), "ends_at": NOW}
PASSED: dict[str, Any] = {"answer_by": NOW}


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        pytest.param(AlarmKind.UNCONFIRMED, CONFIRMED, True, id="silent"),
        pytest.param(AlarmKind.UNCONFIRMED, CONFIRMED | BEGUN, True, id="silent, and it has begun"),
        pytest.param(AlarmKind.UNCONFIRMED, CONFIRMED | OVER, False, id="silent, and it is over"),
        pytest.param(AlarmKind.UNCONFIRMED, {"appointment": AppointmentState.RECONFIRMED}, False, id="confirmed again"),
        pytest.param(AlarmKind.UNCONFIRMED, PROPOSED, False, id="moved meanwhile"),
        pytest.param(AlarmKind.PROMISE_PASSED, PASSED, True, id="no answer yet"),
        pytest.param(AlarmKind.PROMISE_PASSED, PASSED | PROPOSED, True, id="proposed is no answer"),
        pytest.param(AlarmKind.PROMISE_PASSED, PASSED | CONFIRMED, False, id="answered"),
        pytest.param(AlarmKind.PROMISE_PASSED, {"answer_by": NOW + timedelta(1)}, False, id="promised anew"),
        pytest.param(AlarmKind.PROMISE_PASSED, PASSED | BEGUN, False, id="too late for an answer"),
        pytest.param(AlarmKind.HANDED_BACK, {"is_handed_back": True}, True, id="handed back"),
        pytest.param(AlarmKind.HANDED_BACK, {"is_handed_back": False}, False, id="taken by somebody else"),
        pytest.param(AlarmKind.STEPPED_BACK, BEGUN | {"is_stepped_back": True}, True, id="stepped back, running"),
        pytest.param(AlarmKind.STEPPED_BACK, OVER | {"is_stepped_back": True}, False, id="stepped back, over"),
        pytest.param(AlarmKind.NOBODY_FITS, {"is_without_anybody": True}, True, id="nobody fits"),
        pytest.param(AlarmKind.NOBODY_FITS, {}, False, id="somebody fits again"),
        pytest.param(AlarmKind.NOBODY_FITS, {"is_without_anybody": True} | CANCELLED, False, id="cancelled"),
        pytest.param(AlarmKind.UNDELIVERED, {"is_undelivered": True}, True, id="came back"),
        pytest.param(AlarmKind.UNDELIVERED, {}, False, id="settled by a person"),
    ],
)  # fmt: skip
def test_an_alarm_stands_as_long_as_its_cause(kind: AlarmKind, values: dict[str, Any], expected: bool) -> None:
    assert still_stands(kind, cause(**values), NOW) is expected


@pytest.mark.parametrize(
    ("hours", "holds"),
    [
        pytest.param(0, True, id="at once"),
        pytest.param(3.99, True, id="just before four hours"),
        pytest.param(4, False, id="after four hours"),
    ],
)
def test_a_claim_ends_by_itself_after_four_hours(hours: float, holds: bool) -> None:
    found = standing(1, NOW, NOW + timedelta(hours=hours))

    assert found == (Claim(1, NOW) if holds else None)


@pytest.mark.parametrize(
    ("claim", "taken_from", "expected"),
    [
        pytest.param(None, None, True, id="nobody has it"),
        pytest.param(Claim(2, NOW), None, True, id="one's own"),
        pytest.param(Claim(1, NOW), None, False, id="somebody else's"),
        pytest.param(Claim(1, NOW), 1, True, id="taken over openly"),
        pytest.param(Claim(1, NOW), 3, False, id="taken over from somebody who has it no more"),
    ],
)
def test_a_claim_is_taken_from_nobody_unawares(claim: Claim | None, taken_from: int | None, expected: bool) -> None:
    assert may_take(claim, 2, taken_from=taken_from) is expected
