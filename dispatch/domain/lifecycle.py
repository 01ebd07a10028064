"""Decide which move of a request, an offer and an appointment is allowed: one table each.

It never looks at time, rights or other rows; those rules stand beside the act that moves.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from dispatch.domain.errors import MoveRefused


class RequestState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SUBMITTED = "submitted"
    SEARCHING = "searching"
    ASSIGNED = "assigned"
    COMPLETED = "completed"
    UNFILLED = "unfilled"
    CANCELLED = "cancelled"


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class AppointmentState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    RECONFIRMED = "reconfirmed"
    COMPLETED = "completed"
    CLIENT_ABSENT = "client_absent"
    MEDIATOR_ABSENT = "mediator_absent"
    RELEASED = "released"
    CANCELLED = "cancelled"
    HANDED_BACK = "handed_back"
    STEPPED_BACK = "stepped_back"


class WithdrawalCause(StrEnum):
    """Why an offer was withdrawn."""

    TAKEN = "taken"
    CHANGED = "changed"
    UNDELIVERED = "undelivered"
    CLOSED = "closed"
    NO_LONGER_FITS = "no_longer_fits"


class DeclineReason(StrEnum):
    NO_TIME = "no_time"
    TOO_FAR = "too_far"
    NOT_THIS_CASE = "not_this_case"
    NOT_THIS_SETTING = "not_this_setting"
    OTHER = "other"


class CancelReason(StrEnum):
    """Why a request was cancelled; `refused` only by review."""

    OWN = "own"
    SOLVED = "solved"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"


class UnfilledReason(StrEnum):
    """Why nobody came, as counted in the statistics of unmet need."""

    NOBODY_SPEAKS = "nobody_speaks"
    NOBODY_FREE = "nobody_free"
    TOO_FAR = "too_far"
    DOCUMENT_MISSING = "document_missing"
    ALL_DECLINED = "all_declined"
    TOO_LATE = "too_late"
    MEDIATOR_ABSENT = "mediator_absent"
    OTHER = "other"


class Awaits(StrEnum):
    """Whose yes a proposed appointment still needs."""

    MEDIATOR = "mediator"
    OFFICE = "office"


R, O, A = RequestState, OfferState, AppointmentState

REQUEST_MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    R.DRAFT: frozenset({R.SUBMITTED, R.IN_REVIEW}),
    R.IN_REVIEW: frozenset({R.SUBMITTED, R.CANCELLED, R.UNFILLED}),
    R.SUBMITTED: frozenset({R.SEARCHING, R.ASSIGNED, R.UNFILLED, R.CANCELLED}),
    R.SEARCHING: frozenset({R.ASSIGNED, R.UNFILLED, R.CANCELLED}),
    R.ASSIGNED: frozenset({R.SEARCHING, R.COMPLETED, R.UNFILLED, R.CANCELLED}),
    R.COMPLETED: frozenset({R.UNFILLED}),
    R.UNFILLED: frozenset({R.SEARCHING, R.ASSIGNED, R.COMPLETED}),
    R.CANCELLED: frozenset({R.SEARCHING, R.ASSIGNED}),
}

OFFER_MOVES: Mapping[OfferState, frozenset[OfferState]] = {
    O.OPEN: frozenset({O.ACCEPTED, O.DECLINED, O.EXPIRED, O.WITHDRAWN}),
    O.ACCEPTED: frozenset(),
    O.DECLINED: frozenset({O.ACCEPTED}),
    O.EXPIRED: frozenset({O.ACCEPTED, O.DECLINED, O.WITHDRAWN}),
    O.WITHDRAWN: frozenset(),
}

_GIVEN_UP = frozenset({A.PROPOSED, A.RELEASED, A.CANCELLED, A.HANDED_BACK, A.STEPPED_BACK})

APPOINTMENT_MOVES: Mapping[AppointmentState, frozenset[AppointmentState]] = {
    A.PROPOSED: _GIVEN_UP | {A.CONFIRMED, A.RECONFIRMED},
    A.CONFIRMED: _GIVEN_UP | {A.RECONFIRMED, A.COMPLETED},
    A.RECONFIRMED: _GIVEN_UP | {A.COMPLETED},
    A.COMPLETED: frozenset({A.CLIENT_ABSENT, A.MEDIATOR_ABSENT}),
    A.CLIENT_ABSENT: frozenset({A.COMPLETED, A.MEDIATOR_ABSENT}),
    A.MEDIATOR_ABSENT: frozenset({A.COMPLETED, A.CLIENT_ABSENT}),
    A.RELEASED: frozenset(),
    A.CANCELLED: frozenset({A.PROPOSED}),
    A.HANDED_BACK: frozenset(),
    A.STEPPED_BACK: frozenset(),
}

LIVE: frozenset[AppointmentState] = frozenset({A.PROPOSED, A.CONFIRMED, A.RECONFIRMED, A.COMPLETED})
"""States that occupy the mediator's time; the database guard names the same four."""

OPEN_REQUEST: frozenset[RequestState] = frozenset({R.IN_REVIEW, R.SUBMITTED, R.SEARCHING, R.ASSIGNED})
"""States in which a request still wants or has an appointment ahead."""


S = TypeVar("S", bound=StrEnum)


def move_request(state: str, target: RequestState) -> RequestState:
    """Return `target`, or raise MoveRefused when the table has no such move."""
    return _move("request", REQUEST_MOVES, RequestState(state), target)


def move_offer(state: str, target: OfferState) -> OfferState:
    """Return `target`, or raise MoveRefused when the table has no such move."""
    return _move("offer", OFFER_MOVES, OfferState(state), target)


def move_appointment(state: str, target: AppointmentState) -> AppointmentState:
    """Return `target`, or raise MoveRefused when the table has no such move."""
    return _move("appointment", APPOINTMENT_MOVES, AppointmentState(state), target)


def _move(subject: str, moves: Mapping[S, frozenset[S]], state: S, target: S) -> S:
    if target not in moves[state]:
        raise MoveRefused(subject, state, target)
    return target
