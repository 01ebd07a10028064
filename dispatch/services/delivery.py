"""Hand the due messages of the outbox over, one after the other, and book what became of each.

A message is claimed in one transaction, handed to `deliver` outside any, and booked in another. A process that dies
in between leaves a lease: the first time the message is handed over once more (same Message-ID), the second time it
becomes `uncertain` until a person settles it. This module never renders and never speaks SMTP.

What goes to programs has a lane of its own, so that a slow host never delays a mail: whoever claims from one lane
leaves the other alone. There what was interrupted is simply sent again, for its reader knows it by its id.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.orm import Session

from dispatch.domain import outbox as rules
from dispatch.domain.errors import Busy
from dispatch.domain.lifecycle import OfferState, WithdrawalCause
from dispatch.domain.outbox import Outcome
from dispatch.domain.permissions import SYSTEM
from dispatch.models import Mediator, Offer, OutboxMessage, Request
from dispatch.services import offers, options, waves
from dispatch.services.transactions import reading, run

ERROR_CHARACTERS = 200
BOOKING_TRIES = 3
_PLAIN = {"synchronize_session": False}


class Lane(StrEnum):
    """What is delivered: mails to people, or events to programs."""

    MAIL = "mail"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Delivery:
    """A claimed message as its renderer needs it: kind, recipient, language and the ids of what it tells of.

    `attempts` counts this one too.
    """

    id: int
    kind: str
    recipient: str
    locale: str
    message_id: str
    created_at: datetime
    attempts: int
    request_id: int | None
    offer_id: int | None
    appointment_id: int | None
    mediator_id: int | None
    user_id: int | None
    params: Mapping[str, Any]
    webhook_id: int | None = None
    applicant_id: int | None = None


@dataclass(frozen=True)
class Report:
    """What `deliver` says of one message; `error` is a short reason without an address.

    `is_line_down`: the mail server takes nothing now, so the others are left for the next run.
    """

    outcome: Outcome
    error: str | None = None
    is_line_down: bool = False


Deliver = Callable[[Delivery], Report]


def no_time() -> timedelta:
    """Say that a run takes no time, as where it is measured by nobody."""
    return timedelta()


def deliver_due(
    now: datetime,
    deliver: Deliver,
    *,
    worker: str,
    lane: Lane = Lane.MAIL,
    passed: Callable[[], timedelta] = no_time,
    may_go_on: Callable[[], bool] = lambda: True,
) -> Mapping[str, int]:
    """Hand over every message due at `now` and count the outcomes; messages claimed elsewhere are left alone.

    `passed` says how long this run has taken already: leases and next tries count from then. The run ends early when
    `may_go_on` says so, or when the mail server takes nothing.
    """
    counts: Counter[str] = Counter()
    if not _is_anything_due(now, lane):
        return counts
    if lane is Lane.MAIL:
        counts["uncertain"] = run(partial(_settle_interrupted, now=now))
    claiming = partial(claim, now=now, worker=worker, lane=lane)
    while may_go_on() and (claimed := run(partial(claiming, leased_from=now + passed()))):
        report = deliver(claimed)
        _book(claimed, report, worker, now + passed())
        counts[report.outcome.value] += 1
        if report.is_line_down:
            break
    return +counts


def claim(
    session: Session, now: datetime, worker: str, *, lane: Lane = Lane.MAIL, leased_from: datetime | None = None
) -> Delivery | None:
    """Claim the next message due at `now` for `worker` until the lease ends; None when nothing is due.

    A message whose lease ran out was interrupted: it is claimed once more.
    """
    due = (
        select(OutboxMessage.id)
        .where(_is_due(now, lane))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    lease = (leased_from or now) + timedelta(minutes=options.read(rules.DEFAULT).lease_minutes)
    row = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(due.c.id)))
        .values(
            interruptions=case(
                (OutboxMessage.state == "sending", OutboxMessage.interruptions + 1),
                else_=OutboxMessage.interruptions,
            ),
            state="sending",
            claimed_by=worker,
            lease_until=lease,
            attempts=OutboxMessage.attempts + 1,
        )
        .returning(OutboxMessage),
        execution_options=_PLAIN,
    ).scalar()
    return _delivery(row) if row else None


def _is_anything_due(now: datetime, lane: Lane) -> bool:
    """Look before writing: most ticks find nothing and need no lock."""
    found = reading().scalar(select(OutboxMessage.id).where(_is_due(now, lane)).limit(1)) is not None
    reading().close()
    return found


def _is_due(now: datetime, lane: Lane) -> ColumnElement[bool]:
    waiting = OutboxMessage.state.in_(("queued", "retry")) & (OutboxMessage.due_at <= now)
    return and_(_is_of(lane), or_(waiting, _is_interrupted(now)))


def _is_of(lane: Lane) -> ColumnElement[bool]:
    return OutboxMessage.webhook_id.is_(None) if lane is Lane.MAIL else OutboxMessage.webhook_id.is_not(None)


def _is_interrupted(now: datetime) -> ColumnElement[bool]:
    return (OutboxMessage.state == "sending") & (OutboxMessage.lease_until <= now)


def _settle_interrupted(session: Session, now: datetime) -> int:
    """Leave to a person what was interrupted as often as may be, and return how many messages that are."""
    most = options.read(rules.DEFAULT).interruptions
    settled = session.scalars(
        update(OutboxMessage)
        .where(_is_of(Lane.MAIL), _is_interrupted(now), OutboxMessage.interruptions >= most)
        .values(state="uncertain", error="interrupted twice", lease_until=None, claimed_by=None)
        .returning(OutboxMessage.id),
        execution_options=_PLAIN,
    )
    return len(settled.all())


def _delivery(row: OutboxMessage) -> Delivery:
    return Delivery(
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        locale=row.locale,
        message_id=row.message_id,
        created_at=row.created_at,
        attempts=row.attempts,
        request_id=row.request_id,
        offer_id=row.offer_id,
        appointment_id=row.appointment_id,
        mediator_id=row.mediator_id,
        user_id=row.user_id,
        webhook_id=row.webhook_id,
        applicant_id=row.applicant_id,
        params=row.params,
    )


def _book(claimed: Delivery, report: Report, worker: str, now: datetime) -> None:
    """Book what became of a message; a lock that is not to be had is waited for again, lest it be sent twice."""
    for remaining in range(BOOKING_TRIES - 1, -1, -1):
        try:
            run(partial(_book_in, claimed=claimed, report=report, worker=worker, now=now))
        except Busy:
            if not remaining:
                raise
        else:
            return


def _book_in(session: Session, claimed: Delivery, report: Report, worker: str, now: datetime) -> None:
    row = session.get_one(OutboxMessage, claimed.id, with_for_update=True)
    is_ours = (row.state, row.claimed_by, row.attempts) == ("sending", worker, claimed.attempts)
    if not is_ours and report.outcome is not Outcome.SENT:
        return  # the lease ran out, and whoever claimed it since will tell
    row.lease_until, row.claimed_by = None, None
    row.error = (report.error or "")[:ERROR_CHARACTERS] or None
    match report.outcome:
        case Outcome.SENT:
            row.state, row.sent_at = "sent", now
        case Outcome.OBSOLETE:
            _end(session, row, "dropped", now)
        case Outcome.FAILED:
            _end(session, row, "failed", now)
        case Outcome.UNSURE:
            _note_interrupted(row, now)
        case Outcome.RETRY:
            _try_again_or_give_up(session, row, now)


def _note_interrupted(row: OutboxMessage, now: datetime) -> None:
    if row.interruptions >= options.read(rules.DEFAULT).interruptions:
        row.state = "uncertain"
        return
    row.interruptions += 1
    _try_again(row, now)


def _try_again_or_give_up(session: Session, row: OutboxMessage, now: datetime) -> None:
    if rules.is_given_up(row.created_at, now, options=options.read(rules.DEFAULT)):
        _end(session, row, "failed", now)
    else:
        _try_again(row, now)


def _try_again(row: OutboxMessage, now: datetime) -> None:
    chance = random.random()  # noqa: S311 - spreads tries over time, guards nothing
    row.state = "retry"
    row.due_at = rules.next_try_at(row.attempts, now, chance=chance, options=options.read(rules.DEFAULT))


def _end(session: Session, row: OutboxMessage, state: str, now: datetime) -> None:
    row.state = state
    if row.kind == "offer" and row.offer_id is not None and row.request_id is not None and not row.interruptions:
        _withdraw_undelivered(session, row.request_id, row.offer_id, now)


def _withdraw_undelivered(session: Session, request_id: int, offer_id: int, now: datetime) -> None:
    """Take back an offer that never arrived and let its wave go on; that it lapsed is no fault of hers."""
    request = session.get_one(Request, request_id, with_for_update=True)
    offer = session.get_one(Offer, offer_id, with_for_update=True)
    if offer.state not in (OfferState.OPEN, OfferState.EXPIRED):
        return
    if offer.state == OfferState.EXPIRED and offer.wave != waves.NIGHT_WAVE:
        mediator = session.get_one(Mediator, offer.mediator_id, with_for_update=True)
        mediator.lapses_in_row = max(0, mediator.lapses_in_row - 1)
    offers.withdraw(session, SYSTEM, [offer], WithdrawalCause.UNDELIVERED, now, tell=False)
    waves.note_answer(session, request, now)
