"""Find whom to write to about a request: the office that asks, the mediator, the people on duty.

It must not decide what they are told. About a protected case nobody is written to: people phone.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.domain import service
from dispatch.domain.settings import Protection
from dispatch.models import Mediator, Organisation, Request, User
from dispatch.services import options, outbox


@dataclass(frozen=True)
class Recipient:
    """One address and the language to write in."""

    email: str
    locale: str


def office(session: Session, request: Request) -> Recipient | None:
    """Return who is written to: the author while active, else who asked, else the unit's mailbox; None = by phone only.

    A unit may have all of it sent to its mailbox rather than to its authors. Nothing is written to residents: whether
    somebody tells them, and how, is settled by `residents.is_told` and by people.
    """
    unit = session.get_one(Organisation, request.organisation_id)
    if unit.is_for_residents:
        return None
    author = session.get(User, request.created_by_id) if request.created_by_id else None
    is_there = is_author_there(author, request)
    if author and is_there and not (unit.contact_email and unit.answers_to_mailbox):
        return Recipient(author.email, author.ui_language or "de")
    address = request.caller_email or unit.contact_email
    return Recipient(address, "de") if address else None


def is_author_there(author: User | None, request: Request) -> bool:
    """Tell whether who made a request has a live account of its unit; else its office reads it by link."""
    return author is not None and author.active and author.organisation_id == request.organisation_id


def mediator(session: Session, mediator_id: int) -> Recipient | None:
    """Return the mediator's address and language, or None when she is reached by phone only."""
    person = session.get(Mediator, mediator_id)
    if person is None or not person.email or person.contact_channel == "phone":
        return None
    return Recipient(person.email, person.ui_language)


def is_by_phone_only(request: Request) -> bool:
    """Tell whether nothing about a request may leave by mail, so that people are called."""
    return request.protection == Protection.PROTECTED


def on_duty() -> Recipient:
    """Return the mailbox of the coordination."""
    return Recipient(options.read(service.DEFAULT).mailbox, "de")


def call_for_a_named_coordinator(session: Session, request: Request, now: datetime) -> None:
    """Tell the people on duty that a protected case waits, once for each revision, and not a word more."""
    if not is_by_phone_only(request):
        return
    desk = on_duty()
    key = f"protected_waits:{request.id}:{request.revision}"
    outbox.enqueue(session, "protected_waits", desk.email, now, locale=desk.locale, key=key)
