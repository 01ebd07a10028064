"""Start the search for a mediator and withdraw what is open: steps that other services take in their transaction.

Offers go out in `waves` (by themselves) and `assignments` (by a coordinator's hand); what becomes of a reply is
`answers`. Nothing here books an appointment, so that `appointments` may use it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from dispatch.domain.lifecycle import OfferState, RequestState, WithdrawalCause
from dispatch.domain.permissions import Actor
from dispatch.domain.requests import Policy
from dispatch.models import Mediator, Offer, OutboxMessage, Request
from dispatch.services import calls, outbox, referrals, states

UNSETTLED = (OfferState.OPEN, OfferState.EXPIRED)
"""States of an offer that was not answered yet and still may be."""
_TOLD_BY = {WithdrawalCause.TAKEN: "offer_taken"}


def start_search(session: Session, actor: Actor, request: Request, now: datetime, *, emergency: bool = False) -> None:
    """Begin, or begin anew, the search for a locked request; raises MoveRefused where no search can begin.

    The jobs send its next wave; under `manual` and `direct` a coordinator acts instead. After an `emergency` the
    wave goes also to those whose offer expired.
    """
    if request.state != RequestState.SEARCHING:
        states.set_request(session, actor, request, RequestState.SEARCHING, now, facts={"emergency": emergency})
    request.emergency = emergency
    request.nobody_fits_at = request.exhausted_at = None
    request.wave_due_at = now if request.policy == Policy.WAVES else None


def withdraw_open(
    session: Session,
    actor: Actor,
    request: Request,
    cause: WithdrawalCause,
    now: datetime,
    *,
    except_offer_id: int | None = None,
) -> int:
    """Withdraw every open offer of a locked request and tell those who had read of it; return how many.

    An offer whose mail has not left is dropped with it, and its mediator hears nothing at all. Providers outside that
    were asked for help are no longer needed either.
    """
    referrals.withdraw_asked(session, actor, request, now)
    wanted = select(Offer).where(Offer.request_id == request.id, Offer.state == OfferState.OPEN)
    if except_offer_id is not None:
        wanted = wanted.where(Offer.id != except_offer_id)
    found = session.scalars(wanted.order_by(Offer.id).with_for_update()).all()
    _close(session, actor, found, cause, now)
    unsent = _drop_unsent(session, OutboxMessage.request_id == request.id)
    _tell(session, [offer for offer in found if offer.id not in unsent], cause, now)
    return len(found)


def withdraw(
    session: Session,
    actor: Actor,
    offers: Sequence[Offer],
    cause: WithdrawalCause,
    now: datetime,
    *,
    tell: bool = True,
) -> None:
    """Withdraw these locked offers, open or expired; holders of open ones are told unless `tell` is false."""
    told = [offer for offer in offers if tell and offer.state == OfferState.OPEN]
    _close(session, actor, offers, cause, now)
    unsent = _drop_unsent(session, OutboxMessage.offer_id.in_([offer.id for offer in offers]))
    _tell(session, [offer for offer in told if offer.id not in unsent], cause, now)


def is_mailed(person: Mediator) -> bool:
    """Tell whether she is asked by mail: she has an address and does not want to be phoned instead."""
    return bool(person.email) and person.contact_channel != "phone"


def _close(session: Session, actor: Actor, offers: Sequence[Offer], cause: WithdrawalCause, now: datetime) -> None:
    for offer in offers:
        states.set_offer(session, actor, offer, OfferState.WITHDRAWN, now, facts={"cause": cause.value})
        offer.cause = cause.value


def _drop_unsent(session: Session, concerned: ColumnElement[bool]) -> set[int]:
    """Drop the offer mails that wait and return the offers they would have told of."""
    dropped = session.scalars(
        update(OutboxMessage)
        .where(concerned, OutboxMessage.kind == "offer", OutboxMessage.state.in_(outbox.WAITING))
        .values(state="dropped")
        .returning(OutboxMessage.offer_id),
        execution_options={"synchronize_session": False},
    )
    return {offer_id for offer_id in dropped if offer_id is not None}


def _tell(session: Session, offers: Sequence[Offer], cause: WithdrawalCause, now: datetime) -> None:
    if not offers:
        return
    people = session.scalars(select(Mediator).where(Mediator.id.in_([offer.mediator_id for offer in offers])))
    person_of = {person.id: person for person in people}
    for offer in offers:
        person = person_of[offer.mediator_id]
        kind = _TOLD_BY.get(cause, "offer_withdrawn")
        if offer.channel == calls.PHONE or not is_mailed(person):
            calls.tell_of_offer(session, kind, offer, now, cause=cause.value)
            continue
        outbox.enqueue(
            session,
            kind,
            person.email or "",
            now,
            locale=person.ui_language,
            request_id=offer.request_id,
            offer_id=offer.id,
            mediator_id=person.id,
            params={"cause": cause.value},
        )
