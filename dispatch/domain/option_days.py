"""The kinds of options that are days of the calendar: one, or several.

They must not know what a day is used for.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from dispatch.domain.option_kinds import Known, Reading, Single, Widget, of_type

MOST_DAYS = 200
_DATE = re.compile(r"(?:[^\W\d]+\.?,? +)?([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True)
class Day(Single):
    """A day of the calendar, or none."""

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {name: day_word(value) if value else ""}

    def parse(self, name: str, reading: Reading) -> date | None:
        text = reading.text(name)
        day = _day(text) if text else None
        if text and day is None:
            reading.findings.add(name, "not_a_date")
        return day

    def dump(self, value: Any) -> str | None:
        return value.isoformat() if value else None

    def load(self, raw: Any) -> date | None:
        return None if raw is None else date.fromisoformat(of_type(str, raw))


@dataclass(frozen=True)
class Days(Single):
    """Days of the calendar, one a line."""

    widget = Widget.PROSE

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {name: "\n".join(day_word(day) for day in sorted(value))}

    def parse(self, name: str, reading: Reading) -> frozenset[date]:
        lines = [line.strip() for line in reading.form.get(name, "").splitlines() if line.strip()]
        days = [_day(line) for line in lines]
        if None in days:
            reading.findings.add(name, "not_days")
        if len(days) > MOST_DAYS:
            reading.findings.add(name, "too_many")
        return frozenset(day for day in days if day)

    def dump(self, value: Any) -> list[str]:
        return [day.isoformat() for day in sorted(value)]

    def load(self, raw: Any) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in of_type(list, raw))


def day_word(day: date) -> str:
    """Write a day as it is typed, "24.12.2026"."""
    return f"{day:%d.%m.}{day.year:04}"


def _day(line: str) -> date | None:
    found = _DATE.fullmatch(line)
    if found is None or not line.isprintable():
        return None
    day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
