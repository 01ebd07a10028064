"""Narrow the board to an area, a language, a municipality, a group of settings or a span of days.

It must not widen what an actor may see; that is added by whoever uses it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from dispatch.domain import duty
from dispatch.domain.intervals import Interval, local_day, to_local
from dispatch.domain.settings import SETTINGS, SettingGroup
from dispatch.models import Request, RequestLanguage, SettingRow
from dispatch.services import local_time, options
from dispatch.services.social_areas import municipalities_in


class Span(StrEnum):
    """Named spans of days, from today on."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"


_DAYS = {Span.TODAY: 1, Span.WEEK: 7, Span.MONTH: 30}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the board is narrowed to; "" and None leave a filter open. `day` wins over `span`."""

    area: str = ""
    language: str = ""
    municipality: str = ""
    group: SettingGroup | None = None
    span: Span | None = None
    day: date | None = None
    looked_after_by: int | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether nothing is left out."""
        return self == Filters()

    def without_days(self) -> "Filters":
        """Return the same for every day."""
        return replace(self, span=None, day=None)


def conditions(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions on a request's row."""
    found: list[ColumnElement[bool]] = []
    if filters.area:
        found.append(Request.municipality.in_(municipalities_in((filters.area,))))
    if filters.municipality:
        found.append(Request.municipality == filters.municipality)
    if filters.language:
        asked = aliased(RequestLanguage)  # a statement that counts languages has the table itself
        found.append(exists().where(asked.request_id == Request.id, asked.code == filters.language))
    if filters.group:
        found.append(_in_group(filters.group))
    if filters.looked_after_by is not None:
        since = now - timedelta(hours=options.read(duty.DEFAULT).claim_hours)
        found.append(and_(Request.claimed_by_id == filters.looked_after_by, Request.claimed_at > since))
    days = span_of(filters, now)
    if days:
        found.append(and_(Request.starts_at < days.end, Request.ends_at > days.start))
    return found


def span_of(filters: Filters, now: datetime) -> Interval | None:
    """Return the days the board is narrowed to, from local midnight to local midnight."""
    zone = local_time.zone()
    if filters.day is not None:
        return local_day(filters.day, zone)
    if filters.span is None:
        return None
    today = to_local(now, zone).date()
    last = today + timedelta(days=_DAYS[filters.span] - 1)
    return Interval(local_day(today, zone).start, local_day(last, zone).end)


def _in_group(group: SettingGroup) -> ColumnElement[bool]:
    """Return whether the setting's row, or where it has none the shipped one, belongs to the group."""
    shipped = [code for code, setting in SETTINGS.items() if setting.group is group]
    rows = select(SettingRow.code)
    return or_(
        Request.setting.in_(rows.where(SettingRow.group == group.value)),
        and_(Request.setting.in_(shipped), Request.setting.not_in(rows)),
    )
