"""Applications go after their period, those of the pool with the person."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.database import Base
from dispatch.domain.retention import months_before
from dispatch.models import Applicant, ApplicantStep
from dispatch.services import local_time, retention
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder

SECOND = timedelta(seconds=1)


def count(table: type[Base]) -> int:
    return reading().scalar(select(func.count()).select_from(table)) or 0


def done(counts: Any) -> dict[str, int]:
    return {kind: number for kind, number in counts.items() if number}


FORTNIGHT, HALF_A_YEAR = timedelta(days=14), NOW - months_before(NOW, 6, local_time.zone())


@pytest.mark.parametrize(
    ("values", "age", "kind"),
    [
        pytest.param({"state": "started"}, FORTNIGHT, "applicants_unconfirmed", id="nobody used the link"),
        pytest.param({"state": "started", "version": 2}, HALF_A_YEAR, "applicants", id="left half filled"),
        pytest.param({"state": "declined"}, HALF_A_YEAR, "applicants", id="declined"),
        pytest.param({"state": "withdrawn"}, HALF_A_YEAR, "applicants", id="taken back"),
        pytest.param({"state": "confirmed"}, None, "", id="one that waits is not forgotten"),
        pytest.param({"state": "accepted"}, None, "", id="the steps of somebody of the pool stay"),
    ],
)
def test_applications_go_after_their_period(
    build: Builder, values: dict[str, Any], age: timedelta | None, kind: str
) -> None:
    age = age or timedelta(days=900)
    for instant in (NOW - age, NOW - age + SECOND):
        build.applicant(**values, saved_at=instant, closed_at=instant, steps=("talk",))

    wanted = {kind: 1} if kind else {}
    assert [done(retention.apply(NOW, dry_run=True)), done(retention.apply(NOW)), done(retention.apply(NOW))] == [
        wanted, wanted, {},
    ]  # fmt: skip
    assert (count(Applicant), count(ApplicantStep)) == ((1, 1) if kind else (2, 2))


def test_the_steps_of_somebody_who_left_go_with_the_rest(build: Builder) -> None:
    leaver = build.mediator(active=False, left_at=NOW - timedelta(days=200))
    build.applicant(state="accepted", mediator_id=leaver.id, steps=("talk",))

    retention.apply(NOW)

    assert (count(Applicant), count(ApplicantStep)) == (0, 0)
