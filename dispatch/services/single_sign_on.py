"""Let people in whom the provider of single sign-on names, and connect accounts with it.

It must not speak with the provider: it takes over once a person's issuer and subject are proved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.domain import accounts as limits
from dispatch.domain.areas import TypedArea
from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.permissions import SYSTEM, Act, Actor, Role, Subject, require
from dispatch.domain.single_sign_on import (
    Cause,
    Entry,
    Grant,
    Person,
    SignOnExpired,
    SignOnRefused,
    grant_of,
    refuse_known,
    refuse_link,
    refuse_stranger,
)
from dispatch.domain.users import CheckedUser, TypedUser, check_user
from dispatch.models import Identity, Organisation, User
from dispatch.services import accounts, audit, options, throttles, user_areas, users
from dispatch.services.social_areas import all_areas
from dispatch.services.transactions import reading, run

BY = {"by": "single_sign_on"}


@dataclass(frozen=True)
class Connection:
    """How an account is connected with the provider: since when, and when it was last used."""

    since: datetime
    used_at: datetime | None


def count_try(client: str, now: datetime) -> None:
    """Count a way back from the provider, so that nobody lets us ask it without end. Raises Throttled."""
    most = options.read(limits.DEFAULT).sign_in_client
    run(lambda session: throttles.take(session, {_bucket(client): most}, now))


def note_refusal(cause: str, now: datetime) -> None:
    """Note in the audit log that somebody did not get in."""
    facts = {**BY, "cause": cause}
    run(lambda session: audit.record(session, SYSTEM, "sign_in_failed", ("user", 0), now, facts=facts))


def enter(person: Person, entries: Sequence[Entry], now: datetime, *, client: str) -> str:
    """Begin a session of the person and return its secret; an account is made at the first time.

    Role, unit and areas follow the groups at each sign-in. Who has lost every group loses the account: it is disabled,
    its sessions end. Raises SignOnRefused, SignOnExpired when the same person came twice at one moment.
    """
    grant = grant_of(entries, person.groups)

    def use_case(session: Session) -> str | Cause:
        identity = _find(session, person)
        found = _update(session, identity, grant, now) if identity else _make(session, person, grant, now)
        if isinstance(found, Cause):
            return found
        throttles.give_back(session, _bucket(client))
        return _begin(session, found, now)

    return _refuse_cause(use_case)


def connect(actor: Actor, person: Person, entries: Sequence[Entry], now: datetime) -> None:
    """Connect the account of who asks with the person at the provider.

    Raises SignOnRefused: other_account, connected, no_group, other_role.
    """
    user_id = _own(actor)
    grant = grant_of(entries, person.groups)

    def use_case(session: Session) -> str | Cause:
        user = session.scalar(select(User).where(User.id == user_id, User.active).with_for_update())
        if user is None:
            raise Missing
        identity = _find(session, person)
        cause = refuse_link(
            grant,
            role=Role(user.role),
            organisation_id=user.organisation_id,
            is_others=identity is not None and identity.user_id != user_id,
            is_connected=_of(session, user_id, person.issuer) is not None,
        )
        if cause is None:
            session.add(Identity(user_id=user_id, issuer=person.issuer, subject=person.subject, created_at=now))
            audit.record(session, actor, "connect", ("user", user_id), now, facts=BY)
        return cause or ""

    _refuse_cause(use_case)


def disconnect(actor: Actor, now: datetime) -> None:
    """Take the connection from the account of who asks. Raises SignOnRefused (only_way): nothing else lets it in."""
    user_id = _own(actor)

    def use_case(session: Session) -> None:
        user = session.scalar(select(User).where(User.id == user_id, User.active).with_for_update())
        if user is None:
            raise Missing
        identities = session.scalars(select(Identity).where(Identity.user_id == user_id)).all()
        if identities and user.password_hash is None:
            raise SignOnRefused(Cause.ONLY_WAY)
        for identity in identities:
            session.delete(identity)
            audit.record(session, actor, "disconnect", ("user", user_id), now, facts=BY)

    run(use_case)


def connection_of(user_id: int) -> Connection | None:
    """Return how the account is connected, None when it is not."""
    found = reading().scalar(select(Identity).where(Identity.user_id == user_id).order_by(Identity.id).limit(1))
    return Connection(found.created_at, found.signed_in_at) if found else None


def unknown_targets(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries whose organisation or social area does not exist here."""
    wanted = {entry.organisation_id for entry in entries if entry.organisation_id}
    there = set(reading().scalars(select(Organisation.id).where(Organisation.id.in_(wanted)))) if wanted else set()
    areas = {None, *all_areas()}
    return [entry for entry in entries if entry.organisation_id not in {None, *there} or entry.area not in areas]


def _bucket(client: str) -> str:
    return throttles.bucket("sign_in_client", client)


def _find(session: Session, person: Person) -> Identity | None:
    wanted = select(Identity).where(Identity.issuer == person.issuer, Identity.subject == person.subject)
    return session.scalar(wanted.with_for_update())


def _of(session: Session, user_id: int, issuer: str) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.user_id == user_id, Identity.issuer == issuer))


