"""Gather what the page of one mediator shows beside her record: documents, hours, offers, appointments, changes.

It must not change anything; names of requesters and notes never stand here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import document_types, documents
from dispatch.domain.candidates import Document, minutes_by_week
from dispatch.domain.documents import Standing
from dispatch.domain.intervals import Interval, local_week, to_local
from dispatch.domain.lifecycle import LIVE
from dispatch.domain.permissions import Act, Actor, Subject, may, require
from dispatch.models import Appointment, AuditEntry, Mediator, MediatorDocument, Offer, Organisation, Request, User
from dispatch.services import availability, local_time, mediator_rows, mediators, options
from dispatch.services.appointment_access import within_sight
from dispatch.services.availability import Week
from dispatch.services.offer_pages import within_sight as offers_within_sight
from dispatch.services.transactions import reading

LATEST = 20
WEEKS = 4


class Held(NamedTuple):
    """A document with the last day on which it counts and how it stands today."""

    row: MediatorDocument
    last_day: date | None
    standing: Standing
    ends_before: int
    """How many appointments ahead it does not reach."""


class WeekLoad(NamedTuple):
    """Booked minutes of one ISO week; `monday` is the instant at which it begins."""

    monday: datetime
    minutes: int


class Kept(NamedTuple):
    """An appointment of the mediator with its request."""

    appointment: Appointment
    request: Request


class Asked(NamedTuple):
    """An offer to the mediator with its request."""

    offer: Offer
    request: Request


class Entry(NamedTuple):
    """One line of the change log; `who` is the name of an account, None for jobs and links."""

    entry: AuditEntry
    who: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the page shows; the log is empty for who may not edit the record."""

    mediator: Mediator
    week: Week
    held: tuple[Held, ...]
    refused_organisations: tuple[str, ...]
    loads: tuple[WeekLoad, ...]
    ahead: tuple[Kept, ...]
    past: tuple[Kept, ...]
    offers: tuple[Asked, ...]
    log: tuple[Entry, ...]


def profile(actor: Actor, mediator_id: int, now: datetime) -> Profile:
    """Return what the page of a mediator shows; raises Missing, or Forbidden for the role."""
    mediator = mediators.get(actor, mediator_id)
    session = reading()
    appointments = _appointments(session, actor, mediator_id, now)
    ahead = tuple(
        one for one in reversed(appointments) if one.appointment.ends_at > now and one.appointment.state in LIVE
    )
    is_staff = may(actor, Act.MEDIATOR_EDIT)
    return Profile(
        mediator=mediator,
        week=availability.get(actor, mediator_id, now),
        held=_documents(actor, mediator, ahead, now),
        refused_organisations=_refused(session, mediator_id),
        loads=_loads(appointments, now),
        ahead=ahead,
        past=tuple(one for one in appointments if one not in ahead)[:LATEST],
        offers=_offers(session, actor, mediator_id),
        log=_log(session, mediator_id) if is_staff else (),
    )


def _documents(actor: Actor, mediator: Mediator, ahead: Sequence[Kept], now: datetime) -> tuple[Held, ...]:
    """Return the documents, the latest of each type first, with how they stand."""
    require(actor, Act.MEDIATOR_VIEW_DOCUMENTS, Subject(mediator_id=mediator.id))
    zone = local_time.zone()
    today = to_local(now, zone).date()
    days = [to_local(one.appointment.starts_at, zone).date() for one in ahead]
    shipped = options.read(documents.DEFAULT)
    types = options.read(document_types.DEFAULT)
    found = []
    for row in sorted(mediator.documents, key=lambda one: (one.type, one.seen_on), reverse=True):
        document = Document(row.type, row.issued_on, row.valid_until)
        last = document_types.last_day(document, types)
        unreached = sum(1 for day in days if last is not None and last < day)
        found.append(Held(row, last, documents.standing(last, today, options=shipped), unreached))
    return tuple(found)


def _appointments(session: Session, actor: Actor, mediator_id: int, now: datetime) -> list[Kept]:
    """Return what lies ahead and the latest of what is over, the last one first."""
    wanted = (
        select(Appointment, Request)
        .join(Request, Request.id == Appointment.request_id)
        .where(Appointment.mediator_id == mediator_id, within_sight(actor))
        .order_by(Appointment.starts_at.desc())
        .options(selectinload(Request.languages))
    )
    ahead = session.execute(wanted.where(Appointment.ends_at > now - timedelta(days=7)))
    found = [Kept(*row) for row in ahead]
    older = session.execute(wanted.where(Appointment.ends_at <= now - timedelta(days=7)).limit(LATEST))
    return found + [Kept(*row) for row in older]


def _offers(session: Session, actor: Actor, mediator_id: int) -> tuple[Asked, ...]:
    wanted = (
        select(Offer, Request)
        .join(Request, Request.id == Offer.request_id)
        .where(Offer.mediator_id == mediator_id, offers_within_sight(actor))
        .order_by(Offer.sent_at.desc(), Offer.id.desc())
        .limit(LATEST)
        .options(selectinload(Request.languages))
    )
    return tuple(Asked(*row) for row in session.execute(wanted))


def _loads(appointments: Sequence[Kept], now: datetime) -> tuple[WeekLoad, ...]:
    """Return the booked minutes of this week and the next ones."""
    zone = local_time.zone()
    minutes: dict[tuple[int, int], int] = {}
    for one in appointments:
        if one.appointment.state in LIVE:
            span = Interval(one.appointment.starts_at, one.appointment.ends_at)
            for week, lasted in minutes_by_week(span, zone).items():
                minutes[week] = minutes.get(week, 0) + lasted
    days = [to_local(now, zone).date() + timedelta(days=7 * number) for number in range(WEEKS)]
    return tuple(
        WeekLoad(local_week(day, zone).start, minutes.get((day.isocalendar().year, day.isocalendar().week), 0))
        for day in days
    )


def _refused(session: Session, mediator_id: int) -> tuple[str, ...]:
    ids = mediator_rows.refused_organisations(session, mediator_id)
    return tuple(session.scalars(select(Organisation.name).where(Organisation.id.in_(ids)).order_by(Organisation.name)))


def _log(session: Session, mediator_id: int) -> tuple[Entry, ...]:
    wanted = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.subject == "mediator", AuditEntry.subject_id == mediator_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(LATEST)
    )
    return tuple(Entry(entry, name if entry.actor_kind != "link" else None) for entry, name in session.execute(wanted))
