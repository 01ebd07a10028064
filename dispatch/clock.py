"""Read the time: the only place that does, so that every rule can be asked about any moment.

It must not compute with it; that is the domain's.
"""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this instant in UTC, cut to whole seconds as everything stored."""
    return datetime.now(UTC).replace(microsecond=0)
