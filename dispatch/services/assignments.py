"""Let a coordinator act: ask the people she picked, or give a request to one of them directly.

She may ask only who fits; to give the request to somebody who does not, she says what she sets aside and why.
Locks: request, offers, mediator.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import hours, overrides, waves
from dispatch.domain.eligibility import Code, codes_of
from dispatch.domain.errors import Invalid, MoveRefused, PeopleDoNotFit
from dispatch.domain.lifecycle import OfferState, RequestState, WithdrawalCause
from dispatch.domain.overrides import Override
from dispatch.domain.permissions import Act, Actor, require
from dispatch.domain.requests import Policy
from dispatch.domain.settings import Protection
from dispatch.models import Mediator, Offer, Request
from dispatch.services import local_time, matching, options, request_access, states
from dispatch.services.appointment_access import check_on_behalf
from dispatch.services.asked import Asked
from dispatch.services.audit import OnBehalf
from dispatch.services.bookings import book
from dispatch.services.matching import Fitting, Judged, Ranking
from dispatch.services.offers import UNSETTLED, withdraw, withdraw_open
from dispatch.services.sending import deadline_for, row_at, send
from dispatch.services.transactions import reading, run

ASKABLE = (RequestState.SUBMITTED, RequestState.SEARCHING)


def ask(actor: Actor, request_id: int, mediator_ids: Collection[int], now: datetime) -> tuple[int, ...]:
    """Ask the picked people at once, as a wave of their own; return the offers' ids in rank order.

    Mails picked at night leave at the next waking hour; whom no mail reaches is called. For a protected request
    everybody is, one person at a time. Who was asked for this revision is left out, in an emergency only while the
    offer is open. Raises Missing, Forbidden, MoveRefused when nobody is looked for, PeopleDoNotFit with the codes of
    each, Invalid for a choice of nobody (new), or of a second person for a protected request.
    """
    request_access.load(reading(), actor, Act.OFFER_SEND, request_id)
    ranking = matching.rank(reading(), request_id, now)
    picked = _picked(ranking, mediator_ids)
    seen = (ranking.asked.request.state, ranking.asked.request.revision)

    def use_case(session: Session) -> tuple[int, ...]:
        request = request_access.load(session, actor, Act.OFFER_SEND, request_id, lock=True)
        if request.state not in ASKABLE or (request.state, request.revision) != seen:
            raise MoveRefused("request", request.state, RequestState.SEARCHING)
        if request.state == RequestState.SUBMITTED:
            states.set_request(session, actor, request, RequestState.SEARCHING, now)
        if request.protection == Protection.PROTECTED and (len(picked) > 1 or _is_asking(session, request)):
            raise Invalid({"mediator_ids": ("one_at_a_time",)})
        return _send(session, request, ranking, _not_asked(session, request, picked), now, actor=actor)

    return run(use_case)


def assign(
    actor: Actor,
    request_id: int,
    mediator_id: int,
    now: datetime,
    *,
    on_behalf: OnBehalf | None = None,
    override: Collection[str] = (),
    reason: str = "",
) -> int:
    """Give the request to one mediator and return the appointment's id; all open offers of others end.

    `on_behalf` records that she has said yes already (`confirmed`); else she is asked to confirm (`proposed`).
    `override` names the failing conditions that are set aside, `reason` says why; both stay on the appointment.
    Whom no mail reaches is called. Raises Missing, Forbidden, Invalid for an unknown channel, a code that may not be
    set aside or a missing reason, MoveRefused when the request is closed or taken, DoesNotFit with every code that
    still fails.
    """

    def use_case(session: Session) -> int:
        request = request_access.load(session, actor, Act.REQUEST_ASSIGN, request_id, lock=True)
        check_on_behalf(actor, on_behalf)
        if not _is_assignable(request):
            raise MoveRefused("request", request.state, RequestState.ASSIGNED)
        own = _own_offers(session, request, mediator_id)
        mediator = session.scalar(select(Mediator).where(Mediator.id == mediator_id).with_for_update())
        if mediator is None:
            raise Invalid({"mediator_id": ("unknown",)})
        judged = matching.look_at(session, request, mediator_id, now)
        waived = _waived(actor, request, judged, override, reason)
        offer = _settle_own(session, actor, own, now, on_behalf)
        appointment = book(
            session, actor, request, mediator, now,
            confirmed=on_behalf is not None,
            distance_km=judged.person.distance_km, travel_minutes=judged.person.way_minutes,
            offer=offer, on_behalf=on_behalf, waived=waived,
        )  # fmt: skip
        withdraw_open(session, actor, request, WithdrawalCause.TAKEN, now)
        if on_behalf:
            mediator.lapses_in_row = 0
        return appointment.id

    return run(use_case)


def _is_assignable(request: Request) -> bool:
    """Tell whether somebody is looked for; what was entered after its end may be given to who was there."""
    afterwards = request.state == RequestState.UNFILLED and request.entered_afterwards
    return afterwards or request.state in ASKABLE


def answer_by(asked: Asked, one: Fitting, now: datetime) -> datetime:
    """Return until when somebody could answer who is asked `now`."""
    leaves_at = waves.wave_due_at(now, zone=local_time.zone(), hours=options.read(hours.DEFAULT))
    return deadline_for(asked, one, leaves_at)


def places(asked: Asked, now: datetime) -> int | None:
    """Return how many people a wave that goes out `now` would ask; None = everyone who fits."""
    leaves_at = waves.wave_due_at(now, zone=local_time.zone(), hours=options.read(hours.DEFAULT))
    return row_at(asked, leaves_at).asked


def proposed(ranking: Ranking, now: datetime) -> tuple[int, ...]:
    """Return as many of the best who were not asked yet as a wave would ask: what a person may start from."""
    askable = [one.person for one in ranking.eligible if one.person.asked in (None, OfferState.WITHDRAWN)]
    return tuple(person.mediator.id for person in askable[: places(ranking.asked, now)])


def _picked(ranking: Ranking, mediator_ids: Collection[int]) -> list[Fitting]:
    """Return the picked people in rank order; refuses a choice that is empty or names somebody who cannot be asked."""
    wanted = set(mediator_ids)
    if not wanted:
        raise Invalid({"mediator_ids": ("nobody_picked",)})
    unfit = {
        one.person.mediator.id: codes_of(one.failures) for one in ranking.ineligible if one.person.mediator.id in wanted
    }
    picked = [one for one in ranking.eligible if one.person.mediator.id in wanted]
    strangers = wanted - set(unfit) - {one.person.mediator.id for one in picked}
    if unfit or strangers:
        raise PeopleDoNotFit(unfit | dict.fromkeys(strangers, (Code.LANGUAGE,)))
    return picked


def _not_asked(session: Session, request: Request, picked: Sequence[Fitting]) -> list[Fitting]:
    """Leave out who was asked for this revision: her answer still counts. Refuses a choice of nobody else."""
    asked = set(
        session.scalars(
            select(Offer.mediator_id).where(
                Offer.request_id == request.id,
                Offer.revision == request.revision,
                Offer.state.in_((OfferState.OPEN,) if request.emergency else UNSETTLED),
            )
        )
    )
    new = [one for one in picked if one.person.mediator.id not in asked]
    if not new:
        raise Invalid({"mediator_ids": ("already_asked",)})
    return new


def _is_asking(session: Session, request: Request) -> bool:
    """Tell whether somebody is being asked for this revision."""
    waiting = select(Offer.id).where(
        Offer.request_id == request.id, Offer.revision == request.revision, Offer.state == OfferState.OPEN
    )
    return session.scalar(waiting.limit(1)) is not None


def _send(
    session: Session,
    request: Request,
    ranking: Ranking,
    people: Sequence[Fitting],
    now: datetime,
    *,
    actor: Actor,
) -> tuple[int, ...]:
    leaves_at = waves.wave_due_at(now, zone=local_time.zone(), hours=options.read(hours.DEFAULT))
    request.wave += 1
    sent = send(session, request, ranking.asked, people, now, actor=actor, wave=request.wave, sent_at=leaves_at)
    if request.policy != Policy.WAVES:
        request.emergency = False
    elif not request.emergency:  # an emergency wave waits for nobody
        request.wave_due_at = max(offer.deadline_at for offer in sent)
    return tuple(offer.id for offer in sent)


def _own_offers(session: Session, request: Request, mediator_id: int) -> Sequence[Offer]:
    """Lock the offers of a locked request by id and return those to this mediator that still wait for an answer."""
    offers = session.scalars(select(Offer).where(Offer.request_id == request.id).order_by(Offer.id).with_for_update())
    return [
        offer
        for offer in offers
        if offer.mediator_id == mediator_id and offer.revision == request.revision and offer.state in UNSETTLED
    ]


def _waived(actor: Actor, request: Request, judged: Judged, override: Collection[str], reason: str) -> Override | None:
    """Return what is set aside; refuses everything else that fails. Setting aside is a right of its own."""
    if override:
        require(actor, Act.REQUEST_OVERRIDE, request_access.subject_of(request))
    return overrides.set_aside(judged.failures, override, reason, options=options.read(overrides.DEFAULT))


def _settle_own(
    session: Session, actor: Actor, own: Sequence[Offer], now: datetime, on_behalf: OnBehalf | None
) -> Offer | None:
    """Close her own offer: a recorded yes accepts it, a proposal takes its place without a word."""
    if not own:
        return None
    *earlier, offer = own
    if on_behalf is None:
        withdraw(session, actor, own, WithdrawalCause.CLOSED, now, tell=False)
        return None
    withdraw(session, actor, earlier, WithdrawalCause.CLOSED, now, tell=False)
    states.set_offer(session, actor, offer, OfferState.ACCEPTED, now, on_behalf=on_behalf)
    offer.answered_at, offer.channel, offer.recorded_by_id = now, on_behalf.channel, actor.user_id
    return offer
