"""Bring the pool in from a file and out into one.

A file is planned in a read and applied in one transaction, all of it or nothing unless told otherwise; when somebody
changed the pool in between, it is planned anew.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.domain.errors import Busy
from dispatch.domain.languages import Level
from dispatch.domain.permissions import Act, Actor, require
from dispatch.domain.pool_columns import Column
from dispatch.domain.pool_words import LEFT_OUT, Kind
from dispatch.models import Mediator
from dispatch.reference import languages, pool_words
from dispatch.services import availability, matching, mediator_rows, mediators, pool_plans, pool_writing, settings
from dispatch.services.pool_plans import Outcome, Plan
from dispatch.services.pool_reading import PoolFile
from dispatch.services.transactions import reading, run

TRIES = 3
LONGEST_ANSWER = 200
FREE_TEXT = frozenset({Kind.PLACE, Kind.WEEK, Kind.NUMBER, Kind.DAY})
"""Kinds whose words are explained by other words, not by a code."""

Answers = Mapping[tuple[Kind, str], str]


def plan(actor: Actor, file: PoolFile, answers: Answers, now: datetime) -> Plan:
    """Say what a file would do and change nothing; raises Forbidden, Invalid for a file without heads or rows.

    An answer that is no code of its kind counts as none.
    """
    require(actor, Act.POOL_IMPORT)
    session = reading()
    return pool_plans.make(session, file, _sound(session, answers), now)


def carry_out(actor: Actor, file: PoolFile, answers: Answers, now: datetime, *, skip_invalid: bool = False) -> Plan:
    """Do what a file says and return the plan that was applied; one that is not applied has invalid rows.

    Raises Forbidden, Invalid as `plan` does, Busy when the pool was changed again and again meanwhile.
    """
    require(actor, Act.POOL_IMPORT)
    for _try in range(TRIES):
        session = reading()
        stamp = _stamp(session)
        planned = pool_plans.make(session, file, _sound(session, answers), now)
        if planned.count(Outcome.INVALID) and not skip_invalid:
            return planned
        try:
            if run(partial(_apply, actor=actor, planned=planned, stamp=stamp, now=now)):
                return replace(planned, is_applied=True)
        except IntegrityError:
            continue
    raise Busy


def export(actor: Actor, kind: str) -> bytes:
    """Return the whole pool as `csv` or `xlsx`, by name; raises Forbidden."""
    require(actor, Act.POOL_EXPORT)
    session = reading()
    rows = session.scalars(select(Mediator).options(*mediator_rows.LOADED).order_by(Mediator.name, Mediator.id)).all()
    weeks = availability.weeks(session)
    lines = [pool_writing.cells(row, weeks.get(row.id, ())) for row in rows]
    return pool_writing.workbook(lines) if kind == "xlsx" else pool_writing.csv_file(lines)


def codes(kind: Kind) -> tuple[str, ...]:
    """Return the codes by which a word of this kind may be answered; none where it is explained in words."""
    if kind is Kind.COLUMN:
        return tuple(Column)
    if kind is Kind.LANGUAGE:
        return tuple(language.code for language in languages.all_languages())
    if kind in {Kind.LEVEL, Kind.GERMAN_LEVEL}:
        return tuple(Level)
    return () if kind in FREE_TEXT else pool_words.codes(kind)


def _sound(session: Session, answers: Answers) -> Answers:
    """Leave out what is no answer: unknown codes, texts beyond any word."""
    known = {kind: frozenset(codes(kind)) for kind in Kind}
    known[Kind.SETTING] = known[Kind.SETTING] | frozenset(settings.settings_by_code(session))
    return {
        (kind, word): code
        for (kind, word), code in answers.items()
        if code == LEFT_OUT or (code in known[kind] if kind not in FREE_TEXT else 0 < len(code) <= LONGEST_ANSWER)
    }


def _stamp(session: Session) -> tuple[int, ...]:
    """Return a mark that changes whenever somebody enters a person or changes a record."""
    counted = select(
        func.count(), func.coalesce(func.max(Mediator.id), 0), func.coalesce(func.sum(Mediator.version), 0)
    )
    return tuple(int(value) for value in session.execute(counted.select_from(Mediator)).one())


def _apply(session: Session, actor: Actor, planned: Plan, stamp: tuple[int, ...], now: datetime) -> bool:
    """Write every row that would change something; nothing when the pool is no longer the one that was planned for."""
    if _stamp(session) != stamp:
        return False
    new = [row for row in planned.rows if row.outcome is Outcome.CREATED]
    made = mediators.create_in(session, actor, [row.record for row in new if row.record], now)
    for row, mediator in zip(new, made, strict=True):
        if row.weekly:
            availability.begin_week(session, actor, mediator.id, row.weekly, now)
    changed = [mediator.id for mediator in made]
    for row in planned.rows:
        if row.outcome is Outcome.UPDATED and row.mediator_id is not None and row.record is not None:
            changed.append(row.mediator_id)
            mediators.update_in(session, actor, mediators.hold(session, row.mediator_id), row.record, now)
            if row.weekly is not None:
                availability.set_week(session, actor, row.mediator_id, row.weekly, now)
    matching.retry_unfitted(session, now, changed)
    return True
