"""Show offers to the mediator who was asked, and to the coordination: only what may be told before a yes.

It never changes anything: a page is read as often as a scanner likes. Answering is `answers`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import offers as rules
from dispatch.domain.disclosure import Fact, Reader, Surface, reader_of, told
from dispatch.domain.errors import Missing
from dispatch.domain.lifecycle import LIVE, AppointmentState, Awaits, OfferState, RequestState, WithdrawalCause
from dispatch.domain.offers import Reply, Verdict
from dispatch.domain.permissions import Act, Actor, Role, Subject, require
from dispatch.domain.reminders import Side
from dispatch.domain.settings import Protection, Setting
from dispatch.models import Appointment, Mediator, Offer, Reminder, Request
from dispatch.services.bookings import mode_for
from dispatch.services.request_access import LARGEST_ID, area_of, is_protected, visible
from dispatch.services.settings import settings_by_code
from dispatch.services.talks import Talk, km_told, reasons_of, talk_of
from dispatch.services.transactions import reading

SHOWN_DAYS = timedelta(days=60)
SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An offer in a list; `verdict` says what a yes would come to now.

    Kilometres are rounded as the protection class wants; `travel_minutes` is None where minutes would tell more of
    the place than the kilometres may.
    """

    offer_id: int
    request_id: int
    mediator_id: int
    mediator_name: str
    state: OfferState
    verdict: Verdict
    talk: Talk
    deadline_at: datetime
    answered_at: datetime | None
    breakdown: Sequence[Mapping[str, Any]]
    revision: int
    sent_at: datetime
    cause: WithdrawalCause | None
    reason: str | None
    km: int
    travel_minutes: int | None


@dataclass(frozen=True, slots=True)
class Page(Line):
    """One offer with all that its mediator may read.

    `asked` is how many people the wave asked; `awaits_office`: her yes still needs that of the office;
    `appointment_id` that of her own appointment, `steps` what she will be reminded of; `others`
    her other open offers.
    """

    call_name: str
    ui_language: str
    transport: str
    asked: int
    appointment_id: int | None
    steps: Sequence[tuple[str, datetime]]
    others: Sequence[Line]
    awaits_office: bool = False


def show(actor: Actor, offer_id: int) -> Page:
    """Return one offer for its mediator or the coordination; raises Missing, Forbidden."""
    session = reading()
    wanted = _rows().where(Offer.id == offer_id)
    row = session.execute(wanted).one_or_none() if 0 < offer_id <= LARGEST_ID else None
    if row is None:
        raise Missing
    offer, request, mediator = row
    require(actor, Act.OFFER_VIEW, _subject(offer, request))
    facts = told(Surface.MESSAGE, request.protection, Reader.MEDIATOR)
    if not facts and reader_of(actor) is Reader.MEDIATOR:
        raise Missing  # a protected case is asked about by phone, nowhere else
    line = _lines(session, [row])[0]
    appointment = _appointment(session, offer)
    return Page(
        **{name: getattr(line, name) for name in Line.__slots__},
        call_name=mediator.call_name,
        ui_language=mediator.ui_language,
        transport=mediator.transport,
        asked=_asked_with(session, offer),
        appointment_id=appointment.id if appointment else None,
        steps=_steps(session, appointment) if appointment else (),
        others=_others(session, offer),
        awaits_office=appointment is not None and appointment.awaits == Awaits.OFFICE,
    )


def holder_of(offer_id: int) -> int:
    """Return the mediator whom an offer was made to; raises Missing."""
    holder = reading().scalar(select(Offer.mediator_id).where(Offer.id == offer_id))
    if holder is None:
        raise Missing
    return holder


def index(actor: Actor, now: datetime) -> tuple[list[Line], list[Line]]:
    """Return what waits for an answer, soonest deadline first, and what was answered lately, latest first.

    A mediator sees her own, the coordination those within its sight; raises Forbidden for everybody else.
    """
    session = reading()
    lately = or_(Offer.answered_at >= now - SHOWN_DAYS, Offer.sent_at >= now - SHOWN_DAYS)
    within = _rows().where(within_sight(actor), lately).order_by(Offer.deadline_at.desc()).limit(SHOWN_AT_MOST)
    lines = _lines(session, session.execute(within).all())
    waiting = [line for line in lines if line.verdict is Verdict.COUNTS and line.state is not OfferState.DECLINED]
    rest = [line for line in lines if line not in waiting]
    return waiting[::-1], rest


def after(
    actor: Actor, offer_id: int, limit: int, *, request_id: int | None = None, state: OfferState | None = None
) -> list[Line]:
    """Return at most so many offers within sight in the order of their ids, those after one; three statements.

    Raises Forbidden as `index` does.
    """
    session = reading()
    wanted = _rows().where(within_sight(actor), Offer.id > offer_id)
    if request_id is not None:
        wanted = wanted.where(Offer.request_id == request_id)
    if state is not None:
        wanted = wanted.where(Offer.state == state.value)
    return _lines(session, session.execute(wanted.order_by(Offer.id).limit(limit)).all())


