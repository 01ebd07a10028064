"""Give out the numbers people read: requests, appointments, badges; each series without gaps by commit."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from dispatch.models import Counter

FIRST = {"request": 401, "appointment": 301, "badge": 1001}


def next_number(session: Session, series: str) -> int:
    """Return the next number of `series` (a key of FIRST), counting inside the caller's transaction.

    One statement for the first number too, so that two transactions that begin a series at once wait for each other.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    counted = dialect.insert(Counter).values(name=series, value=FIRST[series])
    upsert = counted.on_conflict_do_update(index_elements=[Counter.name], set_={"value": Counter.value + 1})
    return int(session.scalars(upsert.returning(Counter.value)).one())
