"""Tables of who is there: coordinators away and their deputies, alarms, notes for colleagues."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Key, Line


class StaffAbsence(Base):
    """A coordinator is away from–until (both inclusive) and who stands in meanwhile, if anybody."""

    __tablename__ = "staff_absences"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="order"),
        CheckConstraint("deputy_id <> user_id", name="another"),
        Index("ix_staff_absences_last_on", "last_on"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    created_at: Mapped[Instant]


class Alarm(Base):
    """Something that cannot wait, told to the mailbox on duty and, unless somebody takes it, to the deputies.

    `key` makes it exist at most once; `escalate_at` is two service hours after it was raised.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        Index("ix_alarms_escalate_at", "escalate_at"),
        Index("ix_alarms_request_id", "request_id"),
    )

    id: Mapped[BigKey]
    kind: Mapped[Code]
    key: Mapped[Line] = mapped_column(unique=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"))
    raised_at: Mapped[Instant]
    escalate_at: Mapped[Instant]
    escalated_at: Mapped[Instant | None]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[Instant | None]


class InternalNote(Base):
    """A note of the coordination about a request or a person of the pool; nobody else reads it."""

    __tablename__ = "internal_notes"
    __table_args__ = (
        CheckConstraint("(request_id IS NULL) <> (mediator_id IS NULL)", name="about_one"),
        Index("ix_internal_notes_request_id", "request_id"),
        Index("ix_internal_notes_mediator_id", "mediator_id"),
    )

    id: Mapped[BigKey]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(1000))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[Instant]
