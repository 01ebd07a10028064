"""Table of webhooks: where a program wants to hear of what changed; what is sent stands in the outbox."""

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import Instant, Key, Prose


class Webhook(Base):
    """An address that is told of events its user may see; `sealed_secret` signs what is sent.

    `last_audit_id` is the newest entry of the audit log that was looked at for it.
    """

    __tablename__ = "webhooks"
    __table_args__ = (Index("ix_webhooks_user_id", "user_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(String(2000))
    events: Mapped[list[str]] = mapped_column(JSON)
    sealed_secret: Mapped[Prose]
    active: Mapped[bool] = mapped_column(default=True)
    last_audit_id: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
