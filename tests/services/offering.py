"""What the tests of matching and offers share: rows as they are stored now, and who acts."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.database import Base, db, run
from dispatch.domain.eligibility import codes_of
from dispatch.domain.permissions import Actor, Role, bearer
from dispatch.models import Appointment, CallTask, Exclusion, Mediator, Offer, OutboxMessage, Request
from dispatch.services import matching
from dispatch.services.matching import Ranking
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder

T = TypeVar("T", bound=Base)

RIESA: dict[str, Any] = {"municipality": "14627230", "lat": 51.3083, "lon": 13.2938}
HOUR = timedelta(hours=1)


def stored(row: T) -> T:
    """Return the row as the database has it now."""
    db.session.remove()
    found = reading().get(type(row), row.id)  # type: ignore[attr-defined]
    assert found is not None
    return found


def offers_of(request: Request) -> list[Offer]:
    """Return every offer of a request, in the order in which they were made."""
    db.session.remove()
    return list(reading().scalars(select(Offer).where(Offer.request_id == request.id).order_by(Offer.id)))


def states_of(request: Request) -> list[str]:
    """Return the states of the offers of a request."""
    return [offer.state for offer in offers_of(request)]


def asked(request: Request) -> list[int]:
    """Return who was asked, in the order of asking."""
    return [offer.mediator_id for offer in offers_of(request)]


def mails(kind: str) -> list[str]:
    """Return to whom messages of a kind wait to be sent."""
    db.session.remove()
    wanted = select(OutboxMessage.recipient).where(OutboxMessage.kind == kind, OutboxMessage.state == "queued")
    return sorted(reading().scalars(wanted))


def open_calls() -> list[tuple[str, int | None]]:
    """Return what somebody must call for, and which mediator; the earliest first."""
    db.session.remove()
    wanted = select(CallTask.kind, CallTask.mediator_id).where(CallTask.state == "open")
    return [(kind, mediator_id) for kind, mediator_id in reading().execute(wanted.order_by(CallTask.id))]


def sent() -> None:
    """Pretend that every waiting message has left."""

    def use_case(session: Session) -> None:
        for message in session.scalars(select(OutboxMessage).where(OutboxMessage.state == "queued")):
            message.state = "sent"

    run(use_case)


def change(row: T, **values: Any) -> T:
    """Write values into a stored row."""

    def use_case(session: Session) -> None:
        found = session.get(type(row), row.id)  # type: ignore[attr-defined]
        for name, value in values.items():
            setattr(found, name, value)

    run(use_case)
    return stored(row)


def mediator_of(offer: Offer) -> Mediator:
    """Return who was asked."""
    return reading().get_one(Mediator, offer.mediator_id)


def holder(offer: Offer) -> Actor:
    """Return who holds the mailed link of an offer."""
    return bearer("offer", offer.id, mediator_id=offer.mediator_id)


def coordinator(user_id: int) -> Actor:
    """Return a coordinator who is named for protected cases too."""
    return Actor(user_id, Role.COORDINATOR, handles_protected=True)


SEARCHING: dict[str, Any] = {"state": "searching", "wave": 1, "wave_due_at": NOW + timedelta(hours=14)}


def offered(build: Builder, *, of_offer: dict[str, Any] | None = None, **values: Any) -> tuple[Request, Offer]:
    """Build a request in its first wave, with an open offer to somebody who fits."""
    request = build.request(**SEARCHING | values)
    return request, build.offer(request, build.mediator(), **of_offer or {})


def appointments(request: Request) -> list[tuple[int, str]]:
    """Return who holds an appointment of a request, in which state, the earliest first."""
    db.session.remove()
    found = reading().scalars(select(Appointment).where(Appointment.request_id == request.id).order_by(Appointment.id))
    return [(one.mediator_id, one.state) for one in found]


def add(*rows: Any) -> None:
    """Store rows."""
    run(lambda session: session.add_all(rows))


def rank(request: Request, now: datetime = NOW) -> Ranking:
    """Rank the pool beside a request, freshly loaded."""
    db.session.remove()
    return matching.rank(reading(), request.id, now)


def fitting(request: Request, now: datetime = NOW) -> list[int]:
    """Return who fits, in order."""
    return [one.person.mediator.id for one in rank(request, now).eligible]


def codes(request: Request, mediator: Mediator, now: datetime = NOW) -> tuple[str, ...]:
    """Return what a mediator fails; empty when she fits."""
    judged = rank(request, now).ineligible
    return next((codes_of(one.failures) for one in judged if one.person.mediator.id == mediator.id), ())


def excluded(request: Request, mediator: Mediator, origin: str, **values: Any) -> None:
    """Bar a mediator for the unit of a request."""
    defaults = {"organisation_id": request.organisation_id, "mediator_id": mediator.id, "created_at": NOW}
    add(Exclusion(origin=origin, **defaults | values))


def booked(build: Builder, mediator: Mediator, starts_at: datetime, **values: Any) -> None:
    """Give a mediator a confirmed appointment of another request."""
    request = build.request(state="assigned", starts_at=starts_at, **values.pop("request", {}))
    build.appointment(request, mediator, **values)
