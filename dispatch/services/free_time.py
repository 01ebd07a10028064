"""Add up the time that mediators have left in a span, for many of them with one statement.

It must not decide whom anything suits: pattern, extras, absences and live appointments go to the domain as they are.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Date, Integer, Select, String, cast, literal, null, select
from sqlalchemy.orm import Session

from dispatch.database import UTCDateTime
from dispatch.domain.availability import Availability, WeeklyWindow, minutes_free
from dispatch.domain.availability import free_slots as slots_of
from dispatch.domain.intervals import Interval
from dispatch.domain.lifecycle import LIVE
from dispatch.models import Appointment, AvailabilitySpan
from dispatch.models import WeeklyWindow as WindowRow
from dispatch.services import local_time


@dataclass(slots=True)
class Times:
    """What the tables say about somebody's time in a span: her pattern, extras, absences, and what is booked."""

    weekly: list[WeeklyWindow] = field(default_factory=list)
    extras: list[Interval] = field(default_factory=list)
    absences: list[Interval] = field(default_factory=list)
    booked: list[Interval] = field(default_factory=list)

    @property
    def availability(self) -> Availability:
        """What she said about her time."""
        return Availability(tuple(self.weekly), tuple(self.extras), tuple(self.absences))

    @property
    def is_unknown(self) -> bool:
        """Whether she gave no pattern at all."""
        return not self.weekly

    def free_minutes(self, within: Interval) -> int:
        """Return the minutes she offers inside the span and that nothing is booked in."""
        taken = tuple(self.absences) + tuple(self.booked)
        rest = Availability(tuple(self.weekly), tuple(self.extras), taken)
        return minutes_free(rest, within, local_time.zone())

    def free_slots(self, within: Interval) -> tuple[Interval, ...]:
        """Return the spans she offers inside `within` and that nothing is booked in, in order of time."""
        return slots_of(self.availability, within, local_time.zone(), busy=self.booked)


def load(session: Session, who: Select[int], within: Interval) -> Mapping[int, Times]:
    """Return what is known of the people whose ids `who` selects; those without any row are left out."""
    found: dict[int, Times] = defaultdict(Times)
    arms = (_windows(who), _spans(who, within), _appointments(who, within))
    for row in session.execute(arms[0].union_all(*arms[1:])):
        _add(found[row.mediator_id], row)
    return found


def _add(times: Times, row: Any) -> None:
    if row.kind == "window":
        times.weekly.append(WeeklyWindow(row.weekday, row.start_minute, row.end_minute, row.from_day, row.until_day))
        return
    spans = {"extra": times.extras, "absence": times.absences, "booked": times.booked}
    spans[row.kind].append(Interval(row.from_at, row.until_at))


def _windows(who: Select[int]) -> Select[Any]:
    table = WindowRow
    columns: tuple[Any, ...] = (
        literal("window").label("kind"), table.mediator_id, table.weekday, table.start_minute, table.end_minute,
        table.valid_from.label("from_day"), table.valid_until.label("until_day"),
        cast(null(), UTCDateTime).label("from_at"), cast(null(), UTCDateTime).label("until_at"),
    )  # fmt: skip
    return select(*columns).where(table.mediator_id.in_(who))


def _spans(who: Select[int], within: Interval) -> Select[Any]:
    table = AvailabilitySpan
    return _timed(cast(table.kind, String), table, within).where(table.mediator_id.in_(who))


def _appointments(who: Select[int], within: Interval) -> Select[Any]:
    table = Appointment
    return _timed(literal("booked"), table, within).where(table.mediator_id.in_(who), table.state.in_(LIVE))


def _timed(kind: Any, table: type[AvailabilitySpan] | type[Appointment], within: Interval) -> Select[Any]:
    nothing, no_day = cast(null(), Integer), cast(null(), Date)
    columns: tuple[Any, ...] = (
        kind.label("kind"), table.mediator_id, nothing.label("weekday"), nothing.label("start_minute"),
        nothing.label("end_minute"), no_day.label("from_day"), no_day.label("until_day"),
        table.starts_at.label("from_at"), table.ends_at.label("until_at"),
    )  # fmt: skip
    return select(*columns).where(table.starts_at < within.end, table.ends_at > within.start)


def one(mediator_id: int) -> Select[int]:
    """Return the selection of one mediator."""
    return select(literal(mediator_id, Integer))
