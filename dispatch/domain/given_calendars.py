"""Decide what of a mediator's own calendar counts as time in which she is busy, and when it is read again.

It never parses and never fetches: events arrive as plain values. Titles, places and notes never reach it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from dispatch.domain.findings import Findings
from dispatch.domain.intervals import Interval, WallTimeRefused, merge, resolve
from dispatch.domain.web_addresses import AddressRefused, parse_address

EVERY = timedelta(minutes=30)
RARELY = timedelta(hours=24)
"""The longest pause after failures: each doubles the pause before it."""
WHOLE_EVERY = timedelta(days=7)
"""How often a calendar is read anew although nothing in it changed, because its repetitions go on."""
AHEAD = timedelta(weeks=26)
WINDOW = AHEAD + WHOLE_EVERY
OLD = timedelta(days=2)
"""How long a calendar may be unread before its owner is told."""
MOST_CALENDARS = 3
MOST_BYTES = 2_000_000
MOST_EVENTS = 5_000
MOST_TIMES = 5_000
MOST_A_DAY = 48
"""How often a rule may repeat within a day."""


class Trouble(StrEnum):
    """Why a calendar could not be read."""

    NOT_ALLOWED = "not_allowed"
    NOT_REACHED = "not_reached"
    TOO_SLOW = "too_slow"
    REFUSED = "refused"
    NOT_THERE = "not_there"
    BAD_ANSWER = "bad_answer"
    NOT_A_CALENDAR = "not_a_calendar"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_FREQUENT = "too_frequent"
    TOO_HARD = "too_hard"
    SEALED = "sealed"


class Unreadable(Exception):
    """A calendar could not be read; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.value)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of an event: days where it is all-day (the end excluded), else datetimes, naive where it floats."""

    uid: str
    starts: date | datetime
    ends: date | datetime
    transparency: str = ""
    status: str = ""
    shown_as: str = ""


def check_address(raw: str) -> str:
    """Return the address of a calendar that was typed; `webcal` means https. Raises Invalid at `calendar`."""
    typed = raw.strip()
    scheme, separator, rest = typed.partition("://")
    if separator and scheme.lower() in ("webcal", "webcals"):
        typed = f"https://{rest}"
    findings = Findings()
    try:
        return parse_address(typed).url
    except AddressRefused as refused:
        findings.add("calendar", "required" if refused.code == "empty" else refused.code)
    findings.raise_if_any()
    raise AssertionError("unreachable")


def check_rule(rule: str) -> None:
    """Raise Unreadable for a rule of repetition (RFC 5545) that repeats within hours or far too often in a day."""
    parts = dict(part.split("=", 1) for part in rule.upper().replace(" ", "").split(";") if "=" in part)
    if parts.get("FREQ") in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise Unreadable(Trouble.TOO_FREQUENT)
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(parts[name].split(",")) if name in parts else 1
    if times > MOST_A_DAY:
        raise Unreadable(Trouble.TOO_FREQUENT)


def is_busy(occurrence: Occurrence, own: Collection[str]) -> bool:
    """Tell whether its owner is busy with it; what we put into her calendar ourselves (`own` names) is known anyway."""
    if occurrence.uid in own or occurrence.status.upper() == "CANCELLED":
        return False
    return occurrence.transparency.upper() != "TRANSPARENT" and occurrence.shown_as.upper() != "FREE"


def busy_times(
    occurrences: Iterable[Occurrence], window: Interval, zone: tzinfo, *, own: Collection[str] = ()
) -> tuple[Interval, ...]:
    """Return when she is busy inside the window, merged and in order of time.

    Days and floating times are those of `zone`. Raises Unreadable when there are far too many.
    """
    found = [span for one in occurrences if is_busy(one, own) and (span := _span(one, zone, window)) is not None]
    if len(found) > MOST_TIMES:
        raise Unreadable(Trouble.TOO_MANY)
    return merge(found)


def next_look(now: datetime, failures: int) -> datetime:
    """Return when a calendar is read again after so many failures in a row."""
    pause = EVERY * (1 << min(failures, 10))
    return now + min(pause, RARELY)


def is_whole_due(read_at: datetime | None, now: datetime) -> bool:
    """Tell whether it must be read as a whole even if its host says that nothing changed."""
    return read_at is None or now >= read_at + WHOLE_EVERY


def is_old(fetched_at: datetime | None, given_at: datetime, now: datetime) -> bool:
    """Tell whether it is so long ago that it was read that its owner should look."""
    return now >= (fetched_at or given_at) + OLD


def trouble_of(status: int) -> Trouble | None:
    """Return what an answer with this HTTP status comes to; None for one that is good."""
    if status in (200, 304):
        return None
    known: Mapping[int, Trouble] = {
        401: Trouble.REFUSED, 403: Trouble.REFUSED, 404: Trouble.NOT_THERE, 410: Trouble.NOT_THERE,
    }  # fmt: skip
    return known.get(status, Trouble.BAD_ANSWER)


def has_changed(before: Collection[Interval], after: Collection[Interval], now: datetime) -> bool:
    """Tell whether two readings differ in what is still ahead and both could know."""
    return _ahead(before, now) != _ahead(after, now)


def _ahead(spans: Collection[Interval], now: datetime) -> list[Interval]:
    known = Interval(now, now + AHEAD)
    return sorted(part for span in spans if (part := span.intersection(known)) is not None)


def _span(one: Occurrence, zone: tzinfo, window: Interval) -> Interval | None:
    try:
        starts, ends = _instant(one.starts, zone, last=False), _instant(one.ends, zone, last=True)
    except (WallTimeRefused, OverflowError):
        return None
    return Interval(starts, ends).intersection(window) if starts < ends else None


def _instant(value: date | datetime, zone: tzinfo, *, last: bool) -> datetime:
    if not isinstance(value, datetime):
        return resolve(datetime.combine(value, time()), zone)
    whole = value.replace(microsecond=0)
    return resolve(whole.replace(fold=0), zone, last=last) if whole.tzinfo is None else whole
