"""Decide how many are asked at which notice, until when each may answer, and which answer still counts.

Whom a wave asks stands in `waves`, what the office is promised in `promises`; who fits is not decided here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import ServiceHours, add_waking, waking_between
from dispatch.domain.lifecycle import OfferState, RequestState, WithdrawalCause


@dataclass(frozen=True)
class WaveRow:
    """One line of the wave table; minutes are waking minutes, the upper bound belongs to the row.

    `up_to_minutes` None = any longer notice; `asked` None = everyone who fits.
    """

    up_to_minutes: int | None
    asked: int | None
    answer_within_minutes: int


@dataclass(frozen=True)
class OfferOptions:
    """Option: the wave table from the shortest notice to the longest, and the limits around it.

    ValueError unless the rows rise strictly, only the last one is open above, and every count is positive.
    """

    rows: tuple[WaveRow, ...] = (
        WaveRow(4 * 60, None, 15),
        WaveRow(14 * 60, 8, 60),
        WaveRow(42 * 60, 5, 4 * 60),
        WaveRow(140 * 60, 3, 14 * 60),
        WaveRow(None, 2, 28 * 60),
    )
    answer_at_least_minutes: int = 15
    before_departure_minutes: int = 30
    night_until_minute: int = 9 * 60
    lapses_to_ask_in_addition: int = 3
    lapses_to_ask_the_coordinator: int = 5
    useful_service_days: int = 2
    by_hand_before_start_minutes: int = 120

    def __post_init__(self) -> None:
        bounds = [row.up_to_minutes for row in self.rows[:-1]]
        closed = [bound for bound in bounds if bound is not None]
        if not self.rows or self.rows[-1].up_to_minutes is not None or len(closed) < len(bounds):
            raise ValueError("the last row, and no other, must cover every longer notice")
        if any(later <= earlier for earlier, later in zip([0, *closed], closed, strict=False)):
            raise ValueError(f"the bounds of the rows do not rise: {closed}")
        if any(row.answer_within_minutes < 1 or (row.asked is not None and row.asked < 1) for row in self.rows):
            raise ValueError("a row asks somebody and gives time to answer")

    @property
    def urgent_row(self) -> WaveRow:
        """The row of the shortest notice: no second wave follows it, and `short_notice` people come first."""
        return self.rows[0]


DEFAULT = OfferOptions()


class Reply(StrEnum):
    """What a mediator says to an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"


class Verdict(StrEnum):
    """What becomes of a reply. `hand_back`: she has accepted, so her no is another act than declining."""

    COUNTS = "counts"
    ALREADY_DONE = "already_done"
    ALREADY_TAKEN = "already_taken"
    CLOSED = "closed"
    HAND_BACK = "hand_back"


def row_for(
    now: datetime,
    start: datetime,
    *,
    zone: tzinfo,
    hours: ServiceHours = DEFAULT_HOURS,
    options: OfferOptions = DEFAULT,
) -> WaveRow:
    """Return the row of a wave that goes out `now`, by the waking time left until the start."""
    notice = waking_between(now, start, zone=zone, options=hours)
    for row in options.rows[:-1]:
        if row.up_to_minutes is not None and notice <= timedelta(minutes=row.up_to_minutes):
            return row
    return options.rows[-1]


def deadline(
    sent_at: datetime,
    row: WaveRow,
    latest_departure: datetime,
    *,
    zone: tzinfo,
    hours: ServiceHours = DEFAULT_HOURS,
    options: OfferOptions = DEFAULT,
) -> datetime:
    """Return until when one mediator may answer: after the waking time of the row.

    It is cut at 30 minutes before her latest departure (`travel.departs_at`), but never earlier than
    15 minutes after sending.
    """
    by_row = add_waking(sent_at, timedelta(minutes=row.answer_within_minutes), zone=zone, options=hours)
    before_departure = latest_departure - timedelta(minutes=options.before_departure_minutes)
    return max(min(by_row, before_departure), sent_at + timedelta(minutes=options.answer_at_least_minutes))


def answer_counts(
    reply: Reply,
    offer_state: OfferState,
    request_state: RequestState,
    *,
    offer_revision: int,
    request_revision: int,
    cause: WithdrawalCause | None = None,
) -> Verdict:
    """Judge a reply; the deadline plays no part: a late yes counts while this revision is searching.

    Repeating one's own reply is `already_done` whatever happened since. `cause` is that of a withdrawn offer.
    Whether she still fits is checked afterwards by the caller, in the same transaction.
    """
    if offer_state is OfferState.ACCEPTED:
        return Verdict.ALREADY_DONE if reply is Reply.ACCEPT else Verdict.HAND_BACK
    if offer_state is OfferState.DECLINED and reply is Reply.DECLINE:
        return Verdict.ALREADY_DONE
    was_withdrawn_otherwise = cause not in (None, WithdrawalCause.TAKEN)
    if was_withdrawn_otherwise or offer_revision != request_revision:
        return Verdict.CLOSED
    if request_state in (RequestState.ASSIGNED, RequestState.COMPLETED):
        return Verdict.ALREADY_TAKEN
    if offer_state is OfferState.WITHDRAWN or request_state is not RequestState.SEARCHING:
        return Verdict.CLOSED
    return Verdict.COUNTS
