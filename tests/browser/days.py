"""Choose the day on which the browser tests live, so that every run sees the same week."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.reference.holidays import public_holidays

BERLIN = ZoneInfo("Europe/Berlin")


def next_tuesday_at_ten() -> datetime:
    """Return a Tuesday morning ahead whose next ten days hold no holiday and no change of the clocks."""
    day = datetime.now(UTC).astimezone(BERLIN).date() + timedelta(days=1)
    free = public_holidays(day.year, day.year + 1)
    changes = {3, 10}  # the months of the clock changes have an hour less or more in their last week
    while day.weekday() != 1 or day.month in changes or any(day + timedelta(days=n) in free for n in range(-1, 10)):
        day += timedelta(days=1)
    return datetime.combine(day, time(10), BERLIN).astimezone(UTC)
