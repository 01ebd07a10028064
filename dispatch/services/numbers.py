"""Give out the numbers people read: requests, appointments, badges; each series without gaps by commit."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.models import Counter

FIRST = {"request": 401, "appointment": 301, "badge": 1001}


def next_number(session: Session, series: str) -> int:
    """Return the next number of `series` (a key of FIRST), counting inside the caller's transaction."""
    return next_numbers(session, series, 1)[0]


def next_numbers(session: Session, series: str, count: int) -> range:
    """Return the next `count` numbers of `series`, as `next_number` does."""
    last = session.scalar(
        update(Counter).where(Counter.name == series).values(value=Counter.value + count).returning(Counter.value),
        execution_options={"synchronize_session": False},
    )
    if last is None:
        last = FIRST[series] + count - 1
        session.add(Counter(name=series, value=last))
        session.flush()
    return range(last - count + 1, last + 1)
