"""Gather the appointments of one mediator in one week, to be printed and sent by post.

Nothing stands on paper that she may not read on her own page; what its reader may not see is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import Actor, Role
from dispatch.models import Appointment, Mediator, Request
from dispatch.services import appointment_pages, local_time, mediators
from dispatch.services.appointment_access import AHEAD, within_sight
from dispatch.services.appointment_pages import Filters, Line
from dispatch.services.transactions import reading

_STANDING = frozenset({*AHEAD, "completed"})


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """The week from Monday on, with its appointments by local day in order of time; days without one are left out."""

    mediator: Mediator
    monday: date
    days: Sequence[tuple[date, Sequence[Line]]]

    @property
    def sunday(self) -> date:
        """Return the last day of the week."""
        return self.monday + timedelta(days=6)


def plan(actor: Actor, mediator_id: int, day: date, now: datetime) -> WeekPlan:
    """Return the week around a day as the mediator may read it; raises Missing, or Forbidden for the role."""
    mediator = mediators.get(actor, mediator_id)
    monday = day - timedelta(days=day.weekday())
    herself = Actor(None, Role.MEDIATOR, mediator_id=mediator_id)
    lines: list[Line] = []
    number = 1
    while True:
        listing = appointment_pages.index(herself, Filters(week=monday), now, number=number)
        lines += listing.lines
        if not listing.has_next:
            break
        number += 1
    seen = _seen(actor, [line.appointment_id for line in lines])
    kept = [line for line in lines if line.state in _STANDING and line.appointment_id in seen]
    zone = local_time.zone()
    by_day: dict[date, list[Line]] = {}
    for line in kept:
        by_day.setdefault(to_local(line.talk.starts_at, zone).date(), []).append(line)
    return WeekPlan(mediator, monday, sorted(by_day.items()))


def _seen(actor: Actor, ids: Sequence[int]) -> set[int]:
    """Return which of these appointments exist for the reader."""
    wanted = select(Appointment.id).join(Request, Request.id == Appointment.request_id)
    return set(reading().scalars(wanted.where(Appointment.id.in_(ids), within_sight(actor))))
