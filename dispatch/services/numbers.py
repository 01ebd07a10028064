"""Give out the numbers people read: requests, appointments, badges; each series without gaps by commit."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch.models import Counter

FIRST = {"request": 401, "appointment": 301, "badge": 1001}


def next_number(session: Session, series: str) -> int:
    """Return the next number of `series` (a key of FIRST), counting inside the caller's transaction."""
    counted = session.scalar(
        update(Counter).where(Counter.name == series).values(value=Counter.value + 1).returning(Counter.value),
        execution_options={"synchronize_session": False},
    )
    if counted is None:
        session.add(Counter(name=series, value=FIRST[series]))
        session.flush()
        return FIRST[series]
    return counted
