"""Show a request to its office by a mailed link: where it stands, by when there is an answer, who comes.

It never changes anything, and shows neither reference nor notes, address nor contact: whoever holds the link reads no
more than its mails say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import office_links as rules
from dispatch.domain.disclosure import Reader, Surface, told
from dispatch.domain.errors import LinkExpired
from dispatch.domain.lifecycle import LIVE, OPEN_REQUEST, AppointmentState, CancelReason, RequestState
from dispatch.domain.permissions import Act, Actor, bearer, require
from dispatch.models import Appointment, Mediator, Offer, Provider, Request
from dispatch.services import closing, options, referrals
from dispatch.services.appointment_deeds import Deed, open_deeds
from dispatch.services.appointment_pages import Person
from dispatch.services.request_access import is_protected, subject_of
from dispatch.services.settings import setting
from dispatch.services.talks import Talk, talk_of
from dispatch.services.transactions import reading


class Approval(NamedTuple):
    """The appointment to which the office is asked to agree, and until when its word is waited for."""

    appointment_id: int
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """A request as its link shows it; `late_minutes` are those she said she is late.

    `in_time_until` is until when a cancellation comes in time, None while nobody was found. `words` is what the
    coordination tells the office, of a refusal or where nobody could come. `helper` is who helps from outside instead.
    """

    request_id: int
    state: RequestState
    talk: Talk
    asked: int
    nobody_fits: bool
    answer_by: datetime | None
    appointment: AppointmentState | None
    person: Person | None
    approval: Approval | None
    late_minutes: int | None
    cancel_reason: CancelReason | None
    may_cancel: bool
    is_late: bool
    in_time_until: datetime | None
    words: str | None
    helper: Provider | None


def holder_of(request_id: int, now: datetime) -> Actor:
    """Return who holds the mailed link of a request; raises LinkExpired where it has ended or was never to be."""
    request = reading().get_one(Request, request_id)
    ended = rules.has_ended(request.closed_at, request.ends_at, now, options=options.read(rules.DEFAULT))
    if ended or is_protected(request):
        raise LinkExpired
    return bearer("request", request_id)


def show(actor: Actor, request_id: int, now: datetime) -> Page:
    """Return the request for the holder of its link; raises Missing and Forbidden."""
    session = reading()
    wanted = select(Request).where(Request.id == request_id).options(selectinload(Request.languages))
    request = session.scalars(wanted.execution_options(populate_existing=True)).one()
    require(actor, Act.REQUEST_CANCEL, subject_of(request))
    row = session.execute(
        select(Appointment, Mediator)
        .join(Mediator, Mediator.id == Appointment.mediator_id)
        .where(Appointment.request_id == request_id, Appointment.state.in_(LIVE))
        .order_by(Appointment.id)
    ).first()
    appointment, mediator = (row[0], row[1]) if row else (None, None)
    facts = told(Surface.MESSAGE, request.protection, Reader.OFFICE)
    return Page(
        request_id=request.id,
        state=RequestState(request.state),
        talk=talk_of(request, setting(session, request.setting), appointment, facts=facts),
        asked=_asked(session, request),
        nobody_fits=request.nobody_fits_at is not None,
        answer_by=request.answer_by,
        appointment=AppointmentState(appointment.state) if appointment else None,
        person=_person(mediator) if mediator else None,
        approval=_approval(actor, appointment, request, now) if appointment else None,
        late_minutes=appointment.late_minutes if appointment else None,
        cancel_reason=CancelReason(request.cancel_reason) if request.cancel_reason else None,
        may_cancel=request.state in OPEN_REQUEST and (appointment is None or appointment.ends_at > now),
        is_late=closing.cancels_late(request, appointment, now),
        in_time_until=closing.in_time_until(request) if appointment else None,
        words=request.state_note if request.state in (RequestState.CANCELLED, RequestState.UNFILLED) else None,
        helper=referrals.helper_of(session, request),
    )


def _asked(session: Session, request: Request) -> int:
    counted = select(func.count(Offer.mediator_id.distinct())).where(
        Offer.request_id == request.id, Offer.revision == request.revision
    )
    return session.scalar(counted) or 0


def _person(mediator: Mediator) -> Person:
    name = mediator.name if mediator.share_surname else mediator.call_name
    phone = mediator.phone if mediator.share_phone else None
    return Person(name, mediator.badge_number, phone, mediator.gender, mediator.qualification)


def _approval(actor: Actor, appointment: Appointment, request: Request, now: datetime) -> Approval | None:
    is_asked = Deed.OTHER_PERSON in open_deeds(actor, appointment, request, now)
    return Approval(appointment.id, appointment.deadline_at) if is_asked else None