def look(actor: Actor, act: Act, offer_id: int) -> None:
    """Raise Missing or Forbidden for an offer that the actor may not know of; one statement that loads none."""
    columns = (Offer.mediator_id, Request.organisation_id, Request.municipality, Request.protection)
    wanted = select(*columns).join(Request, Request.id == Offer.request_id).where(Offer.id == offer_id)
    found = reading().execute(wanted).one_or_none()
    if found is None:
        raise Missing
    hidden = found.protection == Protection.PROTECTED
    subject = Subject(
        organisation_id=found.organisation_id,
        mediator_id=found.mediator_id,
        area=area_of(found.municipality),
        key=("offer", offer_id),
        is_protected=hidden,
    )
    require(actor, act, subject)
    if hidden and reader_of(actor) is Reader.MEDIATOR:
        raise Missing  # a protected case is asked about by phone, nowhere else


def _rows() -> Select[Offer, Request, Mediator]:
    return (
        select(Offer, Request, Mediator)
        .join(Request, Request.id == Offer.request_id)
        .join(Mediator, Mediator.id == Offer.mediator_id)
        .options(selectinload(Request.languages))
    )


def within_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of all offers the actor may list, on a statement that joins their requests."""
    if actor.role is Role.MEDIATOR:
        return (Offer.mediator_id == actor.mediator_id) & (Request.protection != Protection.PROTECTED)
    return visible(actor, Act.OFFER_VIEW)


def _subject(offer: Offer, request: Request) -> Subject:
    return Subject(
        organisation_id=request.organisation_id,
        mediator_id=offer.mediator_id,
        area=area_of(request.municipality),
        key=("offer", offer.id),
        is_protected=is_protected(request),
    )


def _lines(session: Session, rows: Sequence[Any]) -> list[Line]:
    if not rows:
        return []
    settings = settings_by_code(session)
    return [_line(offer, request, mediator, settings[request.setting]) for offer, request, mediator in rows]


def _line(offer: Offer, request: Request, mediator: Mediator, setting: Setting) -> Line:
    facts = told(Surface.MESSAGE, request.protection, Reader.MEDIATOR)
    return Line(
        offer_id=offer.id,
        request_id=request.id,
        mediator_id=mediator.id,
        mediator_name=mediator.name,
        state=OfferState(offer.state),
        verdict=_verdict(offer, request),
        talk=_talk(request, setting, mediator),
        deadline_at=offer.deadline_at,
        answered_at=offer.answered_at,
        breakdown=reasons_of(offer, request),
        revision=offer.revision,
        sent_at=offer.sent_at,
        cause=WithdrawalCause(offer.cause) if offer.cause else None,
        reason=offer.decline_reason,
        km=km_told(offer.distance_km, facts),
        travel_minutes=offer.travel_minutes if Fact.WAY_MINUTES in facts else None,
    )


def _talk(request: Request, setting: Setting, mediator: Mediator) -> Talk:
    facts = told(Surface.MESSAGE, request.protection, Reader.MEDIATOR)
    listed = facts or told(Surface.LIST, request.protection, Reader.NAMED)
    return talk_of(request, setting, mode=mode_for(request, mediator).value, facts=listed)


def _verdict(offer: Offer, request: Request) -> Verdict:
    return rules.answer_counts(
        Reply.ACCEPT,
        OfferState(offer.state),
        RequestState(request.state),
        offer_revision=offer.revision,
        request_revision=request.revision,
        cause=WithdrawalCause(offer.cause) if offer.cause else None,
    )


def _asked_with(session: Session, offer: Offer) -> int:
    counted = select(func.count()).where(
        Offer.request_id == offer.request_id, Offer.revision == offer.revision, Offer.wave == offer.wave
    )
    return session.scalar(counted) or 0


def _appointment(session: Session, offer: Offer) -> Appointment | None:
    """Return the appointment that her yes made, while it still stands."""
    if offer.state != OfferState.ACCEPTED:
        return None
    kept = (*LIVE, AppointmentState.CLIENT_ABSENT, AppointmentState.MEDIATOR_ABSENT)
    wanted = select(Appointment).where(Appointment.offer_id == offer.id, Appointment.state.in_(kept))
    return session.scalar(wanted.order_by(Appointment.id.desc()).limit(1))


def _steps(session: Session, appointment: Appointment) -> list[tuple[str, datetime]]:
    wanted = select(Reminder.kind, Reminder.due_at).where(
        Reminder.appointment_id == appointment.id, Reminder.side == Side.MEDIATOR, Reminder.state == "due"
    )
    return [(kind, due_at) for kind, due_at in session.execute(wanted.order_by(Reminder.due_at))]


def _others(session: Session, offer: Offer) -> list[Line]:
    wanted = _rows().where(Offer.mediator_id == offer.mediator_id, Offer.id != offer.id, Offer.state == OfferState.OPEN)
    lines = _lines(session, session.execute(wanted.order_by(Offer.deadline_at)).all())
    return [line for line in lines if line.verdict is Verdict.COUNTS]
