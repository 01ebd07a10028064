"""Decide whether typed times of a mediator hold: her usual week, her absences, her extras.

It never decides whether she is free; that is `availability`. Wall times are turned into instants by the edge.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from dispatch.domain.availability import Availability, WeeklyWindow
from dispatch.domain.findings import Findings
from dispatch.domain.intervals import Interval, merge

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class TimesOptions:
    """Option: how many windows and spans one person may name, and how far ahead a span may lie."""

    windows: int = 100
    spans: int = 200
    furthest: timedelta = timedelta(days=800)


DEFAULT = TimesOptions()


class TypedWindow(NamedTuple):
    """A window of the week as typed: minutes of the local day, 1440 = its end; validity inclusive."""

    weekday: int
    start_minute: int
    end_minute: int
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class TypedTimes:
    """All that a mediator says about her time, as typed."""

    weekly: tuple[TypedWindow, ...] = ()
    extras: tuple[Interval, ...] = ()
    absences: tuple[Interval, ...] = ()


def check(
    typed: TypedTimes,
    now: datetime,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    options: TimesOptions = DEFAULT,
) -> Availability:
    """Return the times with windows of one day and validity merged, spans in order and merged; raises Invalid.

    Fields: `weekly.0.end` (`end_before_start`), `weekly.0.valid_until` (`before_valid_from`), `absences.0` and
    `extras.0` (`in_the_past`, `too_far`); the whole list: `too_many`. `found` holds what the edge could not read.
    """
    findings = Findings(found)
    weekly = _weekly(findings, typed.weekly, options)
    extras = _spans(findings, "extras", typed.extras, now, options)
    absences = _spans(findings, "absences", typed.absences, now, options)
    findings.raise_if_any()
    return Availability(weekly, extras, absences)


def merged(windows: Iterable[WeeklyWindow]) -> tuple[WeeklyWindow, ...]:
    """Return the windows by weekday and time, those of one day and validity merged where they touch."""
    joined: list[WeeklyWindow] = []
    for window in sorted(windows, key=_place):
        last = joined[-1] if joined else None
        if last and _group(last) == _group(window) and window.start_minute <= last.end_minute:
            end = max(last.end_minute, window.end_minute)
            joined[-1] = WeeklyWindow(last.weekday, last.start_minute, end, last.valid_from, last.valid_until)
        else:
            joined.append(window)
    return tuple(sorted(joined, key=lambda window: (window.weekday, window.start_minute, window.end_minute)))


def is_plain(windows: Iterable[WeeklyWindow]) -> bool:
    """Tell whether a week is whole hours without validity, so that a grid of hours loses nothing."""
    return all(
        window.start_minute % 60 == window.end_minute % 60 == 0
        and window.valid_from is None
        and window.valid_until is None
        for window in windows
    )


def _weekly(findings: Findings, typed: tuple[TypedWindow, ...], options: TimesOptions) -> tuple[WeeklyWindow, ...]:
    if len(typed) > options.windows:
        findings.add("weekly", "too_many")
    windows = []
    for place, window in enumerate(typed):
        inside = 0 <= window.start_minute < window.end_minute <= _DAY_MINUTES and 0 <= window.weekday <= 6
        if not inside:
            findings.add(f"weekly.{place}.end", "end_before_start")
        if window.valid_from and window.valid_until and window.valid_until < window.valid_from:
            findings.add(f"weekly.{place}.valid_until", "before_valid_from")
        if inside:
            windows.append(WeeklyWindow(*window))
    return merged(windows)


def _spans(
    findings: Findings, field: str, typed: tuple[Interval, ...], now: datetime, options: TimesOptions
) -> tuple[Interval, ...]:
    if len(typed) > options.spans:
        findings.add(field, "too_many")
    for place, span in enumerate(typed):
        if span.end <= now:
            findings.add(f"{field}.{place}", "in_the_past")
        elif span.end > now + options.furthest:
            findings.add(f"{field}.{place}", "too_far")
    return merge(typed)


def _group(window: WeeklyWindow) -> tuple[int, date, date]:
    return (window.weekday, window.valid_from or date.min, window.valid_until or date.max)


def _place(window: WeeklyWindow) -> tuple[tuple[int, date, date], int]:
    return (_group(window), window.start_minute)
