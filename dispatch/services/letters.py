"""Gather the facts a message may tell, and nothing it must not: the protection class is applied here.

Facts are codes, instants and numbers; words are made when the mail is written. Reference, notes, case token, reasons
and addresses never become facts of a letter.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import disclosure
from dispatch.domain.applicants import ApplicantState
from dispatch.domain.disclosure import Fact, Reader, Surface
from dispatch.domain.lifecycle import LIVE, AppointmentState, OfferState, RequestState
from dispatch.domain.referrals import OutsideFacts, ReferralState
from dispatch.domain.relevance import Situation, still_holds
from dispatch.domain.settings import Protection
from dispatch.domain.texts import printable
from dispatch.models import Alarm, Applicant, Appointment, Mediator, Offer, Referral, Request, User
from dispatch.services import applicants, calendar_entries, care, duty, outbox, recipients, referrals
from dispatch.services.bookings import mode_for
from dispatch.services.calendar_entries import EntryFacts
from dispatch.services.delivery import Delivery
from dispatch.services.settings import setting
from dispatch.services.talks import Talk, km_told, reasons_of, talk_of
from dispatch.services.transactions import reading


@dataclass(frozen=True)
class OfferFacts:
    """What an offer adds: until when, how far, and the criteria that spoke for this mediator.

    `travel_minutes` is None where they would tell the place more closely than its kilometres may.
    """

    id: int
    deadline_at: datetime
    distance_km: int
    travel_minutes: int | None
    transport: str
    breakdown: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class AppointmentFacts:
    """What an appointment adds: its number, its state, how often it changed, until when a yes is waited for."""

    id: int
    number: int
    sequence: int
    state: str
    deadline_at: datetime | None


@dataclass(frozen=True)
class PersonFacts:
    """The mediator: `name` for herself, `shown_name` for an office; the phone only if she shares it."""

    id: int
    name: str
    shown_name: str
    badge_number: int | None
    phone: str | None
    gender: str | None = None
    qualification: str | None = None


@dataclass(frozen=True)
class AlarmFacts:
    """What an alarm tells: its kind, the request's number, id and start; of a protected case the kind alone."""

    kind: str
    number: int | None = None
    request_id: int | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True)
class UserFacts:
    """The account a message is about."""

    id: int
    name: str


@dataclass(frozen=True)
class ProviderFacts:
    """Who helps from outside, as the office may know it."""

    name: str
    phone: str | None


@dataclass(frozen=True)
class Facts:
    """All that one message may tell; what it does not concern is None.

    `is_by_link`: its office has no account and reads the request by a private link.
    """

    talk: Talk | None = None
    answer_by: datetime | None = None
    nobody_fits: bool = False
    request_id: int | None = None
    is_by_link: bool = False
    offer: OfferFacts | None = None
    appointment: AppointmentFacts | None = None
    entry: EntryFacts | None = None
    person: PersonFacts | None = None
    user: UserFacts | None = None
    provider: ProviderFacts | None = None
    outside: OutsideFacts | None = None
    alarm: AlarmFacts | None = None
    answering: duty.Answering | None = None
    applicant: applicants.ApplicantFacts | None = None
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Rows:
    """The rows a message concerns, as they are when it leaves."""

    request: Request | None
    offer: Offer | None
    appointment: Appointment | None
    mediator: Mediator | None
    user: User | None
    referral: Referral | None
    author: User | None = None
    alarm: Alarm | None = None
    applicant: Applicant | None = None

    def told(self, kind: str) -> Appointment | None:
        """Return the appointment whose time and place are told; an office reads its request's after the end."""
        if self.appointment is None or kind in outbox.TO_MEDIATORS or self.appointment.state in LIVE:
            return self.appointment
        return None


def facts(delivery: Delivery, now: datetime) -> Facts | None:
    """Return what the message may tell, or None when what it tells no longer holds and it must not be sent.

    Leaves no transaction open: a mail server may take its time.
    """
    session = reading()
    try:
        rows = _rows(session, delivery)
        if not still_holds(delivery.kind, _situation(session, delivery, rows), now):
            return None
        return _facts(session, delivery, rows)
    finally:
        session.close()


def _rows(session: Session, delivery: Delivery) -> _Rows:
    wanted = select(Request).where(Request.id == delivery.request_id).options(selectinload(Request.languages))
    appointment = session.get(Appointment, delivery.appointment_id) if delivery.appointment_id else None
    mediator_id = delivery.mediator_id or (appointment.mediator_id if appointment else None)
    request = session.scalar(wanted) if delivery.request_id else None
    return _Rows(
        request=request,
        offer=session.get(Offer, delivery.offer_id) if delivery.offer_id else None,
        appointment=appointment,
        mediator=session.get(Mediator, mediator_id) if mediator_id else None,
        user=session.get(User, delivery.user_id) if delivery.user_id else None,
        referral=session.get(Referral, delivery.params["referral"]) if "referral" in delivery.params else None,
        alarm=session.get(Alarm, delivery.params["alarm"]) if "alarm" in delivery.params else None,
        author=session.get(User, request.created_by_id) if request and request.created_by_id else None,
        applicant=session.get(Applicant, delivery.applicant_id) if delivery.applicant_id else None,
    )


