"""Tables of requests: what is needed, in which languages, with or without whom."""

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.database import Base
from dispatch.domain.lifecycle import CancelReason, RequestState, UnfilledReason
from dispatch.models.columns import BigKey, Code, Instant, Key, Line, one_of


class Request(Base):
    """A request of one unit. `place_note`, `reference` and `notes` never leave the pages of those who may read them.

    `wave_due_at` is when the jobs look at it next; `wave` counts the waves of the revision; `nobody_fits_at` is when
    a look at the pool found nobody. `meeting_point` is the neutral place of a protected case, which has no address.
    `intake_channel` says how a request that the coordination took down came (phone, mail, in_person), `caller_*` who
    asked and how to call back. `wants_approval`: the office agrees to who comes before it counts as found.
    `claimed_by_id`: the coordinator who looks after it. `talk_count`: how many talks are in it, 0 = it is one.
    """

    __tablename__ = "requests"
    __table_args__ = (
        one_of("state", RequestState),
        one_of("cancel_reason", CancelReason),
        one_of("unfilled_reason", UnfilledReason),
        one_of("mode", ("on_site", "phone", "video")),
        one_of("protection", ("normal", "sensitive", "protected")),
        one_of("policy", ("waves", "manual", "direct")),
        one_of("continuity", ("gern", "egal", "lieber_nicht")),
        one_of("consent", ("known", "crisis")),
        one_of("intake_channel", ("phone", "mail", "in_person")),
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_requests_organisation_id_starts_at", "organisation_id", "starts_at"),
        Index("ix_requests_state_starts_at", "state", "starts_at"),
        Index("ix_requests_state_wave_due_at", "state", "wave_due_at"),
        Index("ix_requests_case_token", "case_token"),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    nonce: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[Code]
    cancel_reason: Mapped[Code | None]
    unfilled_reason: Mapped[Code | None]
    state_note: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)

    setting: Mapped[Code]
    protection: Mapped[Code] = mapped_column(default="normal")
    policy: Mapped[Code] = mapped_column(default="waves")
    mode: Mapped[Code]
    fallback_phone: Mapped[bool] = mapped_column(default=False)
    fallback_video: Mapped[bool] = mapped_column(default=False)
    fallback_on_site: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    municipality: Mapped[str | None] = mapped_column(String(8), index=True)
    postal_code: Mapped[str | None] = mapped_column(String(5))
    town: Mapped[Line | None]
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    address: Mapped[Line | None]
    place_note: Mapped[Line | None]
    access_phone: Mapped[str | None] = mapped_column(String(40))
    access_url: Mapped[str | None] = mapped_column(String(500))
    contact_name: Mapped[Line | None]
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    meeting_point: Mapped[Line | None]
    intake_channel: Mapped[Code | None]
    caller_name: Mapped[Line | None]
    caller_phone: Mapped[str | None] = mapped_column(String(40))
    caller_email: Mapped[str | None] = mapped_column(String(254))
    wants_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[Instant | None]
    talk_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    level: Mapped[Code | None]
    accept_related: Mapped[bool] = mapped_column(default=False)
    dialect: Mapped[Line | None]
    language_text: Mapped[Line | None]
    gender: Mapped[Code | None]
    gender_strict: Mapped[bool] = mapped_column(default=False)
    qualification: Mapped[Code | None]
    minor: Mapped[bool] = mapped_column(default=False)
    case_token: Mapped[str | None] = mapped_column(String(8))
    continuity: Mapped[Code] = mapped_column(default="gern")
    consent: Mapped[Code]
    reference: Mapped[Line | None]
    notes: Mapped[str | None] = mapped_column(String(500))
    last_useful_answer_at: Mapped[Instant | None]
    entered_afterwards: Mapped[bool] = mapped_column(default=False)
    review_reasons: Mapped[Line | None]

    answer_by: Mapped[Instant | None]
    promised_at_booking: Mapped[Instant | None]
    promise_told_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    submitted_at: Mapped[Instant | None]
    first_offer_at: Mapped[Instant | None]
    first_assigned_at: Mapped[Instant | None]
    first_confirmed_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    move_count: Mapped[int] = mapped_column(default=0)

    wave: Mapped[int] = mapped_column(default=0)
    wave_due_at: Mapped[Instant | None]
    emergency: Mapped[bool] = mapped_column(default=False)
    stepped_back: Mapped[bool] = mapped_column(default=False)
    nobody_fits_at: Mapped[Instant | None]
    exhausted_at: Mapped[Instant | None]
    handed_back_at: Mapped[Instant | None]

    languages: Mapped[list["RequestLanguage"]] = relationship(
        order_by="RequestLanguage.position",
        cascade="all, delete-orphan",
        lazy="raise_on_sql",
        passive_deletes=True,
    )
    people: Mapped[list["RequestPerson"]] = relationship(
        cascade="all, delete-orphan", lazy="raise_on_sql", passive_deletes=True
    )


class RequestLanguage(Base):
    """An asked language, in order of preference from 0."""

    __tablename__ = "request_languages"
    __table_args__ = (Index("ix_request_languages_code", "code"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12))


class RequestPerson(Base):
    """A mediator whom the office would like, or does not want, for this request."""

    __tablename__ = "request_people"
    __table_args__ = (one_of("relation", ("preferred", "excluded")),)

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True)
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id", ondelete="CASCADE"), primary_key=True)
    relation: Mapped[Code]


class RequestAvoided(Base):
    """A municipality at home in which nobody is asked for this request."""

    __tablename__ = "request_avoided"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(8), primary_key=True)


class RequestMessage(Base):
    """What an office wrote to the coordination about a request; by whom is None where it came by link.

    `settled_at` is when somebody of the coordination had dealt with it.
    """

    __tablename__ = "request_messages"
    __table_args__ = (
        Index("ix_request_messages_request_id", "request_id"),
        Index("ix_request_messages_settled_at", "settled_at"),
    )

    id: Mapped[BigKey]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[Instant]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[Instant | None]


class RequestTalk(Base):
    """One of several short talks in one request, in order from 0; its outcome is noted after the appointment.

    `reference` and `case_token` are kept as those of the request; `outcome` None: as the appointment.
    """

    __tablename__ = "request_talks"
    __table_args__ = (
        one_of("outcome", ("held", "client_absent", "cancelled")),
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_request_talks_case_token", "case_token"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    reference: Mapped[Line | None]
    case_token: Mapped[str | None] = mapped_column(String(8))
    outcome: Mapped[Code | None]
