"""Gather the facts a message may tell, and nothing it must not: the protection class is applied here.

Facts are codes, instants and numbers; words are made when the mail is written. Reference, notes, case token, reasons
and addresses never become facts of a letter.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain.lifecycle import LIVE, AppointmentState, OfferState, RequestState
from dispatch.domain.settings import Protection
from dispatch.models import Appointment, Mediator, Offer, Organisation, Request, User
from dispatch.services.bookings import mode_for
from dispatch.services.delivery import Delivery
from dispatch.services.settings import setting
from dispatch.services.talks import Talk, km_shown, talk_of
from dispatch.services.transactions import reading


@dataclass(frozen=True)
class OfferFacts:
    """What an offer adds: until when, how far, and the criteria that spoke for this mediator."""

    id: int
    deadline_at: datetime
    distance_km: int
    travel_minutes: int
    transport: str
    breakdown: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class AppointmentFacts:
    """What an appointment adds: its number, its entry in a calendar, its state, and whom it awaits."""

    id: int
    number: int
    uid: str
    sequence: int
    state: str
    deadline_at: datetime | None
    late_minutes: int | None
    is_late: bool


@dataclass(frozen=True)
class PersonFacts:
    """The mediator as an office may see her; the phone only if she shares it."""

    id: int
    name: str
    call_name: str
    shown_name: str
    badge_number: int | None
    phone: str | None


@dataclass(frozen=True)
class UserFacts:
    """The account a message is about."""

    id: int
    name: str
    is_mediator: bool


@dataclass(frozen=True)
class Facts:
    """All that one message may tell; what it does not concern is None."""

    talk: Talk | None = None
    office: str | None = None
    answer_by: datetime | None = None
    nobody_fits: bool = False
    request_id: int | None = None
    offer: OfferFacts | None = None
    appointment: AppointmentFacts | None = None
    person: PersonFacts | None = None
    user: UserFacts | None = None
    params: dict[str, Any] = field(default_factory=dict)


def facts(delivery: Delivery) -> Facts | None:
    """Return what the message may tell today, or None when it has become obsolete and must not be sent."""
    session = reading()
    request = _request(session, delivery.request_id)
    offer = session.get(Offer, delivery.offer_id) if delivery.offer_id else None
    appointment = session.get(Appointment, delivery.appointment_id) if delivery.appointment_id else None
    if _is_obsolete(delivery.kind, request, offer, appointment):
        return None
    mediator_id = delivery.mediator_id or (appointment.mediator_id if appointment else None)
    person = session.get(Mediator, mediator_id) if mediator_id else None
    user = session.get(User, delivery.user_id) if delivery.user_id else None
    return Facts(
        talk=_talk(session, request, appointment, person if offer else None) if request else None,
        office=session.scalar(select(Organisation.name).where(Organisation.id == request.organisation_id))
        if request
        else None,
        answer_by=request.answer_by if request else None,
        nobody_fits=request.nobody_fits_at is not None if request else False,
        request_id=request.id if request else None,
        offer=_offer(offer, person, request) if offer and person and request else None,
        appointment=_appointment(appointment) if appointment else None,
        person=_person(person) if person else None,
        user=UserFacts(user.id, user.name, user.mediator_id is not None) if user else None,
        params=dict(delivery.params),
    )


def _request(session: Session, request_id: int | None) -> Request | None:
    if request_id is None:
        return None
    return session.scalar(select(Request).where(Request.id == request_id).options(selectinload(Request.languages)))


def _is_obsolete(kind: str, request: Request | None, offer: Offer | None, appointment: Appointment | None) -> bool:
    """Look again when it is sent: a thing that ended before is not announced any more."""
    if kind in {"offer", "appointment_proposed"} and request and request.protection == Protection.PROTECTED:
        return True  # nothing about a protected case goes out by mail
    match kind:
        case "offer":
            return offer is None or offer.state != OfferState.OPEN
        case "appointment_proposed":
            return appointment is None or appointment.state != AppointmentState.PROPOSED
        case "appointment_confirmed" | "request_assigned" | "appointment_moved":
            return appointment is None or appointment.state not in LIVE
        case "reminder_reconfirm":
            return appointment is None or appointment.state != AppointmentState.CONFIRMED
        case "reminder_week" | "reminder_last" | "office_reminder_week" | "office_reminder_last":
            return appointment is None or appointment.state not in {
                AppointmentState.CONFIRMED,
                AppointmentState.RECONFIRMED,
            }
        case "request_nobody_yet":
            return request is None or request.state not in {RequestState.SUBMITTED, RequestState.SEARCHING}
        case _:
            return False


def _talk(session: Session, request: Request, appointment: Appointment | None, asked: Mediator | None) -> Talk:
    mode = mode_for(request, asked).value if asked else None
    return talk_of(request, setting(session, request.setting), appointment, mode=mode)


def _offer(offer: Offer, person: Mediator, request: Request) -> OfferFacts:
    return OfferFacts(
        id=offer.id,
        deadline_at=offer.deadline_at,
        distance_km=km_shown(offer.distance_km, request.protection),
        travel_minutes=offer.travel_minutes,
        transport=person.transport,
        breakdown=tuple(offer.breakdown),
    )


def _appointment(appointment: Appointment) -> AppointmentFacts:
    return AppointmentFacts(
        id=appointment.id,
        number=appointment.number,
        uid=appointment.uid,
        sequence=appointment.sequence,
        state=appointment.state,
        deadline_at=appointment.deadline_at,
        late_minutes=appointment.late_minutes,
        is_late=appointment.late,
    )


def _person(person: Mediator) -> PersonFacts:
    return PersonFacts(
        id=person.id,
        name=person.name,
        call_name=person.call_name,
        shown_name=person.name if person.share_surname else person.call_name,
        badge_number=person.badge_number,
        phone=person.phone if person.share_phone else None,
    )
