"""Keep who of the coordination is away and who stands in, and tell who is on duty.

Whether an absence may be entered, and who is on duty then, is decided by `domain.duty`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from dispatch.domain import duty as rules
from dispatch.domain import hours
from dispatch.domain.duty import Absence, Colleague, Duty, TypedAbsence
from dispatch.domain.errors import Missing
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import Act, Actor, Role, require
from dispatch.models import StaffAbsence, User
from dispatch.services import local_time, options
from dispatch.services.audit import record
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run

ROLES = (Role.COORDINATOR, Role.REGIONAL_COORDINATOR)


@dataclass(frozen=True, slots=True)
class Away:
    """An absence with the names of who is away and who stands in; `is_broken`: that person is not there either."""

    absence: Absence
    name: str
    deputy: str | None
    is_now: bool
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is on duty today, who is away from now on in order of days, and of whom one may choose."""

    today: Duty
    away: tuple[Away, ...]
    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class Answering:
    """Who is there when an office is promised an answer: in service hours, and whether anybody is on duty that day."""

    at: datetime
    is_staffed: bool
    people: tuple[str, ...]


def at(instant: datetime) -> Duty:
    """Return who is on duty on the local day of an instant; one statement."""
    return _on(reading(), to_local(instant, local_time.zone()).date())


def in_session(session: Session, instant: datetime) -> Duty:
    """Return the same inside a transaction."""
    return _on(session, to_local(instant, local_time.zone()).date())


def is_nobody_there(now: datetime) -> bool:
    """Tell whether somebody should be there today, and nobody is; at most one statement."""
    wanted = rules.needs_somebody(
        now, zone=local_time.zone(), holidays=local_time.holidays(now), hours=options.read(hours.DEFAULT)
    )
    return wanted and not at(now).is_anybody


def answering(answer_by: datetime) -> Answering:
    """Return who is there at a promised instant; the minute of closing still counts, people answer until then."""
    before = answer_by - timedelta(seconds=1)
    zone, holidays, opened = local_time.zone(), local_time.holidays(answer_by), options.read(hours.DEFAULT)
    is_open = any(
        hours.is_service(instant, zone=zone, holidays=holidays, options=opened) for instant in (answer_by, before)
    )
    people = at(answer_by).people if is_open else ()
    return Answering(answer_by, is_open, tuple(one.name for one in people))


def plan(actor: Actor, now: datetime) -> Plan:
    """Return who is there and who is away from today on; two statements. Forbidden by role."""
    require(actor, Act.DUTY_VIEW)
    session, today = reading(), _today(now)
    colleagues = _colleagues(session)
    absences = [_absence(row) for row in session.scalars(_from(today))]
    return Plan(
        rules.on_duty(colleagues, absences, today),
        tuple(_away(one, absences, colleagues, today) for one in absences),
        colleagues,
    )


def get(actor: Actor, absence_id: int) -> Absence:
    """Return one absence; raises Missing, and Forbidden by role."""
    require(actor, Act.DUTY_EDIT)
    return _absence(_load(reading(), absence_id))


def add(actor: Actor, typed: TypedAbsence, now: datetime) -> int:
    """Enter an absence and return its id; raises Invalid as `check_absence`."""
    require(actor, Act.DUTY_EDIT)

    def use_case(session: Session) -> int:
        wanted = _checked(session, typed, now, besides=None)
        row = StaffAbsence(created_at=now)
        _fill(row, wanted)
        session.add(row)
        session.flush()
        record(session, actor, "enter_absence", ("user", wanted.user_id), now, facts={"absence": row.id})
        return row.id

    return run(use_case)


def change(actor: Actor, absence_id: int, typed: TypedAbsence, now: datetime) -> None:
    """Change an absence; raises Missing, and Invalid as `check_absence`."""
    require(actor, Act.DUTY_EDIT)

    def use_case(session: Session) -> None:
        row = _load(session, absence_id)
        wanted = _checked(session, typed, now, besides=absence_id)
        _fill(row, wanted)
        record(session, actor, "change_absence", ("user", wanted.user_id), now, facts={"absence": absence_id})

    run(use_case)


def end(actor: Actor, absence_id: int, now: datetime) -> None:
    """End an absence: who is back today was away until yesterday; one that has not begun is taken out.

    Raises Missing.
    """
    require(actor, Act.DUTY_EDIT)

    def use_case(session: Session) -> None:
        row = _load(session, absence_id)
        yesterday = _today(now) - timedelta(days=1)
        record(session, actor, "end_absence", ("user", row.user_id), now, facts={"absence": absence_id})
        if row.first_on > yesterday:
            session.delete(row)
        else:
            row.last_on = min(row.last_on, yesterday)

    run(use_case)


def _on(session: Session, day: date) -> Duty:
    covering = and_(StaffAbsence.user_id == User.id, StaffAbsence.first_on <= day, StaffAbsence.last_on >= day)
    wanted = (
        select(User, StaffAbsence)
        .outerjoin(StaffAbsence, covering)
        .where(User.role.in_(ROLES), User.active)
        .order_by(User.name, User.id)
    )
    rows = [(row[0], cast("StaffAbsence | None", row[1])) for row in session.execute(wanted)]
    absences = [_absence(absence) for _user, absence in rows if absence is not None]
    return rules.on_duty([_colleague(user) for user, _row in rows], absences, day)


def _checked(session: Session, typed: TypedAbsence, now: datetime, *, besides: int | None) -> Absence:
    """Check an absence beside all others, with every colleague locked: two that enter at once see each other."""
    session.execute(select(User.id).where(User.role.in_(ROLES)).order_by(User.id).with_for_update())
    today = _today(now)
    others = [_absence(row) for row in session.scalars(select(StaffAbsence)) if row.id != besides]
    return rules.check_absence(typed, _colleagues(session), others, today, options=options.read(rules.DEFAULT))


def _away(one: Absence, absences: Iterable[Absence], colleagues: Sequence[Colleague], today: date) -> Away:
    known = {colleague.id: colleague for colleague in colleagues}
    deputy = known.get(one.deputy_id or 0)
    is_away = any(other.user_id == one.deputy_id and other.overlaps(one) for other in absences)
    return Away(
        one,
        known[one.user_id].name if one.user_id in known else "",
        deputy.name if deputy else None,
        one.covers(today),
        is_broken=deputy is not None and (is_away or not deputy.active),
    )


def _from(today: date) -> Select[StaffAbsence]:
    wanted = select(StaffAbsence).where(StaffAbsence.last_on >= today)
    return wanted.order_by(StaffAbsence.first_on, StaffAbsence.id)


def _colleagues(session: Session) -> tuple[Colleague, ...]:
    wanted = select(User).where(User.role.in_(ROLES)).order_by(User.name, User.id)
    return tuple(_colleague(user) for user in session.scalars(wanted))


def _colleague(user: User) -> Colleague:
    return Colleague(user.id, user.name, user.role == Role.COORDINATOR, user.active)


def _absence(row: StaffAbsence) -> Absence:
    return Absence(row.user_id, row.first_on, row.last_on, row.deputy_id, row.id)


def _fill(row: StaffAbsence, wanted: Absence) -> None:
    row.user_id, row.deputy_id = wanted.user_id, wanted.deputy_id
    row.first_on, row.last_on = wanted.first_on, wanted.last_on


def _load(session: Session, absence_id: int) -> StaffAbsence:
    row = session.get(StaffAbsence, absence_id) if 0 < absence_id <= LARGEST_ID else None
    if row is None:
        raise Missing
    return row


def _today(now: datetime) -> date:
    return to_local(now, local_time.zone()).date()
