"""Keep the steps between two: the password was right and a factor is awaited, one is proved again or set up.

A step has its own secret, of which only the hash is kept; it gives no right but to go on with what it is for.
"""

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.domain.second_factors import STEP_LASTS
from dispatch.models import SignInStep
from dispatch.services.passkeys import new_challenge
from dispatch.services.transactions import reading

SECRET_BYTES = 32
SIGN_IN, ENROL, CONFIRM = "sign_in", "enrol", "confirm"


def begin(session: Session, user_id: int, purpose: str, now: datetime, *, sealed_secret: str | None = None) -> str:
    """Begin a step and return its secret; steps of all people that are over go."""
    session.execute(delete(SignInStep).where(SignInStep.expires_at <= now))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session.add(
        SignInStep(
            id_hash=_hash(secret),
            user_id=user_id,
            purpose=purpose,
            challenge=new_challenge(),
            sealed_secret=sealed_secret,
            created_at=now,
            expires_at=now + STEP_LASTS,
        )
    )
    return secret


def find(secret: str, purpose: str, now: datetime) -> SignInStep | None:
    """Return a step that has not ended, for the page that shows it."""
    return _find(reading(), secret, purpose, now)


def take(session: Session, secret: str, purpose: str, now: datetime) -> SignInStep | None:
    """Return the same, locked until the transaction ends: of two who go on with it one finds none any more."""
    return _find(session, secret, purpose, now, lock=True)


def ask_anew(session: Session, secret: str) -> None:
    """Give the step another challenge: the last one has been answered."""
    step = session.scalar(select(SignInStep).where(SignInStep.id_hash == _hash(secret)).with_for_update())
    if step is not None:
        step.challenge = new_challenge()


def _find(session: Session, secret: str, purpose: str, now: datetime, *, lock: bool = False) -> SignInStep | None:
    wanted = select(SignInStep).where(
        SignInStep.id_hash == _hash(secret), SignInStep.purpose == purpose, SignInStep.expires_at > now
    )
    return session.scalar(wanted.with_for_update() if lock else wanted)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
