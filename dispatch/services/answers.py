"""Take a mediator's yes or no to an offer, once and for all, whoever else answers at the same instant.

What a reply still counts for is the domain's; booking is `bookings`. Locks are taken in one order: request, its
offers by id, the mediator.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from dispatch.domain import offers as rules
from dispatch.domain.eligibility import codes_of
from dispatch.domain.errors import AlreadyTaken, DoubleBooked, Missing, MoveRefused, NoLongerFits, OfferClosed
from dispatch.domain.lifecycle import LIVE, DeclineReason, OfferState, RequestState, WithdrawalCause
from dispatch.domain.offers import Reply, Verdict
from dispatch.domain.permissions import Act, Actor, Role, Subject, require
from dispatch.models import Appointment, Exclusion, Mediator, Offer, Request
from dispatch.services import matching, states
from dispatch.services.appointment_access import check_on_behalf, need_on_behalf
from dispatch.services.audit import OnBehalf
from dispatch.services.bookings import book
from dispatch.services.offers import UNSETTLED, withdraw, withdraw_open
from dispatch.services.request_access import LARGEST_ID, area_of, is_protected
from dispatch.services.transactions import run
from dispatch.services.waves import note_answer


@dataclass(frozen=True, slots=True)
class Answered:
    """What a reply led to; `appointment_id` after a yes; `repeated` when it had been given before."""

    offer_id: int
    request_id: int
    appointment_id: int | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    """An offer with everything that a reply to it may change, all of it locked."""

    request: Request
    offer: Offer
    mediator: Mediator
    others: Sequence[Offer]
    """Her other offers of this revision that could still be answered: an emergency asks somebody again."""


def accept(actor: Actor, offer_id: int, now: datetime, *, on_behalf: OnBehalf | None = None) -> Answered:
    """Give the request to who was asked; saying yes again is no fault.

    A late yes counts while the revision is searching, and so does a yes after a no. Raises Missing, AlreadyTaken,
    OfferClosed, or NoLongerFits: then this offer is withdrawn, which stays although the yes is refused.
    """

    try:
        outcome = run(partial(accept_in, actor=actor, offer_id=offer_id, now=now, on_behalf=on_behalf))
    except DoubleBooked as refused:  # the guard of the database has the last word, then the offer goes
        outcome = run(_withdrawing(actor, offer_id, on_behalf, now, NoLongerFits((refused.code,))))
    if isinstance(outcome, NoLongerFits):
        raise outcome
    return outcome


def accept_in(
    session: Session, *, actor: Actor, offer_id: int, now: datetime, on_behalf: OnBehalf | None
) -> Answered | NoLongerFits:
    """Do the same inside a transaction; what no longer fits is withdrawn there and the refusal returned."""
    held = _hold(session, actor, offer_id, on_behalf)
    if not _counts(held, Reply.ACCEPT):
        return _answered(held, _appointment_of(session, held.offer), repeated=True)
    unfit = matching.failures(session, held.request, held.mediator.id, now)
    if unfit:
        return _no_longer(session, actor, held, now, NoLongerFits(codes_of(unfit)))
    return _take(session, actor, held, now, on_behalf)


def decline(
    actor: Actor,
    offer_id: int,
    now: datetime,
    *,
    reason: DeclineReason | None = None,
    on_behalf: OnBehalf | None = None,
) -> Answered:
    """Note that who was asked does not come; saying no again is no fault and may add a reason.

    "Not this case" bars her from this request and its case for good; "not this setting" is kept with this offer
    only, for the coordinator to see: her profile is hers to change. Raises Missing, AlreadyTaken, OfferClosed, and
    MoveRefused after a yes: then she hands the appointment back.
    """
    return run(partial(decline_in, actor=actor, offer_id=offer_id, now=now, reason=reason, on_behalf=on_behalf))


def decline_in(
    session: Session,
    *,
    actor: Actor,
    offer_id: int,
    now: datetime,
    reason: DeclineReason | None,
    on_behalf: OnBehalf | None,
) -> Answered:
    """Do the same inside a transaction."""
    held = _hold(session, actor, offer_id, on_behalf)
    if not _counts(held, Reply.DECLINE):
        _note_reason(session, held, reason, now)
        return _answered(held, repeated=True)
    states.set_offer(session, actor, held.offer, OfferState.DECLINED, now, on_behalf=on_behalf)
    withdraw(session, actor, held.others, WithdrawalCause.CLOSED, now, tell=False)
    _note_reason(session, held, reason, now)
    _note_reply(actor, held, now, on_behalf)
    note_answer(session, held.request, now)
    return _answered(held)


def _hold(session: Session, actor: Actor, offer_id: int, on_behalf: OnBehalf | None) -> _Held:
    """Lock request, its offers and the mediator; raises Missing for what the actor may not know of.

    A coordinator answers only on behalf, naming the channel: Invalid without one, or for an unknown one.
    """
    known = select(Offer.request_id, Offer.mediator_id).where(Offer.id == offer_id)
    found = session.execute(known).one_or_none() if 0 < offer_id <= LARGEST_ID else None
    if found is None:
        raise Missing
    request = session.scalars(select(Request).where(Request.id == found.request_id).with_for_update()).one()
    subject = Subject(
        organisation_id=request.organisation_id,
        mediator_id=found.mediator_id,
        area=area_of(request.municipality),
        key=("offer", offer_id),
        is_protected=is_protected(request),
    )
    require(actor, Act.OFFER_ANSWER, subject)
    if is_protected(request) and actor.role in (Role.MEDIATOR, Role.LINK):
        raise Missing  # answered by phone, to a coordinator named
    check_on_behalf(actor, on_behalf)
    need_on_behalf(actor, on_behalf)
    offers = session.scalars(select(Offer).where(Offer.request_id == request.id).order_by(Offer.id).with_for_update())
    of_hers = [offer for offer in offers if offer.mediator_id == found.mediator_id]
    offer = next(offer for offer in of_hers if offer.id == offer_id)
    others = [
        other
        for other in of_hers
        if other is not offer and other.revision == request.revision and other.state in UNSETTLED
    ]
    mediator = session.scalars(select(Mediator).where(Mediator.id == found.mediator_id).with_for_update()).one()
    return _Held(request, offer, mediator, others)


def _counts(held: _Held, reply: Reply) -> bool:
    """Return whether the reply changes anything; False when it was given before, else raises why it cannot."""
    cause = WithdrawalCause(held.offer.cause) if held.offer.cause else None
    verdict = rules.answer_counts(
        reply,
        OfferState(held.offer.state),
        RequestState(held.request.state),
        offer_revision=held.offer.revision,
        request_revision=held.request.revision,
        cause=cause,
    )
    match verdict:
        case Verdict.ALREADY_TAKEN:
            raise AlreadyTaken
        case Verdict.CLOSED:
            raise OfferClosed(cause or WithdrawalCause.CLOSED)
        case Verdict.HAND_BACK:
            raise MoveRefused("offer", held.offer.state, OfferState.DECLINED)
        case Verdict.ALREADY_DONE:
            return False
        case Verdict.COUNTS:
            return True


def _take(session: Session, actor: Actor, held: _Held, now: datetime, on_behalf: OnBehalf | None) -> Answered:
    request, offer = held.request, held.offer
    _lift_bar(session, held)
    offer.decline_reason = None
    withdraw(session, actor, held.others, WithdrawalCause.CLOSED, now, tell=False)
    states.set_offer(session, actor, offer, OfferState.ACCEPTED, now, on_behalf=on_behalf)
    _note_reply(actor, held, now, on_behalf)
    appointment = book(
        session,
        actor,
        request,
        held.mediator,
        now,
        confirmed=True,
        distance_km=offer.distance_km,
        travel_minutes=offer.travel_minutes,
        offer=offer,
        on_behalf=on_behalf,
    )
    withdraw_open(session, actor, request, WithdrawalCause.TAKEN, now, except_offer_id=offer.id)
    return _answered(held, appointment.id)


def _note_reply(actor: Actor, held: _Held, now: datetime, on_behalf: OnBehalf | None) -> None:
    held.offer.answered_at = now
    held.mediator.lapses_in_row = 0
    if on_behalf:
        held.offer.channel, held.offer.recorded_by_id = on_behalf.channel, actor.user_id


def _note_reason(session: Session, held: _Held, reason: DeclineReason | None, now: datetime) -> None:
    if reason is None:
        return
    _lift_bar(session, held)
    held.offer.decline_reason = reason.value
    if reason is DeclineReason.NOT_THIS_CASE:
        session.add(
            Exclusion(
                mediator_id=held.mediator.id,
                organisation_id=held.request.organisation_id,
                case_token=held.request.case_token,
                request_id=held.request.id,
                origin=DeclineReason.NOT_THIS_CASE.value,
                created_at=now,
            )
        )


def _lift_bar(session: Session, held: _Held) -> None:
    """Forget "not this case" where she had said so: she changed her mind."""
    if held.offer.decline_reason != DeclineReason.NOT_THIS_CASE:
        return
    session.execute(delete(Exclusion).where(*_bar_of(held)), execution_options={"synchronize_session": False})


def _bar_of(held: _Held) -> tuple[ColumnElement[bool], ...]:
    request = held.request
    of_case = (Exclusion.organisation_id == request.organisation_id) & (Exclusion.case_token == request.case_token)
    return (
        Exclusion.mediator_id == held.mediator.id,
        of_case if request.case_token else Exclusion.request_id == request.id,
        Exclusion.origin == DeclineReason.NOT_THIS_CASE,
    )


def _no_longer(session: Session, actor: Actor, held: _Held, now: datetime, refusal: NoLongerFits) -> NoLongerFits:
    """Withdraw the offer and return why; a no that she wanted to turn into a yes stays a no."""
    if held.offer.state != OfferState.DECLINED:
        withdraw(session, actor, [held.offer], WithdrawalCause.NO_LONGER_FITS, now, tell=False)  # she reads it now
        note_answer(session, held.request, now)
    return refusal


def _withdrawing(
    actor: Actor, offer_id: int, on_behalf: OnBehalf | None, now: datetime, refusal: NoLongerFits
) -> Callable[[Session], NoLongerFits]:
    def use_case(session: Session) -> NoLongerFits:
        held = _hold(session, actor, offer_id, on_behalf)
        _counts(held, Reply.ACCEPT)
        return _no_longer(session, actor, held, now, refusal)

    return use_case


def _appointment_of(session: Session, offer: Offer) -> int | None:
    wanted = select(Appointment.id).where(Appointment.offer_id == offer.id)
    return session.scalar(wanted.order_by(Appointment.state.in_(LIVE).desc(), Appointment.id.desc()).limit(1))


def _answered(held: _Held, appointment_id: int | None = None, *, repeated: bool = False) -> Answered:
    return Answered(held.offer.id, held.request.id, appointment_id, repeated)
