"""How long an office reads its request by a link."""

from datetime import datetime, timedelta

import pytest

from dispatch.domain.office_links import has_ended
from tests.domain.times import at

END = at("2026-12-01 10:00")
DAYS = timedelta(days=14)


@pytest.mark.parametrize(
    ("closed_at", "now", "expected"),
    [
        (None, END + DAYS - timedelta(seconds=1), False),
        (None, END + DAYS, True),
        (at("2026-11-20 10:00"), at("2026-12-04 09:59"), False),
        (at("2026-11-20 10:00"), at("2026-12-04 10:00"), True),
        (END + timedelta(days=3), END + DAYS, False),
    ],
    ids=["14 days after the end", "then no more", "cancelled long before", "then no more either", "closed later"],
)
def test_a_link_lasts_fourteen_days_after_the_request_was_closed(
    closed_at: datetime | None, now: datetime, expected: bool
) -> None:
    assert has_ended(closed_at, END, now) is expected
