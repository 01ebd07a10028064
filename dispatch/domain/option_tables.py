"""The kinds of options that take several form fields: opening hours, weights, areas, speeds.

Field names are numbered or end in a code: `week-0-from`, `weights-language`, `area-14627140`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dispatch.domain.option_kinds import (
    DAY_MINUTES,
    MOST_ROWS,
    Known,
    Part,
    Reading,
    Row,
    Widget,
    clock_word,
    of_type,
    rows_in,
)
from dispatch.domain.option_values import decimal, decimal_word
from dispatch.domain.travel import Speed

LONGEST_AREA = 80
MOST_WEIGHT = 100


@dataclass(frozen=True)
class Opening:
    """From when to when, in minutes of the day; None is closed, where that is allowed."""

    may_be_closed: bool = False

    def rows(self, name: str, _form: Mapping[str, str], _known: Known) -> tuple[Row, ...]:
        return ((Part(f"{name}-from", Widget.CLOCK), Part(f"{name}-to", Widget.CLOCK)),)

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        first, last = value or (None, None)
        return {
            f"{name}-from": "" if first is None else clock_word(first),
            f"{name}-to": "" if last is None else clock_word(last),
        }

    def parse(self, name: str, reading: Reading) -> tuple[int, int] | None:
        ends = f"{name}-from", f"{name}-to"
        if self.may_be_closed and not any(reading.text(end) for end in ends):
            return None
        first, last = (reading.clock(end) for end in ends)
        reading.findings.require(ends[0], first)
        reading.findings.require(ends[1], last)
        if first is None or last is None:
            return 0, DAY_MINUTES
        if last <= first:
            reading.findings.add(ends[1], "end_before_start")
        return first, last

    def dump(self, value: Any) -> Any:
        return None if value is None else [clock_word(minute) for minute in value]

    def load(self, raw: Any) -> tuple[int, int] | None:
        if raw is None and self.may_be_closed:
            return None
        first, last = (_minute(word) for word in of_type(list, raw))
        return first, last


@dataclass(frozen=True)
class Week:
    """One opening for each day of the week, Monday first."""

    day = Opening(may_be_closed=True)

    def rows(self, name: str, form: Mapping[str, str], known: Known) -> tuple[Row, ...]:
        return tuple(row for number in range(7) for row in self.day.rows(f"{name}-{number}", form, known))

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return _joined(self.day.typed(f"{name}-{number}", opening, known) for number, opening in enumerate(value))

    def parse(self, name: str, reading: Reading) -> tuple[tuple[int, int] | None, ...]:
        week = tuple(self.day.parse(f"{name}-{number}", reading) for number in range(7))
        if not any(week):
            reading.findings.add(f"{name}-0-from", "never_open")
        return week

    def dump(self, value: Any) -> list[Any]:
        return [self.day.dump(opening) for opening in value]

    def load(self, raw: Any) -> tuple[tuple[int, int] | None, ...]:
        week = tuple(self.day.load(opening) for opening in of_type(list, raw))
        if len(week) != 7:
            raise ValueError("a week has seven days")
        return week


@dataclass(frozen=True)
class Shares:
    """A weight for every member of an enum; their sum is what they are shares of."""

    kind: type[StrEnum]

    def rows(self, name: str, _form: Mapping[str, str], _known: Known) -> tuple[Row, ...]:
        return tuple((Part(f"{name}-{member.value}", Widget.NUMBER),) for member in self.kind)

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {f"{name}-{member.value}": str(value[member]) for member in self.kind}

    def parse(self, name: str, reading: Reading) -> dict[StrEnum, int]:
        weights = {}
        for member in self.kind:
            field = f"{name}-{member.value}"
            weight = reading.whole(field, 0, MOST_WEIGHT)
            reading.findings.require(field, weight)
            weights[member] = weight or 0
        if not any(weights.values()):
            reading.findings.add(f"{name}-{next(iter(self.kind)).value}", "no_weight")
        return weights

    def dump(self, value: Any) -> dict[str, int]:
        return {member.value: value[member] for member in self.kind}

    def load(self, raw: Any) -> dict[StrEnum, int]:
        return {member: of_type(int, of_type(dict, raw)[member.value]) for member in self.kind}


@dataclass(frozen=True)
class SharesBySetting:
    """Weights of their own for some settings; a row without a setting does not count."""

    kind: type[StrEnum]

    def rows(self, name: str, form: Mapping[str, str], known: Known) -> tuple[Row, ...]:
        shares = Shares(self.kind)
        return tuple(
            (
                Part(f"{name}-{number}-setting", Widget.CHOICE, ("", *known.settings)),
                *(part for (part,) in shares.rows(f"{name}-{number}", form, known)),
            )
            for number in range(min(rows_in(name, form) + 1, MOST_ROWS))
        )

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return _joined(
            {f"{name}-{number}-setting": code, **Shares(self.kind).typed(f"{name}-{number}", weights, known)}
            for number, (code, weights) in enumerate(sorted(value.items()))
        )

    def parse(self, name: str, reading: Reading) -> dict[str, dict[StrEnum, int]]:
        found: dict[str, dict[StrEnum, int]] = {}
        for number in range(min(rows_in(name, reading.form), MOST_ROWS)):
            code = reading.text(f"{name}-{number}-setting")
            if code and code not in reading.known.settings:
                reading.findings.add(f"{name}-{number}-setting", "unknown_choice")
            elif code in found:
                reading.findings.add(f"{name}-{number}-setting", "repeated")
            elif code:
                found[code] = Shares(self.kind).parse(f"{name}-{number}", reading)
        return found

    def dump(self, value: Any) -> dict[str, Any]:
        return {code: Shares(self.kind).dump(weights) for code, weights in sorted(value.items())}

    def load(self, raw: Any) -> dict[str, dict[StrEnum, int]]:
        return {code: Shares(self.kind).load(weights) for code, weights in of_type(dict, raw).items()}


@dataclass(frozen=True)
class Areas:
    """The social area of every municipality, by its key; what is as shipped is left out of the value."""

    def rows(self, name: str, _form: Mapping[str, str], known: Known) -> tuple[Row, ...]:
        return tuple((Part(f"{name}-{ags}", Widget.LINE),) for ags in known.municipalities)

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {f"{name}-{ags}": area for ags, area in {**known.municipalities, **value}.items()}

    def parse(self, name: str, reading: Reading) -> dict[str, str]:
        found = {}
        there = {f"{name}-{ags}" for ags in reading.known.municipalities}
        if any(field.startswith(f"{name}-") and field not in there for field in reading.form):
            reading.findings.add(min(there), "unknown_municipality")
        for ags, shipped in reading.known.municipalities.items():
            field = f"{name}-{ags}"
            area = reading.findings.line(field, reading.form.get(field, ""), LONGEST_AREA)
            reading.findings.require(field, area)
            if area and area != shipped:
                found[ags] = area
        return found

    def dump(self, value: Any) -> dict[str, str]:
        return dict(sorted(value.items()))

    def load(self, raw: Any) -> dict[str, str]:
        return {str(ags): str(of_type(str, area)) for ags, area in of_type(dict, raw).items()}


@dataclass(frozen=True)
class Speeds:
    """Kilometres an hour on the way, and minutes once for each way."""

    def rows(self, name: str, _form: Mapping[str, str], _known: Known) -> tuple[Row, ...]:
        return ((Part(f"{name}-kmh", Widget.NUMBER), Part(f"{name}-extra", Widget.NUMBER)),)

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        return {f"{name}-kmh": decimal_word(value.kmh), f"{name}-extra": str(value.extra_minutes)}

    def parse(self, name: str, reading: Reading) -> Speed:
        extra = reading.whole(f"{name}-extra", 0, 180)
        reading.findings.require(f"{name}-extra", extra)
        return Speed(decimal(f"{name}-kmh", reading, 1, 200), extra or 0)

    def dump(self, value: Any) -> dict[str, Any]:
        return {"kmh": value.kmh, "extra_minutes": value.extra_minutes}

    def load(self, raw: Any) -> Speed:
        return Speed(float(of_type((int, float), raw["kmh"])), of_type(int, raw["extra_minutes"]))


def _joined(texts: Iterable[dict[str, str]]) -> dict[str, str]:
    return {name: text for each in texts for name, text in each.items()}


def _minute(word: Any) -> int:
    hour, _, minute = of_type(str, word).partition(":")
    at = int(hour) * 60 + int(minute)
    if not 0 <= at <= DAY_MINUTES:
        raise ValueError(f"not a time of day: {word}")
    return at
