"""Hand the due messages of the outbox over, one after the other, and book what became of each.

A message is claimed in one transaction, handed to `deliver` outside any, and booked in another. A process that dies
in between leaves a lease: the first time the message is handed over once more (same Message-ID), the second time it
becomes `uncertain` until a person settles it. This module never renders and never speaks SMTP.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from dispatch.domain import outbox as rules
from dispatch.domain.lifecycle import OfferState, RequestState, WithdrawalCause
from dispatch.domain.outbox import Outcome
from dispatch.domain.permissions import SYSTEM
from dispatch.models import Offer, OutboxMessage, Request
from dispatch.services import options, states
from dispatch.services.transactions import run

ERROR_CHARACTERS = 200
_PLAIN = {"synchronize_session": False}


@dataclass(frozen=True)
class Delivery:
    """A claimed message as its renderer needs it: kind, recipient, language and the ids of what it tells of."""

    id: int
    kind: str
    recipient: str
    locale: str
    message_id: str
    created_at: datetime
    request_id: int | None
    offer_id: int | None
    appointment_id: int | None
    mediator_id: int | None
    user_id: int | None
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """What `deliver` says of one message; `error` is a short reason without an address."""

    outcome: Outcome
    error: str | None = None


Deliver = Callable[[Delivery], Report]


def deliver_due(now: datetime, deliver: Deliver, *, worker: str) -> Mapping[str, int]:
    """Hand over every message due at `now` and count the outcomes; messages claimed elsewhere are left alone."""
    counts: Counter[str] = Counter()
    while (claimed := run(lambda session: claim(session, now, worker))) is not None:
        report = deliver(claimed)
        run(lambda session, claimed=claimed, report=report: _book(session, claimed.id, report, now))
        counts[report.outcome.value] += 1
    return counts


def claim(session: Session, now: datetime, worker: str) -> Delivery | None:
    """Claim the next due message for `worker` until the lease ends; None when nothing is due.

    A message whose lease ran out was interrupted: once it is claimed again, twice it becomes uncertain.
    """
    _settle_interrupted(session, now)
    due = (
        select(OutboxMessage.id)
        .where(_is_due(now))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    lease = now + timedelta(minutes=options.read(rules.DEFAULT).lease_minutes)
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


def _is_due(now: datetime) -> Any:
    waiting = OutboxMessage.state.in_(("queued", "retry")) & (OutboxMessage.due_at <= now)
    interrupted = (OutboxMessage.state == "sending") & (OutboxMessage.lease_until <= now)
    return or_(waiting, interrupted)


def _settle_interrupted(session: Session, now: datetime) -> None:
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == "sending", OutboxMessage.lease_until <= now, OutboxMessage.interruptions >= 1)
        .values(state="uncertain", error="interrupted twice", lease_until=None),
        execution_options=_PLAIN,
    )


def _delivery(row: OutboxMessage) -> Delivery:
    return Delivery(
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        locale=row.locale,
        message_id=row.message_id,
        created_at=row.created_at,
        request_id=row.request_id,
        offer_id=row.offer_id,
        appointment_id=row.appointment_id,
        mediator_id=row.mediator_id,
        user_id=row.user_id,
        params=row.params,
    )


def _book(session: Session, message_id: int, report: Report, now: datetime) -> None:
    row = session.get_one(OutboxMessage, message_id, with_for_update=True)
    if row.state != "sending":
        return
    row.lease_until, row.claimed_by = None, None
    row.error = (report.error or "")[:ERROR_CHARACTERS] or None
    match report.outcome:
        case Outcome.SENT:
            row.state, row.sent_at = "sent", now
        case Outcome.OBSOLETE:
            row.state = "dropped"
        case Outcome.FAILED:
            _fail(session, row, now)
        case Outcome.RETRY if rules.is_given_up(row.created_at, now, options=options.read(rules.DEFAULT)):
            _fail(session, row, now)
        case Outcome.RETRY:
            chance = random.random()  # noqa: S311 - spreads tries over time, guards nothing
            row.state = "retry"
            row.due_at = rules.next_try_at(row.attempts, now, chance=chance, options=options.read(rules.DEFAULT))


def _fail(session: Session, row: OutboxMessage, now: datetime) -> None:
    row.state = "failed"
    if row.kind == "offer" and row.offer_id is not None and row.request_id is not None:
        _withdraw_undelivered(session, row.request_id, row.offer_id, now)


def _withdraw_undelivered(session: Session, request_id: int, offer_id: int, now: datetime) -> None:
    """Take back an offer that never arrived and let its wave go on."""
    request = session.get_one(Request, request_id, with_for_update=True)
    offer = session.get_one(Offer, offer_id, with_for_update=True)
    if offer.state != OfferState.OPEN:
        return
    states.set_offer(session, SYSTEM, offer, OfferState.WITHDRAWN, now, facts={"cause": "undelivered"})
    offer.cause = WithdrawalCause.UNDELIVERED
    if request.state == RequestState.SEARCHING:
        request.wave_due_at = now
