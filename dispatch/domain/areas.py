"""Decide which social areas a regional coordinator dispatches and from when until when.

It never looks at who that is; days are those of the service's own calendar.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dispatch.domain.findings import Findings


@dataclass(frozen=True, slots=True)
class TypedArea:
    """A row as typed; without a first day it begins today, without a last one it has no end."""

    area: str = ""
    first: date | None = None
    last: date | None = None


class AreaSpan(NamedTuple):
    """An area from its first to its last day, both inclusive; None: without end."""

    area: str
    first: date
    last: date | None


def overlaps(one: AreaSpan, other: AreaSpan) -> bool:
    """Tell whether two spans of one area share a day."""
    if one.area != other.area:
        return False
    return (other.last is None or one.first <= other.last) and (one.last is None or other.first <= one.last)


def check_areas(
    findings: Findings,
    typed: Iterable[TypedArea],
    *,
    known: Collection[str],
    today: date,
    ended: Collection[AreaSpan] = (),
) -> tuple[AreaSpan, ...]:
    """Return the spans that hold; empty rows are left out. `ended` are those on record that are over.

    Notes at `areas` required; at a row (`areas.0`) its `.area` required or unknown, its `.first` overlaps, its
    `.last` end_before_start.
    """
    kept: list[AreaSpan] = []
    for place, row in enumerate(typed):
        if row == TypedArea() and not findings.concerns(f"areas.{place}.first"):
            continue
        span = AreaSpan(row.area, row.first or today, row.last)
        if not row.area:
            findings.add(f"areas.{place}.area", "required")
        elif row.area not in known:
            findings.add(f"areas.{place}.area", "unknown")
        elif span.last is not None and span.last < span.first:
            findings.add(f"areas.{place}.last", "end_before_start")
        elif any(overlaps(span, other) for other in (*kept, *ended)):
            findings.add(f"areas.{place}.first", "overlaps")
        kept.append(span)
    if not kept and not ended:
        findings.add("areas", "required")
    return tuple(kept)


def as_recorded(stored: AreaSpan, wanted: Collection[AreaSpan], yesterday: date) -> AreaSpan | None:
    """Return what remains on record of a stored span: the wanted one that begins with it, else what is over of it.

    None when nothing remains: it had not begun, or was typed anew with another first day.
    """
    same = next((one for one in wanted if one[:2] == stored[:2]), None)
    if same is not None:
        return same
    over = stored._replace(last=yesterday)
    if stored.first > yesterday or any(overlaps(over, one) for one in wanted):
        return None
    return over
