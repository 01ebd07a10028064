"""When a message is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.domain.outbox import is_given_up, next_try_at

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [
        pytest.param(1, 1, id="first"),
        pytest.param(2, 5, id="second"),
        pytest.param(6, 120, id="last-of-the-table"),
        pytest.param(20, 120, id="beyond-the-table"),
    ],
)
def test_waits_grow_with_the_tries(attempts: int, minutes: int) -> None:
    assert next_try_at(attempts, NOW, chance=0.5) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 48), (0.5, 60), (0.75, 66)])
def test_jitter_spreads_the_first_wait_by_a_fifth(chance: float, seconds: int) -> None:
    assert next_try_at(1, NOW, chance=chance) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(("hours", "given_up"), [(0, False), (47, False), (48, True), (60, True)])
def test_a_message_is_given_up_after_two_days(hours: int, given_up: bool) -> None:
    assert is_given_up(NOW - timedelta(hours=hours), NOW) is given_up
