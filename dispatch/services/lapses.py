"""Close offers without an answer: those past their deadline, and those that no longer fit their mediator.

A lapsed offer may still be answered while the request is searching; what becomes of that is `answers`.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.intervals import Interval
from dispatch.domain.lifecycle import LIVE, OfferState, RequestState, WithdrawalCause
from dispatch.domain.permissions import SYSTEM
from dispatch.models import Appointment, Mediator, Offer, Request
from dispatch.services import matching, states
from dispatch.services.calls import PHONE
from dispatch.services.offers import withdraw
from dispatch.services.pool_facts import span_around
from dispatch.services.transactions import each, reading, run
from dispatch.services.waves import NIGHT_WAVE, note_answer


def expire_due(now: datetime) -> int:
    """Let every open offer past its deadline lapse, request by request; return how many."""
    due = select(Offer.request_id).where(Offer.state == OfferState.OPEN, Offer.deadline_at <= now).distinct()
    requests = list(reading().scalars(due.order_by(Offer.request_id)))
    return each(requests, lambda request_id: run(partial(_expire, request_id=request_id, now=now)))


def _expire(session: Session, request_id: int, now: datetime) -> int:
    request = _lock(session, request_id)
    if request is None:
        return 0
    wanted = select(Offer).where(
        Offer.request_id == request_id, Offer.state == OfferState.OPEN, Offer.deadline_at <= now
    )
    due = session.scalars(wanted.order_by(Offer.id).with_for_update()).all()
    people = _lock_people(session, (offer.mediator_id for offer in due))
    for offer in due:
        states.set_offer(session, SYSTEM, offer, OfferState.EXPIRED, now)
        if offer.wave != NIGHT_WAVE and offer.channel != PHONE:  # nobody is blamed for sleeping or not being called
            people[offer.mediator_id].lapses_in_row += 1
    note_answer(session, request, now)
    return len(due)


def withdraw_unfit(now: datetime) -> int:
    """Withdraw open offers that a new appointment of their mediator, or her leaving, made unfit; return how many.

    One request per transaction; until then acceptance refuses them.
    """
    requests = sorted({*_beside_new_appointments(now), *_of_the_inactive()})
    return each(requests, lambda request_id: run(partial(_withdraw, request_id=request_id, now=now)))


def _beside_new_appointments(now: datetime) -> Iterable[int]:
    """Yield requests with an open offer to somebody who was booked or moved near them after she was asked."""
    found = reading().execute(
        select(Request.id, Request.starts_at, Request.ends_at, Appointment.starts_at, Appointment.ends_at)
        .join(Offer, Offer.request_id == Request.id)
        .join(Appointment, Appointment.mediator_id == Offer.mediator_id)
        .where(
            Offer.state == OfferState.OPEN,
            Appointment.state.in_(LIVE),
            Appointment.request_id != Request.id,
            Appointment.ends_at > now,
            (Appointment.created_at >= Offer.sent_at) | (Offer.sent_at > now) | (Appointment.sequence > 0),
        )
    )
    for request_id, starts_at, ends_at, booked_from, booked_until in found:
        if span_around(Interval(starts_at, ends_at)).overlaps(Interval(booked_from, booked_until)):
            yield request_id


def _of_the_inactive() -> Iterable[int]:
    wanted = select(Offer.request_id).join(Mediator, Mediator.id == Offer.mediator_id)
    return reading().scalars(wanted.where(Offer.state == OfferState.OPEN, Mediator.active.is_(False))).all()


def _withdraw(session: Session, request_id: int, now: datetime) -> int:
    request = _lock(session, request_id)
    if request is None or request.state != RequestState.SEARCHING:
        return 0
    wanted = select(Offer).where(Offer.request_id == request_id, Offer.state == OfferState.OPEN)
    offers = session.scalars(wanted.order_by(Offer.id).with_for_update()).all()
    _lock_people(session, (offer.mediator_id for offer in offers))
    unfit = [offer for offer in offers if matching.failures(session, request, offer.mediator_id, now)]
    if unfit:
        withdraw(session, SYSTEM, unfit, WithdrawalCause.NO_LONGER_FITS, now)
        note_answer(session, request, now)
    return len(unfit)


def _lock(session: Session, request_id: int) -> Request | None:
    """Lock a request, or return None while another process holds it: the row stays due."""
    return session.scalar(select(Request).where(Request.id == request_id).with_for_update(skip_locked=True))


def _lock_people(session: Session, ids: Iterable[int]) -> dict[int, Mediator]:
    wanted = select(Mediator).where(Mediator.id.in_(set(ids))).order_by(Mediator.id).with_for_update()
    return {person.id: person for person in session.scalars(wanted)}
