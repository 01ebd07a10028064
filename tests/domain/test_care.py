"""When people of the pool are asked for their data or whether they are still there, and when somebody has to ask."""

from datetime import timedelta

import pytest

from dispatch.domain.care import Data, is_asked_if_still_there, is_confirmation_due, is_link_open, is_unanswered
from tests.builders import NOW

DAY = timedelta(days=1)
LONG_AGO = NOW - 900 * DAY


@pytest.mark.parametrize(
    ("data", "due"),
    [
        (Data(NOW - 364 * DAY), False),
        (Data(NOW - 365 * DAY), True),
        (Data(LONG_AGO, confirmed_at=NOW - 364 * DAY), False),
        (Data(LONG_AGO, confirmed_at=NOW - 365 * DAY), True),
        (Data(LONG_AGO, asked_at=NOW - 364 * DAY), False),
        (Data(LONG_AGO, asked_at=NOW - 365 * DAY), True),
        (Data(LONG_AGO, asked_at=NOW - 400 * DAY, change_told_at=NOW - 390 * DAY), False),
    ],
    ids=[
        "new", "a year after entry", "confirmed lately", "a year after her word", "asked lately",
        "asked a year ago", "a change waits to be entered",
    ],
)  # fmt: skip
def test_data_are_asked_for_once_a_year(data: Data, due: bool) -> None:
    assert is_confirmation_due(data, NOW) is due


@pytest.mark.parametrize(
    ("data", "unanswered"),
    [
        (Data(LONG_AGO), False),
        (Data(LONG_AGO, asked_at=NOW - 27 * DAY), False),
        (Data(LONG_AGO, asked_at=NOW - 28 * DAY), True),
        (Data(LONG_AGO, asked_at=NOW - 28 * DAY, confirmed_at=NOW - 500 * DAY), True),
        (Data(LONG_AGO, asked_at=NOW - 28 * DAY, confirmed_at=NOW - 28 * DAY), False),
        (Data(LONG_AGO, asked_at=NOW - 28 * DAY, change_told_at=NOW - DAY), False),
    ],
    ids=["never asked", "27 days", "four weeks", "an older word", "confirmed", "told of a change"],
)
def test_after_four_weeks_of_silence_somebody_asks(data: Data, unanswered: bool) -> None:
    assert is_unanswered(data, NOW) is unanswered


@pytest.mark.parametrize(
    ("lapses", "asked_days_ago", "asks"),
    [(4, None, False), (5, None, True), (9, None, True), (5, 179, False), (5, 180, True)],
    ids=["four", "five", "nine", "asked lately", "asked long ago"],
)
def test_who_never_answers_is_asked_by_mail_once(lapses: int, asked_days_ago: int | None, asks: bool) -> None:
    asked_at = None if asked_days_ago is None else NOW - asked_days_ago * DAY
    assert is_asked_if_still_there(lapses, asked_at, NOW, most=5) is asks


@pytest.mark.parametrize(("days", "is_open"), [(None, False), (89, True), (90, False)])
def test_the_page_of_her_data_opens_for_ninety_days(days: int | None, is_open: bool) -> None:
    assert is_link_open(None if days is None else NOW - days * DAY, NOW) is is_open
