"""Tables of what the district sets itself: options by topic with their history, and who may ask for what."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Line, one_of


class OptionChange(Base):
    """The values of a topic since an instant; the latest version counts, the others are its history.

    `values` holds what differs from the shipped value, as JSON by field name.
    """

    __tablename__ = "option_changes"
    __table_args__ = (UniqueConstraint("topic", "version"),)

    id: Mapped[BigKey]
    topic: Mapped[Code]
    version: Mapped[int]
    values: Mapped[dict[str, Any]] = mapped_column("option_values", JSON, default=dict)
    changed_at: Mapped[Instant]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[Line | None]


class IntakeRule(Base):
    """What happens to a request for a setting by a kind of organisation; no row: it is taken as the setting says.

    `text` says why, `alternative` where else to turn; both are shown at the form.
    """

    __tablename__ = "intake_rules"
    __table_args__ = (one_of("verdict", ("allow", "review", "refuse")),)

    setting: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    verdict: Mapped[Code]
    text: Mapped[str | None] = mapped_column(String(500))
    alternative: Mapped[str | None] = mapped_column(String(500))
