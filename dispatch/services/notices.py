"""Tell the two sides of an appointment what became of it: one outbox row each, in the transaction of the change.

It must not decide what has happened, and writes no text. Whoever has no address is told by a person.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.models import Appointment, Request
from dispatch.services import outbox, recipients

ABOUT_AN_APPOINTMENT = (
    "appointment_confirmed", "appointment_proposed", "request_assigned", "appointment_moved",
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
    """Enqueue a message to the mediator; return False when she has no address.

    One message of a kind for each sequence of the appointment, and for each `key` where one is given.
    """
    recipient = recipients.mediator(session, appointment.mediator_id)
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
    """Enqueue a message to the office that asked; return False when it has no address. Keys as `tell_mediator`."""
    recipient = recipients.office(session, request)
    return _enqueue(session, kind, recipient, appointment, now, key=key, params=params)


def forget_waiting(session: Session, appointment: Appointment) -> None:
    """Drop what waits to be sent about an appointment that was moved or ended."""
    outbox.drop_waiting(session, ABOUT_AN_APPOINTMENT, appointment_id=appointment.id)


def _enqueue(
    session: Session,
    kind: str,
    recipient: recipients.Recipient | None,
    appointment: Appointment,
    now: datetime,
    *,
    key: str,
    params: Mapping[str, Any] | None,
) -> bool:
    if recipient is None:
        return False
    outbox.enqueue(
        session,
        kind,
        recipient.email,
        now,
        locale=recipient.locale,
        key=f"{kind}:{appointment.id}:{key or appointment.sequence}",
        request_id=appointment.request_id,
        appointment_id=appointment.id,
        mediator_id=appointment.mediator_id,
        params=params,
    )
    return True
