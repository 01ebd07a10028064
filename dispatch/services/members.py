"""Look after the members of a unit: who they are, invite, disable and let in again, and who leads it.

It must not touch an account of another unit or role; that is the administrators' `users`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.permissions import Act, Actor, Role
from dispatch.domain.users import HIGHEST_KEY, TypedUser, check_user
from dispatch.models import User
from dispatch.services import account_links, accounts, audit, organisations, user_areas, users
from dispatch.services.transactions import reading, run


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a unit; `is_invited` while the invitation has not been used, `is_self` for who asks."""

    id: int
    name: str
    email: str
    active: bool
    leads_unit: bool
    is_invited: bool
    is_self: bool


@dataclass(frozen=True, slots=True)
class TypedMember:
    """Whom to invite, as typed."""

    name: str = ""
    email: str = ""
    ui_language: str = ""


def of(actor: Actor, unit_id: int) -> Sequence[Member]:
    """Return the members of a unit by name, the disabled ones last. Raises Missing and Forbidden."""
    session = reading()
    organisations.load(session, actor, Act.MEMBER_VIEW, unit_id)
    wanted = select(User).where(*_of_unit(unit_id)).order_by(User.active.desc(), User.name, User.id)
    return [
        Member(
            id=user.id,
            name=user.name,
            email=user.email,
            active=user.active,
            leads_unit=user.leads_unit,
            is_invited=user.password_hash is None and user.signed_in_at is None,
            is_self=user.id == actor.user_id,
        )
        for user in session.scalars(wanted)
    ]


def invite(actor: Actor, unit_id: int, typed: TypedMember, now: datetime) -> int:
    """Create an account for a member of this unit and mail the invitation; return its id.

    Raises Missing, also for the unit for residents, and Forbidden;
    Invalid as `check_user`, and `taken` for the address of an account; Throttled.
    """
    if organisations.load(reading(), actor, Act.MEMBER_INVITE, unit_id).is_for_residents:
        raise Missing
    account = TypedUser(
        email=typed.email,
        name=typed.name,
        role=Role.REQUESTER.value,
        organisation_id=str(unit_id),
        ui_language=typed.ui_language,
    )
    return users.admit(actor, check_user(account, areas=(), today=user_areas.today(now)), now)


def invite_again(actor: Actor, unit_id: int, user_id: int, now: datetime) -> None:
    """Mail a new invitation; the former one ends. Raises Missing (also for a disabled member) and Throttled."""

    def use_case(session: Session) -> None:
        organisations.load(session, actor, Act.MEMBER_INVITE, unit_id)
        user = _hold(session, unit_id, user_id)
        if not user.active:
            raise Missing
        account_links.invite(session, user, now)
        audit.record(session, actor, "invite", ("user", user_id), now)

    run(use_case)


def set_active(actor: Actor, unit_id: int, user_id: int, active: bool, now: datetime) -> None:
    """Disable a member, which ends the sessions and links at once, or let her in again; what she asked for stays.

    Raises Missing and Forbidden, and Invalid (`last_leading`) for the last one who leads and would shut herself out.
    """

    def use_case(session: Session) -> None:
        organisations.load(session, actor, Act.MEMBER_DISABLE, unit_id)
        leading = _hold_leading(session, unit_id)
        user = _hold(session, unit_id, user_id)
        if user.active == active:
            return
        if not active:
            if user.id == actor.user_id and leading == [user.id]:
                raise Invalid({"": ("last_leading",)})
            accounts.put_out(session, user_id, now)
        user.active = active
        user.version += 1
        audit.record(session, actor, "enable" if active else "disable", ("user", user_id), now)

    run(use_case)


def set_leading(actor: Actor, unit_id: int, user_id: int, leads: bool, now: datetime) -> None:
    """Let a member look after the unit's members and defaults, or no longer. Raises Missing and Forbidden."""

    def use_case(session: Session) -> None:
        organisations.load(session, actor, Act.MEMBER_SET_LEADING, unit_id)
        user = _hold(session, unit_id, user_id)
        if user.leads_unit == leads:
            return
        user.leads_unit = leads
        user.version += 1
        audit.record(session, actor, "set_leading", ("user", user_id), now, facts={"leads": leads})

    run(use_case)


def _of_unit(unit_id: int) -> tuple[ColumnElement[bool], ...]:
    return User.organisation_id == unit_id, User.role == Role.REQUESTER.value


def _hold(session: Session, unit_id: int, user_id: int) -> User:
    wanted = select(User).where(User.id == user_id, *_of_unit(unit_id))
    user = session.scalar(wanted.with_for_update()) if 0 < user_id <= HIGHEST_KEY else None
    if user is None:
        raise Missing
    return user


def _hold_leading(session: Session, unit_id: int) -> list[int]:
    """Lock and return the active members who lead the unit, so that two of them never shut each other out."""
    wanted = select(User.id).where(*_of_unit(unit_id), User.active, User.leads_unit).order_by(User.id)
    return list(session.scalars(wanted.with_for_update()))
