"""Decide what the telephone can do in time: who takes a place in a wave, when a call is made and by when it is of use.

It neither dials nor words anything; what is asked and what is only told follows from the kind of a call.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import NO_HOLIDAYS, ServiceHours, add_service, is_service, last_service, service_between
from dispatch.domain.offers import DEFAULT as DEFAULT_OFFERS
from dispatch.domain.offers import OfferOptions, WaveRow


class CallKind(StrEnum):
    """What a call is for; the first three ask for a yes or no, the others tell something."""

    OFFER = "offer"
    PROPOSAL = "proposal"
    RECONFIRM = "reconfirm"
    REMINDER = "reminder"
    NOTICE = "notice"
    WELFARE = "welfare"


class CallSide(StrEnum):
    """Who is called."""

    MEDIATOR = "mediator"
    OFFICE = "office"


class Outcome(StrEnum):
    """What came of one call."""

    YES = "yes"
    NO = "no"
    TOLD = "told"
    NOT_REACHED = "not_reached"
    CALL_BACK = "call_back"


ASKING = frozenset({CallKind.OFFER, CallKind.PROPOSAL, CallKind.RECONFIRM})
"""Kinds that are over with a yes or a no."""
LEFT_OPEN = frozenset({Outcome.NOT_REACHED, Outcome.CALL_BACK})
"""Outcomes after which somebody calls again."""


@dataclass(frozen=True)
class CallOptions:
    """Option: how much service time a call needs; `short_notice_rows` of the wave table grant the shorter one."""

    minutes: int = 60
    short_notice_minutes: int = 15
    short_notice_rows: int = 2
    longest_call_back_days: int = 14


DEFAULT = CallOptions()


def outcomes_of(kind: CallKind) -> tuple[Outcome, ...]:
    """Return what may come of a call of this kind, in the order in which it is offered."""
    ends = (Outcome.YES, Outcome.NO) if kind in ASKING else (Outcome.TOLD,)
    return (*ends, Outcome.NOT_REACHED, Outcome.CALL_BACK)


def takes_a_place(
    sent_at: datetime,
    deadline_at: datetime,
    row: WaveRow,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    offers: OfferOptions = DEFAULT_OFFERS,
    options: CallOptions = DEFAULT,
) -> bool:
    """Return whether somebody in the office has the time to call her before her deadline.

    One service hour, in the last two rows of the wave table 15 service minutes; otherwise she is called in addition.
    """
    is_short = row in offers.rows[: options.short_notice_rows]
    needed = timedelta(minutes=options.short_notice_minutes if is_short else options.minutes)
    return service_between(sent_at, deadline_at, zone=zone, holidays=holidays, options=hours) >= needed


def call_at(
    wanted_at: datetime,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: CallOptions = DEFAULT,
) -> datetime:
    """Return when a call is to be made whose mail would leave at `wanted_at`: then, if somebody is in the office.

    Otherwise an hour before the last closing, so that it is due in the last service hour before.
    """
    if is_service(wanted_at, zone=zone, holidays=holidays, options=hours):
        return wanted_at
    opening = last_service(wanted_at, zone=zone, holidays=holidays, options=hours)
    return max(opening.start, opening.end - timedelta(minutes=options.minutes))


def told_by(
    now: datetime,
    latest_at: datetime | None = None,
    *,
    zone: tzinfo,
    holidays: Set[date] = NO_HOLIDAYS,
    hours: ServiceHours = DEFAULT_HOURS,
    options: CallOptions = DEFAULT,
) -> datetime:
    """Return by when somebody is told: after one service hour, and before `latest_at` if that is still ahead."""
    by = add_service(now, timedelta(minutes=options.minutes), zone=zone, holidays=holidays, options=hours)
    return min(by, latest_at) if latest_at is not None and latest_at > now else by


def may_call_back(at: datetime, now: datetime, starts_at: datetime | None, *, options: CallOptions = DEFAULT) -> bool:
    """Return whether a call may be put off until `at`: ahead, soon, and before the talk it is about begins."""
    is_soon = now < at <= now + timedelta(days=options.longest_call_back_days)
    return is_soon and (starts_at is None or starts_at <= now or at < starts_at)
