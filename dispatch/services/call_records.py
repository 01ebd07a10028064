"""Record what came of a call: the act it stands for is done on behalf of who was called, in the same transaction.

Who records second learns that the call is settled, and nothing is done twice. Locks: the request and those of the acts;
the call's own row comes last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.domain import calls as rules
from dispatch.domain.calls import CallKind, Outcome
from dispatch.domain.errors import CallSettled, Kind, Missing, NoLongerFits, Refusal
from dispatch.domain.findings import Findings
from dispatch.domain.lifecycle import DeclineReason
from dispatch.domain.permissions import Act, Actor, require
from dispatch.models import CallAttempt, CallTask, Request
from dispatch.services import answers, appointments, arrivals, bookings, call_rows, options
from dispatch.services.audit import OnBehalf, record
from dispatch.services.call_rows import CallRow
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import each, reading, run

LONGEST_NOTE = 500
BATCH = 500
PHONE = OnBehalf("phone")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed about a call; `call_back_at` counts for that outcome only, `reason` for a no to an offer."""

    outcome: str
    version: int
    note: str = ""
    reason: str = ""
    call_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    outcome: Outcome
    version: int
    note: str | None
    reason: DeclineReason | None
    call_back_at: datetime | None


def take_down(actor: Actor, call_id: int, typed: Typed, now: datetime) -> Outcome:
    """Record what came of a call and do what was said; return the outcome.

    Raises Missing, Invalid for what was typed, CallSettled when it is over or somebody else was first, and whatever the
    act refuses (taken, no longer fits, too late): then the call is noted all the same, so that it is not made again.
    """
    row = _seen(actor, call_id)
    said = _read(typed, row, now)
    is_over = said.outcome in rules.LEFT_OPEN and not call_rows.holds(row, now)
    if is_over or row.task.state != "open" or row.task.version != said.version:
        raise CallSettled
    try:
        refused = run(partial(_do, actor=actor, call_id=call_id, said=said, now=now))
    except Refusal as refusal:
        if refusal.kind not in (Kind.CONFLICT, Kind.GONE) or isinstance(refusal, CallSettled):
            raise
        run(partial(_note, actor=actor, call_id=call_id, said=said, now=now, refusal=refusal))
        raise
    if refused is not None:
        raise refused
    return said.outcome


def drop_ended(now: datetime) -> int:
    """Drop the open calls whose cause has ended by itself; return how many."""
    open_ids = reading().scalars(select(CallTask.id).where(CallTask.state == "open").order_by(CallTask.id)).all()
    batches = [open_ids[start : start + BATCH] for start in range(0, len(open_ids), BATCH)]
    return each(batches, lambda ids: _drop(ids, now))


def _drop(ids: Sequence[int], now: datetime) -> int:
    over = [row.task.id for row in call_rows.load_open(reading(), ids) if not call_rows.holds(row, now)]
    if not over:
        return 0
    wanted = update(CallTask).where(CallTask.id.in_(over), CallTask.state == "open")
    statement = wanted.values(state="dropped", closed_at=now).returning(CallTask.id)
    return run(lambda session: len(session.scalars(statement, execution_options={"synchronize_session": False}).all()))


def _seen(actor: Actor, call_id: int) -> CallRow:
    row = call_rows.find(reading(), call_id) if 0 < call_id <= LARGEST_ID else None
    if row is None:
        raise Missing
    require(actor, Act.CALL_RECORD, row.subject)
    return row


def _read(typed: Typed, row: CallRow, now: datetime) -> _Said:
    findings = Findings()
    possible = {outcome.value: outcome for outcome in rules.outcomes_of(CallKind(row.task.kind))}
    outcome = possible.get(typed.outcome)
    if outcome is None:
        findings.add("outcome", "not_of_this_call")
    reason = DeclineReason(typed.reason) if typed.reason in set(DeclineReason) else None
    if typed.reason and reason is None:
        findings.add("reason", "unknown_choice")
    note = findings.prose("note", typed.note, LONGEST_NOTE)
    back_at = typed.call_back_at if outcome is Outcome.CALL_BACK else None
    if outcome is Outcome.CALL_BACK:
        findings.require("call_back", back_at)
    starts_at = row.talk.starts_at if row.talk else None
    if back_at and not rules.may_call_back(back_at, now, starts_at, options=options.read(rules.DEFAULT)):
        findings.add("call_back", "not_ahead")
    findings.raise_if_any()
    assert outcome is not None
    return _Said(outcome, typed.version, note, reason, back_at)