def _situation(session: Session, delivery: Delivery, rows: _Rows) -> Situation:
    is_open = (
        delivery.kind in care.KINDS
        and rows.mediator is not None
        and care.is_open(session, delivery.kind, rows.mediator, delivery.params)
    )
    talk = rows.told(delivery.kind) or rows.request
    awaited = rows.offer or rows.appointment
    return Situation(
        created_at=delivery.created_at,
        starts_at=talk.starts_at if talk else None,
        ends_at=talk.ends_at if talk else None,
        protection=Protection(rows.request.protection) if rows.request else None,
        request=RequestState(rows.request.state) if rows.request else None,
        offer=OfferState(rows.offer.state) if rows.offer else None,
        appointment=AppointmentState(rows.appointment.state) if rows.appointment else None,
        deadline_at=awaited.deadline_at if awaited else None,
        told_minutes=delivery.params.get("minutes"),
        late_minutes=rows.appointment.late_minutes if rows.appointment else None,
        is_active=rows.user.active if rows.user else False,
        referral=ReferralState(rows.referral.state) if rows.referral else None,
        is_alarm_open=_is_open(rows),
        is_open=is_open,
        applicant=ApplicantState(rows.applicant.state) if rows.applicant else None,
    )


def _facts(session: Session, delivery: Delivery, rows: _Rows) -> Facts:
    request, offer, appointment, mediator = rows.request, rows.offer, rows.appointment, rows.mediator
    if delivery.kind in outbox.TO_PROVIDERS:
        return Facts(outside=referrals.facts_of(request) if request else None)
    return Facts(
        talk=_talk(session, request, rows.told(delivery.kind), mediator if offer else None) if request else None,
        answer_by=request.answer_by if request else None,
        nobody_fits=request.nobody_fits_at is not None if request else False,
        request_id=request.id if request else None,
        is_by_link=_is_by_link(rows, delivery.recipient),
        offer=_offer(offer, mediator, request) if offer and mediator and request else None,
        appointment=_appointment(appointment) if appointment else None,
        entry=_entry(session, delivery.kind, request, appointment),
        person=_person(mediator) if mediator else None,
        user=UserFacts(rows.user.id, printable(rows.user.name)) if rows.user else None,
        provider=_provider(session, request) if delivery.kind == "request_outside" and request else None,
        alarm=_alarm(session, rows.alarm) if rows.alarm else None,
        answering=_answering(request) if delivery.kind == "request_received" else None,
        applicant=applicants.facts_of(session, rows.applicant) if rows.applicant else None,
        params=dict(delivery.params),
    )


def _answering(request: Request | None) -> duty.Answering | None:
    return duty.answering(request.answer_by) if request and request.answer_by else None


def _is_open(rows: _Rows) -> bool:
    """Tell whether an alarm still waits for whoever is written to."""
    alarm = rows.alarm
    is_reader_here = rows.user is None or rows.user.active
    return alarm is not None and alarm.settled_at is None and alarm.taken_by_id is None and is_reader_here


def _alarm(session: Session, alarm: Alarm) -> AlarmFacts:
    request = session.get(Request, alarm.request_id or 0)
    appointment = session.get(Appointment, alarm.appointment_id or 0)
    if request is None or request.protection == Protection.PROTECTED:
        return AlarmFacts(alarm.kind)
    return AlarmFacts(alarm.kind, request.number, request.id, (appointment or request).starts_at)


def _is_by_link(rows: _Rows, recipient: str) -> bool:
    """Tell whether the office reads its request without signing in; an account that was closed gets no such link."""
    if rows.request is None or recipients.is_author_there(rows.author, rows.request):
        return False
    return rows.author is None or recipient != rows.author.email


def _talk(session: Session, request: Request, appointment: Appointment | None, asked: Mediator | None) -> Talk:
    mode = mode_for(request, asked).value if asked else None
    return talk_of(request, setting(session, request.setting), appointment, mode=mode)


def _provider(session: Session, request: Request) -> ProviderFacts | None:
    found = referrals.helper(session, request.id)
    return ProviderFacts(printable(found.name), found.phone) if found else None


def _entry(session: Session, kind: str, request: Request | None, appointment: Appointment | None) -> EntryFacts | None:
    if kind in outbox.TO_MEDIATORS:
        return calendar_entries.for_mediator(appointment) if appointment else None
    return calendar_entries.for_office(session, request) if request else None


def _offer(offer: Offer, person: Mediator, request: Request) -> OfferFacts:
    told = disclosure.told(Surface.MESSAGE, request.protection, Reader.MEDIATOR)
    return OfferFacts(
        id=offer.id,
        deadline_at=offer.deadline_at,
        distance_km=km_told(offer.distance_km, told),
        travel_minutes=offer.travel_minutes if Fact.WAY_MINUTES in told else None,
        transport=person.transport,
        breakdown=reasons_of(offer, request),
    )


def _appointment(appointment: Appointment) -> AppointmentFacts:
    return AppointmentFacts(
        id=appointment.id,
        number=appointment.number,
        sequence=appointment.sequence,
        state=appointment.state,
        deadline_at=appointment.deadline_at,
    )


def _person(person: Mediator) -> PersonFacts:
    return PersonFacts(
        id=person.id,
        name=printable(person.name),
        shown_name=printable(person.name if person.share_surname else person.call_name),
        badge_number=person.badge_number,
        phone=person.phone if person.share_phone else None,
        gender=person.gender,
        qualification=person.qualification,
    )
