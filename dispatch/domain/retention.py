"""Decide how long what is kept about people is of use: when texts, case tokens, references and leavers are cut.

It must not know tables. A period is counted in days or months of the local calendar from an end; nothing is due a
second before the same time of day has come again, and where a month has no such day or hour, rather later.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

_YEAR_MONTHS = 12


@dataclass(frozen=True, slots=True)
class RetentionOptions:
    """Option: the periods. From the end of a request, of a case's last one, a leaver's last day, a settled report.

    `resident_days` count from the closing of a resident's request: by then nobody needs to reach them any more.
    Of applicants: from the last saving while the address is not confirmed, else from the last saving or the end.
    """

    detail_days: int = 30
    call_note_days: int = 30
    case_months: int = 6
    reference_months: int = 12
    leaver_months: int = 3
    feedback_months: int = 12
    resident_days: int = 14
    applicant_days: int = 14
    applicant_months: int = 6


DEFAULT = RetentionOptions()


class CutOffs(NamedTuple):
    """For each kind the last end that is past its period: what ended then or earlier is cut."""

    detail: datetime
    call_note: datetime
    case: datetime
    reference: datetime
    leaver: datetime
    feedback: datetime
    resident: datetime
    unconfirmed: datetime
    applicant: datetime


def cut_offs(now: datetime, *, zone: tzinfo, options: RetentionOptions = DEFAULT) -> CutOffs:
    """Return what is cut at `now`."""
    return CutOffs(
        detail=days_before(now, options.detail_days, zone),
        call_note=days_before(now, options.call_note_days, zone),
        case=months_before(now, options.case_months, zone),
        reference=months_before(now, options.reference_months, zone),
        leaver=months_before(now, options.leaver_months, zone),
        feedback=months_before(now, options.feedback_months, zone),
        resident=days_before(now, options.resident_days, zone),
        unconfirmed=days_before(now, options.applicant_days, zone),
        applicant=months_before(now, options.applicant_months, zone),
    )


def days_before(now: datetime, days: int, zone: tzinfo) -> datetime:
    """Return the same local time so many days of the calendar earlier, as an instant."""
    return _instant(_wall(now, zone) - timedelta(days=days), zone)


def months_before(now: datetime, months: int, zone: tzinfo) -> datetime:
    """Return the same local time so many months earlier; a day that its month has not is the month's last."""
    wall = _wall(now, zone)
    year, month = divmod(wall.year * _YEAR_MONTHS + wall.month - 1 - months, _YEAR_MONTHS)
    last = monthrange(year, month + 1)[1]
    return _instant(wall.replace(year=year, month=month + 1, day=min(wall.day, last)), zone)


def _wall(now: datetime, zone: tzinfo) -> datetime:
    return now.astimezone(zone).replace(tzinfo=None, fold=0)


def _instant(wall: datetime, zone: tzinfo) -> datetime:
    """Return the earlier one of the two instants that an hour of a change of clocks may mean."""
    return min(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
