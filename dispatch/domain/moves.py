"""Decide whether the time and place typed for a move hold, and when a move is the coordinator's to make.

It never decides who fits at the new time; `eligibility` does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.findings import Findings
from dispatch.domain.intervals import as_instant
from dispatch.domain.modes import Mode
from dispatch.domain.places import Place, Places, TypedPlace, check_place
from dispatch.domain.requests import DEFAULT as DEFAULT_REQUESTS
from dispatch.domain.requests import RequestOptions


@dataclass(frozen=True, slots=True)
class MoveOptions:
    """Option: how many moves of one request an office may make by itself."""

    by_office: int = 2


DEFAULT = MoveOptions()


@dataclass(frozen=True, slots=True)
class TypedMove:
    """A new time, and a new place where `place` is given, as it was typed or posted; instants aware."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: TypedPlace | None = None
    address: str = ""
    place_note: str = ""
    meeting_point: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A move that holds; `place` None = it stays where it is."""

    starts_at: datetime
    ends_at: datetime
    place: Place | None = None
    address: str | None = None
    place_note: str | None = None
    meeting_point: str | None = None


def check_move(
    typed: TypedMove,
    mode: Mode,
    places: Places,
    now: datetime,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    is_protected: bool = False,
    options: RequestOptions = DEFAULT_REQUESTS,
) -> Move:
    """Return the move if it holds; raises Invalid with the codes of each field, named as those of a request.

    The new start lies ahead, within the bounds of a request. `found` holds what the edge could not read. A protected
    case has a meeting point instead of an address.
    """
    findings = Findings(found)
    start = _instant(findings, "starts_at", typed.starts_at)
    end = _instant(findings, "ends_at", typed.ends_at)
    if start is not None:
        _check_start(findings, start, now, options)
    if start is not None and end is not None:
        _check_span(findings, start, end, options)
    place, address, note, point = None, None, None, None
    if typed.place is not None:
        place = check_place(findings, "place", typed.place, places)
        if is_protected:
            point = findings.line("meeting_point", typed.meeting_point, options.line)
        else:
            address = findings.line("place.address", typed.address, options.line)
            note = findings.line("place.note", typed.place_note, options.line)
        if mode is Mode.ON_SITE:
            findings.require("place", place if place or findings.concerns("place") else None)
            findings.require("meeting_point" if is_protected else "place.address", point or address)
    findings.raise_if_any()
    assert start is not None
    assert end is not None
    return Move(start, end, place, address, note, point)


def needs_coordinator(moves_so_far: int, *, options: MoveOptions = DEFAULT) -> bool:
    """Return whether the next move of a request is no longer the office's own to make."""
    return moves_so_far >= options.by_office


def _check_start(findings: Findings, start: datetime, now: datetime, options: RequestOptions) -> None:
    if start <= now:
        findings.add("starts_at", "in_the_past")
    elif start - now > options.ahead:
        findings.add("starts_at", "too_far_ahead")


def _check_span(findings: Findings, start: datetime, end: datetime, options: RequestOptions) -> None:
    if end <= start:
        findings.add("ends_at", "not_after_start")
    elif end - start < options.shortest:
        findings.add("ends_at", "span_too_short")
    elif end - start > options.longest:
        findings.add("ends_at", "span_too_long")


def _instant(findings: Findings, name: str, value: datetime | None) -> datetime | None:
    findings.require(name, value)
    if value is None:
        return None
    if value.microsecond:
        findings.add(name, "not_whole_seconds")
        return None
    try:
        return as_instant(value)
    except OverflowError:
        findings.add(name, "out_of_calendar")
        return None
