"""Make and find the tokens of mailed links; the key is an argument, only hash and nonce are kept.

A token is base64url of HMAC-SHA256 over purpose, subject and nonce: it can be computed anew whenever a mail is
rendered and means nothing without the key. What a link allows is decided by the service of its purpose.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.domain.errors import LinkExpired, Missing
from dispatch.models import Link
from dispatch.services.transactions import reading, run

NONCE_BYTES = 16


def issue(purpose: str, subject_id: int, *, key: str, now: datetime, expires_at: datetime | None = None) -> str:
    """Return the token of the live link for this purpose and subject, making the link when there is none.

    Called when a mail is rendered, in a transaction of its own; twice gives the same token.
    """

    def use_case(session: Session) -> str:
        if live := _live(session, purpose, subject_id, key, now):
            return live
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        token = _token(purpose, subject_id, nonce, key)
        session.add(
            Link(
                purpose=purpose,
                subject_id=subject_id,
                nonce=nonce,
                token_hash=_hash(token),
                created_at=now,
                expires_at=expires_at,
            )
        )
        return token

    return run(use_case)


def known(purpose: str, subject_id: int, *, key: str, now: datetime) -> str | None:
    """Return the token of the live link for this purpose and subject without making one; None if there is none."""
    return _live(reading(), purpose, subject_id, key, now)


def find(purpose: str, token: str, now: datetime) -> int:
    """Return the subject's id. Raises Missing for an unknown or altered token, LinkExpired for a spent or old one."""
    link = reading().scalar(select(Link).where(Link.token_hash == _hash(token), Link.purpose == purpose))
    if link is None:
        raise Missing
    if link.used_at is not None or (link.expires_at is not None and link.expires_at <= now):
        raise LinkExpired
    return link.subject_id


def fingerprint(token: str) -> str:
    """Return what is kept of a token, for a service that finds its link along with other rows."""
    return _hash(token)


def spend(session: Session, purpose: str, token: str, now: datetime) -> int:
    """Use a single-use link up and return its subject's id; raises as `find`, also when another was first."""
    spent = session.scalar(
        update(Link)
        .where(Link.token_hash == _hash(token), Link.purpose == purpose, Link.used_at.is_(None))
        .where((Link.expires_at.is_(None)) | (Link.expires_at > now))
        .values(used_at=now)
        .returning(Link.subject_id),
        execution_options={"synchronize_session": False},
    )
    if spent is not None:
        return int(spent)
    known = session.scalar(select(Link.id).where(Link.token_hash == _hash(token), Link.purpose == purpose))
    raise LinkExpired if known else Missing


def retire(session: Session, purpose: str, subject_id: int, now: datetime) -> None:
    """End every live link of this purpose and subject, so that the next `issue` makes a new one."""
    session.execute(
        update(Link)
        .where(Link.purpose == purpose, Link.subject_id == subject_id, Link.used_at.is_(None))
        .values(used_at=now),
        execution_options={"synchronize_session": False},
    )


def _live(session: Session, purpose: str, subject_id: int, key: str, now: datetime) -> str | None:
    live = select(Link).where(Link.purpose == purpose, Link.subject_id == subject_id, Link.used_at.is_(None))
    for link in session.scalars(live.order_by(Link.id.desc())):
        token = _token(purpose, subject_id, link.nonce, key)
        if link.token_hash == _hash(token) and not (link.expires_at and link.expires_at <= now):
            return token
    return None


def _token(purpose: str, subject_id: int, nonce: str, key: str) -> str:
    message = f"{purpose}\x00{subject_id}\x00{nonce}".encode()
    return urlsafe_b64encode(hmac.digest(key.encode(), message, "sha256")).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
