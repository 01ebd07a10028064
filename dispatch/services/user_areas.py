"""Keep the social areas of a regional coordinator, each from–until; what is over stays on record.

It must not decide which rows hold; that is `domain.areas`.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain.areas import AreaSpan, as_recorded
from dispatch.domain.intervals import to_local
from dispatch.models import UserArea
from dispatch.services import local_time


def today(now: datetime) -> date:
    """Return the day by which areas begin and end."""
    return to_local(now, local_time.zone()).date()


def split(session: Session, user_id: int, now: datetime) -> tuple[tuple[AreaSpan, ...], tuple[AreaSpan, ...]]:
    """Return the areas that hold today or later, and those that are over, by area and first day."""
    spans = [_span(row) for row in _rows(session, user_id)]
    day = today(now)
    ended = tuple(span for span in spans if _is_over(span, day))
    return tuple(span for span in spans if not _is_over(span, day)), ended


def keep(session: Session, user_id: int, wanted: Collection[AreaSpan], now: datetime) -> bool:
    """Let exactly these spans hold from today on and return whether anything changed."""
    day = today(now)
    is_changed = False
    rows = [row for row in _rows(session, user_id) if not _is_over(_span(row), day)]
    for row in rows:
        kept = as_recorded(_span(row), wanted, day - timedelta(days=1))
        is_changed |= kept != _span(row)
        if kept is None:
            session.delete(row)
        else:
            row.valid_until = kept.last
    begun = {(row.social_area, row.valid_from) for row in rows}
    new = [one for one in wanted if one[:2] not in begun]
    session.add_all(
        UserArea(user_id=user_id, social_area=one.area, valid_from=one.first, valid_until=one.last) for one in new
    )
    return is_changed or bool(new)


def _rows(session: Session, user_id: int) -> list[UserArea]:
    wanted = select(UserArea).where(UserArea.user_id == user_id)
    return list(session.scalars(wanted.order_by(UserArea.social_area, UserArea.valid_from)))


def _span(row: UserArea) -> AreaSpan:
    return AreaSpan(row.social_area, row.valid_from, row.valid_until)


def _is_over(span: AreaSpan, day: date) -> bool:
    return span.last is not None and span.last < day
