"""Let people in and out: who stands behind a session, when it begins and when it ends.

It must not send or render anything, and hashes no password inside a transaction.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from dispatch.domain import accounts as rules
from dispatch.domain.errors import Busy, Forbidden
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import Act, Actor, Role, Subject, require
from dispatch.models import LoginSession, Organisation, SecondFactor, SignInStep, UnitSight, User, UserArea
from dispatch.services import audit, links, local_time, options
from dispatch.services.transactions import reading, run

SECRET_BYTES = 32


@dataclass(frozen=True)
class Account:
    """A person who may sign in, as the pages need them; `actor` is what the permission table asks for.

    `has_factor`: there is a second factor, or one was proved in this session elsewhere (at single sign-on).
    `ends_at`: when the session ends by itself unless it is used again; None outside a session.
    """

    user_id: int
    name: str
    email: str
    role: Role
    actor: Actor
    ui_language: str | None
    organisation_id: int | None
    organisation_name: str | None
    mediator_id: int | None
    has_factor: bool = False
    ends_at: datetime | None = None


def find_session(secret: str, now: datetime) -> Account | None:
    """Return who is signed in under `secret`; None when unknown, ended, too old or the account disabled.

    One statement for most roles; notes that the session was used, at most every five minutes.
    """
    id_hash = _hash(secret)
    found = (
        reading()
        .execute(
            select(
                LoginSession,
                User,
                Organisation.name,
                exists().where(UnitSight.unit_id == User.organisation_id),
                exists().where(SecondFactor.user_id == User.id),
                *options.stamp_columns(),
            )
            .join(User, User.id == LoginSession.user_id)
            .outerjoin(Organisation, Organisation.id == User.organisation_id)
            .where(LoginSession.id_hash == id_hash, LoginSession.ended_at.is_(None), User.active)
        )
        .one_or_none()
    )
    if found is None:
        return None
    login, user, organisation_name, has_sight, has_factor, *stamp = found
    options.use_stamp(reading(), (stamp[0], stamp[1], stamp[2]))
    if not rules.is_live(login.created_at, login.seen_at, now, options.read(rules.DEFAULT)):
        return None
    account = describe(reading(), user, organisation_name, now, has_sight=has_sight)
    if has_factor or login.proved_at:
        account = replace(account, has_factor=True)
    seen_at = login.seen_at
    if now >= seen_at + options.read(rules.DEFAULT).seen_every:
        _note_seen(id_hash, now)
        seen_at = now
    return replace(account, ends_at=rules.session_ends_at(login.created_at, seen_at, options.read(rules.DEFAULT)))


def describe(
    session: Session, user: User, organisation_name: str | None, now: datetime, *, has_sight: bool = True
) -> Account:
    """Return what the pages and the permission table need of a user; one statement more for areas or granted sight."""
    role = Role(user.role)
    is_member = role is Role.REQUESTER and user.organisation_id is not None
    actor = Actor(
        user.id,
        role,
        organisation_ids=frozenset({user.organisation_id} if user.organisation_id else ()),
        mediator_id=user.mediator_id,
        areas=_areas(session, user.id, now) if role is Role.REGIONAL_COORDINATOR else frozenset(),
        seen_ids=_seen_by(session, user.organisation_id) if is_member and has_sight else frozenset(),
        leads_unit=is_member and user.leads_unit,
        handles_protected=user.handles_protected and role is Role.COORDINATOR,
    )
    return Account(
        user.id,
        user.name,
        user.email,
        role,
        actor,
        user.ui_language,
        user.organisation_id,
        organisation_name,
        user.mediator_id,
    )


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner may see it; `is_this` marks the one that asks."""

    began_at: datetime
    seen_at: datetime
    is_this: bool


def list_sessions(user_id: int, secret: str, now: datetime) -> list[OpenSession]:
    """Return the live sessions of a user, the latest used first."""
    rows = reading().scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.seen_at.desc(), LoginSession.created_at.desc())
    )
    return [
        OpenSession(row.created_at, row.seen_at, row.id_hash == _hash(secret))
        for row in rows
        if rules.is_live(row.created_at, row.seen_at, now, options.read(rules.DEFAULT))
    ]


def end_other_sessions(actor: Actor, secret: str, now: datetime) -> int:
    """End the sessions of who asks, except the one with this secret; return how many ended."""
    user_id = _own(actor)

    def use_case(session: Session) -> int:
        ended = end_sessions(session, user_id, now, but=secret)
        audit.record(session, actor, "end_sessions", ("user", user_id), now, facts={"ended": ended})
        return ended

    return run(use_case)


