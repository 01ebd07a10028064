"""Decide whether an appointment clashes with those a mediator has already: in time, or by the way between.

The callers hand in live appointments only, without the one that is being moved; home is no neighbour.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.domain import travel
from dispatch.domain.intervals import Interval, subtract
from dispatch.domain.travel import Place, Transport, TravelOptions

_MINUTE = timedelta(minutes=1)


class ClashKind(StrEnum):
    """`overlap` can never be set aside, `way` by a coordinator with a reason."""

    OVERLAP = "overlap"
    WAY = "way"


@dataclass(frozen=True)
class Booked:
    """An appointment that is live or proposed; `place` None = by phone or video.

    The minutes are those its setting wants before and after it; they lengthen a way and never an overlap.
    """

    interval: Interval
    place: Place | None = None
    minutes_before: int = 0
    minutes_after: int = 0
    appointment_id: int | None = None

    @property
    def is_on_site(self) -> bool:
        """Whether somebody must go there."""
        return self.place is not None


@dataclass(frozen=True)
class Clash:
    """One reason against the proposal; a `way` tells the minutes it needs and those of the longest gap.

    `neighbour` is the booked appointment concerned; where a call splits the gap between two, the later one.
    """

    kind: ClashKind
    neighbour: Booked
    needed_minutes: int = 0
    gap_minutes: int = 0


def find_clashes(
    proposed: Booked,
    booked: Iterable[Booked],
    *,
    transport: Transport,
    options: TravelOptions = travel.DEFAULT,
) -> tuple[Clash, ...]:
    """Return every clash of `proposed` with the live appointments `booked`: overlaps by start, then ways.

    On site, the way from and to the nearest on-site appointment on each side must fit into one uninterrupted
    gap; any appointment in between splits it. A call needs no way, but must not split a gap that the two
    on-site appointments around it need.
    """

    def way(origin: Place, target: Place) -> int:
        return travel.way_minutes(origin, target, transport, options=options)

    calendar = sorted(booked, key=lambda other: other.interval)
    overlaps = [Clash(ClashKind.OVERLAP, other) for other in calendar if other.interval.overlaps(proposed.interval)]
    previous, following = _on_site_neighbours(proposed, calendar)
    if proposed.is_on_site:
        ways = [
            _way_clash(previous, proposed, proposed, calendar, way),
            _way_clash(proposed, following, proposed, calendar, way),
        ]
    elif _way_clash(previous, following, proposed, calendar, way):
        ways = []
    else:
        ways = [_way_clash(previous, following, proposed, [*calendar, proposed], way)]
    return (*overlaps, *(clash for clash in ways if clash))


def _on_site_neighbours(proposed: Booked, calendar: Sequence[Booked]) -> tuple[Booked | None, Booked | None]:
    """Return the nearest on-site appointments that end before and begin after the proposed one."""
    before = [other for other in calendar if other.is_on_site and other.interval.end <= proposed.interval.start]
    after = [other for other in calendar if other.is_on_site and other.interval.start >= proposed.interval.end]
    return before[-1] if before else None, after[0] if after else None


def _way_clash(
    first: Booked | None,
    second: Booked | None,
    proposed: Booked,
    calendar: Sequence[Booked],
    way: Callable[[Place, Place], int],
) -> Clash | None:
    """Return the clash if the way from `first` to `second` fits into no gap; without two places there is no way."""
    if first is None or second is None or first.place is None or second.place is None:
        return None
    needed = first.minutes_after + way(first.place, second.place) + second.minutes_before
    gap = _longest_gap(first.interval.end, second.interval.start, calendar)
    if gap >= needed * _MINUTE:
        return None
    return Clash(ClashKind.WAY, first if second is proposed else second, needed, gap // _MINUTE)


def _longest_gap(start: datetime, end: datetime, calendar: Sequence[Booked]) -> timedelta:
    """Return the longest stretch from `start` to `end` without any appointment."""
    if start == end:
        return timedelta()
    gaps = subtract([Interval(start, end)], [other.interval for other in calendar])
    return max((gap.duration for gap in gaps), default=timedelta())
