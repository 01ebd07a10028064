"""Decide how long sessions and links live, how often one may try, and which passwords are taken.

It never hashes or compares a secret.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """At most `tries` within `span`, counted over a sliding window."""

    tries: int
    span: timedelta


@dataclass(frozen=True)
class AccountOptions:
    """Lifetimes and limits; spans are real time, not service hours."""

    session_idle: timedelta = timedelta(hours=8)
    session_longest: timedelta = timedelta(days=7)
    seen_every: timedelta = timedelta(minutes=5)


DEFAULT = AccountOptions()


def is_live(
    created_at: datetime, seen_at: datetime, now: datetime, options: AccountOptions = DEFAULT
) -> bool:
    """Tell whether a session that nobody ended still counts."""
    return now < seen_at + options.session_idle and now < created_at + options.session_longest
