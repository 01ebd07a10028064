"""Keep what mediators say about their time: the usual week, absences, extras.

An absence over appointments is not saved before somebody said what becomes of each; the appointments stay as they
are unless they are handed back. Every change lets requests nobody fitted be looked at again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.domain import availability_checks
from dispatch.domain.availability import Availability, WeeklyWindow
from dispatch.domain.availability_checks import TypedTimes, TypedWindow, check
from dispatch.domain.errors import Missing
from dispatch.domain.intervals import Interval
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.models import Appointment, AvailabilitySpan, Mediator, Request
from dispatch.models import WeeklyWindow as WindowRow
from dispatch.services import appointments, audit, matching, mediators, options
from dispatch.services.appointment_access import check_on_behalf, need_on_behalf
from dispatch.services.audit import OnBehalf
from dispatch.services.request_access import LARGEST_ID
from dispatch.services.transactions import reading, run


@dataclass(frozen=True, slots=True)
class Span:
    """An extra or an absence that has not ended."""

    id: int
    kind: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Week:
    """What a mediator said about her time; spans by start, those that ended left out."""

    mediator_id: int
    name: str
    weekly: tuple[WeeklyWindow, ...]
    spans: tuple[Span, ...]

    def of_kind(self, kind: str) -> tuple[Span, ...]:
        """Return the spans of a kind (`extra`, `absence`)."""
        return tuple(span for span in self.spans if span.kind == kind)


@dataclass(frozen=True, slots=True)
class Change:
    """What a page changes at once: the whole week (None = as it is), new spans, spans to drop by id."""

    weekly: tuple[TypedWindow, ...] | None = None
    absences: tuple[Interval, ...] = ()
    extras: tuple[Interval, ...] = ()
    dropped: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Clash:
    """A promised appointment that lies under an absence, with its request."""

    appointment: Appointment
    request: Request


def get(actor: Actor, mediator_id: int, now: datetime) -> Week:
    """Return the times of a mediator; raises Missing, or Forbidden for the role."""
    require(actor, Act.AVAILABILITY_VIEW, Subject(mediator_id=mediator_id))
    session = reading()
    name = _name(session, mediator_id)
    return Week(mediator_id, name, week_of(session, mediator_id), _spans(session, mediator_id, now))


def replace(
    actor: Actor, mediator_id: int, typed: TypedTimes, now: datetime, *, on_behalf: OnBehalf | None = None
) -> tuple[Clash, ...]:
    """Put these times in place of all others and return the appointments under the absences; they stay.

    Raises Invalid, Missing, Forbidden.
    """
    require(actor, Act.AVAILABILITY_EDIT, Subject(mediator_id=mediator_id))
    check_on_behalf(actor, on_behalf)
    times = check(typed, now, options=options.read(availability_checks.DEFAULT))

    def use_case(session: Session) -> tuple[Clash, ...]:
        mediators.hold(session, mediator_id)
        ahead = delete(AvailabilitySpan).where(
            AvailabilitySpan.mediator_id == mediator_id, AvailabilitySpan.ends_at > now
        )
        session.execute(ahead)
        _write_week(session, mediator_id, times.weekly)
        _add_spans(session, mediator_id, times)
        _note(session, actor, mediator_id, now, times, act="replace_times", on_behalf=on_behalf)
        matching.retry_unfitted(session, now, [mediator_id])
        return _clashes(session, actor, mediator_id, times.absences, now)

    return run(use_case)


def save(
    actor: Actor,
    mediator_id: int,
    change: Change,
    answers: Mapping[int, bool],
    now: datetime,
    *,
    on_behalf: OnBehalf | None = None,
) -> tuple[Clash, ...]:
    """Save a change and return nothing, or save nothing and return the appointments that need an answer first.

    `answers` says of each appointment under a new absence whether it is handed back (True) or kept. Raises Invalid,
    Missing, Forbidden, and what `appointments.hand_back` raises.
    """
    require(actor, Act.AVAILABILITY_EDIT, Subject(mediator_id=mediator_id))
    if any(answers.values()):
        need_on_behalf(actor, on_behalf)
    typed = TypedTimes(change.weekly or (), change.extras, change.absences)
    times = check(typed, now, options=options.read(availability_checks.DEFAULT))

    def use_case(session: Session) -> tuple[tuple[Clash, ...], tuple[int, ...]]:
        mediators.hold(session, mediator_id)
        clashes = _clashes(session, actor, mediator_id, times.absences, now)
        if any(clash.appointment.id not in answers for clash in clashes):
            return clashes, ()
        _apply(session, mediator_id, change, times)
        _note(session, actor, mediator_id, now, times, dropped=len(change.dropped))
        matching.retry_unfitted(session, now, [mediator_id])
        return (), tuple(clash.appointment.id for clash in clashes if answers[clash.appointment.id])

    open_clashes, handed_back = run(use_case)
    for appointment_id in handed_back:
        appointments.hand_back(actor, appointment_id, now, on_behalf=on_behalf)
    return open_clashes


def set_week(session: Session, actor: Actor, mediator_id: int, weekly: Sequence[WeeklyWindow], now: datetime) -> None:
    """Put these windows in place of a locked mediator's week, inside the caller's transaction.

    The caller lets requests nobody fits be looked at again.
    """
    _write_week(session, mediator_id, weekly)
    _note(session, actor, mediator_id, now, Availability(tuple(weekly)))


def begin_week(session: Session, actor: Actor, mediator_id: int, weekly: Sequence[WeeklyWindow], now: datetime) -> None:
    """Give a mediator who has just been entered her week, as `set_week` does."""
    session.add_all(_rows(mediator_id, weekly))
    _note(session, actor, mediator_id, now, Availability(tuple(weekly)))


def weeks(session: Session) -> Mapping[int, tuple[WeeklyWindow, ...]]:
    """Return the usual week of everybody who gave one, by mediator."""
    found: dict[int, list[WeeklyWindow]] = {}
    for row in session.scalars(select(WindowRow)):
        found.setdefault(row.mediator_id, []).append(_window(row))
    return {mediator_id: availability_checks.merged(windows) for mediator_id, windows in found.items()}


def _apply(session: Session, mediator_id: int, change: Change, times: Availability) -> None:
    if change.weekly is not None:
        _write_week(session, mediator_id, times.weekly)
    if change.dropped:
        gone = delete(AvailabilitySpan).where(
            AvailabilitySpan.mediator_id == mediator_id, AvailabilitySpan.id.in_(change.dropped)
        )
        session.execute(gone)
    _add_spans(session, mediator_id, times)


def _write_week(session: Session, mediator_id: int, weekly: Iterable[WeeklyWindow]) -> None:
    session.execute(delete(WindowRow).where(WindowRow.mediator_id == mediator_id))
    session.add_all(_rows(mediator_id, weekly))


def _rows(mediator_id: int, weekly: Iterable[WeeklyWindow]) -> list[WindowRow]:
    return [
        WindowRow(
            mediator_id=mediator_id,
            weekday=window.weekday,
            start_minute=window.start_minute,
            end_minute=window.end_minute,
            valid_from=window.valid_from,
            valid_until=window.valid_until,
        )
        for window in weekly
    ]


def _add_spans(session: Session, mediator_id: int, times: Availability) -> None:
    for kind, spans in (("extra", times.extras), ("absence", times.absences)):
        session.add_all(
            AvailabilitySpan(mediator_id=mediator_id, kind=kind, starts_at=span.start, ends_at=span.end)
            for span in spans
        )


def _note(
    session: Session,
    actor: Actor,
    mediator_id: int,
    now: datetime,
    times: Availability,
    *,
    act: str = "change_times",
    dropped: int = 0,
    on_behalf: OnBehalf | None = None,
) -> None:
    counts = {
        "windows": len(times.weekly),
        "absences": len(times.absences),
        "extras": len(times.extras),
        "dropped": dropped,
    }
    audit.record(session, actor, act, ("mediator", mediator_id), now, facts=counts, on_behalf=on_behalf)


def _clashes(
    session: Session, actor: Actor, mediator_id: int, absences: Sequence[Interval], now: datetime
) -> tuple[Clash, ...]:
    """Return the promised appointments under the absences that have not begun, the next one first."""
    if not absences:
        return ()
    return tuple(
        Clash(appointment, request)
        for appointment, request in mediators.ahead(session, actor, mediator_id, now)
        if appointment.starts_at > now
        and any(span.overlaps(Interval(appointment.starts_at, appointment.ends_at)) for span in absences)
    )


def _name(session: Session, mediator_id: int) -> str:
    wanted = select(Mediator.name).where(Mediator.id == mediator_id)
    name = session.scalar(wanted) if mediator_id <= LARGEST_ID else None
    if name is None:
        raise Missing
    return name


def week_of(session: Session, mediator_id: int) -> tuple[WeeklyWindow, ...]:
    """Return the usual week of one mediator."""
    rows = session.scalars(select(WindowRow).where(WindowRow.mediator_id == mediator_id))
    return availability_checks.merged(_window(row) for row in rows)


def _window(row: WindowRow) -> WeeklyWindow:
    return WeeklyWindow(row.weekday, row.start_minute, row.end_minute, row.valid_from, row.valid_until)


def _spans(session: Session, mediator_id: int, now: datetime) -> tuple[Span, ...]:
    wanted = (
        select(AvailabilitySpan)
        .where(AvailabilitySpan.mediator_id == mediator_id, AvailabilitySpan.ends_at > now)
        .order_by(AvailabilitySpan.starts_at, AvailabilitySpan.id)
    )
    return tuple(Span(row.id, row.kind, Interval(row.starts_at, row.ends_at)) for row in session.scalars(wanted))
