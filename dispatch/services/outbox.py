"""Put messages into the outbox, in the transaction of the change they tell of.

It never renders a message: a row holds kind, ids and recipient; delivery is `services.delivery`.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.models import OutboxMessage

WAITING = ("queued", "retry", "held")
TO_MEDIATORS = frozenset(
    {
        "offer", "offer_taken", "offer_withdrawn",
        "appointment_confirmed", "appointment_proposed", "appointment_awaits_office",
        "appointment_cancelled", "appointment_released",
        "reminder_week", "reminder_reconfirm", "reminder_last",
        "document_ends", "confirm_data", "still_there",
    }
)  # fmt: skip
"""Kinds that a mediator reads; accounts, providers, residents and the people on duty apart, all others the office."""
TO_PROVIDERS = frozenset({"provider_asked", "provider_not_needed"})
"""Kinds that a provider outside the service reads; they tell what `domain.referrals` allows and nothing else."""
IS_MAIL = OutboxMessage.webhook_id.is_(None)
"""The condition of what goes to people; the rest goes to programs and has the log of its webhook."""
BAD = ("failed", "uncertain")
"""States of a message that a person must settle."""
ADDRESS_REFUSED = "address refused"
"""How the error of a message begins whose address the receiving side does not know."""
MESSAGE_ID_BYTES = 18


def enqueue(  # the ids are columns, all optional and all keyword-only
    session: Session,
    kind: str,
    recipient: str,
    now: datetime,
    *,
    locale: str,
    key: str | None = None,
    due_at: datetime | None = None,
    request_id: int | None = None,
    offer_id: int | None = None,
    appointment_id: int | None = None,
    mediator_id: int | None = None,
    user_id: int | None = None,
    webhook_id: int | None = None,
    feedback_id: int | None = None,
    applicant_id: int | None = None,
    params: Mapping[str, Any] | None = None,
) -> None:
    """Add one message to one recipient, due at once unless `due_at` says later.

    `key` names the message (`offer:17`); a second one with the same key is not added. `params` holds codes and
    numbers that the rows no longer tell when the mail is rendered, never text.
    """
    if key is not None and session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return
    session.add(
        OutboxMessage(
            kind=kind,
            key=key,
            recipient=recipient,
            locale=locale,
            request_id=request_id,
            offer_id=offer_id,
            appointment_id=appointment_id,
            mediator_id=mediator_id,
            user_id=user_id,
            webhook_id=webhook_id,
            feedback_id=feedback_id,
            applicant_id=applicant_id,
            params=dict(params or {}),
            message_id=secrets.token_hex(MESSAGE_ID_BYTES),
            state="queued",
            due_at=due_at or now,
            created_at=now,
        )
    )


def drop_waiting(
    session: Session,
    kinds: tuple[str, ...],
    *,
    offer_id: int | None = None,
    appointment_id: int | None = None,
    request_id: int | None = None,
    feedback_id: int | None = None,
) -> None:
    """Drop messages of these kinds about one thing that have not been sent: what they tell no longer holds."""
    wanted = update(OutboxMessage).where(OutboxMessage.state.in_(WAITING), OutboxMessage.kind.in_(kinds))
    for column, value in (
        (OutboxMessage.offer_id, offer_id),
        (OutboxMessage.appointment_id, appointment_id),
        (OutboxMessage.request_id, request_id),
        (OutboxMessage.feedback_id, feedback_id),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    session.execute(wanted.values(state="dropped"), execution_options={"synchronize_session": False})
