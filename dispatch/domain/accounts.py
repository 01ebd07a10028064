"""Decide how long sessions, links and drafts live, and how often one may try.

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
    """Lifetimes and limits in real time, not in service hours.

    One client alone cannot use up the tries of an address: whoever owns it still gets in from elsewhere.
    """

    session_idle: timedelta = timedelta(hours=8)
    session_longest: timedelta = timedelta(days=7)
    seen_every: timedelta = timedelta(minutes=5)
    invite_lasts: timedelta = timedelta(days=7)
    reset_lasts: timedelta = timedelta(hours=1)
    login_lasts: timedelta = timedelta(minutes=30)
    draft_lasts: timedelta = timedelta(days=14)
    stray_draft_lasts: timedelta = timedelta(hours=12)
    draft_bytes: int = 64_000
    sign_in_here: Limit = Limit(10, timedelta(minutes=15))
    sign_in_address: Limit = Limit(100, timedelta(hours=1))
    sign_in_client: Limit = Limit(60, timedelta(minutes=15))
    factor_here: Limit = Limit(10, timedelta(minutes=15))
    factor_account: Limit = Limit(50, timedelta(hours=1))
    mails_address: Limit = Limit(3, timedelta(hours=1))
    mails_client: Limit = Limit(20, timedelta(hours=1))
    links_client: Limit = Limit(20, timedelta(minutes=15))
    drafts_client: Limit = Limit(30, timedelta(hours=1))


DEFAULT = AccountOptions()
MAILED_LINKS = ("invite", "reset", "login")


def is_live(created_at: datetime, seen_at: datetime, now: datetime, options: AccountOptions = DEFAULT) -> bool:
    """Tell whether a session that nobody ended still counts."""
    return now < session_ends_at(created_at, seen_at, options)


def session_ends_at(created_at: datetime, seen_at: datetime, options: AccountOptions = DEFAULT) -> datetime:
    """Return when a session ends by itself unless it is used again."""
    return min(seen_at + options.session_idle, created_at + options.session_longest)


def link_ends_at(purpose: str, now: datetime, options: AccountOptions = DEFAULT) -> datetime:
    """Return until when a link mailed now can be used; `purpose` is one of MAILED_LINKS."""
    lasts = {
        "invite": options.invite_lasts,
        "reset": options.reset_lasts,
        "login": options.login_lasts,
    }
    return now + lasts[purpose]