def _do(session: Session, *, actor: Actor, call_id: int, said: _Said, now: datetime) -> Refusal | None:
    """Do the act and close the call with its attempt; return what the act refuses although it changed something."""
    task = _hold(session, call_id)  # nothing else is read before the act has locked it
    if task is None or task.state != "open":
        raise CallSettled
    refused = _act(session, actor, task, said, now)
    _close(session, actor, task, said, now)
    return refused


def _hold(session: Session, call_id: int) -> CallTask | None:
    """Lock the request a call is about, as every act does first, and return the call."""
    request_id = session.scalar(select(CallTask.request_id).where(CallTask.id == call_id))
    if request_id is not None:
        session.execute(select(Request.id).where(Request.id == request_id).with_for_update())
    return session.get(CallTask, call_id)


def _act(session: Session, actor: Actor, task: CallTask, said: _Said, now: datetime) -> NoLongerFits | None:
    number = task.appointment_id or 0
    match CallKind(task.kind), said.outcome:
        case CallKind.OFFER, Outcome.YES:
            given = answers.accept_in(session, actor=actor, offer_id=task.offer_id or 0, now=now, on_behalf=PHONE)
            return given if isinstance(given, NoLongerFits) else None
        case CallKind.OFFER, Outcome.NO:
            answers.decline_in(
                session, actor=actor, offer_id=task.offer_id or 0, now=now, reason=said.reason, on_behalf=PHONE
            )
        case CallKind.PROPOSAL, Outcome.YES:
            bookings.confirm_in(session, actor=actor, appointment_id=number, now=now, on_behalf=PHONE)
        case CallKind.PROPOSAL, Outcome.NO:
            appointments.decline_in(session, actor=actor, appointment_id=number, now=now, on_behalf=PHONE)
        case CallKind.RECONFIRM, Outcome.YES:
            arrivals.coming_in(session, actor=actor, appointment_id=number, now=now, on_behalf=PHONE)
        case CallKind.RECONFIRM, Outcome.NO:
            appointments.hand_back_in(session, actor=actor, appointment_id=number, now=now, on_behalf=PHONE)
        case _:
            pass
    return None


def _note(session: Session, *, actor: Actor, call_id: int, said: _Said, now: datetime, refusal: Refusal) -> None:
    """Keep that a call was made although its act was refused; a second recording of the same call stays refused."""
    task = _hold(session, call_id)
    if task is None or task.version != said.version:
        raise CallSettled from refusal
    _close(session, actor, task, said, now)


def _close(session: Session, actor: Actor, task: CallTask, said: _Said, now: datetime) -> None:
    """Write the attempt and what it leaves of the call; CallSettled when somebody else was first."""
    is_left_open = said.outcome in rules.LEFT_OPEN
    values: dict[str, object] = {"attempts": CallTask.attempts + 1, "version": CallTask.version + 1}
    values["call_back_at"] = said.call_back_at
    if not is_left_open:
        values |= {"state": "done", "closed_at": now}
    wanted = update(CallTask).where(CallTask.id == task.id, CallTask.version == said.version)
    changed = session.scalars(
        wanted.values(**values).returning(CallTask.id), execution_options={"synchronize_session": False}
    ).all()
    if not changed:
        raise CallSettled
    session.add(
        CallAttempt(
            call_task_id=task.id,
            request_id=task.request_id,
            mediator_id=task.mediator_id,
            at=now,
            recorded_by_id=actor.user_id,
            outcome=said.outcome.value,
            note=said.note or None,
        )
    )
    facts = {"outcome": said.outcome.value, "kind": task.kind, "request": task.request_id}
    record(session, actor, "call", ("call", task.id), now, facts=facts, on_behalf=PHONE)
