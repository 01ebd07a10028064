"""Load what the pool's tables say about the speakers of a language, in a fixed number of statements; it judges nothing.

One statement joins everything that is told in few columns.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)  # fmt: skip
from sqlalchemy.orm import Session

from dispatch.database import UTCDateTime
from dispatch.domain.intervals import Interval, local_week, to_local
from dispatch.domain.lifecycle import LIVE, AppointmentState
from dispatch.models import (
    Appointment,
    AvailabilitySpan,
    BusyTime,
    Exclusion,
    Mediator,
    MediatorDocument,
    MediatorLanguage,
    MediatorSetting,
    Offer,
    OutboxMessage,
    Request,
    RequestTalk,
    WeeklyWindow,
)  # fmt: skip
from dispatch.models.durations import minutes_between
from dispatch.services import local_time, outbox
from dispatch.services.asked import Asked

NEIGHBOURS = timedelta(days=3)
"""How far the nearest appointments are looked for: no way in reach of the pool takes longer."""
LOAD_DAYS = timedelta(days=90)

_EMPTY: Mapping[str, ColumnElement[Any]] = {
    "code": cast(null(), String),
    "detail": cast(null(), String),
    "level": cast(null(), String),
    "first": cast(null(), Integer),
    "second": cast(null(), Integer),
    "third": cast(null(), Integer),
    "from_day": cast(null(), Date),
    "until_day": cast(null(), Date),
    "from_at": cast(null(), UTCDateTime),
    "until_at": cast(null(), UTCDateTime),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One row about one mediator; what the columns hold depends on its kind, see the functions below."""

    kind: str
    mediator_id: int
    code: str
    detail: str | None
    level: str | None
    first: int
    second: int
    third: int
    from_day: date | None
    until_day: date | None
    from_at: datetime | None
    until_at: datetime | None


Facts = Mapping[str, Sequence[Fact]]
"""The facts of one mediator by kind."""


def speakers(asked: Asked) -> Select[int]:
    """Return the ids of everybody who speaks one of the languages that matter to the request."""
    return select(MediatorLanguage.mediator_id).where(MediatorLanguage.code.in_(asked.speakers_of))


def people(session: Session, who: Select[int]) -> list[tuple[Mediator, bool]]:
    """Return the mediators, and whether a mail to their present address has failed and nobody looked at it yet."""
    failed = exists().where(
        OutboxMessage.mediator_id == Mediator.id,
        OutboxMessage.state == "failed",
        OutboxMessage.error.startswith(outbox.ADDRESS_REFUSED),
        OutboxMessage.recipient == Mediator.email,
        OutboxMessage.seen_at.is_(None),
    )
    found = session.execute(select(Mediator, failed).where(Mediator.id.in_(who)))
    return [(person, has_failed) for person, has_failed in found]


