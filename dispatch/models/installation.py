"""Tables of the installation itself: its marks, its counters, the settings of interpreting, the jobs' heartbeat."""

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import Code, Instant, Line, one_of


class Mark(Base):
    """A fact of the installation under a name: `demo`, the digest of a day, the heartbeat of the jobs."""

    __tablename__ = "marks"

    name: Mapped[Line] = mapped_column(primary_key=True)
    value: Mapped[Line | None]
    at: Mapped[Instant]


class Counter(Base):
    """The last number given out in a series (`request`, `appointment`, `badge`)."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]


class SettingRow(Base):
    """A field of work as the district keeps it; shipped rows come from `domain.settings`."""

    __tablename__ = "settings"
    __table_args__ = (
        one_of("protection", ("normal", "sensitive", "protected")),
        one_of("gender", ("none", "wish", "condition")),
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[Line | None]
    group: Mapped[Code] = mapped_column("setting_group")
    goal: Mapped[Code | None]
    protection: Mapped[Code]
    qualification: Mapped[Code]
    german_level: Mapped[Code]
    language_level: Mapped[Code]
    documents: Mapped[list[Any]] = mapped_column(JSON, default=list)
    gender: Mapped[Code]
    usual_minutes: Mapped[int]
    minutes_before: Mapped[int]
    minutes_after: Mapped[int]
    review: Mapped[bool] = mapped_column(default=False)
    in_scope: Mapped[bool] = mapped_column(default=True)
    hint: Mapped[Code | None]
    position: Mapped[int]
