"""Cut what is past its period: in bounded batches, each with an entry of the audit log that holds counts only.

What is cut a second time is nothing. Periods are options; what goes is decided by `retention_steps` and `leavers`.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.domain import retention as rules
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import SYSTEM
from dispatch.models import Mark, Mediator
from dispatch.services import audit, leavers, local_time, options
from dispatch.services.retention_steps import Step, steps
from dispatch.services.transactions import reading, run

BATCH = 500
LEAVERS = "leavers"
MARK = "retention"
BATCHES_A_ROUND = 20
"""How much one look of the jobs cuts before the others have their turn again."""

Counts = Mapping[str, int]
"""How many rows, by kind; kinds of which there are none among them."""
Batch = tuple[str, int]


def apply(now: datetime, *, dry_run: bool = False) -> Counts:
    """Cut everything that is past its period and return the counts; dry, only count and write nothing."""
    if dry_run:
        return due(now, options.read(rules.DEFAULT))
    counts = dict.fromkeys(due_kinds(now), 0)
    for kind, number in _batches(now):
        counts[kind] += number
    return counts


def run_daily(now: datetime) -> int:
    """Cut what is past its period, once a local day; return how many rows, 0 when this day's work is done.

    It stops after some batches, and goes on when it is called again.
    """
    today = to_local(now, local_time.zone()).date()
    last = reading().scalar(select(Mark.at).where(Mark.name == MARK))
    if last is not None and to_local(last, local_time.zone()).date() >= today:
        return 0
    done = batches = 0
    for _kind, number in _batches(now):
        done, batches = done + number, batches + 1
        if batches == BATCHES_A_ROUND:
            return done
    run(partial(_mark, now=now))
    return done


def due(now: datetime, periods: rules.RetentionOptions) -> Counts:
    """Return how many rows would be cut at `now` if these periods were in force."""
    cut = _cut_offs(now, periods)
    counted = {
        step.name: reading().scalar(select(func.count()).select_from(step.key.class_).where(step.condition)) or 0
        for step in steps(cut)
    }
    people = select(func.count()).select_from(Mediator).where(leavers.is_due(cut.leaver))
    return {**counted, LEAVERS: reading().scalar(people) or 0}


def due_kinds(now: datetime) -> tuple[str, ...]:
    """Return the kinds in the order of the report."""
    return (*(step.name for step in steps(_cut_offs(now, rules.DEFAULT))), LEAVERS)


def _cut_offs(now: datetime, periods: rules.RetentionOptions) -> rules.CutOffs:
    return rules.cut_offs(now, zone=local_time.zone(), options=periods)


def _batches(now: datetime) -> Iterator[Batch]:
    """Cut batch after batch, each in a transaction of its own, and tell kind and number of each."""
    cut = _cut_offs(now, options.read(rules.DEFAULT))
    for step in steps(cut):
        after: int | None = 0
        while after is not None:
            number, after = run(partial(_cut, step=step, after=after, now=now))
            if number:
                yield step.name, number
    while number := run(partial(_cut_leavers, left=cut.leaver, now=now)):
        yield LEAVERS, number


def _cut(session: Session, step: Step, after: int, now: datetime) -> tuple[int, int | None]:
    """Cut one batch behind the key `after`; return how many rows and the last key, None behind the last batch."""
    table = step.key.class_
    wanted = select(step.key).where(step.condition, step.key > after).order_by(step.key).limit(BATCH)
    keys = session.scalars(wanted.with_for_update(of=table)).all()
    if not keys:
        return 0, None
    found = step.key.in_(set(keys)), step.condition
    statement = (
        update(table).where(*found).values(_emptied(step, now)).returning(literal(1))
        if step.columns
        else delete(table).where(*found).returning(literal(1))
    )
    number = len(session.execute(statement, execution_options={"synchronize_session": False}).all())
    _record(session, step.name, number, now)
    return number, keys[-1]


def _emptied(step: Step, now: datetime) -> dict[str, datetime | None]:
    stamp = {step.stamp.key: now} if step.stamp is not None else {}
    return {**{column.key: None for column in step.columns}, **stamp}


def _cut_leavers(session: Session, left: datetime, now: datetime) -> int:
    wanted = select(Mediator.id).where(leavers.is_due(left)).order_by(Mediator.id).limit(BATCH)
    ids = session.scalars(wanted).all()
    for mediator_id in ids:
        leavers.cut_one(session, mediator_id, now)
    if ids:
        _record(session, LEAVERS, len(ids), now)
    return len(ids)


def _mark(session: Session, now: datetime) -> None:
    mark = session.get(Mark, MARK, with_for_update=True)
    if mark is not None:
        mark.at = max(mark.at, now)
        return
    with suppress(IntegrityError), session.begin_nested():  # another process may be the first one too
        session.add(Mark(name=MARK, at=now))


def _record(session: Session, kind: str, number: int, now: datetime) -> None:
    audit.record(session, SYSTEM, "retention", ("installation", 0), now, facts={"kind": kind, "rows": number})
