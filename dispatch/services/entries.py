"""Let in whoever showed the first factor: at once, or up to the step where the second one is asked for.

Password, mailed link and invitation all come by here, so that none of them goes around a second factor.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dispatch.models import SecondFactor
from dispatch.services import accounts, sign_in_steps


class Entry(NamedTuple):
    """How far somebody got: `secret` is that of a session, or of the step at which a second factor is awaited."""

    secret: str
    user_id: int
    awaits_factor: bool = False


def begin(session: Session, user_id: int, now: datetime) -> Entry:
    """Begin a session of this user, or the step before it when the account has a second factor."""
    if has_factor(session, user_id):
        return Entry(sign_in_steps.begin(session, user_id, sign_in_steps.SIGN_IN, now), user_id, True)
    return Entry(accounts.begin_session(session, user_id, now), user_id)


def has_factor(session: Session, user_id: int) -> bool:
    """Tell whether the account has a second factor."""
    return bool(session.scalar(select(exists().where(SecondFactor.user_id == user_id))))
