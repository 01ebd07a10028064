"""Read appointments as programs get them: what the pages tell the same reader, and no more.

It never changes anything; acts are those of the pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import Appointment
from dispatch.services.appointment_access import look, subject_of, within_sight
from dispatch.services.appointment_pages import Line, answer_until, facts_of, lines_of, select_rows
from dispatch.services.meeting_places import ToldPlace, told_place
from dispatch.services.transactions import reading


class Filters(NamedTuple):
    """What a list is narrowed to; None means all. A start at `until` is left out."""

    since: datetime | None = None
    until: datetime | None = None
    mediator_id: int | None = None
    state: AppointmentState | None = None


@dataclass(frozen=True, slots=True)
class AppointmentRecord:
    """An appointment as far as the reader may know it; `line` is what the pages' list says of it.

    `late`: it was cancelled, moved or handed back at short notice. `late_minutes`: by how many she will be late.
    """

    line: Line
    mediator_id: int
    version: int
    awaits: str | None
    answer_by: datetime | None
    late: bool
    late_minutes: int | None
    place: ToldPlace | None
    protection: str


def see(actor: Actor, act: Act, appointment_id: int) -> None:
    """Raise Missing unless the actor may know of the appointment and do the act to it, Forbidden for the role."""
    held = look(reading(), actor, Act.APPOINTMENT_VIEW, appointment_id)
    require(actor, act, subject_of(*held))


def get(actor: Actor, appointment_id: int, now: datetime) -> AppointmentRecord:
    """Return one appointment; raises Missing and Forbidden."""
    see(actor, Act.APPOINTMENT_VIEW, appointment_id)
    return told(actor, appointment_id, now)


def told(actor: Actor, appointment_id: int, now: datetime) -> AppointmentRecord:
    """Return the appointment that the actor has just acted upon, also where the act led it out of their sight."""
    session = reading()
    row = session.execute(select_rows().where(Appointment.id == appointment_id)).one()
    return _records(session, actor, [row], now, is_listed=False)[0]


def of_ids(actor: Actor, ids: Sequence[int], now: datetime) -> list[AppointmentRecord]:
    """Return these as a list tells them, the next one first, as far as they are within sight. Three statements."""
    session = reading()
    wanted = select_rows().where(within_sight(actor), Appointment.id.in_(ids))
    found = session.execute(wanted.order_by(Appointment.starts_at, Appointment.id)).all() if ids else ()
    return _records(session, actor, found, now, is_listed=True)


def after(actor: Actor, filters: Filters, last_id: int, most: int, now: datetime) -> list[AppointmentRecord]:
    """Return the appointments within sight that follow `last_id`, in order of id. Three statements; Forbidden."""
    session = reading()
    wanted = select_rows().where(within_sight(actor), Appointment.id > last_id, *_conditions(filters))
    found = session.execute(wanted.order_by(Appointment.id).limit(most)).all()
    return _records(session, actor, found, now, is_listed=True)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.since is not None:
        conditions.append(Appointment.starts_at >= filters.since)
    if filters.until is not None:
        conditions.append(Appointment.starts_at < filters.until)
    if filters.mediator_id is not None:
        conditions.append(Appointment.mediator_id == filters.mediator_id)
    if filters.state is not None:
        conditions.append(Appointment.state == filters.state)
    return conditions


def _records(
    session: Session, actor: Actor, rows: Sequence[Any], now: datetime, *, is_listed: bool
) -> list[AppointmentRecord]:
    lines = lines_of(session, actor, rows, now, is_listed=is_listed)
    return [
        AppointmentRecord(
            line=line,
            mediator_id=row.Appointment.mediator_id,
            version=row.Appointment.version,
            awaits=row.Appointment.awaits,
            answer_by=answer_until(row.Appointment),
            late=row.Appointment.late,
            late_minutes=row.Appointment.late_minutes,
            place=told_place(row.Appointment, row.Request, facts_of(actor, row, is_listed=is_listed)),
            protection=row.Request.protection,
        )
        for line, row in zip(lines, rows, strict=True)
    ]
