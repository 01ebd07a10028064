"""Weeks in short, for the tests of times in words."""

from dispatch.domain.availability import WeeklyWindow


def hours(*windows: tuple[int, float, float]) -> tuple[WeeklyWindow, ...]:
    """Return windows of (weekday, first hour, last hour); 8.5 is half past eight."""
    return tuple(WeeklyWindow(day, round(start * 60), round(end * 60)) for day, start, end in windows)


def every_day(days: range, start: float, end: float) -> tuple[WeeklyWindow, ...]:
    """Return the same window on several days."""
    return hours(*((day, start, end) for day in days))
