"""Show appointments to those who keep them: the office its own, a mediator hers, the coordination all in its sight.

It never changes anything. Address and contact are shown to a mediator once her yes holds, and as long as it does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, selectinload

from dispatch.domain import reminders as rules
from dispatch.domain.disclosure import Fact, Facts, Reader, Surface, reader_of, told
from dispatch.domain.errors import LinkExpired, Missing
from dispatch.domain.intervals import local_day, local_week
from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.permissions import Act, Actor, Role, bearer, is_shown, require
from dispatch.domain.settings import Setting
from dispatch.models import Appointment, Mediator, Organisation, Reminder, Request, RequestTalk
from dispatch.reference import places
from dispatch.services import appointments, blocks, bookings, calendar_entries, local_time, options, reminders
from dispatch.services.appointment_access import AHEAD, subject_of, within_sight
from dispatch.services.appointment_deeds import Deed, open_deeds
from dispatch.services.meeting_places import Where, place_of, where_of
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.settings import settings_by_code
from dispatch.services.talks import Talk, km_told, talk_of
from dispatch.services.transactions import reading
from dispatch.services.waivers import Waived, waived_for

LINK_LASTS = timedelta(hours=24)
"""How long after its end an appointment is still shown by its link."""
PER_PAGE = 25


class Filters(NamedTuple):
    """What a list shows: what is ahead or past, of one state, of one local day or week (both times of it)."""

    is_past: bool = False
    state: AppointmentState | None = None
    day: date | None = None
    week: date | None = None


class Way(NamedTuple):
    """The mediator's way from home, an estimate; no minutes where they would tell more than the kilometres may."""

    km: int
    minutes: int | None
    transport: str
    departs_at: datetime


