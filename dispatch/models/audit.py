"""The audit log: one row per act, written in the transaction of the act, never changed afterwards."""

from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant


class AuditEntry(Base):
    """Who did what to which thing, when and why; `facts` holds codes and field names, never a person's data.

    `channel` and `on_behalf` are set when a coordinator recorded what somebody else decided. `seal` belongs to the
    chain that a job closes.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject_subject_id", "subject", "subject_id"),
        Index("ix_audit_at", "at"),
    )

    id: Mapped[BigKey]
    at: Mapped[Instant]
    actor_kind: Mapped[Code]
    actor_id: Mapped[int | None]
    act: Mapped[Code]
    subject: Mapped[Code]
    subject_id: Mapped[int]
    channel: Mapped[Code | None]
    on_behalf: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seal: Mapped[str | None] = mapped_column(String(64))
