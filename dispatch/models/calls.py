"""Tables of the telephone: what somebody must say or ask by phone, and what came of each try."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Line, one_of

CALL_KINDS = ("offer", "proposal", "reconfirm", "reminder", "notice", "welfare")
CALL_STATES = ("open", "done", "dropped")
CALL_OUTCOMES = ("yes", "no", "told", "not_reached", "call_back")


class CallTask(Base):
    """Something to be said or asked by phone: to a mediator, or to an office without e-mail (the request names it).

    `message` is the kind of the mail that would have gone out, `params` its facts; `key` makes a task exist at most
    once. `due_at` is by when it is of use; `call_back_at` when the person asked to be called again.
    """

    __tablename__ = "call_tasks"
    __table_args__ = (
        one_of("kind", CALL_KINDS),
        one_of("side", ("mediator", "office")),
        one_of("state", CALL_STATES),
        Index("ix_call_tasks_state_due_at", "state", "due_at"),
        Index("ix_call_tasks_request_id", "request_id"),
        Index("ix_call_tasks_mediator_id", "mediator_id"),
        Index("ix_call_tasks_appointment_id", "appointment_id"),
        Index("ix_call_tasks_offer_id", "offer_id"),
    )

    id: Mapped[BigKey]
    kind: Mapped[Code]
    side: Mapped[Code]
    key: Mapped[Line] = mapped_column(unique=True)
    message: Mapped[Code | None]
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    state: Mapped[Code] = mapped_column(default="open")
    created_at: Mapped[Instant]
    due_at: Mapped[Instant]
    call_back_at: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)


class CallAttempt(Base):
    """One call and what came of it: the call log of a request and of a person; notes end with their retention."""

    __tablename__ = "call_attempts"
    __table_args__ = (
        one_of("outcome", CALL_OUTCOMES),
        CheckConstraint("request_id IS NOT NULL OR mediator_id IS NOT NULL", name="about"),
        Index("ix_call_attempts_call_task_id", "call_task_id"),
        Index("ix_call_attempts_request_id", "request_id"),
        Index("ix_call_attempts_mediator_id", "mediator_id"),
    )

    id: Mapped[BigKey]
    call_task_id: Mapped[int | None] = mapped_column(ForeignKey("call_tasks.id", ondelete="SET NULL"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    at: Mapped[Instant]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[Code]
    note: Mapped[str | None] = mapped_column(String(500))