class Person(NamedTuple):
    """The mediator as this reader may know her; the phone is None where she does not share it."""

    name: str
    badge_number: int | None
    phone: str | None
    gender: str | None = None
    qualification: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An appointment in a list; `look` is a word of its own beside the state (moved, unreconfirmed, running).

    `is_shown`: another unit's, which the reader may look at: what a list tells, and nothing to do.
    """

    appointment_id: int
    number: int
    request_id: int
    state: AppointmentState
    look: str | None
    talk: Talk
    office: str
    person: Person
    where: Where | None
    way: Way | None
    deeds: Collection[Deed]
    is_shown: bool
    protection: str


@dataclass(frozen=True, slots=True)
class Page(Line):
    """One appointment with all that this reader may know.

    `answer_by` is until when a yes, or a word that she comes, is waited for; `asked_at` when that word is asked;
    `late_from` when a move or cancellation begins to count as late; `steps` are the reminders still due to her.
    """

    version: int
    awaits: str | None
    answer_by: datetime | None
    asked_at: datetime | None
    late_from: datetime
    is_late: bool
    is_own: bool
    late_minutes: int | None
    ui_language: str
    uid: str
    sequence: int
    email: str | None
    steps: Sequence[tuple[str, datetime]]
    place: places.Place | None
    waived: Waived | None
    talks: Sequence[RequestTalk]


class Listing(NamedTuple):
    """One page of a list."""

    lines: Sequence[Line]
    number: int
    has_next: bool


def show(actor: Actor, appointment_id: int, now: datetime) -> Page:
    """Return one appointment; raises Missing and Forbidden."""
    row = None
    session = reading()
    if 0 < appointment_id <= LARGEST_ID:
        row = session.execute(select_rows().where(Appointment.id == appointment_id)).one_or_none()
    if row is None:
        raise Missing
    appointment, request, mediator, _ = row
    require(actor, Act.APPOINTMENT_VIEW, subject_of(appointment, request))
    line = lines_of(session, actor, [row], now, is_listed=False)[0]
    office_entry = calendar_entries.for_office(session, request) if actor.role is Role.REQUESTER else None
    entry = office_entry or calendar_entries.for_mediator(appointment)
    return Page(
        **{name: getattr(line, name) for name in Line.__slots__},
        version=appointment.version,
        awaits=appointment.awaits,
        answer_by=answer_until(appointment),
        asked_at=appointment.reconfirm_at,
        late_from=appointment.starts_at - timedelta(hours=options.read(rules.DEFAULT).late_cancellation_hours),
        is_late=appointments.is_late(appointment, now),
        is_own=actor.role in (Role.MEDIATOR, Role.LINK),
        late_minutes=appointment.late_minutes,
        ui_language=mediator.ui_language,
        uid=entry.uid,
        sequence=entry.sequence,
        email=mediator.email,
        steps=_steps(session, appointment),
        place=place_of(appointment),
        waived=waived_for(actor, appointment),
        talks=blocks.rows(session, request) if line.where else (),
    )


def holder_of(appointment_id: int, now: datetime) -> Actor:
    """Return who holds the mailed link of an appointment; raises LinkExpired 24 hours after its end."""
    wanted = select(Appointment.mediator_id, Appointment.ends_at).where(Appointment.id == appointment_id)
    mediator_id, ends_at = reading().execute(wanted).one()
    if now >= ends_at + LINK_LASTS:
        raise LinkExpired
    return bearer("appointment", appointment_id, mediator_id=mediator_id)


def index(actor: Actor, filters: Filters, now: datetime, *, number: int = 1) -> Listing:
    """Return one page of what the reader may see: ahead the soonest first, past the latest first.

    Three statements whatever the number of rows; raises Forbidden for roles that keep no appointments.
    """
    session = reading()
    order = Appointment.starts_at.desc() if filters.is_past else Appointment.starts_at
    wanted = select_rows().where(within_sight(actor), *_conditions(filters, now)).order_by(order, Appointment.id)
    wanted = wanted.limit(PER_PAGE + 1).offset((number - 1) * PER_PAGE)
    rows = session.execute(wanted).all()
    return Listing(lines_of(session, actor, rows[:PER_PAGE], now, is_listed=True), number, len(rows) > PER_PAGE)


def select_rows() -> Select[Appointment, Request, Mediator, str]:
    """Return the statement of the rows that `lines_of` reads."""
    return (
        select(Appointment, Request, Mediator, Organisation.name)
        .join(Request, Request.id == Appointment.request_id)
        .join(Mediator, Mediator.id == Appointment.mediator_id)
        .join(Organisation, Organisation.id == Request.organisation_id)
        .options(selectinload(Request.languages))
    )


def _conditions(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.day is not None:
        day = local_day(filters.day, local_time.zone())
        conditions += [Appointment.starts_at >= day.start, Appointment.starts_at < day.end]
    elif filters.week is not None:
        week = local_week(filters.week, local_time.zone())
        conditions += [Appointment.starts_at >= week.start, Appointment.starts_at < week.end]
    elif filters.is_past:
        conditions.append(Appointment.ends_at <= now)
    else:
        conditions.append(Appointment.ends_at > now)
    if filters.state is not None:
        conditions.append(Appointment.state == filters.state)
    elif filters.day is None and filters.week is None and not filters.is_past:
        conditions.append(Appointment.state.in_(AHEAD))
    return conditions


def lines_of(session: Session, actor: Actor, rows: Sequence[Any], now: datetime, *, is_listed: bool) -> list[Line]:
    """Return what the reader may know of each row."""
    settings = settings_by_code(session) if rows else {}
    return [
        _line(actor, row, settings[row.Request.setting], facts_of(actor, row, is_listed=is_listed), now) for row in rows
    ]


def _line(actor: Actor, row: Any, setting: Setting, facts: Facts, now: datetime) -> Line:
    appointment, request, mediator, office = row
    is_only_shown = is_shown(actor, subject_of(appointment, request))
    person = _person(actor, mediator, facts)
    return Line(
        appointment_id=appointment.id,
        number=appointment.number,
        request_id=request.id,
        state=AppointmentState(appointment.state),
        look=_look(appointment, now),
        talk=talk_of(request, setting, appointment, facts=facts),
        office=office if Fact.ORGANISATION in facts else "",
        person=person._replace(phone=None) if is_only_shown else person,
        where=where_of(appointment, request, facts),
        way=_way(actor, appointment, mediator, facts),
        deeds=open_deeds(actor, appointment, request, now),
        is_shown=is_only_shown,
        protection=request.protection,
    )


def facts_of(actor: Actor, row: Any, *, is_listed: bool) -> Facts:
    """Return what this reader may know of this appointment: a mediator in full only while a yes holds.

    Of another unit's, which the reader may only look at, no more than a list tells.
    """
    reader, protection = reader_of(actor), row.Request.protection
    if reader is not Reader.MEDIATOR:
        is_listed = is_listed or is_shown(actor, subject_of(row.Appointment, row.Request))
        return told(Surface.LIST if is_listed else Surface.APPOINTMENT, protection, reader)
    if row.Appointment.state in bookings.KEPT:
        return told(Surface.APPOINTMENT, protection, reader)
    return told(Surface.MESSAGE, protection, reader) or told(Surface.LIST, protection, reader)


def _look(appointment: Appointment, now: datetime) -> str | None:
    match appointment.state:
        case AppointmentState.PROPOSED:
            return "moved" if appointment.sequence else None
        case AppointmentState.CONFIRMED | AppointmentState.RECONFIRMED if appointment.starts_at <= now:
            return "running" if now < appointment.ends_at else None
        case AppointmentState.CONFIRMED if appointment.reconfirm_alarm_at is not None:
            return "unreconfirmed"
        case _:
            return None


def _way(actor: Actor, appointment: Appointment, mediator: Mediator, facts: Facts) -> Way | None:
    if appointment.mode != "on_site" or actor.role is Role.REQUESTER or facts.isdisjoint({Fact.KM, Fact.KM_UP}):
        return None
    km = km_told(appointment.distance_km, facts)
    minutes = appointment.travel_minutes if Fact.WAY_MINUTES in facts else None
    return Way(km, minutes, mediator.transport, reminders.departs_at(appointment))


def _person(actor: Actor, mediator: Mediator, facts: Facts) -> Person:
    """Return the whole name to the coordination and herself, else the first name, the phone only if shared."""
    if Fact.PERSON not in facts and reader_of(actor) is not Reader.MEDIATOR:
        return Person("", None, None)
    if actor.role is Role.REQUESTER:
        name = mediator.name if mediator.share_surname else mediator.call_name
        phone = mediator.phone if mediator.share_phone else None
        return Person(name, mediator.badge_number, phone, mediator.gender, mediator.qualification)
    return Person(mediator.name, mediator.badge_number, mediator.phone, mediator.gender, mediator.qualification)


def answer_until(appointment: Appointment) -> datetime | None:
    """Return until when a yes, or a word that she comes, is waited for."""
    if appointment.state == AppointmentState.PROPOSED:
        return appointment.deadline_at
    if appointment.state == AppointmentState.CONFIRMED and appointment.reconfirm_at is not None:
        return min(reminders.alarm_at(appointment.reconfirm_at), appointment.starts_at)
    return None


def _steps(session: Session, appointment: Appointment) -> list[tuple[str, datetime]]:
    of_hers = (Reminder.appointment_id == appointment.id, Reminder.side == rules.Side.MEDIATOR, Reminder.state == "due")
    wanted = select(Reminder.kind, Reminder.due_at).where(*of_hers)
    return [(kind, due_at) for kind, due_at in session.execute(wanted.order_by(Reminder.due_at))]
