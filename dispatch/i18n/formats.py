"""Write instants, spans, durations and numbers in the reader's language, in the zone of the service.

It decides how a value is written, never which value is right. Digits are those of CLDR for the language, but for
what is typed into a field or copied from paper: codes, telephone numbers, dates in fields.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Literal, cast

from babel import dates, lists, numbers

from dispatch.domain.intervals import to_local
from dispatch.i18n.locales import Locale
from dispatch.i18n.texts import gettext as _
from dispatch.i18n.texts import ngettext

Width = Literal["wide", "short", "grid"]
_SOON_DAYS = 6
_TOKEN = re.compile(r"'([^']*)'|c+|M+|d|y")
_OWN_OR = {"ps": "{} یا {}"}
"""CLDR 48 has no "or" for Pashto."""
_MINUTE = timedelta(minutes=1)
_SEMICOLONS = {",": ";", "،": "؛", "፣": "፤"}
"""By the comma of the same script."""


@dataclass(frozen=True, slots=True)
class Formats:
    """The way one language writes; every instant is aware and is shown as local time of `zone`."""

    locale: Locale
    zone: tzinfo

    def day(self, instant: datetime) -> str:
        """Write the day with weekday and year: "Di, 1. Dezember 2026"."""
        return self._date(instant, self.locale.day)

    def day_long(self, instant: datetime) -> str:
        """Write the day with the weekday in full: "Dienstag, 1. Dezember 2026"."""
        return self._date(instant, self.locale.day_long)

    def day_short(self, instant: datetime) -> str:
        """Write the day without its year: "Di, 1. Dezember"."""
        return self._date(instant, self.locale.day_short)

    def day_brief(self, instant: datetime) -> str:
        """Write the day for narrow columns of past days: "1. Dez."."""
        return self._date(instant, self.locale.day_brief)

    def month(self, day: date) -> str:
        """Write the month of a day with its year: "Dezember 2026"."""
        return self._digits(str(dates.format_skeleton("yMMMM", day, locale=self.locale.babel)))

    def date(self, day: date) -> str:
        """Write a day of the calendar with weekday and year: "Di, 1. Dezember 2026"."""
        return self._digits(dates.format_date(day, self.locale.day, self.locale.babel))

    def weekday(self, instant: datetime) -> str:
        """Write the weekday alone: "Dienstag"."""
        return self.weekday_name(self._local(instant).weekday())

    def weekday_name(self, number: int, width: Width = "wide") -> str:
        """Return the name of a weekday, 0 = Monday: "Dienstag", short "Di"; `grid` fits a column of a phone."""
        widths = {"wide": "wide", "short": "abbreviated", "grid": self.locale.weekday_in_grid}
        return str(dates.get_day_names(cast("Any", widths[width]), "stand-alone", self.locale.babel)[number])

    def typed_day(self, value: str) -> str:
        """Write an ISO date as a form field shows it, "Di, 01.12.2026"; whatever else was typed stays as it is."""
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        return f"{self.weekday_name(day.weekday(), 'short')}{self.locale.comma} {day:%d.%m.}{day.year:04}"

    def words_of_days(self) -> dict[str, Any]:
        """Return what a script needs to write a day as `day` does: names from Monday and January, pattern, comma."""
        tokens = {"ccc": "{weekday}", "cccc": "{weekday}", "d": "{day}", "MMMM": "{month}", "y": "{year}"}
        months = dates.get_month_names("wide", "format", self.locale.babel)
        return {
            "weekdays": [self.weekday_name(number, "short").rstrip(".") for number in range(7)],
            "months": [months[number] for number in range(1, 13)],
            "day": _TOKEN.sub(lambda found: tokens.get(found[0], found[1] or ""), self.locale.day),
            "comma": self.locale.comma,
        }

    def clock(self, instant: datetime) -> str:
        """Write the time of day: "9:00"; in the hour that exists twice it says which of the two."""
        local = self._local(instant)
        clock = self._digits(f"{local.hour}:{local.minute:02}")
        if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
            return clock
        if local.fold:
            return _("%(clock)s (winter time)", clock=clock)
        return _("%(clock)s (summer time)", clock=clock)

    def time_of_day(self, minutes: int) -> str:
        """Write minutes since midnight as briefly as hours are said: "8", "8:30"."""
        return self._digits(f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else f"{minutes // 60}")

    def time_range(self, start: datetime, end: datetime) -> str:
        """Write from when to when: "9:00–10:00"; an end on another day carries its weekday."""
        last = self.clock(end)
        if self._local(start).date() != self._local(end).date():
            last = f"{self.weekday_name(self._local(end).weekday(), 'short')} {last}"
        return _("%(start)s–%(end)s", start=self.clock(start), end=last)

    def instant(self, instant: datetime) -> str:
        """Write day, year and time: "Di, 1. Dezember 2026, 9:00"."""
        return f"{self.day(instant)}{self.locale.comma} {self.clock(instant)}"

    def instant_short(self, instant: datetime) -> str:
        """Write day and time without the year: "Di, 1. Dezember, 9:00"."""
        return f"{self.day_short(instant)}{self.locale.comma} {self.clock(instant)}"

    def moment(self, instant: datetime, now: datetime) -> str:
        """Write a near instant as briefly as it stays clear: "9:00" today, "Fr 13:00" this week, else with the day."""
        days = self._days_between(now, instant)
        if days == 0:
            return self.clock(instant)
        if 0 < days <= _SOON_DAYS:
            return f"{self.weekday_name(self._local(instant).weekday(), 'short')} {self.clock(instant)}"
        return f"{self.day_brief(instant)}{self.locale.comma} {self.clock(instant)}"

    def due(self, instant: datetime, now: datetime) -> str:
        """Write how far an instant is from now: "in 40 Minuten", "morgen", "in 4 Tagen", "seit 20 Minuten"."""
        if instant < now:
            return self._since(now - instant)
        days = self._days_between(now, instant)
        if days == 0:
            minutes = (instant - now) // _MINUTE
            if not minutes:
                return _("now")
            if minutes < 60:
                return ngettext("in %(num)d minute", "in %(num)d minutes", minutes)
            return ngettext("in %(num)d hour", "in %(num)d hours", minutes // 60)
        if days == 1:
            return _("tomorrow")
        return ngettext("in %(num)d day", "in %(num)d days", days)

    def duration(self, span: timedelta) -> str:
        """Write a span in at most two units: "2 Tage und 4 Stunden", "4 Stunden und 40 Minuten", "40 Minuten"."""
        minutes = max(span, timedelta()) // _MINUTE
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days >= 2:
            parts = [ngettext("%(num)d day", "%(num)d days", days), _hours(hours)]
        else:
            parts = [_hours(minutes // 60), _minutes(rest)]
        return self.enumeration([part for part in parts if part] or [_minutes(0, always=True)])

    def duration_left(self, until: datetime, now: datetime) -> str:
        """Write the time that is left until an instant; nothing left is "0 Minuten"."""
        return self.duration(until - now)

    def period(self, start: datetime, end: datetime) -> str:
        """Write a half-open span of days or of hours; days are named whole when both ends are midnights."""
        first, last = self._local(start), self._local(end)
        whole = first.time() == last.time() == first.time().min
        if whole:
            last -= timedelta(days=1)
            if first.date() == last.date():
                return self.day(start)
            return _("%(start)s – %(end)s", start=self._plain(first), end=self._plain(last))
        if first.date() == last.date():
            return f"{self.day(start)}{self.locale.comma} {self.time_range(start, end)}"
        return _("%(start)s – %(end)s", start=self.instant(start), end=self.instant(end))

    def number(self, value: float | Decimal, decimals: int = 0) -> str:
        """Write a number with exactly `decimals` places."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        written = numbers.format_decimal(value, format=pattern, locale=self.locale.babel, numbering_system="default")
        return self._digits(written)

    def enumeration(self, words: Iterable[str], *, either: bool = False) -> str:
        """Join words with commas and a final "and", or "or" when one of them is meant."""
        found = list(words)
        if either and len(found) == 2 and (pattern := _OWN_OR.get(self.locale.tag)):
            return pattern.format(*found)
        return lists.format_list(found, "or" if either else "standard", self.locale.babel)

    def series(self, words: Iterable[object], *, apart: bool = False) -> str:
        """Join words with commas alone; `apart` parts what may hold commas itself with semicolons."""
        comma = self.locale.comma
        return f"{_SEMICOLONS[comma] if apart else comma} ".join(str(word) for word in words)

    def service_hours(self, week: Sequence[tuple[int, int] | None]) -> str:
        """Write opening minutes of a week, Monday first: "Mo–Do 8–16 Uhr und Fr 8–13 Uhr"."""
        spans: list[tuple[int, int, tuple[int, int]]] = []
        for number, opening in enumerate(week):
            if opening is None:
                continue
            if spans and spans[-1][1] == number - 1 and spans[-1][2] == opening:
                spans[-1] = (spans[-1][0], number, opening)
            else:
                spans.append((number, number, opening))
        return self.enumeration(self._opening(*span) for span in spans)

    def _opening(self, first: int, last: int, minutes: tuple[int, int]) -> str:
        opens, closes = (self.time_of_day(at) for at in minutes)
        start = self.weekday_name(first, "short")
        if first == last:
            return _("%(day)s %(opens)s–%(closes)s", day=start, opens=opens, closes=closes)
        end = self.weekday_name(last, "short")
        return _("%(first)s–%(last)s %(opens)s–%(closes)s", first=start, last=end, opens=opens, closes=closes)

    def _since(self, span: timedelta) -> str:
        minutes = span // _MINUTE
        if minutes < 60:
            return ngettext("for %(num)d minute", "for %(num)d minutes", minutes)
        if minutes < 1440:
            return ngettext("for %(num)d hour", "for %(num)d hours", minutes // 60)
        return ngettext("for %(num)d day", "for %(num)d days", minutes // 1440)

    def _date(self, instant: datetime, pattern: str) -> str:
        return self._plain(self._local(instant), pattern)

    def _plain(self, local: datetime, pattern: str | None = None) -> str:
        return self._digits(dates.format_date(local.date(), pattern or self.locale.day, self.locale.babel))

    def _digits(self, text: str) -> str:
        write = self.locale.write_digits
        return write(text) if write else text

    def _local(self, instant: datetime) -> datetime:
        return to_local(instant, self.zone)

    def _days_between(self, now: datetime, instant: datetime) -> int:
        return (self._local(instant).date() - self._local(now).date()).days


def _hours(number: int) -> str:
    return ngettext("%(num)d hour", "%(num)d hours", number) if number else ""


def _minutes(number: int, *, always: bool = False) -> str:
    return ngettext("%(num)d minute", "%(num)d minutes", number) if number or always else ""
