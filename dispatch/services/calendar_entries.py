"""Say how an appointment stands in a calendar: one entry for its mediator, one for the request in the office's.

An entry keeps its UID for life and its sequence only rises; neither tells anything of the case.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.domain.lifecycle import AppointmentState
from dispatch.models import Appointment, Request

CERTAIN = frozenset({AppointmentState.CONFIRMED, AppointmentState.RECONFIRMED, AppointmentState.COMPLETED})


@dataclass(frozen=True)
class EntryFacts:
    """An entry; `uid` is to be followed by `@` and the domain of the service. `number` is the appointment's."""

    uid: str
    sequence: int
    number: int
    starts_at: datetime
    ends_at: datetime
    is_certain: bool


def for_mediator(appointment: Appointment) -> EntryFacts:
    """Return the entry in the calendar of the appointment's mediator."""
    return EntryFacts(
        uid=appointment.uid,
        sequence=appointment.sequence,
        number=appointment.number,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        is_certain=appointment.state in CERTAIN,
    )


def for_office(session: Session, request: Request) -> EntryFacts | None:
    """Return the entry in the calendar of the office, the same whoever comes; None while nobody ever was to come.

    Each appointment of the request counts as one change more than it went through itself.
    """
    latest = session.scalar(
        select(Appointment).where(Appointment.request_id == request.id).order_by(Appointment.id.desc()).limit(1)
    )
    if latest is None:
        return None
    changes = select(func.sum(Appointment.sequence + 1)).where(Appointment.request_id == request.id)
    return EntryFacts(
        uid=f"request-{request.id}",
        sequence=(session.scalar(changes) or 1) - 1,
        number=latest.number,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        is_certain=latest.state in CERTAIN,
    )
