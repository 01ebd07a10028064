"""Answer a repeated call with the first one's answer: a program that got no answer may safely ask again.

Only answers of calls that did something are kept; of any other the key is free again.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dispatch.domain.errors import KeyAtWork, KeyReused
from dispatch.domain.programs import REPEAT_LASTS, REPEAT_LEASE
from dispatch.models import IdempotencyKey
from dispatch.services.transactions import run

_PLAIN = {"synchronize_session": False}


@dataclass(frozen=True)
class Answer:
    """What a call was answered: status, body, and where the made thing is."""

    status: int
    body: str
    location: str | None


def begin(token_id: int, key: str, call: bytes, now: datetime) -> Answer | None:
    """Begin a call under a key of the token; an Answer when it was answered before. `call` tells it from others.

    Raises KeyReused when the key was used for another call, KeyAtWork while the first one is still at work.
    """
    key_hash, call_hash = _hash(key.encode()), _hash(call)

    def use_case(session: Session) -> Answer | None:
        session.execute(
            delete(IdempotencyKey).where(
                IdempotencyKey.token_id == token_id,
                IdempotencyKey.key_hash == key_hash,
                IdempotencyKey.created_at <= now - REPEAT_LASTS,
            ),
            execution_options=_PLAIN,
        )
        known = session.scalar(
            select(IdempotencyKey)
            .where(IdempotencyKey.token_id == token_id, IdempotencyKey.key_hash == key_hash)
            .with_for_update()
        )
        if known is None:
            session.add(IdempotencyKey(token_id=token_id, key_hash=key_hash, call_hash=call_hash, created_at=now))
            session.flush()
            return None
        if known.call_hash != call_hash:
            raise KeyReused
        if known.status is not None:
            return Answer(known.status, known.body or "", known.location)
        if now < known.created_at + REPEAT_LEASE:
            raise KeyAtWork
        known.created_at = now
        return None

    return run(use_case)


def keep(token_id: int, key: str, answer: Answer) -> None:
    """Keep what the call was answered."""
    wanted = (
        update(IdempotencyKey)
        .where(IdempotencyKey.token_id == token_id, IdempotencyKey.key_hash == _hash(key.encode()))
        .values(status=answer.status, body=answer.body, location=answer.location)
    )
    run(lambda session: session.execute(wanted, execution_options=_PLAIN))


def release(token_id: int, key: str) -> None:
    """Let the key be used anew: the call did nothing."""
    wanted = delete(IdempotencyKey).where(
        IdempotencyKey.token_id == token_id,
        IdempotencyKey.key_hash == _hash(key.encode()),
        IdempotencyKey.status.is_(None),
    )
    run(lambda session: session.execute(wanted, execution_options=_PLAIN))


def _hash(value: bytes) -> str:
    return sha256(value).hexdigest()
