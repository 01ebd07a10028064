"""How long an office reads its request by a link."""

from datetime import datetime, timedelta

import pytest

from dispatch.domain.office_links import has_ended, speaks_for_office
from dispatch.domain.permissions import Actor, Role, bearer
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


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (Actor(1, Role.REQUESTER), True),
        (bearer("request", 40), True),
        (bearer("appointment", 40, mediator_id=20), False),
        (bearer("offer", 40, mediator_id=20), False),
        (Actor(None, Role.LINK), False),
        (Actor(2, Role.MEDIATOR, mediator_id=20), False),
        (Actor(3, Role.COORDINATOR), False),
    ],
    ids=["member", "request's link", "appointment's link", "offer's link", "no link", "mediator", "coordinator"],
)
def test_the_office_speaks_through_its_members_and_the_link_of_its_request(actor: Actor, expected: bool) -> None:
    assert speaks_for_office(actor) is expected
