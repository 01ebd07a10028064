"""Lead applicants into the pool: look at them, take steps, decline, take in.

Each step is a day and a word of the coordination; documents seen on the way become those of the record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.domain import applicants as rules
from dispatch.domain.applicants import ApplicantState, Step, Taken, TypedStep
from dispatch.domain.errors import Missing, MoveRefused
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import Applicant, ApplicantStep, Mediator
from dispatch.services import applicants, audit, availability, local_time, matching, mediators
from dispatch.services.applicants import PURPOSE, Entry, hold, write_to
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run

MOST = 200
"""How many applications of one state are listed; those that wait, the oldest first."""


@dataclass(frozen=True, slots=True)
class Line:
    """An application in a list: its row, the name, and how many steps are taken."""

    row: Applicant
    name: str
    taken: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """An application with its steps; `same_address`: somebody of the pool already has this address."""

    row: Applicant
    name: str
    taken: Mapping[Step, Taken]
    missing: tuple[Step, ...]
    same_address: Mediator | None = None

    def may_take(self, step: Step) -> bool:
        """Tell whether a step may be taken, or taken back, now."""
        return rules.may_take(step, self.row.state)


def find(actor: Actor, state: ApplicantState) -> Sequence[Line]:
    """Return the applications of a state that the coordination sees; raises Forbidden."""
    require(actor, Act.APPLICANT_VIEW)
    if state not in rules.SHOWN:
        return ()
    session = reading()
    newest_first = state is not ApplicantState.CONFIRMED
    order = Applicant.closed_at.desc() if newest_first else Applicant.confirmed_at
    wanted = (
        select(Applicant, Mediator.name, func.count(ApplicantStep.step))
        .outerjoin(Mediator, Mediator.id == Applicant.mediator_id)
        .outerjoin(ApplicantStep, ApplicantStep.applicant_id == Applicant.id)
        .where(Applicant.state == state)
        .group_by(Applicant.id, Mediator.name)
        .order_by(order, Applicant.id)
        .limit(MOST)
    )
    return [Line(row, _name(row, name), taken) for row, name, taken in session.execute(wanted)]


def counts(actor: Actor) -> Mapping[ApplicantState, int]:
    """Return how many applications there are by state, the unsent among them; raises Forbidden."""
    require(actor, Act.APPLICANT_VIEW)
    found = reading().execute(select(Applicant.state, func.count()).group_by(Applicant.state))
    numbers = {ApplicantState(state): number for state, number in found}
    return {state: numbers.get(state, 0) for state in ApplicantState}


def get(actor: Actor, applicant_id: int) -> Sheet:
    """Return one application; raises Missing, also for one that was not sent, and Forbidden."""
    require(actor, Act.APPLICANT_VIEW)
    session = reading()
    row = session.get(Applicant, applicant_id) if 0 < applicant_id <= LARGEST_ID else None
    if row is None or row.state not in rules.SHOWN:
        raise Missing
    taken = {one.step: one for one in _taken(session, row.id)}
    person = session.get(Mediator, row.mediator_id) if row.mediator_id else None
    same = select(Mediator).where(Mediator.email == row.email).order_by(Mediator.id).limit(1)
    return Sheet(
        row,
        _name(row, person.name if person else None),
        taken,
        rules.missing(taken),
        session.scalar(same) if row.email and person is None else None,
    )


def of_mediator(mediator_id: int) -> int | None:
    """Return the application by which somebody came into the pool, None when there is none."""
    wanted = select(Applicant.id).where(Applicant.mediator_id == mediator_id).order_by(Applicant.id.desc())
    return reading().scalars(wanted.limit(1)).first()


def take_step(
    actor: Actor,
    applicant_id: int,
    typed: TypedStep,
    now: datetime,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
) -> None:
    """Record a step, or record it anew. Raises Invalid, Missing, MoveRefused, Forbidden."""
    require(actor, Act.APPLICANT_EDIT)

    def use_case(session: Session) -> None:
        row = _hold(session, applicant_id)
        today = to_local(now, local_time.zone()).date()
        taken = rules.check_step(typed, row.state, today, found=found)
        stored = session.get(ApplicantStep, (row.id, taken.step.value))
        if stored is None:
            stored = ApplicantStep(applicant_id=row.id, step=taken.step.value)
            session.add(stored)
        stored.done_on, stored.issued_on, stored.note = taken.done_on, taken.issued_on, taken.note
        stored.recorded_by_id, stored.recorded_at = actor.user_id, now
        audit.record(session, actor, "take_step", (PURPOSE, row.id), now, facts={"step": taken.step.value})

    run(use_case)


def undo_step(actor: Actor, applicant_id: int, step: Step, now: datetime) -> None:
    """Take a step back; one that was not taken stays so. Raises Missing, MoveRefused, Forbidden."""
    require(actor, Act.APPLICANT_EDIT)

    def use_case(session: Session) -> None:
        row = _hold(session, applicant_id)
        if not rules.may_take(step, row.state):
            raise MoveRefused(PURPOSE, row.state, row.state)
        stored = session.get(ApplicantStep, (row.id, step.value))
        if stored is not None:
            session.delete(stored)
            audit.record(session, actor, "undo_step", (PURPOSE, row.id), now, facts={"step": step.value})

    run(use_case)


def decline(actor: Actor, applicant_id: int, note: str, now: datetime) -> None:
    """Decline an application with a polite mail; `note` stays inside. Raises Invalid, Missing, MoveRefused."""
    require(actor, Act.APPLICANT_EDIT)
    kept = rules.check_note(note)

    def use_case(session: Session) -> None:
        row = _hold(session, applicant_id)
        row.state = rules.move(row.state, ApplicantState.DECLINED).value
        row.closed_at, row.note = now, kept
        row.version += 1
        write_to(session, row, "applicant_declined", now)
        audit.record(session, actor, "decline", (PURPOSE, row.id), now)

    run(use_case)


def take_in(actor: Actor, applicant_id: int, version: int, now: datetime) -> int:
    """Enter an applicant into the pool and return the new person's id; the application keeps only its steps.

    Raises Invalid when steps or entries are missing, MoveRefused, also when the application was changed since
    `version`, and Missing.
    """
    require(actor, Act.APPLICANT_EDIT)
    require(actor, Act.MEDIATOR_CREATE)

    def use_case(session: Session) -> int:
        row = _hold(session, applicant_id)
        accepted = rules.move(row.state, ApplicantState.ACCEPTED)
        if row.version != version:
            raise MoveRefused(PURPOSE, row.state, accepted)
        steps = _taken(session, row.id)
        rules.check_pool([one.step for one in steps])
        typed = applicants.typed_of(Entry(row.email, row.answers, row.ui_language, consents=True))
        record = mediators.checked(session, typed.as_mediator(rules.documents(steps)), now)
        person = mediators.create_in(session, actor, [record], now)[0]
        if week := rules.windows(typed.times):
            availability.begin_week(session, actor, person.id, week, now)
        session.flush()
        matching.retry_unfitted(session, now, [person.id])
        _close(session, row, accepted, person, now)
        audit.record(session, actor, "take_in", (PURPOSE, row.id), now, facts={"mediator": person.id})
        return person.id

    return run(use_case)


def _close(session: Session, row: Applicant, state: ApplicantState, person: Mediator, now: datetime) -> None:
    """Keep of a taken-in applicant the steps alone: the rest stands in the record from now on."""
    write_to(session, row, "applicant_welcome", now)
    row.state, row.mediator_id, row.closed_at = state.value, person.id, now
    row.email, row.answers, row.note = "", {}, None
    row.version += 1


def _taken(session: Session, applicant_id: int) -> Sequence[Taken]:
    wanted = select(ApplicantStep).where(ApplicantStep.applicant_id == applicant_id)
    found = {Step(row.step): row for row in session.scalars(wanted)}
    return [Taken(step, row.done_on, row.issued_on, row.note) for step in Step if (row := found.get(step))]


def _hold(session: Session, applicant_id: int) -> Applicant:
    row = hold(session, applicant_id) if 0 < applicant_id <= LARGEST_ID else None
    if row is None or row.state not in rules.SHOWN:
        raise Missing
    return row


def _name(row: Applicant, name: str | None) -> str:
    return name or str(row.answers.get("name", ""))
