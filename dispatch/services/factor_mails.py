"""Tell the owner of an account by mail that a second factor was added, removed or stood in for; never a secret."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.domain.second_factors import FactorChange
from dispatch.models import User
from dispatch.services import outbox

FALLBACK_LOCALE = "de"


def tell(session: Session, user: User, change: FactorChange, now: datetime) -> None:
    """Put the message into the outbox, in the transaction of the change."""
    locale = user.ui_language or FALLBACK_LOCALE
    params = {"change": change.value}
    outbox.enqueue(session, "factors_changed", user.email, now, locale=locale, user_id=user.id, params=params)
