"""Duty: who is there, who stands in, and which absences may be entered."""

from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.domain.duty import Absence, Colleague, TypedAbsence, check_absence, needs_somebody, on_duty
from dispatch.domain.errors import Invalid
from tests.domain.times import BERLIN, HOLIDAYS, at

JANA, NORA, IDA = Colleague(1, "Jana"), Colleague(2, "Nora"), Colleague(3, "Ida")
GONE, REGION = Colleague(4, "Gone", active=False), Colleague(5, "Region", counts=False)
PEOPLE = (JANA, NORA, IDA, GONE, REGION)
DAY = date(2026, 12, 1)


def away(user: Colleague, deputy: Colleague | None = None, *, first: int = 0, last: int = 0) -> Absence:
    days = DAY + timedelta(days=first), DAY + timedelta(days=last)
    return Absence(user.id, *days, deputy.id if deputy else None)


@pytest.mark.parametrize(
    ("absences", "present", "deputies"),
    [
        pytest.param([], [1, 2, 3], [], id="everybody is there"),
        pytest.param([away(JANA)], [2, 3], [], id="one away, nobody named"),
        pytest.param([away(JANA, NORA)], [2, 3], [2], id="one away, one stands in"),
        pytest.param([away(JANA, NORA), away(NORA)], [3], [], id="who stands in is away too"),
        pytest.param([away(JANA, GONE)], [2, 3], [], id="who stands in is disabled"),
        pytest.param([away(JANA, NORA, first=1, last=3)], [1, 2, 3], [], id="from tomorrow"),
        pytest.param([away(JANA, NORA, first=-3)], [2, 3], [2], id="on its last day"),
        pytest.param([away(JANA, NORA, first=-3, last=-1)], [1, 2, 3], [], id="the day after its last"),
        pytest.param([away(REGION, IDA)], [1, 2, 3], [], id="a region needs no deputy for the district"),
        pytest.param([away(JANA), away(NORA), away(IDA)], [], [], id="nobody is there"),
    ],
)
def test_who_is_on_duty(absences: list[Absence], present: list[int], deputies: list[int]) -> None:
    duty = on_duty(PEOPLE, absences, DAY)

    assert [one.id for one in duty.present] == present
    assert [one.id for one in duty.deputies] == deputies
    assert duty.is_anybody == bool(present)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-11-24 07:00", True, id="before opening"),
        pytest.param("2026-11-24 15:59", True, id="the last minute"),
        pytest.param("2026-11-24 16:00", False, id="closed for today"),
        pytest.param("2026-11-27 13:00", False, id="Friday afternoon"),
        pytest.param("2026-11-28 10:00", False, id="Saturday"),
        pytest.param("2026-11-18 10:00", False, id="Buß- und Bettag"),
    ],
)
def test_somebody_should_be_there_on_a_service_day_until_it_closes(now: str, expected: bool) -> None:
    assert needs_somebody(at(now), zone=BERLIN, holidays=frozenset(HOLIDAYS)) is expected


def typed(**values: Any) -> TypedAbsence:
    defaults: dict[str, Any] = {"user_id": 1, "first_on": DAY, "last_on": DAY + timedelta(days=3), "deputy_id": 2}
    return TypedAbsence(**defaults | values)


BESIDE = [away(IDA, first=2, last=9)]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        pytest.param(typed(deputy_id=1), {"deputy_id": ("oneself",)}, id="a deputy for oneself"),
        pytest.param(typed(deputy_id=3), {"deputy_id": ("away",)}, id="a deputy who is away on one day"),
        pytest.param(typed(deputy_id=4), {"deputy_id": ("inactive",)}, id="a disabled deputy"),
        pytest.param(typed(deputy_id=5), {"deputy_id": ("fewer_rights",)}, id="a deputy with fewer rights"),
        pytest.param(typed(deputy_id=9), {"deputy_id": ("unknown_choice",)}, id="an unknown deputy"),
        pytest.param(typed(user_id=3, deputy_id=None), {"first_on": ("overlaps",)}, id="away already"),
        pytest.param(typed(user_id=4), {"user_id": ("unknown_choice",)}, id="somebody disabled"),
        pytest.param(typed(last_on=DAY - timedelta(days=1)), {"last_on": ("before_first",)}, id="ends too early"),
        pytest.param(
            typed(first_on=DAY - timedelta(days=30), last_on=DAY - timedelta(days=29)),
            {"last_on": ("over",)}, id="over already",
        ),
        pytest.param(typed(first_on=date.max, last_on=date.max), {"first_on": ("too_far_away",)}, id="last of all"),
        pytest.param(typed(last_on=date.max), {"last_on": ("too_far_away",)}, id="for ever"),
        pytest.param(
            TypedAbsence(wrong={"first_on": "not_a_date"}),
            {"first_on": ("not_a_date",), "user_id": ("required",), "last_on": ("required",)}, id="nothing understood",
        ),
    ],
)  # fmt: skip
def test_what_speaks_against_an_absence_is_named_at_its_field(
    wanted: TypedAbsence, codes: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(Invalid) as refused:
        check_absence(wanted, PEOPLE, BESIDE, DAY - timedelta(days=7))

    assert refused.value.errors == codes


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(typed(), id="with a deputy"),
        pytest.param(typed(deputy_id=None), id="without"),
        pytest.param(typed(user_id=5, deputy_id=5 - 4), id="a region, by the district"),
        pytest.param(typed(deputy_id=3, last_on=DAY + timedelta(days=1)), id="the deputy leaves the day after"),
    ],
)
def test_an_absence_that_holds_is_returned(wanted: TypedAbsence) -> None:
    found = check_absence(wanted, PEOPLE, BESIDE, DAY - timedelta(days=7))

    assert (found.user_id, found.first_on, found.last_on, found.deputy_id) == (
        wanted.user_id, wanted.first_on, wanted.last_on, wanted.deputy_id,
    )  # fmt: skip
