"""Tables of appointments: a request that a mediator has taken, under the overlap guard."""

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.domain.lifecycle import LIVE, AppointmentState, Awaits, CancelReason
from dispatch.models.columns import Code, Instant, Key, Line, one_of

LIVE_STATES = text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(LIVE))))


class Appointment(Base):
    """An appointment. Its time, mode and place are its own: a move changes them, the request follows.

    `approved_at` is when the office agreed to who comes, where it wants to be asked.
    `changed_at` is when its state, and with it maybe its time, last changed; None as long as it is as it was made.
    `sequence` is that of the calendar entry and of the links, raised by every move; `minutes_before`/`_after` are
    the setting's at booking; `override_codes`/`override_reason` say what a coordinator set aside.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        one_of("state", AppointmentState),
        one_of("awaits", Awaits),
        one_of("mode", ("on_site", "phone", "video")),
        one_of("cancel_reason", CancelReason),
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("(state = 'proposed') = (awaits IS NOT NULL)", name="awaits_when_proposed"),
        Index("ix_appointments_mediator_id_starts_at", "mediator_id", "starts_at"),
        Index("ix_appointments_request_id", "request_id"),
        Index("ix_appointments_starts_at", "starts_at"),
        Index("ix_appointments_state_ends_at", "state", "ends_at"),
        Index("ix_appointments_state_deadline_at", "state", "deadline_at"),
        Index(
            "uq_appointments_live_slot", "request_id", "slot", unique=True,
            sqlite_where=LIVE_STATES, postgresql_where=LIVE_STATES,
        ),
    )  # fmt: skip

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    slot: Mapped[int] = mapped_column(default=1)
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    state: Mapped[Code]
    awaits: Mapped[Code | None]
    deadline_at: Mapped[Instant | None]
    mode: Mapped[Code]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    minutes_before: Mapped[int] = mapped_column(default=0)
    minutes_after: Mapped[int] = mapped_column(default=0)
    municipality: Mapped[str | None] = mapped_column(String(8))
    postal_code: Mapped[str | None] = mapped_column(String(5))
    town: Mapped[Line | None]
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    address: Mapped[Line | None]
    distance_km: Mapped[float] = mapped_column(Float, default=0.0)
    travel_minutes: Mapped[int] = mapped_column(default=0)
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant | None]
    confirmed_at: Mapped[Instant | None]
    approved_at: Mapped[Instant | None]
    reconfirm_at: Mapped[Instant | None]
    reconfirm_alarm_at: Mapped[Instant | None]
    coming_at: Mapped[Instant | None]
    late_minutes: Mapped[int | None]
    late_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    cancel_reason: Mapped[Code | None]
    late: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Code | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    override_codes: Mapped[Line | None]
    override_reason: Mapped[str | None] = mapped_column(String(500))
