"""Say a usual week in words, one text for each day: "8–12 und 16–19"."""

from collections.abc import Sequence

from dispatch.domain.availability import WeeklyWindow
from dispatch.i18n import formats, ngettext
from dispatch.i18n import gettext as _


def week_words(weekly: Sequence[WeeklyWindow]) -> list[str]:
    """Return seven texts, Monday first; empty for days without a window."""
    write = formats()
    return [
        write.enumeration(_window(window) for window in weekly if window.weekday == day) if _has(weekly, day) else ""
        for day in range(7)
    ]


def total_words(weekly: Sequence[WeeklyWindow]) -> str:
    """Return the hours of a week together."""
    minutes = sum(window.end_minute - window.start_minute for window in weekly)
    if minutes % 60:
        return _("%(hours)s hours", hours=formats().number(minutes / 60, 1))
    return ngettext("%(num)d hour", "%(num)d hours", minutes // 60)


def _has(weekly: Sequence[WeeklyWindow], day: int) -> bool:
    return any(window.weekday == day for window in weekly)


def _window(window: WeeklyWindow) -> str:
    write = formats()
    span = _(
        "%(start)s–%(end)s", start=write.time_of_day(window.start_minute), end=write.time_of_day(window.end_minute)
    )
    if window.valid_from and window.valid_until:
        first, last = write.date(window.valid_from), write.date(window.valid_until)
        return _("%(span)s (%(first)s to %(last)s)", span=span, first=first, last=last)
    if window.valid_from:
        return _("%(span)s (from %(day)s)", span=span, day=write.date(window.valid_from))
    if window.valid_until:
        return _("%(span)s (until %(day)s)", span=span, day=write.date(window.valid_until))
    return span
