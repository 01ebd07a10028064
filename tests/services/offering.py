"""What the tests of matching and offers share: rows as they are stored now, and who acts."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.database import Base, db, run
from dispatch.domain.permissions import Actor, Role, bearer
from dispatch.models import Offer, OutboxMessage, Request
from dispatch.services.transactions import reading

T = TypeVar("T", bound=Base)


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


def holder(offer: Offer) -> Actor:
    """Return who holds the mailed link of an offer."""
    return bearer("offer", offer.id, mediator_id=offer.mediator_id)


def coordinator(user_id: int) -> Actor:
    """Return a coordinator."""
    return Actor(user_id, Role.COORDINATOR)
