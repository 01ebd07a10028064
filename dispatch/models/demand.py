"""The table of need that became no request: refused at the form, or never asked for."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Line, one_of


class UnaskedNeed(Base):
    """One line of need without a request; `origin`: refused (the table of intake said no) or noted (by the staff).

    `organisation_id` is the unit's that was refused, so that its next try is not counted again; `noted_by_id` is who
    may take back what was noted.
    """

    __tablename__ = "unasked_needs"
    __table_args__ = (
        one_of("origin", ("refused", "noted")),
        Index("ix_unasked_needs_needed_on", "needed_on"),
    )

    id: Mapped[BigKey]
    origin: Mapped[Code]
    needed_on: Mapped[date]
    language: Mapped[Code]
    language_text: Mapped[Line | None]
    setting: Mapped[Code | None]
    organisation_kind: Mapped[Code | None]
    municipality: Mapped[Code | None]
    minutes: Mapped[int | None]
    why: Mapped[Line | None]
    noted_at: Mapped[Instant]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
