"""Periods count in the local calendar, and nothing is due a second too early."""

from datetime import timedelta

import pytest

from dispatch.domain.retention import DEFAULT, RetentionOptions, cut_offs, days_before, months_before
from tests.domain.times import BERLIN, at

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "days", "cut"),
    [
        pytest.param("2026-11-24 10:00", 30, "2026-10-25 10:00", id="over the change to winter time"),
        pytest.param("2026-12-24 10:00", 30, "2026-11-24 10:00", id="within winter time"),
        pytest.param("2027-01-05 00:00", 30, "2026-12-06 00:00", id="over the new year"),
        pytest.param("2027-04-27 02:30", 30, "2027-03-28 01:30", id="an hour that did not exist: rather later"),
    ],
)
def test_days_are_days_of_the_calendar(now: str, days: int, cut: str) -> None:
    assert days_before(at(now), days, BERLIN) == at(cut)


def test_of_an_hour_that_came_twice_the_first_one_counts() -> None:
    cut = days_before(at("2026-11-24 02:30"), 30, BERLIN)

    assert cut == at("2026-10-25 01:30") + timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "months", "cut"),
    [
        pytest.param("2026-11-24 10:00", 6, "2026-05-24 10:00", id="the same day and time"),
        pytest.param("2026-11-24 10:00", 12, "2025-11-24 10:00", id="a year"),
        pytest.param("2026-01-15 10:00", 3, "2025-10-15 10:00", id="over the new year"),
        pytest.param("2026-12-24 10:00", 12, "2025-12-24 10:00", id="December stays in its year"),
        pytest.param("2026-08-31 10:00", 6, "2026-02-28 10:00", id="no such day: the last of the month"),
        pytest.param("2028-08-31 10:00", 6, "2028-02-29 10:00", id="in a leap year"),
        pytest.param("2027-02-28 10:00", 6, "2026-08-28 10:00", id="an end on the 31st waits until March"),
    ],
)
def test_months_are_months_of_the_calendar(now: str, months: int, cut: str) -> None:
    assert months_before(at(now), months, BERLIN) == at(cut)


def test_each_kind_has_its_period() -> None:
    now = at("2026-11-24 10:00")

    assert cut_offs(now, zone=BERLIN, options=DEFAULT) == (
        at("2026-10-25 10:00"), at("2026-10-25 10:00"),
        at("2026-05-24 10:00"), at("2025-11-24 10:00"), at("2026-08-24 10:00"), at("2025-11-24 10:00"),
        at("2026-11-10 10:00"), at("2026-11-10 10:00"), at("2026-05-24 10:00"),
    )  # fmt: skip
    other = RetentionOptions(
        detail_days=1, call_note_days=2, case_months=1, reference_months=2, leaver_months=4, feedback_months=5,
        resident_days=3, applicant_days=3, applicant_months=5,
    )  # fmt: skip
    assert cut_offs(now, zone=BERLIN, options=other) == (
        at("2026-11-23 10:00"), at("2026-11-22 10:00"),
        at("2026-10-24 10:00"), at("2026-09-24 10:00"), at("2026-07-24 10:00"), at("2026-06-24 10:00"),
        at("2026-11-21 10:00"), at("2026-11-21 10:00"), at("2026-06-24 10:00"),
    )  # fmt: skip


def test_a_second_later_a_second_more_is_due() -> None:
    now = at("2026-11-24 10:00")

    assert days_before(now + SECOND, 30, BERLIN) - days_before(now, 30, BERLIN) == SECOND
