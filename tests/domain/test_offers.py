"""The wave table, the deadline of each offer and which reply still counts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.hours import add_waking, waking_between
from dispatch.domain.lifecycle import OFFER_MOVES, OfferState, RequestState, WithdrawalCause
from dispatch.domain.offers import (
    DEFAULT,
    OfferOptions,
    Reply,
    Verdict,
    WaveRow,
    answer_counts,
    deadline,
    row_for,
)
from tests.domain.times import BERLIN, PROPERTY, at, instants, minutes, wall

URGENT, SHORT, MIDDLE, LONG, LONGEST = DEFAULT.rows


@pytest.mark.parametrize(
    ("row", "asked", "answer_within_hours"),
    [(LONGEST, 2, 28), (LONG, 3, 14), (MIDDLE, 5, 4), (SHORT, 8, 1), (URGENT, None, 0.25)],
    ids=["longest", "long", "middle", "short", "urgent"],
)
def test_the_wave_table_of_the_domain(row: WaveRow, asked: int | None, answer_within_hours: float) -> None:
    assert (row.asked, row.answer_within_minutes) == (asked, answer_within_hours * 60)


@pytest.mark.parametrize(
    ("waking_minutes", "expected"),
    [
        (0, URGENT),
        (1, URGENT),
        (4 * 60, URGENT),
        (4 * 60 + 1, SHORT),
        (14 * 60, SHORT),
        (14 * 60 + 1, MIDDLE),
        (42 * 60, MIDDLE),
        (42 * 60 + 1, LONG),
        (140 * 60, LONG),
        (140 * 60 + 1, LONGEST),
        (5000 * 60, LONGEST),
    ],
)
def test_the_upper_bound_belongs_to_the_row(waking_minutes: int, expected: WaveRow) -> None:
    now = at("2026-11-24 10:00")
    start = add_waking(now, minutes(waking_minutes), zone=BERLIN)

    assert row_for(now, start, zone=BERLIN) == expected


def test_a_second_beyond_the_bound_is_the_next_row() -> None:
    now = at("2026-11-24 10:00")

    assert row_for(now, now + timedelta(hours=4, seconds=1), zone=BERLIN) == SHORT


@pytest.mark.parametrize(
    ("now", "start", "expected"),
    [
        ("2026-11-23 20:30", "2026-11-24 10:00", URGENT),
        ("2026-11-23 20:00", "2026-11-24 10:01", SHORT),
        ("2026-11-20 15:30", "2026-11-23 09:00", MIDDLE),
        ("2026-11-24 10:00", "2026-12-04 10:00", LONG),
        ("2026-11-24 10:00", "2026-12-04 10:01", LONGEST),
        ("2027-03-27 19:00", "2027-03-28 09:00", URGENT),
        ("2027-10-30 19:00", "2027-10-31 09:00", URGENT),
        ("2026-11-24 23:00", "2026-11-25 06:00", URGENT),
        ("2026-11-24 12:00", "2026-11-24 10:00", URGENT),
    ],
    ids=[
        "the night does not count", "just over four hours", "over a weekend", "ten days", "ten days and a minute",
        "over march", "over october", "within the night", "start has passed",
    ],
)  # fmt: skip
def test_notice_is_counted_in_waking_time(now: str, start: str, expected: WaveRow) -> None:
    assert row_for(at(now), at(start), zone=BERLIN) == expected


@pytest.mark.parametrize(
    ("sent_at", "row", "departure", "expected"),
    [
        ("2026-11-24 10:00", LONGEST, "2026-12-10 09:00", "Thu 2026-11-26 10:00 +01"),
        ("2026-11-24 10:00", LONG, "2026-12-01 09:00", "Wed 2026-11-25 10:00 +01"),
        ("2026-11-20 19:30", MIDDLE, "2026-11-23 08:30", "Sat 2026-11-21 09:30 +01"),
        ("2026-11-24 10:00", SHORT, "2026-11-24 18:00", "Tue 2026-11-24 11:00 +01"),
        ("2026-11-24 10:00", URGENT, "2026-11-24 12:30", "Tue 2026-11-24 10:15 +01"),
        ("2026-11-24 10:00", SHORT, "2026-11-24 11:30", "Tue 2026-11-24 11:00 +01"),
        ("2026-11-24 10:00", SHORT, "2026-11-24 11:29", "Tue 2026-11-24 10:59 +01"),
        ("2026-11-24 10:00", SHORT, "2026-11-24 10:45", "Tue 2026-11-24 10:15 +01"),
        ("2026-11-24 10:00", SHORT, "2026-11-24 10:44", "Tue 2026-11-24 10:15 +01"),
        ("2026-11-24 10:00", URGENT, "2026-11-24 10:05", "Tue 2026-11-24 10:15 +01"),
        ("2026-11-24 20:45", MIDDLE, "2026-11-26 09:00", "Wed 2026-11-25 10:45 +01"),
        ("2026-11-24 23:00", URGENT, "2026-11-25 08:30", "Wed 2026-11-25 07:15 +01"),
        ("2026-11-24 23:00", URGENT, "2026-11-25 05:00", "Wed 2026-11-25 04:30 +01"),
        ("2027-03-27 20:00", MIDDLE, "2027-03-29 09:00", "Sun 2027-03-28 10:00 +02"),
        ("2027-10-30 20:00", MIDDLE, "2027-11-01 09:00", "Sun 2027-10-31 10:00 +01"),
    ],
    ids=[
        "28 hours", "14 hours", "4 hours over night", "60 minutes", "15 minutes", "departure just late enough",
        "30 minutes before departure", "both limits meet", "15 minutes after the wave win", "hardly any time left",
        "evening", "night rule", "night rule, early departure", "march", "october",
    ],
)  # fmt: skip
def test_each_deadline_keeps_departure_and_the_shortest_time(
    sent_at: str, row: WaveRow, departure: str, expected: str
) -> None:
    assert wall(deadline(at(sent_at), row, at(departure), zone=BERLIN)) == expected


@PROPERTY
@given(instants(), st.integers(0, 30 * 24 * 3600))
def test_a_deadline_lies_between_its_two_limits(sent_at: datetime, seconds: int) -> None:
    departure = sent_at + timedelta(seconds=seconds)
    row = row_for(sent_at, departure, zone=BERLIN)

    until = deadline(sent_at, row, departure, zone=BERLIN)

    assert until >= sent_at + minutes(15)
    assert until <= max(departure - minutes(30), sent_at + minutes(15))


@PROPERTY
@given(instants(), st.integers(0, 30 * 24 * 3600))
def test_the_notice_lies_within_its_row(now: datetime, seconds: int) -> None:
    start = now + timedelta(seconds=seconds)

    row = row_for(now, start, zone=BERLIN)

    shorter = [each.up_to_minutes or 0 for each in DEFAULT.rows[: DEFAULT.rows.index(row)]]
    notice = waking_between(now, start, zone=BERLIN)
    assert all(notice > minutes(bound) for bound in shorter)
    assert row.up_to_minutes is None or notice <= minutes(row.up_to_minutes)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (URGENT, SHORT),
        (URGENT, LONGEST, LONGEST),
        (LONGEST, URGENT),
        (SHORT, URGENT, LONGEST),
        (URGENT, URGENT, LONGEST),
        (replace(URGENT, up_to_minutes=0), LONGEST),
        (URGENT, replace(LONGEST, asked=0)),
        (URGENT, replace(LONGEST, answer_within_minutes=0)),
    ],
    ids=[
        "no row", "longest notice missing", "two open rows", "open row first", "falling", "twice the same bound",
        "bound of zero", "nobody asked", "no time to answer",
    ],
)  # fmt: skip
def test_options_that_leave_a_notice_without_row_are_refused(rows: tuple[WaveRow, ...]) -> None:
    with pytest.raises(ValueError):
        OfferOptions(rows=rows)


def test_a_row_may_ask_one_person_and_give_one_minute() -> None:
    row = WaveRow(None, 1, 1)

    assert OfferOptions(rows=(row,)).urgent_row == row


def test_one_open_row_covers_every_notice() -> None:
    options = OfferOptions(rows=(LONGEST,))

    assert row_for(at("2026-11-24 10:00"), at("2026-11-24 11:00"), zone=BERLIN, options=options) == LONGEST


ACCEPT, DECLINE = Reply.ACCEPT, Reply.DECLINE
OPEN, ACCEPTED, DECLINED, EXPIRED, WITHDRAWN = OfferState
TAKEN, CHANGED = WithdrawalCause.TAKEN, WithdrawalCause.CHANGED
SEARCHING, ASSIGNED = RequestState.SEARCHING, RequestState.ASSIGNED
REPLIES: dict[str, tuple[Reply, OfferState, RequestState, int, WithdrawalCause | None, Verdict]] = {
    "yes in time": (ACCEPT, OPEN, SEARCHING, 2, None, Verdict.COUNTS),
    "late yes": (ACCEPT, EXPIRED, SEARCHING, 2, None, Verdict.COUNTS),
    "changed her mind": (ACCEPT, DECLINED, SEARCHING, 2, None, Verdict.COUNTS),
    "no in time": (DECLINE, OPEN, SEARCHING, 2, None, Verdict.COUNTS),
    "late no": (DECLINE, EXPIRED, SEARCHING, 2, None, Verdict.COUNTS),
    "second yes": (ACCEPT, ACCEPTED, ASSIGNED, 2, None, Verdict.ALREADY_DONE),
    "second yes after the appointment": (ACCEPT, ACCEPTED, RequestState.COMPLETED, 2, None, Verdict.ALREADY_DONE),
    "second yes after a cancellation": (ACCEPT, ACCEPTED, RequestState.CANCELLED, 2, None, Verdict.ALREADY_DONE),
    "second no": (DECLINE, DECLINED, SEARCHING, 2, None, Verdict.ALREADY_DONE),
    "second no, taken by another": (DECLINE, DECLINED, ASSIGNED, 2, None, Verdict.ALREADY_DONE),
    "second no, changed since": (DECLINE, DECLINED, SEARCHING, 1, None, Verdict.ALREADY_DONE),
    "no after her yes": (DECLINE, ACCEPTED, ASSIGNED, 2, None, Verdict.HAND_BACK),
    "yes, taken, offer still open": (ACCEPT, OPEN, ASSIGNED, 2, None, Verdict.ALREADY_TAKEN),
    "yes, taken": (ACCEPT, WITHDRAWN, ASSIGNED, 2, TAKEN, Verdict.ALREADY_TAKEN),
    "yes, taken and over": (ACCEPT, WITHDRAWN, RequestState.COMPLETED, 2, TAKEN, Verdict.ALREADY_TAKEN),
    "late yes, taken": (ACCEPT, EXPIRED, ASSIGNED, 2, None, Verdict.ALREADY_TAKEN),
    "changed her mind, taken": (ACCEPT, DECLINED, ASSIGNED, 2, None, Verdict.ALREADY_TAKEN),
    "no, taken": (DECLINE, WITHDRAWN, ASSIGNED, 2, TAKEN, Verdict.ALREADY_TAKEN),
    "yes, was taken, searching again": (ACCEPT, WITHDRAWN, SEARCHING, 2, TAKEN, Verdict.CLOSED),
    "yes, was taken, cancelled": (ACCEPT, WITHDRAWN, RequestState.CANCELLED, 2, TAKEN, Verdict.CLOSED),
    "yes to an older revision": (ACCEPT, OPEN, SEARCHING, 1, None, Verdict.CLOSED),
    "late yes to an older revision": (ACCEPT, EXPIRED, SEARCHING, 1, None, Verdict.CLOSED),
    "no to an older revision": (DECLINE, EXPIRED, SEARCHING, 1, None, Verdict.CLOSED),
    "older revision, taken since": (ACCEPT, EXPIRED, ASSIGNED, 1, None, Verdict.CLOSED),
    "yes, changed": (ACCEPT, WITHDRAWN, SEARCHING, 1, CHANGED, Verdict.CLOSED),
    "yes, closed": (ACCEPT, WITHDRAWN, RequestState.CANCELLED, 2, WithdrawalCause.CLOSED, Verdict.CLOSED),
    "yes, undelivered": (ACCEPT, WITHDRAWN, SEARCHING, 2, WithdrawalCause.UNDELIVERED, Verdict.CLOSED),
    "yes, no longer fits": (ACCEPT, WITHDRAWN, ASSIGNED, 2, WithdrawalCause.NO_LONGER_FITS, Verdict.CLOSED),
    "no, closed": (DECLINE, WITHDRAWN, RequestState.CANCELLED, 2, WithdrawalCause.CLOSED, Verdict.CLOSED),
    "yes, cancelled": (ACCEPT, OPEN, RequestState.CANCELLED, 2, None, Verdict.CLOSED),
    "yes, unfilled": (ACCEPT, EXPIRED, RequestState.UNFILLED, 2, None, Verdict.CLOSED),
    "yes, back in review": (ACCEPT, OPEN, RequestState.IN_REVIEW, 2, None, Verdict.CLOSED),
    "yes, submitted": (ACCEPT, OPEN, RequestState.SUBMITTED, 2, None, Verdict.CLOSED),
}  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "offer_state", "request_state", "offer_revision", "cause", "expected"), REPLIES.values(), ids=REPLIES
)
def test_a_reply_to_a_request_of_revision_two(
    reply: Reply,
    offer_state: OfferState,
    request_state: RequestState,
    offer_revision: int,
    cause: WithdrawalCause | None,
    expected: Verdict,
) -> None:
    verdict = answer_counts(
        reply, offer_state, request_state, offer_revision=offer_revision, request_revision=2, cause=cause
    )

    assert verdict is expected


@pytest.mark.parametrize("reply", Reply)
@pytest.mark.parametrize("request_state", RequestState)
@pytest.mark.parametrize("offer_state", OfferState)
@pytest.mark.parametrize("offer_revision", [1, 2])
def test_a_reply_that_counts_is_a_move_of_the_offer_in_a_search(
    reply: Reply, request_state: RequestState, offer_state: OfferState, offer_revision: int
) -> None:
    verdict = answer_counts(reply, offer_state, request_state, offer_revision=offer_revision, request_revision=2)

    target = OfferState.ACCEPTED if reply is ACCEPT else OfferState.DECLINED
    is_possible = target in OFFER_MOVES[offer_state] and request_state is SEARCHING and offer_revision == 2
    assert (verdict is Verdict.COUNTS) is is_possible
