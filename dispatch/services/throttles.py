"""Count tries against limits in the database, so that a limit holds whatever the number of processes.

It must not keep what is throttled: a bucket is a hash.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dispatch.domain.accounts import Limit
from dispatch.domain.errors import Throttled
from dispatch.models import Attempt
from dispatch.services.transactions import reading

KEPT = timedelta(days=1)
_LOCK_DIGITS = 15


def bucket(*words: str) -> str:
    """Return the bucket of a kind of try and whose it is, such as `("sign_in", address, client)`."""
    return sha256("\x00".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def take(session: Session, limits: dict[str, Limit], now: datetime) -> None:
    """Count one try in every bucket. Raises Throttled, counting nothing, when one of them is full.

    Tries of one bucket wait for each other, so that parallel ones cannot pass together.
    """
    for name in sorted(limits):
        _lock(session, name)
    for name, limit in limits.items():
        _refuse_full(session, name, limit, now)
        session.execute(delete(Attempt).where(Attempt.bucket == name, Attempt.at <= now - limit.span))
    session.add_all([Attempt(bucket=name, at=now) for name in limits])
    session.flush()


def check(limits: dict[str, Limit], now: datetime) -> None:
    """Raise Throttled when one of the buckets is full; counts nothing."""
    for name, limit in limits.items():
        _refuse_full(reading(), name, limit, now)


def give_back(session: Session, *buckets: str) -> None:
    """Forget the newest try of each bucket: it turned out to be a rightful one."""
    for name in buckets:
        newest = select(func.max(Attempt.id)).where(Attempt.bucket == name).scalar_subquery()
        session.execute(delete(Attempt).where(Attempt.id == newest))


def clear(session: Session, *buckets: str) -> None:
    """Forget all tries of these buckets."""
    session.execute(delete(Attempt).where(Attempt.bucket.in_(buckets)))


def _refuse_full(session: Session, name: str, limit: Limit, now: datetime) -> None:
    within = (Attempt.bucket == name, Attempt.at > now - limit.span)
    # the try that must leave the window before there is room again
    blocking = session.scalar(
        select(Attempt.at).where(*within).order_by(Attempt.at.desc()).offset(limit.tries - 1).limit(1)
    )
    if blocking is not None:
        raise Throttled(blocking + limit.span)


def _lock(session: Session, name: str) -> None:
    """Let tries of one bucket wait for each other; SQLite's write transaction does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(name[:_LOCK_DIGITS], 16))))
