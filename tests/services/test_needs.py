"""Need without a request: noted by the staff in one line, listed by month, taken back only by its writer."""

from datetime import date

import pytest

from dispatch.domain.errors import Forbidden, Invalid, Missing
from dispatch.domain.needs import TypedNeed
from dispatch.services import needs
from tests.builders import NOW, Builder
from tests.services.booking import actor_of

TYPED = TypedNeed(("so",), "", date(2026, 11, 20), "doctor", "practice", "14627140", "45", "mit dem Kind verständigt")
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def test_a_line_is_listed_in_the_month_of_its_day(build: Builder) -> None:
    actor = actor_of(build.user("regional_coordinator"))
    needs.note(actor, TYPED, NOW)
    needs.note(actor, TypedNeed(("und",), day=date(2026, 12, 1)), NOW)

    november, december = needs.month(actor, NOVEMBER), needs.month(actor, DECEMBER)

    assert [(row.language, row.setting, row.minutes, row.why) for row in november.rows] == [
        ("so", "doctor", 45, "mit dem Kind verständigt")
    ]
    assert (november.noted, november.refused, [row.language for row in december.rows]) == (1, 0, ["und"])


def test_only_its_writer_takes_a_line_back(build: Builder) -> None:
    writer, colleague = (actor_of(build.user("coordinator")) for _ in range(2))
    needs.note(writer, TYPED, NOW)
    need_id = needs.month(writer, NOVEMBER).rows[0].id

    for actor, number in ((colleague, need_id), (writer, need_id + 1), (writer, 10**30)):
        with pytest.raises(Missing):
            needs.take_back(actor, number, NOW)
    needs.take_back(writer, need_id, NOW)

    assert list(needs.month(writer, NOVEMBER).rows) == []


def test_a_line_that_does_not_hold_is_not_noted(build: Builder) -> None:
    with pytest.raises(Invalid):
        needs.note(actor_of(build.user("coordinator")), TypedNeed(), NOW)
    with pytest.raises(Forbidden):
        needs.note(actor_of(build.user()), TYPED, NOW)


@pytest.mark.parametrize(
    ("first", "after"),
    [(NOVEMBER, DECEMBER), (DECEMBER, date(2027, 1, 1)), (date(9999, 12, 1), date.max)],
    ids=["within a year", "over the year", "the last month there is"],
)
def test_a_month_ends_where_the_next_begins(first: date, after: date) -> None:
    assert needs.next_month(first) == after
