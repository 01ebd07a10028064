"""What a subscribed calendar shows, by state and by day."""

from datetime import UTC, datetime

import pytest

from dispatch.domain.feeds import Status, status_for_mediator, status_for_office, window
from dispatch.domain.lifecycle import AppointmentState, RequestState

A, R, S = AppointmentState, RequestState, Status


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (A.PROPOSED, S.TENTATIVE), (A.CONFIRMED, S.CONFIRMED), (A.RECONFIRMED, S.CONFIRMED),
        (A.COMPLETED, S.CONFIRMED), (A.CLIENT_ABSENT, S.CONFIRMED), (A.MEDIATOR_ABSENT, S.CONFIRMED),
        (A.RELEASED, S.CANCELLED), (A.CANCELLED, S.CANCELLED), (A.HANDED_BACK, S.CANCELLED),
        (A.STEPPED_BACK, S.CANCELLED),
    ],
)  # fmt: skip
def test_an_entry_of_a_mediator_is_as_sure_as_her_appointment(state: AppointmentState, status: Status) -> None:
    assert status_for_mediator(state) is status


@pytest.mark.parametrize(
    ("request_state", "state", "status"),
    [
        pytest.param(R.ASSIGNED, A.PROPOSED, S.TENTATIVE, id="awaited"),
        pytest.param(R.ASSIGNED, A.CONFIRMED, S.CONFIRMED, id="found"),
        pytest.param(R.SEARCHING, A.HANDED_BACK, S.TENTATIVE, id="searched for again"),
        pytest.param(R.CANCELLED, A.CANCELLED, S.CANCELLED, id="cancelled"),
        pytest.param(R.UNFILLED, A.RELEASED, S.CANCELLED, id="nobody comes"),
        pytest.param(R.COMPLETED, A.CLIENT_ABSENT, S.CONFIRMED, id="who was absent is told nobody"),
    ],
)
def test_an_entry_of_an_office_is_as_sure_as_that_somebody_comes(
    request_state: RequestState, state: AppointmentState, status: Status
) -> None:
    assert status_for_office(request_state, state) is status


def test_the_window_moves_once_a_day_at_midnight_utc() -> None:
    shown = {window(datetime(2027, 3, 28, hour, 59, tzinfo=UTC)) for hour in range(24)}

    assert [(one.day.day, one.begins_from.date().isoformat(), one.gone_from.date().isoformat()) for one in shown] == [
        (28, "2026-12-28", "2027-02-26")
    ]
