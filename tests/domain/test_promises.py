"""By when an office is promised an answer: the examples of `domain.md` 6 and the edges around them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.hours import ServiceHours, is_service
from dispatch.domain.offers import OfferOptions, WaveRow
from dispatch.domain.promises import (
    Promise,
    default_last_useful,
    promise,
    promise_by_hand,
    second_deadline,
    task_due_at,
)
from tests.domain.times import BERLIN, HOLIDAYS, PROPERTY, at, instants, wall

WHEN: dict[str, Any] = {"zone": BERLIN, "holidays": HOLIDAYS}


@pytest.mark.parametrize(
    ("sent_at", "start", "expected", "is_staffed"),
    [
        ("2026-11-20 15:30", "2026-11-23 09:00", "Sat 2026-11-21 09:30 +01", False),
        ("2026-11-24 10:00", "2026-11-24 13:00", "Tue 2026-11-24 11:30 +01", True),
        ("2026-11-23 20:30", "2026-11-24 10:00", "Tue 2026-11-24 08:15 +01", True),
        ("2026-11-24 10:00", "2026-12-10 10:00", "Mon 2026-11-30 08:00 +01", True),
    ],
    ids=["friday for monday", "same day", "evening for morning", "sixteen days ahead"],
)
def test_the_four_examples_of_the_domain(sent_at: str, start: str, expected: str, is_staffed: bool) -> None:
    promised = promise(at(sent_at), at(start), **WHEN)

    assert (wall(promised.answer_by), promised.is_staffed) == (expected, is_staffed)


@pytest.mark.parametrize(
    ("sent_at", "start", "expected"),
    [
        ("2026-11-24 10:00", "2026-12-10 10:00", "Tue 2026-12-08 10:00 +01"),
        ("2026-11-20 15:30", "2026-11-23 09:00", "Sat 2026-11-21 19:15 +01"),
        ("2026-11-24 10:00", "2026-11-24 13:00", "Tue 2026-11-24 11:30 +01"),
        ("2026-11-23 20:30", "2026-11-24 10:00", "Tue 2026-11-24 08:15 +01"),
        ("2026-11-23 20:00", "2026-11-24 08:00", "Mon 2026-11-23 21:00 +01"),
        ("2026-11-23 09:00", "2026-11-27 09:00", "Wed 2026-11-25 09:00 +01"),
        ("2026-11-23 10:00", "2026-11-27 09:00", "Wed 2026-11-25 09:30 +01"),
        ("2026-11-24 22:00", "2026-11-25 06:00", "Wed 2026-11-25 02:00 +01"),
        ("2026-11-24 10:00:00", "2026-11-24 10:00:03", "Tue 2026-11-24 10:00 +01"),
        ("2026-12-14 10:00", "2026-12-29 10:00", "Wed 2026-12-23 10:00 +01"),
        ("2027-03-19 10:00", "2027-03-30 10:00", "Fri 2027-03-26 10:00 +01"),
        ("2027-10-20 10:00", "2027-11-02 10:00", "Fri 2027-10-29 10:00 +02"),
    ],
    ids=[
        "two service days", "half of the waking time", "same day", "over night", "half ends with the day",
        "both are the same", "half is later", "no waking time left", "three seconds", "over christmas",
        "over march", "over october",
    ],
)  # fmt: skip
def test_the_last_useful_answer_unless_the_office_says_otherwise(sent_at: str, start: str, expected: str) -> None:
    hours = ServiceHours(closing_days=frozenset({date(2026, 12, 24)}))

    assert wall(default_last_useful(at(sent_at), at(start), hours=hours, **WHEN)) == expected


@pytest.mark.parametrize(
    ("sent_at", "start", "expected"),
    [
        ("2026-11-24 10:00", "2026-12-10 10:00", "Sat 2026-11-28 10:00 +01"),
        ("2026-11-20 15:30", "2026-11-23 09:00", "Sat 2026-11-21 09:30 +01"),
        ("2026-11-24 10:00", "2026-11-24 15:00", "Tue 2026-11-24 11:15 +01"),
        ("2026-11-24 10:00", "2026-11-24 16:00", "Tue 2026-11-24 12:00 +01"),
        ("2026-11-24 10:00", "2026-11-25 10:00", "Tue 2026-11-24 12:00 +01"),
        ("2026-11-24 22:00", "2026-11-25 18:00", "Wed 2026-11-25 09:00 +01"),
        ("2026-11-20 19:00", "2026-11-22 08:30", "Sat 2026-11-21 10:00 +01"),
        ("2026-11-24 10:00", "2026-11-24 14:00", None),
        ("2026-11-24 22:00", "2026-11-25 06:00", None),
        ("2026-11-24 22:00", "2026-11-25 10:00", None),
    ],
    ids=[
        "rows of 28 hours", "rows of 4 hours", "the second row is the urgent one", "two rows of an hour",
        "14 hours are the shorter row", "sent by night", "shorter row after the first lapse", "urgent at once",
        "no wave before the start", "urgent in the morning",
    ],
)  # fmt: skip
def test_the_second_wave_follows_a_first_that_lapses_unanswered(sent_at: str, start: str, expected: str | None) -> None:
    found = second_deadline(at(sent_at), at(start), zone=BERLIN)

    assert (wall(found) if found else None) == expected


def test_an_early_departure_brings_both_deadlines_forward() -> None:
    sent_at, start, departure = at("2026-11-24 10:00"), at("2026-11-24 15:00"), at("2026-11-24 11:10")

    found = second_deadline(sent_at, start, zone=BERLIN, latest_departure=departure)

    assert found == at("2026-11-24 10:55")


@pytest.mark.parametrize("start", ["2026-11-25 06:30", "2026-11-25 07:00"], ids=["before seven", "at seven"])
def test_there_is_no_second_wave_when_the_first_lapses_in_the_night_before_the_start(start: str) -> None:
    options = OfferOptions(rows=(WaveRow(60, None, 15), WaveRow(None, 2, 600)))

    assert second_deadline(at("2026-11-24 18:00"), at(start), zone=BERLIN, options=options) is None


@pytest.mark.parametrize(
    ("useful", "expected", "is_staffed"),
    [
        ("2026-12-08 10:00", "Mon 2026-11-30 08:00 +01", True),
        ("2026-11-30 08:00", "Mon 2026-11-30 08:00 +01", True),
        ("2026-11-30 07:59", "Sat 2026-11-28 10:00 +01", False),
        ("2026-11-27 09:00", "Fri 2026-11-27 09:00 +01", True),
        ("2026-11-26 18:00", "Thu 2026-11-26 18:00 +01", False),
        ("2026-11-26 16:00", "Thu 2026-11-26 16:00 +01", False),
    ],
    ids=[
        "later than the second wave", "the service hour is just in time", "the service hour is too late", "earlier",
        "earlier, in the evening", "earlier, at closing",
    ],
)  # fmt: skip
def test_the_stated_last_useful_answer_bounds_the_promise(useful: str, expected: str, is_staffed: bool) -> None:
    sent_at, start = at("2026-11-24 10:00"), at("2026-12-10 10:00")

    promised = promise(sent_at, start, last_useful_answer_at=at(useful), **WHEN)

    assert (wall(promised.answer_by), promised.is_staffed) == (expected, is_staffed)
    assert promised.last_useful_answer_at == at(useful)


@pytest.mark.parametrize(
    ("sent_at", "start", "expected", "is_staffed"),
    [
        ("2026-11-24 10:00", "2026-11-26 10:00", "Wed 2026-11-25 16:00 +01", True),
        ("2026-11-27 10:00", "2026-12-01 10:00", "Mon 2026-11-30 16:00 +01", True),
        ("2026-11-26 10:00", "2026-11-28 10:00", "Fri 2026-11-27 13:00 +01", True),
        ("2026-11-17 10:00", "2026-11-20 10:00", "Thu 2026-11-19 16:00 +01", True),
        ("2027-03-26 10:00", "2027-04-01 10:00", "Tue 2027-03-30 16:00 +02", True),
        ("2026-11-24 10:00", "2026-11-25 12:00", "Wed 2026-11-25 10:00 +01", True),
        ("2026-11-24 10:00", "2026-11-25 10:00", "Wed 2026-11-25 08:00 +01", True),
        ("2026-11-27 10:00", "2026-11-28 10:00", "Sat 2026-11-28 08:00 +01", False),
        ("2026-11-20 15:30", "2026-11-23 09:00", "Mon 2026-11-23 07:00 +01", False),
        ("2026-11-24 10:00", "2026-11-24 14:00", "Tue 2026-11-24 12:00 +01", True),
        ("2026-11-24 10:00", "2026-11-24 13:00", "Tue 2026-11-24 11:30 +01", True),
        ("2026-11-24 10:00", "2026-11-24 10:30", "Tue 2026-11-24 10:15 +01", True),
        ("2026-11-24 10:00", "2026-12-10 10:00", "Wed 2026-12-02 10:00 +01", True),
        ("2026-11-24 10:00", "2026-11-29 10:00", "Thu 2026-11-26 22:00 +01", False),
        ("2027-03-19 10:00", "2027-04-09 10:00", "Tue 2027-03-30 08:00 +02", True),
    ],
    ids=[
        "end of the next service day", "over the weekend", "friday ends earlier", "over a holiday",
        "over easter and march", "two hours before", "two hours before, at opening", "two hours before, on saturday",
        "two hours before, on monday early", "half and two hours are the same", "half of what remains",
        "half an hour ahead", "half, far ahead",
        "half in the evening, of no use later", "half in the evening waits for the office",
    ],
)  # fmt: skip
def test_people_promise_the_end_of_the_next_service_day_or_half_of_what_remains(
    sent_at: str, start: str, expected: str, is_staffed: bool
) -> None:
    holidays = HOLIDAYS | {date(2027, 3, 29)}

    promised = promise_by_hand(at(sent_at), at(start), zone=BERLIN, holidays=holidays)

    assert (wall(promised.answer_by), promised.is_staffed) == (expected, is_staffed)


@pytest.mark.parametrize(
    ("useful", "expected"),
    [
        ("2026-11-25 12:00", "Wed 2026-11-25 12:00 +01"),
        ("2026-11-26 12:00", "Wed 2026-11-25 16:00 +01"),
        ("2026-11-24 12:00", "Wed 2026-11-25 10:00 +01"),
    ],
    ids=["earlier", "later", "before half of what remains"],
)
def test_people_promise_what_is_useful_but_never_before_half_of_what_remains(useful: str, expected: str) -> None:
    sent_at, start = at("2026-11-24 10:00"), at("2026-11-26 10:00")

    promised = promise_by_hand(sent_at, start, last_useful_answer_at=at(useful), **WHEN)

    assert (wall(promised.answer_by), promised.last_useful_answer_at) == (expected, at(useful))


@pytest.mark.parametrize(
    ("useful", "expected", "is_staffed"),
    [
        ("2026-11-27 08:00", "Fri 2026-11-27 08:00 +01", True),
        ("2026-11-27 07:59", "Thu 2026-11-26 22:00 +01", False),
    ],
    ids=["the next service hour is just in time", "the next service hour is too late"],
)
def test_a_promise_of_people_moves_to_a_service_hour_that_is_still_of_use(
    useful: str, expected: str, is_staffed: bool
) -> None:
    sent_at, start = at("2026-11-24 10:00"), at("2026-11-29 10:00")

    promised = promise_by_hand(sent_at, start, last_useful_answer_at=at(useful), **WHEN)

    assert (wall(promised.answer_by), promised.is_staffed) == (expected, is_staffed)


def test_people_promise_keeps_the_default_of_the_last_useful_answer() -> None:
    promised = promise_by_hand(at("2026-11-23 10:00"), at("2026-11-26 10:00"), **WHEN)

    assert promised == Promise(at("2026-11-24 22:00"), at("2026-11-24 17:00"), is_staffed=False)


@pytest.mark.parametrize(
    ("answer_by", "expected"),
    [
        ("2026-11-24 11:30", "Tue 2026-11-24 11:30 +01"),
        ("2026-11-21 09:30", "Mon 2026-11-23 08:00 +01"),
        ("2026-11-25 16:00", "Thu 2026-11-26 08:00 +01"),
    ],
    ids=["in service hours", "on saturday", "at closing"],
)
def test_the_coordinators_task_waits_for_a_service_hour(answer_by: str, expected: str) -> None:
    assert wall(task_due_at(at(answer_by), **WHEN)) == expected


leads = st.integers(60, 400 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@PROPERTY
@given(instants(last="2027-06-30 00:00"), leads)
def test_a_promise_lies_between_sending_and_the_last_useful_answer(sent_at: datetime, lead: timedelta) -> None:
    promised = promise(sent_at, sent_at + lead, **WHEN)

    assert sent_at <= promised.answer_by <= promised.last_useful_answer_at < sent_at + lead


@PROPERTY
@given(instants(last="2027-06-30 00:00"), leads)
def test_a_promise_outside_service_hours_has_no_useful_hour_after_it(sent_at: datetime, lead: timedelta) -> None:
    promised = promise(sent_at, sent_at + lead, **WHEN)

    task_at = task_due_at(promised.answer_by, **WHEN)
    assert is_service(promised.answer_by, **WHEN) or task_at > promised.last_useful_answer_at


@PROPERTY
@given(instants(last="2027-06-30 00:00"), leads)
def test_a_promise_by_hand_leaves_half_of_the_time_and_comes_before_the_start(
    sent_at: datetime, lead: timedelta
) -> None:
    promised = promise_by_hand(sent_at, sent_at + lead, **WHEN)

    assert sent_at + lead / 2 - timedelta(seconds=1) < promised.answer_by < sent_at + lead
