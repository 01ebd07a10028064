"""Booked appointments and those who act on them, for the tests of services and pages around appointments."""

from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.database import Base
from dispatch.domain.permissions import Actor, Role, bearer
from dispatch.models import Appointment, AuditEntry, Mediator, OutboxMessage, Request
from dispatch.services import bookings
from dispatch.services.appointment_access import lock_request
from dispatch.services.audit import OnBehalf
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder

PHONE = OnBehalf("phone")
COORDINATOR = Actor(None, Role.COORDINATOR)

M = TypeVar("M", bound=Base)


class Case(NamedTuple):
    """A request, its mediator and their appointment, as they were when they were made."""

    request: Request
    mediator: Mediator
    appointment: Appointment

    @property
    def office(self) -> Actor:
        """A member of the unit that asked."""
        return Actor(None, Role.REQUESTER, organisation_ids=frozenset({self.request.organisation_id}))

    @property
    def by_link(self) -> Actor:
        """Whoever holds the mailed link of the request: its office without account."""
        return bearer("request", self.request.id)

    @property
    def holder(self) -> Actor:
        """Whoever holds the mailed link of the appointment."""
        return bearer("appointment", self.appointment.id, mediator_id=self.mediator.id)

    @property
    def colleague(self) -> Actor:
        """The mediator, signed in."""
        return Actor(None, Role.MEDIATOR, mediator_id=self.mediator.id)


def booked(
    build: Builder,
    *,
    confirmed: bool = True,
    now: datetime = NOW,
    mediator: Mediator | None = None,
    **values: Any,
) -> Case:
    """Book a request (with `values`) with a mediator by the service itself."""
    person = mediator or build.mediator()
    request = build.request(**{"state": "searching"} | values)

    def use_case(session: Session) -> Appointment:
        held = lock_request(session, request.id)
        known = session.get_one(Mediator, person.id)
        return bookings.book(
            session, COORDINATOR, held, known, now, confirmed=confirmed, distance_km=5.0, travel_minutes=20
        )

    return Case(request, person, run(use_case))


def again(row: M) -> M:
    """Read a row anew."""
    session = reading()
    session.expire_all()
    return session.get_one(type(row), row.id)  # type: ignore[attr-defined]


def states(case: Case) -> tuple[str, str]:
    """Return the states of the appointment and of its request."""
    return again(case.appointment).state, again(case.request).state


def mails(*, since: datetime | None = None) -> list[str]:
    """Return the kinds of all messages that wait to be sent, sorted."""
    wanted = select(OutboxMessage.kind).where(OutboxMessage.state == "queued")
    if since:
        wanted = wanted.where(OutboxMessage.created_at >= since)
    return sorted(reading().scalars(wanted))


def moves_of(subject: str, subject_id: int) -> list[tuple[str, str]]:
    """Return the moves of a thing as the audit log has them."""
    entries = select(AuditEntry.facts).where(
        AuditEntry.subject == subject, AuditEntry.subject_id == subject_id, AuditEntry.act == "move"
    )
    found = reading().scalars(entries.order_by(AuditEntry.id))
    return [(facts["from"], facts["to"]) for facts in found]
