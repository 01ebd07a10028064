"""Warn people whose documents end, and find the documents that end too soon for what is booked.

When a document ends is decided by `domain.documents`; who has it renewed is on the board by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch.domain import document_types, documents
from dispatch.domain.documents import Standing
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import SYSTEM
from dispatch.domain.settings import documents_demanded
from dispatch.models import Appointment, Mediator, MediatorDocument, Request
from dispatch.services import audit, care, local_time, options
from dispatch.services.appointment_access import AHEAD
from dispatch.services.settings import settings_by_code
from dispatch.services.transactions import each, reading, run


@dataclass(frozen=True, slots=True)
class Ending:
    """A type of document of an active person that ends soon or has ended, and what is booked beyond its last day."""

    mediator: Mediator
    type: str
    last_day: date
    standing: Standing
    beyond: tuple[tuple[Appointment, Request], ...] = ()


def warn_due(now: datetime) -> int:
    """Warn everybody whose document ends 60 or 14 days from now, once for each; return how many were warned."""
    if not care.is_waking(now):
        return 0
    found = _ending(reading(), _today(now))
    sent = care.told(reading(), [_key(one, stage) for one in found for stage in (Standing.ENDS, Standing.ENDS_SOON)])
    due = [(one.mediator.id, one.type, stage) for one in found if (stage := _stage(one, sent, now)) is not None]
    return each(due, lambda which: run(partial(_warn, which=which, now=now)))


def with_appointments(
    session: Session, sight: ColumnElement[bool], found: Sequence[Ending], now: datetime
) -> list[Ending]:
    """Return the same documents, each with the appointments within `sight` beyond its last day; one statement."""
    by_person = _ahead(session, sight, [one.mediator.id for one in found], now) if found else {}
    demanded = _demanded(session, [pair for pairs in by_person.values() for pair in pairs])
    zone = local_time.zone()
    return [
        Ending(
            one.mediator,
            one.type,
            one.last_day,
            one.standing,
            tuple(
                (appointment, request)
                for appointment, request in by_person.get(one.mediator.id, ())
                if documents.is_missing_on(
                    one.type, one.last_day, to_local(appointment.starts_at, zone).date(), demanded[request.id]
                )
            ),
        )
        for one in found
    ]


def _warn(session: Session, *, which: tuple[int, str, Standing], now: datetime) -> bool:
    mediator_id, kind, stage = which
    person = session.get(Mediator, mediator_id, with_for_update={"skip_locked": True})
    found = [one for one in _ending(session, _today(now), only=mediator_id) if one.type == kind]
    if person is None or not found or _stage(found[0], care.told(session, _keys(found[0])), now) is not stage:
        return False
    one = found[0]
    params = {"type": str(kind), "last_day": one.last_day.isoformat()}
    care.tell(session, care.DOCUMENT_ENDS, person, now, key=_key(one, stage), params=params)
    audit.record(session, SYSTEM, "warn_document", ("mediator", person.id), now, facts={"type": str(kind)})
    return True


def _stage(one: Ending, sent: set[str], now: datetime) -> Standing | None:
    known = {stage for stage in (Standing.ENDS, Standing.ENDS_SOON) if _key(one, stage) in sent}
    shipped = options.read(documents.DEFAULT)
    return documents.warning_due(one.last_day, _today(now), known, options=shipped)


def _keys(one: Ending) -> list[str]:
    return [_key(one, stage) for stage in (Standing.ENDS, Standing.ENDS_SOON)]


def _key(one: Ending, stage: Standing) -> str:
    return f"document:{one.mediator.id}:{one.type}:{one.last_day}:{stage}"


def concerned(today: date) -> Select[int]:
    """Return the ids of those of whom a document may end within the first warning, or has ended."""
    latest = today + options.read(documents.DEFAULT).first_warning
    by_age = [
        and_(MediatorDocument.type == row.code, MediatorDocument.issued_on <= latest - row.years * timedelta(days=365))
        for row in options.read(document_types.DEFAULT).rows
        if row.years
    ]
    return select(MediatorDocument.mediator_id).where(or_(MediatorDocument.valid_until <= latest, *by_age))


def endings_of(mediator: Mediator, rows: Iterable[MediatorDocument], today: date) -> list[Ending]:
    """Return which of a mediator's documents end within the first warning or have ended."""
    shipped = options.read(documents.DEFAULT)
    found = []
    for kind, last in care.lasting(rows).items():
        stands = documents.standing(last, today, options=shipped)
        if last is not None and stands is not Standing.VALID:
            found.append(Ending(mediator, kind, last, stands))
    return found


def _ending(session: Session, today: date, *, only: int | None = None) -> list[Ending]:
    """Return what ends within the first warning or has ended, of people who may be asked; one statement."""
    ids = concerned(today)
    if only is not None:
        ids = ids.where(MediatorDocument.mediator_id == only)
    wanted = (
        select(Mediator, MediatorDocument)
        .join(MediatorDocument, MediatorDocument.mediator_id == Mediator.id)
        .where(Mediator.active, Mediator.id.in_(ids))
        .order_by(Mediator.id, MediatorDocument.id)
    )
    people = groupby(session.execute(wanted), key=lambda row: row[0])
    return [one for mediator, rows in people for one in endings_of(mediator, [row[1] for row in rows], today)]


def _ahead(
    session: Session, sight: ColumnElement[bool], ids: Sequence[int], now: datetime
) -> Mapping[int, Sequence[tuple[Appointment, Request]]]:
    wanted = (
        select(Appointment, Request)
        .join(Request, Request.id == Appointment.request_id)
        .where(Appointment.mediator_id.in_(ids), Appointment.state.in_(AHEAD), Appointment.ends_at > now, sight)
        .order_by(Appointment.starts_at, Appointment.id)
        .options(joinedload(Request.languages))
    )
    found: dict[int, list[tuple[Appointment, Request]]] = {}
    for appointment, request in session.execute(wanted).unique():
        found.setdefault(appointment.mediator_id, []).append((appointment, request))
    return found


def _demanded(session: Session, pairs: Iterable[tuple[Appointment, Request]]) -> Mapping[int, frozenset[str]]:
    requests = [request for _appointment, request in pairs]
    settings = settings_by_code(session) if requests else {}
    return {one.id: documents_demanded(settings[one.setting], minor=one.minor) for one in requests}


def _today(now: datetime) -> date:
    return to_local(now, local_time.zone()).date()
