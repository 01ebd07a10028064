"""Tables of people who come without an account: residents who ask for help, applicants, and what anybody writes."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base
from dispatch.models.columns import BigKey, Code, Instant, Key, Line, one_of

TIMINGS = ("fixed", "morning", "afternoon", "evening", "any")
WAYS = ("phone", "mail", "person", "code")
APPLICANT_STATES = ("started", "confirmed", "accepted", "declined", "withdrawn")
APPLICANT_STEPS = ("talk", "training", "undertaking", "certificate", "accompanied")
FEEDBACK_KINDS = ("accessibility", "translation")


class HelpRequest(Base):
    """What a resident said besides the request: how to be reached safely. Nobody but the coordination reads it.

    `code_hash` is an HMAC of the code with which the state is asked for. `timing` says how firm the time of the
    request is. `way`, `contact`, `contact_person`, `call_name` and `safe_times` are emptied at `erased_at`.
    """

    __tablename__ = "help_requests"
    __table_args__ = (one_of("timing", TIMINGS), one_of("way", WAYS))

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ui_language: Mapped[str] = mapped_column(String(20))
    topic: Mapped[Code]
    timing: Mapped[Code]
    way: Mapped[Code | None]
    contact: Mapped[str | None] = mapped_column(String(254))
    contact_person: Mapped[Line | None]
    call_name: Mapped[Line | None]
    safe_times: Mapped[Line | None]
    may_leave_message: Mapped[bool] = mapped_column(default=False)
    wants_mail: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]
    erased_at: Mapped[Instant | None]


class Applicant(Base):
    """Somebody who would like to become a mediator; `answers` is the form as typed, also half filled.

    `mediator_id` is the person of the pool that the applicant became.
    """

    __tablename__ = "applicants"
    __table_args__ = (one_of("state", APPLICANT_STATES), Index("ix_applicants_state_created_at", "state", "created_at"))

    id: Mapped[Key]
    state: Mapped[Code]
    email: Mapped[str] = mapped_column(String(254), index=True)
    ui_language: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    saved_at: Mapped[Instant]
    consented_at: Mapped[Instant | None]
    confirmed_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    note: Mapped[str | None] = mapped_column(String(500))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id", ondelete="SET NULL"), index=True)


class ApplicantStep(Base):
    """A step of the way into the pool that was taken, and on which day; a certificate has a day of issue too."""

    __tablename__ = "applicant_steps"
    __table_args__ = (one_of("step", APPLICANT_STEPS),)

    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(String(40), primary_key=True)
    done_on: Mapped[date]
    issued_on: Mapped[date | None]
    note: Mapped[Line | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[Instant]


class Feedback(Base):
    """What somebody wrote about a barrier or a wrong translation; `page` is the path it is about."""

    __tablename__ = "feedback"
    __table_args__ = (one_of("kind", FEEDBACK_KINDS), Index("ix_feedback_settled_at", "settled_at"))

    id: Mapped[BigKey]
    kind: Mapped[Code]
    page: Mapped[Line | None]
    ui_language: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(2000))
    reply_to: Mapped[str | None] = mapped_column(String(254))
    written_at: Mapped[Instant]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[Instant | None]
