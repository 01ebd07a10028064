"""Know the program behind a bearer token: whose it is, what it reaches, how often it called; make and revoke tokens.

Only the hash of a token is kept. Calls are counted in the database, block by block, so that a limit holds whatever
the number of processes.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import case, exists, or_, select, update
from sqlalchemy.orm import Session

from dispatch.domain import programs as rules
from dispatch.domain.errors import Missing
from dispatch.domain.permissions import Act, Actor, Subject, require
from dispatch.domain.programs import NewToken, Scope
from dispatch.models import ApiToken, Organisation, UnitSight, User
from dispatch.services import accounts, audit, options
from dispatch.services.transactions import reading, run

PREFIX = "gdd_"
"""How a token begins, so that it is recognised where it must not stand, such as in a public repository."""
SECRET_BYTES = 32


@dataclass(frozen=True)
class Program:
    """Who calls: the token by its id, what it is for, and the account it acts as."""

    token_id: int
    scopes: frozenset[Scope]
    account: accounts.Account


@dataclass(frozen=True)
class Token:
    """A token as its owner may see it; the secret is shown once, when it is made."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def find(secret: str, now: datetime) -> Program | None:
    """Return who calls with this token; None when unknown, revoked, past its end or its user disabled.

    One statement for most roles.
    """
    found = (
        reading()
        .execute(
            select(
                ApiToken,
                User,
                Organisation.name,
                exists().where(UnitSight.unit_id == User.organisation_id),
                *options.stamp_columns(),
            )
            .join(User, User.id == ApiToken.user_id)
            .outerjoin(Organisation, Organisation.id == User.organisation_id)
            .where(
                ApiToken.secret_hash == _hash(secret),
                ApiToken.revoked_at.is_(None),
                or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
                User.active,
            )
        )
        .one_or_none()
    )
    if found is None:
        return None
    token, user, organisation_name, has_sight, *stamp = found
    options.use_stamp(reading(), (stamp[0], stamp[1], stamp[2]))
    account = accounts.describe(reading(), user, organisation_name, now, has_sight=has_sight)
    return Program(token.id, frozenset(Scope(word) for word in token.scopes.split()), account)


def take_calls(token_id: int, now: datetime) -> int:
    """Count a block of calls and return how many of them may be made in this minute; none at the limit."""
    limits = options.read(rules.DEFAULT)
    block, minute = rules.block_size(limits), rules.minute_of(now)

    def use_case(session: Session) -> int:
        taken = session.scalar(
            update(ApiToken)
            .where(ApiToken.id == token_id)
            .values(
                calls=case((ApiToken.minute == minute, ApiToken.calls + block), else_=block),
                minute=minute,
                last_used_at=now,
            )
            .returning(ApiToken.calls),
            execution_options={"synchronize_session": False},
        )
        return max(0, min(block, limits.calls_per_minute - ((taken or 0) - block)))

    return run(use_case)


def make(actor: Actor, user_id: int, new: NewToken, now: datetime) -> str:
    """Make a token for a user and return its secret, which nothing tells again. Raises Missing and Forbidden."""
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)

    def use_case(session: Session) -> None:
        require(actor, Act.PROGRAM_ADMIT, Subject(user_id=user_id))
        user = session.get(User, user_id)
        if user is None or not user.active:
            raise Missing
        token = ApiToken(
            user_id=user_id,
            name=new.name,
            secret_hash=_hash(secret),
            scopes=" ".join(sorted(new.scopes)),
            created_at=now,
            expires_at=new.expires_at,
        )
        session.add(token)
        session.flush()
        facts = {"token": token.id, "scopes": sorted(new.scopes)}
        audit.record(session, actor, "make_token", ("user", user_id), now, facts=facts)

    run(use_case)
    return secret


def tokens_of(actor: Actor, user_id: int) -> list[Token]:
    """Return the live tokens of a user, the newest first. Raises Missing and Forbidden."""
    require(actor, Act.PROGRAM_ADMIT, Subject(user_id=user_id))
    rows = reading().scalars(
        select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None)).order_by(ApiToken.id.desc())
    )
    return [
        Token(row.id, row.name, tuple(row.scopes.split()), row.created_at, row.expires_at, row.last_used_at)
        for row in rows
    ]


def revoke(actor: Actor, token_id: int, now: datetime) -> None:
    """End a token at once. Raises Missing for one that is revoked, unknown or another's, and Forbidden."""

    def use_case(session: Session) -> None:
        token = session.get(ApiToken, token_id, with_for_update=True)
        if token is None:
            raise Missing
        require(actor, Act.PROGRAM_ADMIT, Subject(user_id=token.user_id))
        if token.revoked_at is not None:
            raise Missing
        token.revoked_at = now
        audit.record(session, actor, "revoke_token", ("user", token.user_id), now, facts={"token": token.id})

    run(use_case)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
