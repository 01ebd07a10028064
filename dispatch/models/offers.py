"""Tables of offers: a request put to one mediator."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.domain.lifecycle import DeclineReason, OfferState, WithdrawalCause
from dispatch.models.columns import Code, Instant, Key, one_of

_OPEN = text("state = 'open'")


class Offer(Base):
    """An offer of one revision; `breakdown` is the score as it was, shown to the mediator as the reason.

    `in_addition`: it takes no place in the wave (night rule, people who let three offers lapse, who cannot be called in
    time). `channel`: how it is made (mail or phone), once answered how the answer came.
    """

    __tablename__ = "offers"
    __table_args__ = (
        one_of("state", OfferState),
        one_of("cause", WithdrawalCause),
        one_of("decline_reason", DeclineReason),
        Index("ix_offers_request_id_revision", "request_id", "revision"),
        Index("ix_offers_mediator_id_state", "mediator_id", "state"),
        Index("ix_offers_state_deadline_at", "state", "deadline_at"),
        Index(
            "uq_offers_open",
            "request_id",
            "mediator_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id"))
    revision: Mapped[int]
    wave: Mapped[int]
    in_addition: Mapped[bool] = mapped_column(default=False)
    state: Mapped[Code]
    cause: Mapped[Code | None]
    decline_reason: Mapped[Code | None]
    sent_at: Mapped[Instant]
    deadline_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    channel: Mapped[Code] = mapped_column(default="mail")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    score: Mapped[int] = mapped_column(Integer, default=0)
    breakdown: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    distance_km: Mapped[float]
    travel_minutes: Mapped[int]
