"""Show the calls somebody must make now, most urgent first: whom, about what, by when, what was tried.

It never changes anything; a call whose cause has ended is not shown. Three statements for any number of calls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from dispatch.domain.calls import ASKING, CallKind, CallSide, Outcome, outcomes_of
from dispatch.domain.modes import Mode
from dispatch.domain.permissions import Act, Actor, Scope, require, scope
from dispatch.domain.settings import Protection, Setting
from dispatch.models import CallAttempt, CallTask, Organisation, Request
from dispatch.services import call_rows
from dispatch.services.board_filters import Filters as BoardFilters
from dispatch.services.board_filters import conditions
from dispatch.services.bookings import mode_for
from dispatch.services.call_rows import CallRow
from dispatch.services.request_access import LARGEST_ID, visible
from dispatch.services.settings import settings_by_code
from dispatch.services.talks import Talk, talk_of
from dispatch.services.transactions import reading

MOST = 300
"""So many open calls are looked at; whoever has more than that needs colleagues."""


class Filters(NamedTuple):
    """What the list is narrowed to: who is called, what is asked, told (both None: all), what waits for its time."""

    side: CallSide | None = None
    is_asking: bool | None = None
    is_later: bool | None = None


class Try(NamedTuple):
    """The latest call that came to nothing yet."""

    at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the list; `at` is when it is to be made: by its deadline, or when she wants to be called back.

    `is_resident`: the page of the request says how they are reached, and notes who looked.
    `talk` is what may be said of the talk; `comes` the first name of the mediator an office is told of, if any.
    """

    call_id: int
    version: int
    kind: CallKind
    side: CallSide
    message: str
    params: Mapping[str, object]
    at: datetime
    due_at: datetime
    call_back_at: datetime | None
    name: str
    phone: str | None
    call_times: str | None
    ui_language: str | None
    talk: Talk | None
    is_protected: bool
    is_resident: bool
    wants_approval: bool
    was_moved: bool
    comes: str | None
    organisation: str
    request_id: int | None
    request_number: int | None
    appointment_id: int | None
    mediator_id: int | None
    attempts: int
    latest: Try | None
    outcomes: tuple[Outcome, ...]


def index(actor: Actor, filters: Filters, now: datetime, *, about: BoardFilters | None = None) -> list[Call]:
    """Return the open calls within sight, most urgent first. Forbidden for roles that call nobody."""
    session = reading()
    rows = _open(session, actor, about, now)
    found = [call for call in _calls(session, rows) if _is_meant(call, filters, now)]
    return sorted(found, key=lambda call: (call.at, call.call_id))


def show(actor: Actor, call_id: int) -> Call | None:
    """Return one call that is still open, None when it is over; raises Missing and Forbidden as recording does."""
    session = reading()
    row = call_rows.find(session, call_id) if 0 < call_id <= LARGEST_ID else None
    if row is None:
        return None
    require(actor, Act.CALL_VIEW, row.subject)
    return _calls(session, [row])[0] if row.task.state == "open" else None


def _open(session: Session, actor: Actor, about: BoardFilters | None, now: datetime) -> list[CallRow]:
    """Return the open calls within sight whose cause holds; those about no request only to who sees everything."""
    sight = visible(actor, Act.CALL_VIEW)
    within: ColumnElement[bool] = and_(Request.id.is_not(None), sight, *(conditions(about, now) if about else ()))
    is_whole = scope(actor, Act.CALL_VIEW) is Scope.ALL and (about is None or about.is_open)
    if is_whole:
        within = or_(within, Request.id.is_(None))
    soonest = func.coalesce(CallTask.call_back_at, CallTask.due_at)
    wanted = call_rows.select_rows().where(CallTask.state == "open", within).order_by(soonest, CallTask.id).limit(MOST)
    rows = (CallRow(*row) for row in session.execute(wanted).unique())
    return [row for row in rows if call_rows.holds(row, now)]


def _is_meant(call: Call, filters: Filters, now: datetime) -> bool:
    is_later = call.call_back_at is not None and call.call_back_at > now
    return (
        filters.side in (None, call.side)
        and filters.is_asking in (None, call.kind in ASKING)
        and filters.is_later in (None, is_later)
    )


def _calls(session: Session, rows: Sequence[CallRow]) -> list[Call]:
    settings = settings_by_code(session) if rows else {}
    latest = _latest(session, [row.task.id for row in rows if row.task.attempts])
    return [_call(row, settings, latest.get(row.task.id)) for row in rows]


def _latest(session: Session, ids: Sequence[int]) -> Mapping[int, Try]:
    if not ids:
        return {}
    wanted = select(CallAttempt.call_task_id, CallAttempt.at, CallAttempt.outcome).where(
        CallAttempt.call_task_id.in_(ids)
    )
    found = session.execute(wanted.order_by(CallAttempt.at, CallAttempt.id))
    return {row.call_task_id: Try(row.at, Outcome(row.outcome)) for row in found}


def _call(row: CallRow, settings: Mapping[str, Setting], latest: Try | None) -> Call:
    task, request, appointment, mediator = row.task, row.request, row.appointment, row.mediator
    name, phone = _who(row)
    return Call(
        call_id=task.id,
        version=task.version,
        kind=CallKind(task.kind),
        side=CallSide(task.side),
        message=task.message or "",
        params=task.params,
        at=task.call_back_at or task.due_at,
        due_at=task.due_at,
        call_back_at=task.call_back_at,
        name=name,
        phone=phone,
        call_times=mediator.call_times if mediator and task.side == CallSide.MEDIATOR else None,
        ui_language=mediator.ui_language if mediator and task.side == CallSide.MEDIATOR else None,
        talk=_talk(row, settings) if request else None,
        is_protected=request is not None and request.protection == Protection.PROTECTED,
        is_resident=_is_to_resident(row),
        wants_approval=request is not None and request.wants_approval,
        was_moved=bool(appointment and appointment.sequence),
        comes=row.comes.call_name if row.comes else None,
        organisation=_organisation(request, row.organisation),
        request_id=task.request_id,
        request_number=request.number if request else None,
        appointment_id=task.appointment_id,
        mediator_id=task.mediator_id,
        attempts=task.attempts,
        latest=latest,
        outcomes=outcomes_of(CallKind(task.kind)),
    )


def _who(row: CallRow) -> tuple[str, str | None]:
    """Return whom to ask for and the number to dial, None when none is on record."""
    if row.task.side == CallSide.MEDIATOR:
        return (row.mediator.name, row.mediator.phone) if row.mediator else ("", None)
    request, organisation = row.request, row.organisation
    if request is None or organisation is None:
        return "", None
    if organisation.is_for_residents:
        return organisation.name, None
    name = request.caller_name or request.contact_name or organisation.name
    return name, request.caller_phone or request.contact_phone or organisation.phone


def _is_to_resident(row: CallRow) -> bool:
    is_for_them = row.organisation is not None and row.organisation.is_for_residents
    return row.task.side == CallSide.OFFICE and is_for_them


def _talk(row: CallRow, settings: Mapping[str, Setting]) -> Talk:
    """Return what may be said of the talk, as an offer or reminder of its protection class would say it."""
    request, appointment = row.request, row.appointment
    assert request is not None
    told = appointment if row.talk is appointment else None
    asked: Mode | None = mode_for(request, row.mediator) if row.offer and row.mediator else None
    return talk_of(request, settings[request.setting], told, mode=asked.value if asked else None)


def _organisation(request: Request | None, organisation: Organisation | None) -> str:
    if request is None or organisation is None or request.protection == Protection.PROTECTED:
        return ""
    return organisation.name
