"""Read the form of a mediator's times: the week as a grid of hours or as a list, a new absence, a new extra.

It never decides whether times hold; that is `domain.availability_checks`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.availability_checks import TypedWindow, is_plain
from dispatch.domain.intervals import DoubledHour, Interval, WallTimeRefused, to_instant, to_local
from dispatch.services.availability import Change
from dispatch.web.forms.pool_values import Form, Found, numbered, read_day
from dispatch.web.forms.times import NotRead, parse_clock

FIRST_HOUR, LAST_HOUR = 7, 21
SPARE_ROWS = 3
_BOX = re.compile(r"([0-6])-(1?[0-9]|2[0-3])")
_MIDNIGHT = re.compile(r"24([:.]00)?( ?uhr)?", re.IGNORECASE)
_DAY_MINUTES = 24 * 60
_PARTS = ("start", "end", "from", "until")


@dataclass(slots=True)
class ReadTimes:
    """What was read: the change, codes of what could not be read, and the rows of the list the windows came from."""

    change: Change
    found: Found
    rows: tuple[str, ...] = ()

    def fields_of(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Return sentences by field of the form for sentences by field of the times."""
        placed: dict[str, str] = {}
        for name, sentence in errors.items():
            placed.setdefault(self._field(name), sentence)
        return placed

    def _field(self, name: str) -> str:
        head, _, rest = name.partition(".")
        if head == "weekly" and rest:
            place, _, part = rest.partition(".")
            return f"{self.rows[int(place)]}-{part.removeprefix('valid_')}" if self.rows else "w"
        return {"absences": "absence_from", "extras": "extra_day", "weekly": "w"}.get(head, name)


@dataclass(slots=True)
class _Reader:
    form: Form
    now: datetime
    zone: tzinfo
    found: Found = field(default_factory=dict)

    @property
    def today(self) -> date:
        return to_local(self.now, self.zone).date()


def read(form: Form, now: datetime, zone: tzinfo) -> ReadTimes:
    """Read the form; the week is None where the form holds none (`week` says how it was shown: grid or list)."""
    reader = _Reader(form, now, zone)
    rows = _rows(reader) if form.get("week") == "list" else {}
    weekly: tuple[TypedWindow, ...] | None = None
    if form.get("week") in {"grid", "list"}:
        weekly = tuple(rows.values()) if form["week"] == "list" else painted(form.getlist("w"))
    change = Change(
        weekly=weekly,
        absences=_absence(reader),
        extras=_extra(reader),
        dropped=_dropped(form),
    )
    return ReadTimes(change, reader.found, tuple(rows))


def painted(boxes: Iterable[str]) -> tuple[TypedWindow, ...]:
    """Return a window for each row of painted hours; boxes that are none are left out."""
    found = {(int(match[1]), int(match[2])) for box in boxes if (match := _BOX.fullmatch(box))}
    starts = sorted((day, hour) for day, hour in found if (day, hour - 1) not in found)
    ends = sorted((day, hour + 1) for day, hour in found if (day, hour + 1) not in found)
    return tuple(TypedWindow(day, start * 60, end * 60) for (day, start), (_day, end) in zip(starts, ends, strict=True))


def boxes(weekly: Iterable[WeeklyWindow]) -> set[str]:
    """Return the boxes that a week of whole hours paints."""
    return {f"{window.weekday}-{hour}" for window in weekly for hour in _hours_of(window)}


