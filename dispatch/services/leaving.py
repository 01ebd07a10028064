"""Take somebody out of the search without leaving anybody waiting: what she has promised is listed and replaced.

Each appointment is released in a transaction of its own request; twice is no fault. What is kept stays on the board.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.lifecycle import AppointmentState, OfferState
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.models import Appointment, Mediator, Offer, Request
from dispatch.services import appointments, mediators, notices
from dispatch.services.appointment_access import AHEAD, hold
from dispatch.services.offer_pages import within_sight
from dispatch.services.transactions import reading, run


@dataclass(frozen=True, slots=True)
class Ties:
    """What still ties somebody to the service: appointments ahead and open offers, the next one first."""

    mediator: Mediator
    ahead: tuple[tuple[Appointment, Request], ...]
    offers: tuple[tuple[Offer, Request], ...]


def ties(actor: Actor, mediator_id: int, now: datetime) -> Ties:
    """Return what a person has promised and is asked; raises Missing, or Forbidden for the role."""
    require(actor, Act.MEDIATOR_EDIT, Subject(mediator_id=mediator_id))
    session = reading()
    person = mediators.load(session, mediator_id)
    asked = (
        select(Offer, Request)
        .join(Request, Request.id == Offer.request_id)
        .where(Offer.mediator_id == mediator_id, Offer.state == OfferState.OPEN, within_sight(actor))
        .order_by(Request.starts_at, Offer.id)
        .options(selectinload(Request.languages))
    )
    offers = tuple((offer, request) for offer, request in session.execute(asked))
    return Ties(person, tuple(mediators.ahead(session, actor, mediator_id, now)), offers)


def is_tied(actor: Actor, mediator_id: int, now: datetime) -> bool:
    """Tell whether somebody who is asked has promised anything or is asked now; Missing, Forbidden as `ties`."""
    found = ties(actor, mediator_id, now)
    return found.mediator.active and bool(found.ahead or found.offers)


def let_go(actor: Actor, mediator_id: int, version: int, replaced: Collection[int], now: datetime) -> Mediator:
    """Take her out of the search, then look for somebody else for these appointments of hers. Raises Missing, Stale."""
    mediator = mediators.deactivate(actor, mediator_id, version, now)
    replace(actor, mediator_id, replaced, now)
    return mediator


def replace(actor: Actor, mediator_id: int, replaced: Collection[int], now: datetime) -> int:
    """Look for somebody else at once for these appointments of hers, each by itself; return how many were released.

    What is no longer hers, has begun or is over is left alone.
    """
    require(actor, Act.MEDIATOR_EDIT, Subject(mediator_id=mediator_id))
    hers = {appointment.id for appointment, _request in mediators.ahead(reading(), actor, mediator_id, now)}
    return sum(_release(actor, appointment_id, now) for appointment_id in sorted(hers & set(replaced)))


def _release(actor: Actor, appointment_id: int, now: datetime) -> bool:
    def use_case(session: Session) -> bool:
        held = hold(session, actor, Act.APPOINTMENT_MOVE, appointment_id)
        appointment, request = held
        if AppointmentState(appointment.state) not in AHEAD or appointment.starts_at <= now:
            return False
        late = appointments.is_late(appointment, now)
        appointments.release(session, actor, held, now, cause="left")
        notices.tell_office(session, "appointment_replaced", appointment, request, now, params={"late": late})
        appointments.search_anew(session, actor, request, now, emergency=True)
        return True

    return run(use_case)
