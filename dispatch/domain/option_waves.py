"""The wave table as an option: rows of notice that leave no gap, do not overlap and end open.

Notice is typed in waking hours and kept in waking minutes: `rows-0-above`, `rows-0-up_to`, `rows-0-asked`,
`rows-0-answer`. A row left empty is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.domain.offers import WaveRow
from dispatch.domain.option_kinds import MOST_ROWS, Known, Part, Reading, Row, Widget, of_type, rows_in
from dispatch.domain.option_values import decimal_word, read_decimal

LONGEST_HOURS = 400 * 24
LONGEST_ANSWER = 14 * 24 * 60


@dataclass(frozen=True)
class Waves:
    """The wave table: each row holds above one notice up to another, in waking hours; the last is open above."""

    parts = ("above", "up_to", "asked", "answer")

    def rows(self, name: str, form: Mapping[str, str], _known: Known) -> tuple[Row, ...]:
        places = range(min(rows_in(name, form) + 1, MOST_ROWS))
        return tuple(tuple(Part(f"{name}-{n}-{part}", Widget.NUMBER) for part in self.parts) for n in places)

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        texts: dict[str, str] = {}
        above: int | None = 0
        for number, row in enumerate(value):
            shown = (_hours(above), _hours(row.up_to_minutes), row.asked, row.answer_within_minutes)
            for part, amount in zip(self.parts, shown, strict=True):
                texts[f"{name}-{number}-{part}"] = "" if amount is None else str(amount)
            above = row.up_to_minutes
        return texts

    def parse(self, name: str, reading: Reading) -> tuple[WaveRow, ...]:
        numbers = [
            number
            for number in range(min(rows_in(name, reading.form), MOST_ROWS))
            if any(reading.text(f"{name}-{number}-{part}") for part in self.parts)
        ]
        if not numbers:
            reading.findings.add(f"{name}-0-answer", "required")
        rows: list[WaveRow] = []
        above: int | None = 0
        for number in numbers:
            row = self._row(f"{name}-{number}", reading, above, is_last=number == numbers[-1])
            above = row.up_to_minutes
            rows.append(row)
        return tuple(rows)

    def _row(self, name: str, reading: Reading, above: int | None, *, is_last: bool) -> WaveRow:
        """Read a row that must begin where the one before it ends, if that is known."""
        begins = _minutes_of_hours(f"{name}-above", reading)
        ends = _minutes_of_hours(f"{name}-up_to", reading)
        asked = reading.whole(f"{name}-asked", 1, 1000)
        answer = reading.whole(f"{name}-answer", 1, LONGEST_ANSWER)
        findings = reading.findings
        findings.require(f"{name}-answer", answer)
        findings.require(f"{name}-above", begins)
        if begins is not None and above is not None and begins != above:
            findings.add(f"{name}-above", "gap" if begins > above else "overlap")
        if is_last and ends is not None:
            findings.add(f"{name}-up_to", "not_open_above")
        elif not is_last and not reading.text(f"{name}-up_to"):
            findings.add(f"{name}-up_to", "open_before_last")
        elif ends is not None and ends <= (begins or above or 0):
            findings.add(f"{name}-up_to", "not_rising")
        return WaveRow(ends, asked, answer or 1)

    def dump(self, value: Any) -> list[Any]:
        above: int | None = 0
        rows = []
        for row in value:
            rows.append(
                {
                    "above_minutes": above,
                    "up_to_minutes": row.up_to_minutes,
                    "asked": row.asked,
                    "answer_within_minutes": row.answer_within_minutes,
                }
            )
            above = row.up_to_minutes
        return rows

    def load(self, raw: Any) -> tuple[WaveRow, ...]:
        """Read the rows; one that does not begin where the one before ends is refused (ValueError gap, overlap)."""
        rows, above = [], 0
        for row in of_type(list, raw):
            begins = of_type(int, row["above_minutes"])
            if begins != above:
                raise ValueError("gap" if begins > above else "overlap")
            amounts = [row["up_to_minutes"], row["asked"], row["answer_within_minutes"]]
            up_to, asked, answer = (None if one is None else of_type(int, one) for one in amounts)
            rows.append(WaveRow(up_to, asked, of_type(int, answer)))
            above = up_to or above
        return tuple(rows)


def _minutes_of_hours(name: str, reading: Reading) -> int | None:
    hours = read_decimal(name, reading, 0, LONGEST_HOURS)
    return None if hours is None else round(hours * 60)


def _hours(minutes: int | None) -> str | None:
    return None if minutes is None else decimal_word(minutes / 60)
