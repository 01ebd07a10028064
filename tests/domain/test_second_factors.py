"""Who needs a second factor, when its proof is fresh, and which codes count."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import ASSIGNABLE, Role
from dispatch.domain.second_factors import (
    PROOF_LASTS,
    FactorOptions,
    FactorRule,
    check_name,
    is_proof_fresh,
    may_remove,
    must_set_up,
    read_recovery_code,
    read_time_code,
    recovery_code,
    steps_that_count,
)

NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30
EARLIER = NOW - PROOF_LASTS
A_SECOND = timedelta(seconds=1)
REQUIRED = FactorOptions(FactorRule.REQUIRED)


def test_staff_without_a_factor_must_set_one_up_where_it_is_required() -> None:
    held_up = {role for role in ASSIGNABLE if must_set_up(role, False, REQUIRED)}

    assert held_up == {Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.OBSERVER, Role.ADMINISTRATOR}
    assert [role for role in ASSIGNABLE if must_set_up(role, True, REQUIRED) or must_set_up(role, False)] == []


@pytest.mark.parametrize(
    ("role", "factors", "options", "expected"),
    [
        pytest.param(Role.COORDINATOR, 1, REQUIRED, False, id="the last one of staff"),
        pytest.param(Role.COORDINATOR, 2, REQUIRED, True, id="one of two"),
        pytest.param(Role.COORDINATOR, 1, FactorOptions(), True, id="the last one where it is advised"),
        pytest.param(Role.REQUESTER, 1, REQUIRED, True, id="the last one of an office"),
    ],
)
def test_the_last_factor_stays_where_one_is_required(
    role: Role, factors: int, options: FactorOptions, *, expected: bool
) -> None:
    assert may_remove(role, factors, options) == expected


@pytest.mark.parametrize(
    ("began_at", "proved_at", "has_factor", "expected"),
    [
        pytest.param(EARLIER, EARLIER + A_SECOND, True, True, id="proved just now"),
        pytest.param(EARLIER, EARLIER, True, False, id="proved five minutes ago"),
        pytest.param(NOW, None, True, False, id="never proved, however new the session"),
        pytest.param(EARLIER + A_SECOND, None, False, True, id="no factor and a new session"),
        pytest.param(EARLIER, None, False, False, id="no factor and an old session"),
        pytest.param(EARLIER, EARLIER + A_SECOND, False, True, id="the last factor was just removed"),
    ],
)
def test_a_proof_is_fresh_for_five_minutes(
    began_at: datetime, proved_at: datetime | None, *, has_factor: bool, expected: bool
) -> None:
    assert is_proof_fresh(began_at, proved_at, has_factor, NOW) == expected


@pytest.mark.parametrize(
    ("last_step", "expected"),
    [
        pytest.param(None, (STEP, STEP - 1, STEP + 1), id="none used so far"),
        pytest.param(STEP - 2, (STEP, STEP - 1, STEP + 1), id="used long ago"),
        pytest.param(STEP - 1, (STEP, STEP + 1), id="the one before was used"),
        pytest.param(STEP, (STEP + 1,), id="this one was used"),
        pytest.param(STEP + 1, (), id="the next one was used"),
    ],
)
def test_a_step_of_time_counts_once_and_its_neighbours_too(last_step: int | None, expected: tuple[int, ...]) -> None:
    assert steps_that_count(NOW, last_step) == expected


@pytest.mark.parametrize(
    ("typed", "digits", "signs"),
    [
        pytest.param("123456", "123456", None, id="six digits"),
        pytest.param(" 123 456\t", "123456", None, id="with blanks"),
        pytest.param("١٢٣٤٥٦", "123456", None, id="Arabic digits"),
        pytest.param("12345", None, None, id="five"),
        pytest.param("12345½", None, None, id="a fraction is no digit"),
        pytest.param("k7q4-m2xa-9tpc-0011", None, "K7Q4M2XA9TPC0011", id="a recovery code"),
        pytest.param("K7Q4 M2XA 9TPC OOIL", None, "K7Q4M2XA9TPC0011", id="letters taken for digits"),
        pytest.param("K7Q4-M2XA-9TPC-001U", None, None, id="a letter that is in no code"),
        pytest.param("K7Q4-M2XA-9TPC", None, None, id="a group too few"),
        pytest.param("", None, None, id="nothing"),
        pytest.param("1" * 100_000, None, None, id="endless"),
        pytest.param("\x00\ud8001234", None, None, id="no text at all"),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str, digits: str | None, signs: str | None) -> None:
    assert (read_time_code(typed), read_recovery_code(typed)) == (digits, signs)


def test_a_recovery_code_is_written_in_groups_and_read_again() -> None:
    written = recovery_code("K7Q4M2XA9TPC0011")

    assert (written, read_recovery_code(written)) == ("K7Q4-M2XA-9TPC-0011", "K7Q4M2XA9TPC0011")


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        pytest.param(" ", ("required",), id="nothing"),
        pytest.param("x" * 61, ("too_long",), id="too long"),
        pytest.param("a\x00", ("control_characters",), id="control characters"),
    ],
)
def test_a_factor_has_a_name_that_one_can_read(typed: str, codes: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        check_name(typed)

    assert refused.value.errors == {"name": codes}