def _hours_of(window: WeeklyWindow) -> range:
    return range(window.start_minute // 60, window.end_minute // 60)


def hours(weekly: Iterable[WeeklyWindow]) -> tuple[int, int]:
    """Return the first and the last hour of the grid: 7 to 21, or more where the week needs it."""
    windows = list(weekly)
    first = min((window.start_minute // 60 for window in windows), default=FIRST_HOUR)
    last = max((-(-window.end_minute // 60) for window in windows), default=LAST_HOUR)
    return min(FIRST_HOUR, first), max(LAST_HOUR, last)


def list_values(weekly: Iterable[WeeklyWindow]) -> dict[str, Any]:
    """Return a stored week as the fields of the list show it, with spare rows."""
    values: dict[str, Any] = {}
    windows = list(weekly)
    for place, window in enumerate(windows):
        name = f"window-{place}"
        values[name] = str(window.weekday)
        values[f"{name}-start"] = clock_word(window.start_minute)
        values[f"{name}-end"] = clock_word(window.end_minute)
        values[f"{name}-from"] = window.valid_from.isoformat() if window.valid_from else ""
        values[f"{name}-until"] = window.valid_until.isoformat() if window.valid_until else ""
    return values | {"window-rows": len(windows) + SPARE_ROWS}


def typed_values(form: Form) -> dict[str, Any]:
    """Return what was typed, as the fields show it again."""
    rows = max((int(name.partition("-")[2]) + 1 for name, _text in numbered(form, "window")), default=0)
    return {name: form.get(name, "") for name in form} | {"window-rows": max(rows, SPARE_ROWS)}


def clock_word(minute: int) -> str:
    """Return how a minute of the day stands in its field."""
    return f"{minute // 60:02}:{minute % 60:02}"


def answers(form: Form) -> dict[int, bool]:
    """Return what becomes of the appointments under an absence: True hands them back."""
    found = {}
    for name in form:
        match = re.fullmatch(r"clash-([0-9]{1,10})", name)
        if match and form[name] in {"keep", "hand_back"}:
            found[int(match[1])] = form[name] == "hand_back"
    return found


def grid_fits(weekly: Iterable[WeeklyWindow]) -> bool:
    """Tell whether the grid shows a week without losing anything."""
    return is_plain(weekly)


def _rows(reader: _Reader) -> dict[str, TypedWindow]:
    """Read each row of the list that says anything, by its field."""
    found: dict[str, TypedWindow] = {}
    for name, day in numbered(reader.form, "window"):
        if not any(reader.form.get(f"{name}-{part}", "").strip() for part in _PARTS):
            continue
        if day not in set("0123456"):
            reader.found[name] = ("required",)
            continue
        start, end = _minute(reader, f"{name}-start"), _minute(reader, f"{name}-end")
        first = read_day(reader.form, f"{name}-from", reader.today, reader.found)
        last = read_day(reader.form, f"{name}-until", reader.today, reader.found)
        if start is not None and end is not None:
            found[name] = TypedWindow(int(day), start, end, first, last)
    return found


def _minute(reader: _Reader, name: str, *, needed: bool = True) -> int | None:
    text = reader.form.get(name, "").strip()
    if _MIDNIGHT.fullmatch(text):
        return _DAY_MINUTES
    try:
        clock = parse_clock(text)
    except NotRead as refused:
        reader.found[name] = (refused.code,)
        return None
    if clock is None:
        if needed:
            reader.found[name] = ("required",)
        return None
    return clock.hour * 60 + clock.minute


def _absence(reader: _Reader) -> tuple[Interval, ...]:
    """Read whole days from the first to the last, or clock times on them."""
    form = reader.form
    if not any(form.get(f"absence_{part}", "").strip() for part in ("from", "until", "start", "end")):
        return ()
    first = _needed_day(reader, "absence_from")
    last = read_day(form, "absence_until", reader.today, reader.found) or first
    start, end = _minute(reader, "absence_start", needed=False), _minute(reader, "absence_end", needed=False)
    if first is None or last is None or any(name.startswith("absence_") for name in reader.found):
        return ()
    begins = _instant(reader, "absence_start", first, start or 0)
    ends = _instant(reader, "absence_end", last, _DAY_MINUTES if end is None else end, last=True)
    return _span(reader, "absence_until", begins, ends)


def _extra(reader: _Reader) -> tuple[Interval, ...]:
    form = reader.form
    if not any(form.get(f"extra_{part}", "").strip() for part in ("day", "start", "end")):
        return ()
    day = _needed_day(reader, "extra_day")
    start, end = _minute(reader, "extra_start"), _minute(reader, "extra_end")
    if day is None or start is None or end is None:
        return ()
    begins = _instant(reader, "extra_start", day, start)
    return _span(reader, "extra_end", begins, _instant(reader, "extra_end", day, end, last=True))


def _needed_day(reader: _Reader, name: str) -> date | None:
    day = read_day(reader.form, name, reader.today, reader.found)
    if day is None and name not in reader.found:
        reader.found[name] = ("required",)
    return day


def _instant(reader: _Reader, name: str, day: date, minute: int, *, last: bool = False) -> datetime | None:
    """Return the instant of a typed wall time; of a doubled hour the first pass begins and the second one ends."""
    try:
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        try:
            return to_instant(wall, reader.zone)
        except DoubledHour:
            return to_instant(wall, reader.zone, fold=1 if last else 0)
    except WallTimeRefused as refused:
        reader.found[name] = (refused.code,)
    except OverflowError:
        reader.found[name] = ("out_of_calendar",)
    return None


def _span(reader: _Reader, name: str, begins: datetime | None, ends: datetime | None) -> tuple[Interval, ...]:
    if begins is None or ends is None:
        return ()
    if ends <= begins:
        reader.found[name] = ("end_before_start",)
        return ()
    return (Interval(begins, ends),)


def _dropped(form: Form) -> frozenset[int]:
    match = re.fullmatch(r"drop-([0-9]{1,10})", form.get("act", ""))
    return frozenset({int(match[1])}) if match else frozenset()
