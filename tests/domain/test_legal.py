"""The accessibility statement has to be reviewed once a year."""

from datetime import date

import pytest

from dispatch.domain.hours import LANDS
from dispatch.domain.legal import AUTHORITIES, ENFORCEMENT, Statement, is_reviewed


@pytest.mark.parametrize(
    ("reviewed_on", "today", "is_fresh"),
    [
        pytest.param(None, date(2026, 11, 23), False, id="never"),
        pytest.param(date(2026, 11, 23), date(2026, 11, 23), True, id="today"),
        pytest.param(date(2026, 11, 24), date(2026, 11, 23), False, id="in the future"),
        pytest.param(date(2025, 11, 24), date(2026, 11, 23), True, id="a day less than a year ago"),
        pytest.param(date(2025, 11, 23), date(2026, 11, 23), False, id="a year ago"),
        pytest.param(date(2024, 2, 29), date(2025, 2, 28), True, id="leap day, the day before"),
        pytest.param(date(2024, 2, 29), date(2025, 3, 1), False, id="leap day, the day after"),
    ],
)
def test_a_review_counts_for_a_year(reviewed_on: date | None, today: date, is_fresh: bool) -> None:
    assert is_reviewed(Statement(reviewed_on=reviewed_on), today) is is_fresh


def test_what_is_shipped_is_for_states_that_there_are() -> None:
    assert {*AUTHORITIES, *ENFORCEMENT} <= set(LANDS)
