"""Decide what a subscribed calendar shows: of which time, for how long what fell away, and how sure a thing is.

It knows no text and no way of writing: entries tell number and time, as `disclosure` has it for calendars.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dispatch.domain.lifecycle import AppointmentState, RequestState

PAST = timedelta(days=90)
"""How long what is over stays in the calendar."""
GONE = timedelta(days=30)
"""How long what was cancelled is still told, so that every calendar program learns of it."""
TAKEN_BACK = frozenset({
    AppointmentState.CANCELLED, AppointmentState.RELEASED, AppointmentState.HANDED_BACK, AppointmentState.STEPPED_BACK,
})  # fmt: skip
"""What takes place no more for this mediator."""
CALLED_OFF = frozenset({RequestState.CANCELLED, RequestState.UNFILLED})
"""What takes place no more for the office; after a hand-back its time is open as long as somebody is searched for."""


class Status(StrEnum):
    """How sure an entry is, in the words of RFC 5545."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Window:
    """What begins at `begins_from` or later is shown, what was taken back at `gone_from` or later is told.

    Both begin with a day (UTC), so that a feed changes by the mere passing of time at most once a day, at `day`.
    """

    day: datetime
    begins_from: datetime
    gone_from: datetime


def window(now: datetime) -> Window:
    """Return what a feed shows on the day of `now`; ahead it has no end."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(day, day - PAST, day - GONE)


def status_for_mediator(state: AppointmentState | str) -> Status:
    """Return how sure an appointment is to its mediator; who was absent is told nobody."""
    if state in TAKEN_BACK:
        return Status.CANCELLED
    return Status.TENTATIVE if state == AppointmentState.PROPOSED else Status.CONFIRMED


def status_for_office(request: RequestState | str, state: AppointmentState | str) -> Status:
    """Return how sure it is to the office that somebody comes; `state` is that of the latest appointment."""
    if request in CALLED_OFF:
        return Status.CANCELLED
    return Status.TENTATIVE if state in {*TAKEN_BACK, AppointmentState.PROPOSED} else Status.CONFIRMED