def _make(session: Session, person: Person, grant: Grant | None, now: datetime) -> User | Cause:
    is_taken = bool(session.scalar(select(User.id).where(User.email == person.email)))
    cause = refuse_stranger(grant, person.email, is_taken=is_taken)
    if cause is not None or grant is None or person.email is None:
        return cause or Cause.NO_GROUP
    typed = TypedUser(email=person.email, name=person.name)
    checked = _checked(session, typed, grant, None, now)
    if checked is None:
        return Cause.INCOMPLETE
    user = User(created_at=now, role="", email=checked.email, name=checked.name)
    users.fill(user, checked)
    session.add(user)
    session.flush()
    user_areas.keep(session, user.id, checked.areas, now)
    session.add(
        Identity(user_id=user.id, issuer=person.issuer, subject=person.subject, created_at=now, signed_in_at=now)
    )
    facts = {**BY, "role": checked.role.value}
    audit.record(session, SYSTEM, "create", ("user", user.id), now, facts=facts)
    return user


def _update(session: Session, identity: Identity, grant: Grant | None, now: datetime) -> User | Cause:
    user = session.scalar(select(User).where(User.id == identity.user_id).with_for_update())
    assert user is not None
    cause = refuse_known(grant, is_active=user.active, has_lost=identity.lost_at is not None)
    if grant is None and cause is Cause.NO_GROUP:
        return _lose(session, identity, user, now)
    if cause is not None or grant is None:
        return cause or Cause.NO_GROUP
    cause = _follow(session, user, grant, now)
    if cause is not None:
        return cause
    if not user.active:
        user.active = True
        audit.record(session, SYSTEM, "enable", ("user", user.id), now, facts={**BY, "cause": "group_back"})
    identity.lost_at = None
    identity.signed_in_at = now
    return user


def _lose(session: Session, identity: Identity, user: User, now: datetime) -> Cause:
    """Disable the account of somebody without a group; the last administrator keeps the password, not the session."""
    accounts.put_out(session, user.id, now)
    if user.active and not _is_last_administrator(session, user):
        user.active = False
        user.version += 1
        identity.lost_at = now
        audit.record(session, SYSTEM, "disable", ("user", user.id), now, facts={**BY, "cause": Cause.NO_GROUP.value})
    return Cause.NO_GROUP


def _follow(session: Session, user: User, grant: Grant, now: datetime) -> Cause | None:
    """Let role, unit and areas be those of the groups; a change ends the account's sessions and mailed links."""
    held = _areas_today(session, user.id, now)
    if (user.role, user.organisation_id, set(held)) == (grant.role, grant.organisation_id, set(grant.areas)):
        return None
    if grant.role is not Role.ADMINISTRATOR and _is_last_administrator(session, user):
        return Cause.LAST_ADMINISTRATOR
    typed = TypedUser(email=user.email, name=user.name, handles_protected=user.handles_protected)
    checked = _checked(session, typed, grant, user, now)
    if checked is None:
        return Cause.INCOMPLETE
    changed = users.fill(user, checked)
    if user_areas.keep(session, user.id, checked.areas, now):
        changed.add("areas")
    accounts.put_out(session, user.id, now)
    user.version += 1
    facts = {**BY, "fields": sorted(changed), "role": checked.role.value}
    audit.record(session, SYSTEM, "edit", ("user", user.id), now, facts=facts)
    return None


def _checked(session: Session, typed: TypedUser, grant: Grant, user: User | None, now: datetime) -> CheckedUser | None:
    """Return the account as the groups want it, None where unit or areas do not exist (any more)."""
    held = _areas_today(session, user.id, now) if user else {}
    ended = user_areas.split(session, user.id, now)[1] if user else ()
    wanted = TypedUser(
        email=typed.email,
        name=typed.name,
        role=grant.role.value,
        organisation_id=str(grant.organisation_id or ""),
        areas=tuple(held.get(area, TypedArea(area)) for area in grant.areas),
        handles_protected=typed.handles_protected,
    )
    try:
        checked = check_user(wanted, areas=all_areas(), today=user_areas.today(now), ended=ended)
        users.refuse_unknown(session, checked, user)
    except Invalid:
        return None
    return checked


def _areas_today(session: Session, user_id: int, now: datetime) -> dict[str, TypedArea]:
    held, _ended = user_areas.split(session, user_id, now)
    return {span.area: TypedArea(*span) for span in held if span.first <= user_areas.today(now)}


def _is_last_administrator(session: Session, user: User) -> bool:
    try:
        users.refuse_last_administrator(session, user)
    except Invalid:
        return True
    return False


def _begin(session: Session, user: User, now: datetime) -> str:
    audit.record(session, Actor(user.id, Role(user.role)), "sign_in", ("user", user.id), now, facts=BY)
    session.flush()
    return accounts.begin_session(session, user.id, now, is_proved=True)


def _refuse_cause(use_case: Callable[[Session], str | Cause]) -> str:
    """Run the use case, keep what it wrote, and raise the cause it returned."""
    try:
        found = run(use_case)
    except IntegrityError as error:  # the same person, or the same address, at the same moment
        raise SignOnExpired from error
    if isinstance(found, Cause):
        raise SignOnRefused(found)
    return found


def _own(actor: Actor) -> int:
    if actor.user_id is None:
        raise Missing
    require(actor, Act.ACCOUNT_EDIT, Subject(user_id=actor.user_id))
    return actor.user_id
