"""Write instants as wall time in Berlin, and say once how property tests run."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from dispatch.domain.intervals import Interval, to_instant, to_local

BERLIN = ZoneInfo("Europe/Berlin")
HOLIDAYS = frozenset({date(2026, 11, 18), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=60)
"""The same examples on every run, without a time limit that a busy machine could miss."""


def at(text: str, fold: int | None = None) -> datetime:
    """Return the instant of `2026-11-24 10:00` in Berlin; `fold` picks the pass of a doubled hour."""
    return to_instant(datetime.fromisoformat(text), BERLIN, fold=fold)


def span(start: str, end: str) -> Interval:
    """Return an interval; the end may be a time alone, of the same day."""
    return Interval(at(start), at(end if "-" in end else f"{start[:10]} {end}"))


def wall(instant: datetime) -> str:
    """Return an instant as people in Berlin read it: `Tue 2026-11-24 10:00`, with offset."""
    return f"{to_local(instant, BERLIN):%a %Y-%m-%d %H:%M %z}".removesuffix("00")


def minutes(amount: int) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=amount)


def instants(first: str = "2026-09-01 00:00", last: str = "2027-12-31 00:00") -> st.SearchStrategy[datetime]:
    """Draw instants in whole seconds, changes of clocks among them."""
    origin = at(first)
    seconds = (at(last) - origin) // timedelta(seconds=1)
    return st.integers(0, seconds).map(lambda drawn: origin + timedelta(seconds=drawn))
