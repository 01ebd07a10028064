"""Keep what colleagues tell each other about a request or a person of the pool: notes and the log of calls.

Only the coordination reads and writes here; what lies outside somebody's sight takes no note.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dispatch.domain import internal_notes as rules
from dispatch.domain.errors import Forbidden, Missing
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.models import CallAttempt, InternalNote, Mediator, User
from dispatch.services.audit import record
from dispatch.services.request_access import LARGEST_ID, load
from dispatch.services.transactions import reading, run

LATEST = 50


class Written(NamedTuple):
    """A note and who wrote it."""

    note: InternalNote
    who: str | None
    is_own: bool


class Called(NamedTuple):
    """A call and who made it."""

    call: CallAttempt
    who: str | None


class About(NamedTuple):
    """What a note is about: a request or a mediator, by id."""

    word: str
    id: int

    @property
    def column(self) -> dict[str, int]:
        """Return the column that names it."""
        return {f"{self.word}_id": self.id}


@dataclass(frozen=True, slots=True)
class Log:
    """The latest notes and calls about one thing, the newest first."""

    notes: tuple[Written, ...]
    calls: tuple[Called, ...]


def request(number: int) -> About:
    """Name a request."""
    return About("request", number)


def mediator(number: int) -> About:
    """Name a mediator."""
    return About("mediator", number)


def log(actor: Actor, about: About) -> Log:
    """Return what was noted and called about a thing that the caller has loaded; two statements. Forbidden by role."""
    require(actor, Act.NOTE_VIEW)
    session = reading()
    notes = (
        select(InternalNote, User.name)
        .outerjoin(User, User.id == InternalNote.written_by_id)
        .where(_is_about(InternalNote, about))
        .order_by(InternalNote.written_at.desc(), InternalNote.id.desc())
        .limit(LATEST)
    )
    calls = (
        select(CallAttempt, User.name)
        .outerjoin(User, User.id == CallAttempt.recorded_by_id)
        .where(_is_about(CallAttempt, about))
        .order_by(CallAttempt.at.desc(), CallAttempt.id.desc())
        .limit(LATEST)
    )
    return Log(
        tuple(Written(row, who, row.written_by_id == actor.user_id) for row, who in session.execute(notes)),
        tuple(Called(row, who) for row, who in session.execute(calls)),
    )


def write(actor: Actor, about: About, text: str, now: datetime) -> int:
    """Add a note and return its id; raises Missing, and Invalid (`text`)."""
    require(actor, Act.NOTE_WRITE)
    kept = rules.check_note(text)

    def use_case(session: Session) -> int:
        _find(session, actor, about)
        row = InternalNote(text=kept, written_by_id=actor.user_id, written_at=now, **about.column)
        session.add(row)
        session.flush()
        record(session, actor, "note", (about.word, about.id), now, facts={"note": row.id})
        return row.id

    return run(use_case)


def delete(actor: Actor, note_id: int, now: datetime) -> About:
    """Delete one's own note and return what it was about; raises Missing, Forbidden for somebody else's."""
    require(actor, Act.NOTE_WRITE)

    def use_case(session: Session) -> About:
        row = session.get(InternalNote, note_id) if 0 < note_id <= LARGEST_ID else None
        if row is None:
            raise Missing
        about = request(row.request_id) if row.request_id else mediator(row.mediator_id or 0)
        _find(session, actor, about)
        if row.written_by_id != actor.user_id:
            raise Forbidden
        session.delete(row)
        record(session, actor, "delete_note", (about.word, about.id), now, facts={"note": note_id})
        return about

    return run(use_case)


def note_call(actor: Actor, about: About, outcome: str, note: str, now: datetime) -> None:
    """Note a call that was nobody's task; raises Missing, and Invalid (`outcome`, `note`)."""
    require(actor, Act.NOTE_WRITE)
    call = rules.check_call(outcome, note)

    def use_case(session: Session) -> None:
        _find(session, actor, about)
        row = CallAttempt(
            at=now, recorded_by_id=actor.user_id, outcome=call.outcome.value, note=call.note, **about.column
        )
        session.add(row)
        record(session, actor, "call", (about.word, about.id), now, facts={"outcome": call.outcome.value})

    run(use_case)


def _is_about(table: Any, about: About) -> ColumnElement[bool]:
    return getattr(table, f"{about.word}_id") == about.id  # type: ignore[no-any-return]


def _find(session: Session, actor: Actor, about: About) -> None:
    if about.word == "request":
        load(session, actor, Act.REQUEST_VIEW, about.id)
        return
    require(actor, Act.MEDIATOR_VIEW, Subject(mediator_id=about.id))
    if not 0 < about.id <= LARGEST_ID or session.get(Mediator, about.id) is None:
        raise Missing
