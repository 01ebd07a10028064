"""Decide which passwords are allowed, how long sessions and mailed links live, and when a next try is.

It never hashes, compares or stores anything; failures and mails are handed in as instants.
"""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """Option: passwords (characters), lifetimes, throttle of failed tries and of mails to one address.

    ASVS 5.0 asks for 8 characters at least and 64 to be possible (6.2.1, 6.2.9), and for no rule of composition.
    """

    shortest_password: int = 12
    longest_password: int = 128
    invite: timedelta = timedelta(days=7)
    reset: timedelta = timedelta(hours=1)
    login_link: timedelta = timedelta(minutes=15)
    session_idle: timedelta = timedelta(hours=8)
    session_longest: timedelta = timedelta(days=7)
    free_failures: int = 5
    first_delay: timedelta = timedelta(seconds=30)
    longest_delay: timedelta = timedelta(minutes=15)
    failures_forgotten: timedelta = timedelta(hours=1)
    mails: int = 3
    mails_within: timedelta = timedelta(hours=1)


DEFAULT = AccountOptions()

_TELLING_PART = 4
"""Shorter parts of an address occur in passwords by chance."""


def normalise_password(typed: str) -> str:
    """Return the password in the form that is hashed: NFC, otherwise as typed, blanks included."""
    return unicodedata.normalize("NFC", typed)


def password_codes(
    password: str, email: str, common: Collection[str], *, options: AccountOptions = DEFAULT
) -> tuple[str, ...]:
    """Return what speaks against a password; empty = allowed.

    `common` holds known passwords in lower case. Codes: `too_short`, `too_long`, `control_characters`,
    `common`, `contains_email` (the address, or the part before the @ from four characters on).
    """
    lowered = password.casefold()
    local = email.casefold().partition("@")[0]
    found = {
        "too_short": len(password) < options.shortest_password,
        "too_long": len(password) > options.longest_password,
        "control_characters": any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in password),
        "common": lowered in common,
        "contains_email": len(local) >= _TELLING_PART and local in lowered,
    }
    return tuple(code for code, holds in found.items() if holds)


def session_ends_at(created_at: datetime, seen_at: datetime, *, options: AccountOptions = DEFAULT) -> datetime:
    """Return when a session ends unless it is used: the earlier of its idle and its longest time."""
    return min(seen_at + options.session_idle, created_at + options.session_longest)


def allowed_at(failures: Sequence[datetime], now: datetime, *, options: AccountOptions = DEFAULT) -> datetime | None:
    """Return when the next try is allowed, None when it is at once.

    `failures` may be in any order. The delay after the last one doubles with each beyond the free ones up to
    the longest: nobody is locked out for good, and all is forgotten after a while.
    """
    recent = [failure for failure in failures if failure > now - options.failures_forgotten]
    beyond = len(recent) - options.free_failures
    if beyond < 0:
        return None
    doublings = min(beyond, options.longest_delay // options.first_delay)
    until = max(recent) + min(options.first_delay * 2**doublings, options.longest_delay)
    return until if until > now else None


def may_mail(sent: Sequence[datetime], now: datetime, *, options: AccountOptions = DEFAULT) -> bool:
    """Tell whether one more mail (reset, invitation, login link) may go to the address they went to."""
    return sum(at > now - options.mails_within for at in sent) < options.mails
