"""Tell the two sides of an appointment what became of it: one outbox row each, in the transaction of the change.

It must not decide what has happened, and writes no text. Whom no mail reaches somebody calls (`calls`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.models import Appointment, Request
from dispatch.services import calls, outbox, recipients

ABOUT_AN_APPOINTMENT = (
    "appointment_confirmed", "appointment_proposed", "appointment_awaits_office", "approval_wanted",
    "request_assigned", "appointment_moved",
    "reminder_week", "reminder_reconfirm", "reminder_last", "office_reminder_week", "office_reminder_last",
)  # fmt: skip
"""Messages that no longer hold once the appointment they tell of was moved or ended."""


def tell_mediator(
    session: Session,
    kind: str,
    appointment: Appointment,
    now: datetime,
    *,
    key: str = "",
    params: Mapping[str, Any] | None = None,
) -> bool:
    """Enqueue a message to the mediator; without an address, or about a protected case, she is called: return False.

    One message of a kind for each sequence of the appointment, and for each `key` where one is given.
    """
    request = session.get_one(Request, appointment.request_id)
    recipient = recipients.mediator(session, appointment.mediator_id)
    if recipient is None or recipients.is_by_phone_only(request):
        name = _key(kind, appointment, key)
        calls.tell_mediator(session, kind, appointment, request, now, key=name, params=params)
        return False
    return _enqueue(session, kind, recipient, appointment, now, key=key, params=params)


def tell_office(
    session: Session,
    kind: str,
    appointment: Appointment,
    request: Request,
    now: datetime,
    *,
    key: str = "",
    params: Mapping[str, Any] | None = None,
) -> bool:
    """Enqueue a message to the office that asked, or have it called, as `tell_mediator` does."""
    recipient = recipients.office(session, request)
    if recipient is None or recipients.is_by_phone_only(request):
        name = f"office:{_key(kind, appointment, key)}"
        calls.tell_office(session, kind, request, now, key=name, appointment=appointment, params=params)
        return False
    return _enqueue(session, kind, recipient, appointment, now, key=key, params=params)


def forget_waiting(session: Session, appointment: Appointment, now: datetime) -> None:
    """Drop what waits to be sent or said about an appointment that was moved or ended."""
    outbox.drop_waiting(session, ABOUT_AN_APPOINTMENT, appointment_id=appointment.id)
    calls.drop(session, now, messages=ABOUT_AN_APPOINTMENT, appointment_id=appointment.id)


def _enqueue(
    session: Session,
    kind: str,
    recipient: recipients.Recipient,
    appointment: Appointment,
    now: datetime,
    *,
    key: str,
    params: Mapping[str, Any] | None,
) -> bool:
    outbox.enqueue(
        session,
        kind,
        recipient.email,
        now,
        locale=recipient.locale,
        key=_key(kind, appointment, key),
        request_id=appointment.request_id,
        appointment_id=appointment.id,
        mediator_id=appointment.mediator_id,
        params=params,
    )
    return True


def _key(kind: str, appointment: Appointment, key: str) -> str:
    return f"{kind}:{appointment.id}:{key or appointment.sequence}"
