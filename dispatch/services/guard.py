"""Tell whether the database itself refuses double bookings, for checks and health."""

from dispatch.models.constraints import guard_present
from dispatch.services.transactions import reading


def is_present() -> bool:
    """Look the guard up in the database's own catalogue."""
    return guard_present(reading().connection())
