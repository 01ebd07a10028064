"""Make and use up recovery codes: each stands in for a lost factor once.

Only an HMAC of a code is kept; the code itself exists while the page that shows it is made.
"""

import hmac
import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from dispatch.domain import second_factors as rules
from dispatch.models import RecoveryCode
from dispatch.services.transactions import reading


def make(session: Session, user_id: int, now: datetime, *, key: str) -> tuple[str, ...]:
    """Make new codes, as people read them; the former ones end."""
    forget(session, user_id)
    codes = [
        "".join(secrets.choice(rules.RECOVERY_ALPHABET) for _sign in range(rules.RECOVERY_SIGNS))
        for _code in range(rules.RECOVERY_CODES)
    ]
    session.add_all(
        RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code, key), created_at=now) for code in codes
    )
    return tuple(rules.recovery_code(code) for code in codes)


def use(session: Session, user_id: int, signs: str, now: datetime, *, key: str) -> bool:
    """Use up a code and tell whether it was good; of two who use it at once one succeeds."""
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == _hash(user_id, signs, key),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id),
        execution_options={"synchronize_session": False},
    )
    return used.first() is not None


def left(user_id: int) -> int:
    """Return how many codes have not been used."""
    wanted = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return reading().scalar(wanted) or 0


def forget(session: Session, user_id: int) -> None:
    """Delete all codes of a user."""
    session.execute(
        delete(RecoveryCode).where(RecoveryCode.user_id == user_id), execution_options={"synchronize_session": False}
    )


def _hash(user_id: int, signs: str, key: str) -> str:
    return hmac.digest(key.encode(), f"recovery code of {user_id}: {signs}".encode(), "sha256").hex()
