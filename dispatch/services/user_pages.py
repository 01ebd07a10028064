"""Load accounts as the administrator's pages show them.

It must not show a password's hash, nor anything of an account to whom the permission table does not let.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dispatch.domain.areas import AreaSpan, TypedArea
from dispatch.domain.errors import Missing
from dispatch.domain.permissions import Act, Actor, Role, require
from dispatch.domain.users import HIGHEST_KEY, TypedUser
from dispatch.models import Mediator, Organisation, SecondFactor, User
from dispatch.services import user_areas
from dispatch.services.social_areas import all_areas
from dispatch.services.transactions import reading

PAGE_SIZE = 50
LAST_PAGE = 1_000_000
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Listed:
    """One account in the list; `works_for` is the name of its unit or of its person of the pool."""

    id: int
    name: str
    email: str
    role: Role
    works_for: str | None
    active: bool
    signed_in_at: datetime | None


@dataclass(frozen=True)
class Details:
    """One account as its form shows it, with what an edit must send back (`version`)."""

    id: int
    typed: TypedUser
    active: bool
    version: int
    has_password: bool
    signed_in_at: datetime | None
    ended_areas: tuple[AreaSpan, ...]
    factors: int


@dataclass(frozen=True)
class Choices:
    """What an account may work for: units and people of the pool without account, by name, and all areas."""

    organisations: tuple[tuple[int, str], ...]
    mediators: tuple[tuple[int, str], ...]
    areas: tuple[str, ...]


def list_users(actor: Actor, *, query: str = "", role: str = "", page: int = 1) -> tuple[list[Listed], int]:
    """Return one page of accounts by name, and how many there are; `query` is part of a name or address."""
    require(actor, Act.USER_VIEW)
    wanted = select(User.id)
    words = query.replace("\x00", "")[:LONGEST_QUERY].strip()
    if words:
        wanted = wanted.where(
            or_(User.name.icontains(words, autoescape=True), User.email.icontains(words, autoescape=True))
        )
    if role:
        wanted = wanted.where(User.role == role[:40].replace("\x00", ""))
    total = reading().scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = reading().execute(
        select(User, func.coalesce(Organisation.name, Mediator.name))
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(Mediator, Mediator.id == User.mediator_id)
        .where(User.id.in_(wanted))
        .order_by(User.name, User.id)
        .limit(PAGE_SIZE)
        .offset((min(max(page, 1), LAST_PAGE) - 1) * PAGE_SIZE)
    )
    return [
        Listed(user.id, user.name, user.email, Role(user.role), works_for, user.active, user.signed_in_at)
        for user, works_for in rows
    ], total


def get_user(actor: Actor, user_id: int, now: datetime) -> Details:
    """Return one account. Raises Missing when there is none."""
    require(actor, Act.USER_VIEW)
    user = load(reading(), user_id)
    areas, ended = user_areas.split(reading(), user_id, now)
    typed = TypedUser(
        email=user.email,
        name=user.name,
        role=user.role,
        organisation_id=str(user.organisation_id or ""),
        mediator_id=str(user.mediator_id or ""),
        areas=tuple(TypedArea(*span) for span in areas),
        ui_language=user.ui_language or "",
        handles_protected=user.handles_protected,
    )
    has_password = user.password_hash is not None
    factors = reading().scalar(select(func.count()).where(SecondFactor.user_id == user_id)) or 0
    return Details(user.id, typed, user.active, user.version, has_password, user.signed_in_at, ended, factors)


def choices(actor: Actor, *, besides: int | None = None) -> Choices:
    """Return what an account may work for; the person of the pool of the account `besides` is among them."""
    require(actor, Act.USER_VIEW)
    taken = select(User.mediator_id).where(User.mediator_id.is_not(None), User.id != (besides or 0))
    organisations = reading().execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.active, ~Organisation.is_for_residents)
        .order_by(Organisation.name)
    )
    mediators = reading().execute(
        select(Mediator.id, Mediator.name).where(Mediator.id.not_in(taken)).order_by(Mediator.name)
    )
    return Choices(
        tuple((key, name) for key, name in organisations),
        tuple((key, name) for key, name in mediators),
        all_areas(),
    )


def load(session: Session, user_id: int, *, lock: bool = False) -> User:
    """Return the row of an account, locked for a write if wanted. Raises Missing."""
    wanted = select(User).where(User.id == user_id)
    user = session.scalar(wanted.with_for_update() if lock else wanted) if 0 < user_id <= HIGHEST_KEY else None
    if user is None:
        raise Missing
    return user