def facts(session: Session, asked: Asked, who: Select[int], now: datetime) -> Mapping[int, Facts]:
    """Return everything told in few columns: languages, times, documents, bars, offers, what was done."""
    arms = [
        _languages(who),
        _settings(who),
        _documents(who),
        _windows(who),
        _spans(who, asked.wanted.interval),
        _busy(who, asked.wanted.interval),
        _bars(who, asked.request),
        _offers(asked.request),
        _given_up(asked.request),
        _contacts(who),
        _done(who, asked.request, now),
    ]
    found: dict[int, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for row in session.execute(arms[0].union_all(*arms[1:])):
        found[row.mediator_id][row.kind].append(Fact(*row))
    return found


def live_appointments(session: Session, asked: Asked, who: Select[int]) -> Mapping[int, Sequence[Appointment]]:
    """Return the live appointments around the request, its own left out: its weeks, and the days beside it."""
    around = span_around(asked.wanted.interval)
    found: dict[int, list[Appointment]] = defaultdict(list)
    in_span = (Appointment.starts_at < around.end, Appointment.ends_at > around.start)
    of_others = (Appointment.mediator_id.in_(who), Appointment.request_id != asked.request.id)
    wanted = select(Appointment).where(*of_others, Appointment.state.in_(LIVE), *in_span)
    for appointment in session.scalars(wanted.order_by(Appointment.starts_at)):
        found[appointment.mediator_id].append(appointment)
    return found


def span_around(interval: Interval) -> Interval:
    """Return the ISO weeks an interval touches, and at least `NEIGHBOURS` on each side of it."""
    zone = local_time.zone()
    first = local_week(to_local(interval.start, zone).date(), zone).start
    last = local_week(to_local(interval.end, zone).date(), zone).end
    return Interval(min(first, interval.start - NEIGHBOURS), max(last, interval.end + NEIGHBOURS))


def _arm(kind: str, mediator_id: Any, **columns: Any) -> Select[Any]:
    values = {**_EMPTY, **columns}
    return select(
        literal(kind).label("kind"),
        mediator_id.label("mediator_id"),
        *(value.label(name) for name, value in values.items()),
    )


def _languages(who: Select[int]) -> Select[Any]:
    """One row for each language: code, dialects, level, place in her list."""
    table = MediatorLanguage
    arm = _arm(
        "language", table.mediator_id, code=table.code, detail=table.dialects, level=table.level,
        first=table.position,
    )  # fmt: skip
    return arm.where(table.mediator_id.in_(who))


def _settings(who: Select[int]) -> Select[Any]:
    """One row for each setting she refuses or declares experience in."""
    table = MediatorSetting
    arm = _arm("setting", table.mediator_id, code=table.setting, detail=table.relation)
    return arm.where(table.mediator_id.in_(who))


def _documents(who: Select[int]) -> Select[Any]:
    """One row for each document: type, issued on, valid until."""
    table = MediatorDocument
    arm = _arm("document", table.mediator_id, code=table.type, from_day=table.issued_on, until_day=table.valid_until)
    return arm.where(table.mediator_id.in_(who))


def _windows(who: Select[int]) -> Select[Any]:
    """One row for each window of the week: weekday, its minutes, validity."""
    table = WeeklyWindow
    arm = _arm(
        "window", table.mediator_id, first=table.weekday, second=table.start_minute, third=table.end_minute,
        from_day=table.valid_from, until_day=table.valid_until,
    )  # fmt: skip
    return arm.where(table.mediator_id.in_(who))


def _spans(who: Select[int], interval: Interval) -> Select[Any]:
    """One row for each extra or absence that shares an instant with the request."""
    table = AvailabilitySpan
    arm = _arm("span", table.mediator_id, code=table.kind, from_at=table.starts_at, until_at=table.ends_at)
    return arm.where(table.mediator_id.in_(who), table.starts_at < interval.end, table.ends_at > interval.start)


def _busy(who: Select[int], interval: Interval) -> Select[Any]:
    """One row for each time in which a calendar of hers says that she is busy: an absence like any other."""
    table = BusyTime
    arm = _arm("span", table.mediator_id, code=literal("absence"), from_at=table.starts_at, until_at=table.ends_at)
    return arm.where(table.mediator_id.in_(who), table.starts_at < interval.end, table.ends_at > interval.start)


def _bars(who: Select[int], request: Request) -> Select[Any]:
    """One row for each exclusion that may concern this request: origin, case token, unit, request, of its case."""
    table = Exclusion
    concerns = [table.request_id == request.id, table.organisation_id == request.organisation_id]
    is_of_case: ColumnElement[bool] = false()
    if request.case_token or request.talk_count:
        is_of_case = table.case_token.in_(_cases(request))
        concerns.append(is_of_case)
    arm = _arm(
        "bar", table.mediator_id, code=table.origin, detail=table.case_token, first=table.organisation_id,
        second=table.request_id, third=case((is_of_case, 1), else_=0),
    )  # fmt: skip
    return arm.where(table.mediator_id.in_(who), or_(*concerns))


def _offers(request: Request) -> Select[Any]:
    """One row for each offer of this request: state, reason of a no, revision, id, wave."""
    table = Offer
    arm = _arm(
        "offer", table.mediator_id, code=table.state, detail=table.decline_reason, first=table.revision,
        second=table.id, third=table.wave, from_at=table.sent_at, until_at=table.deadline_at,
    )  # fmt: skip
    return arm.where(table.request_id == request.id)


def _given_up(request: Request) -> Select[Any]:
    """One row for each appointment of this request, at this very time, that she handed back or was freed from."""
    table = Appointment
    states = (AppointmentState.HANDED_BACK, AppointmentState.RELEASED)
    arm = _arm("given_up", table.mediator_id, code=table.state)
    return arm.where(
        table.request_id == request.id,
        table.state.in_(states),
        table.starts_at == request.starts_at,
        table.ends_at == request.ends_at,
    )


def _contacts(who: Select[int]) -> Select[Any]:
    """One row for each state of her offers: when the latest of them was answered, else sent."""
    table = Offer
    latest = func.max(func.coalesce(table.answered_at, table.sent_at), type_=UTCDateTime)
    arm = _arm("contact", table.mediator_id, code=table.state, from_at=latest)
    return arm.where(table.mediator_id.in_(who)).group_by(table.mediator_id, table.state)


def _done(who: Select[int], request: Request, now: datetime) -> Select[Any]:
    """One row for each state of her appointments: minutes in 90 days and ahead, times in the setting, nearness.

    Nearness is 2 where she came for this case, 1 for this unit. The instant is that of her last one.
    """
    table = Appointment
    counted = table.state.in_((*LIVE, AppointmentState.CLIENT_ABSENT))
    lasted = case((table.starts_at >= now - LOAD_DAYS, minutes_between(table.starts_at, table.ends_at)), else_=0)
    in_setting = and_(table.state == AppointmentState.COMPLETED, Request.setting == request.setting)
    same_unit = Request.organisation_id == request.organisation_id
    same_case: ColumnElement[bool] = false()
    if request.case_token or request.talk_count:
        of_talks = select(RequestTalk.request_id).where(RequestTalk.case_token.in_(_cases(request)))
        same_case = same_unit & or_(Request.case_token.in_(_cases(request)), Request.id.in_(of_talks))
    nearness = case((same_case, 2), (same_unit, 1), else_=0)
    arm = _arm(
        "done",
        table.mediator_id,
        code=table.state,
        first=cast(func.sum(lasted), Integer),
        second=cast(func.sum(case((in_setting, 1), else_=0)), Integer),
        third=func.max(nearness),
        from_at=func.max(case((table.starts_at <= now, table.starts_at)), type_=UTCDateTime),
    )
    joined = arm.join_from(table, Request, Request.id == table.request_id)
    return joined.where(table.mediator_id.in_(who), counted, table.request_id != request.id).group_by(
        table.mediator_id, table.state
    )


def _cases(request: Request) -> Select[Any] | list[str | None]:
    """Return the case codes of a request: its own, or those of the talks of a block."""
    of_talks = select(RequestTalk.case_token).where(RequestTalk.request_id == request.id)
    return of_talks if request.talk_count else [request.case_token]


def one(mediator_id: int) -> Select[int]:
    """Return the same as `speakers`, of one mediator whatever she speaks."""
    return select(Mediator.id).where(Mediator.id == mediator_id)


def of_kind(known: Facts | None, kind: str) -> Iterable[Fact]:
    """Return a mediator's facts of a kind; none of a mediator without any."""
    return known.get(kind, ()) if known else ()