def keep_language(actor: Actor, tag: str) -> None:
    """Keep the language in which who asks reads pages and mails."""
    user_id = _own(actor)
    wanted = update(User).where(User.id == user_id).values(ui_language=tag)
    run(lambda session: session.execute(wanted, execution_options={"synchronize_session": False}))


def has_password(user_id: int) -> bool:
    """Tell whether the account has a password, or only mailed links."""
    return reading().scalar(select(User.password_hash).where(User.id == user_id)) is not None


def owner_of(secret: str) -> int | None:
    """Return whose session this is or was, to recognise a person whose session has ended; it proves no right."""
    return reading().scalar(select(LoginSession.user_id).where(LoginSession.id_hash == _hash(secret)))


def begin_session(session: Session, user_id: int, now: datetime, *, is_proved: bool = False) -> str:
    """Begin a session of this user and return its secret; only the secret's hash is kept.

    `is_proved`: a second factor was proved just now, here or at single sign-on.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    proved_at = now if is_proved else None
    session.add(LoginSession(id_hash=_hash(secret), user_id=user_id, created_at=now, seen_at=now, proved_at=proved_at))
    session.execute(
        update(User).where(User.id == user_id).values(signed_in_at=now),
        execution_options={"synchronize_session": False},
    )
    return secret


def renew_session(session: Session, secret: str, user_id: int, now: datetime, *, is_proved: bool = False) -> str:
    """End this session and begin another one of the same user, who has just shown again who they are."""
    _end_one(session, secret, now)
    return begin_session(session, user_id, now, is_proved=is_proved)


def get_session(session: Session, actor: Actor, secret: str) -> LoginSession:
    """Return the row of the session in which somebody acts. Raises Forbidden when it is none of theirs."""
    own = (LoginSession.id_hash == _hash(secret), LoginSession.user_id == actor.user_id)
    found = session.scalar(select(LoginSession).where(*own, LoginSession.ended_at.is_(None)))
    if found is None:
        raise Forbidden
    return found


def end_session(secret: str, now: datetime) -> None:
    """End one session; an unknown or ended one stays as it is."""
    run(lambda session: _end_one(session, secret, now))


def _end_one(session: Session, secret: str, now: datetime) -> None:
    session.execute(
        update(LoginSession)
        .where(LoginSession.id_hash == _hash(secret), LoginSession.ended_at.is_(None))
        .values(ended_at=now),
        execution_options={"synchronize_session": False},
    )


def end_sessions(session: Session, user_id: int, now: datetime, *, but: str | None = None) -> int:
    """End all sessions of a user, except the one with the secret `but`, and every step between two; return how many."""
    session.execute(
        delete(SignInStep).where(SignInStep.user_id == user_id), execution_options={"synchronize_session": False}
    )
    wanted = update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    if but is not None:
        wanted = wanted.where(LoginSession.id_hash != _hash(but))
    ended = session.execute(
        wanted.values(ended_at=now).returning(LoginSession.id_hash),
        execution_options={"synchronize_session": False},
    )
    return len(ended.all())


def put_out(session: Session, user_id: int, now: datetime) -> None:
    """End every session of a user, and every mailed link by which they could get in again."""
    end_sessions(session, user_id, now)
    retire_links(session, user_id, now)


def retire_links(session: Session, user_id: int, now: datetime) -> None:
    """End every mailed link by which the user could get in."""
    for purpose in rules.MAILED_LINKS:
        links.retire(session, purpose, user_id, now)


def _own(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden
    require(actor, Act.ACCOUNT_EDIT, Subject(user_id=actor.user_id))
    return actor.user_id


def _note_seen(id_hash: str, now: datetime) -> None:
    def use_case(session: Session) -> None:
        session.execute(
            update(LoginSession).where(LoginSession.id_hash == id_hash).values(seen_at=now),
            execution_options={"synchronize_session": False},
        )

    try:
        run(use_case)
    except Busy:
        return  # a page must not fail because the note that it was seen has to wait


def _areas(session: Session, user_id: int, now: datetime) -> frozenset[str]:
    today = to_local(now, local_time.zone()).date()
    rows = session.execute(
        select(UserArea.social_area, UserArea.valid_until).where(
            UserArea.user_id == user_id, UserArea.valid_from <= today
        )
    )
    return frozenset(area for area, until in rows if until is None or until >= today)


def _seen_by(session: Session, unit_id: int | None) -> frozenset[int]:
    return frozenset(session.scalars(select(UnitSight.sees_id).where(UnitSight.unit_id == unit_id)))


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
