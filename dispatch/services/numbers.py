"""Give out the numbers people read: requests, appointments, badges; each series without gaps by commit."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dispatch.models import Counter

FIRST = {"request": 401, "appointment": 301, "badge": 1001}


def next_number(session: Session, series: str) -> int:
    """Return the next number of `series` (a key of FIRST), counting inside the caller's transaction."""
    return next_numbers(session, series, 1)[0]


def next_numbers(session: Session, series: str, count: int) -> range:
    """Return the next `count` numbers of `series`, as `next_number` does.

    One statement for the first numbers too, so that two transactions that begin a series at once wait for each other.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    begun = dialect.insert(Counter).values(name=series, value=FIRST[series] + count - 1)
    counted = begun.on_conflict_do_update(index_elements=[Counter.name], set_={"value": Counter.value + count})
    last = int(session.scalars(counted.returning(Counter.value)).one())
    return range(last - count + 1, last + 1)
