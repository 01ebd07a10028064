"""Tables of what is sent: reminders due at an instant, and the outbox."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Line, one_of

REMINDER_STATES = ("due", "claimed", "done", "dropped")
OUTBOX_STATES = ("queued", "sending", "sent", "retry", "failed", "uncertain", "held", "dropped")


class Reminder(Base):
    """A reminder due at an instant; `key` = appointment:kind:side:sequence, so that it exists at most once."""

    __tablename__ = "reminders"
    __table_args__ = (
        one_of("state", REMINDER_STATES),
        Index("ix_reminders_state_due_at", "state", "due_at"),
        Index("ix_reminders_appointment_id", "appointment_id"),
    )

    id: Mapped[BigKey]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"))
    kind: Mapped[Code]
    side: Mapped[Code]
    key: Mapped[Line] = mapped_column(unique=True)
    due_at: Mapped[Instant]
    state: Mapped[Code] = mapped_column(default="due")
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)


class OutboxMessage(Base):
    """A message to one recipient: kind, ids and language; never a body. `key` makes a message exist at most once.

    `webhook_id`: it goes to a program's address instead of a mailbox; `recipient` is then the host.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OUTBOX_STATES),
        Index("ix_outbox_state_due_at", "state", "due_at"),
        Index("ix_outbox_request_id", "request_id"),
        Index("ix_outbox_mediator_id", "mediator_id"),
        Index("ix_outbox_appointment_id", "appointment_id"),
        Index("ix_outbox_webhook_id", "webhook_id"),
        Index("ix_outbox_applicant_id", "applicant_id"),
        Index("ix_outbox_feedback_id", "feedback_id"),
    )

    id: Mapped[BigKey]
    kind: Mapped[Code]
    key: Mapped[Line | None] = mapped_column(unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(20))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("links.id", ondelete="SET NULL"))
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicants.id", ondelete="CASCADE"))
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[Code] = mapped_column(default="queued")
    due_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[Instant | None]
    created_at: Mapped[Instant]
    interruptions: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[Instant | None]
    error: Mapped[Line | None]
    seen_at: Mapped[Instant | None]
