"""Look after the accounts of others: create with an invitation, edit, disable, end sessions.

It must not see a password; it hands a hash on when a command made one.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.database import constraint_of
from dispatch.domain.errors import Invalid, Missing, Stale
from dispatch.domain.permissions import Act, Actor, Role, require
from dispatch.domain.users import CheckedUser, TypedUser, check_user
from dispatch.models import Identity, Mediator, Organisation, User
from dispatch.services import account_links, accounts, audit, user_areas
from dispatch.services.social_areas import all_areas
from dispatch.services.transactions import reading, run
from dispatch.services.user_pages import load

T = TypeVar("T")
Found = Mapping[str, Iterable[str]]


def create(
    actor: Actor, typed: TypedUser, now: datetime, *, kept_password: str | None = None, found: Found | None = None
) -> int:
    """Create an account and return its id; without the hash of a password its owner is invited by mail.

    Raises Invalid as `check_user` with what the edge `found`, and `taken` or `unknown` where something is taken or not
    there; Throttled when the address got three mails within an hour.
    """
    require(actor, Act.USER_CREATE)
    checked = check_user(typed, areas=all_areas(), today=user_areas.today(now), found=found)
    return admit(actor, checked, now, kept_password=kept_password)


def admit(actor: Actor, checked: CheckedUser, now: datetime, *, kept_password: str | None = None) -> int:
    """Create an account as `create` does; whoever calls has asked for the right to it."""

    def use_case(session: Session) -> int:
        refuse_unknown(session, checked, None)
        user = User(password_hash=kept_password, created_at=now, email=checked.email, name=checked.name, role="")
        fill(user, checked)
        session.add(user)
        session.flush()
        user_areas.keep(session, user.id, checked.areas, now)
        if kept_password is None:
            account_links.invite(session, user, now)
        audit.record(session, actor, "create", ("user", user.id), now, facts={"role": checked.role.value})
        return user.id

    return _unless_taken(use_case)


def edit(
    actor: Actor, user_id: int, typed: TypedUser, version: int, now: datetime, *, found: Found | None = None
) -> None:
    """Change an account. A change of role, unit, areas or address ends its sessions and mailed links at once.

    Raises Missing, Stale when somebody saved meanwhile, Invalid as `create` and `last_administrator`.
    """
    require(actor, Act.USER_EDIT)

    def use_case(session: Session) -> None:
        user = load(session, user_id, lock=True)
        if user.version != version:
            raise Stale(version, user.version)
        _held, ended = user_areas.split(session, user_id, now)
        today = user_areas.today(now)
        checked = check_user(typed, areas=all_areas(), today=today, ended=ended, found=found)
        refuse_unknown(session, checked, user)
        if checked.role is not Role.ADMINISTRATOR:
            refuse_last_administrator(session, user)
        changed = fill(user, checked)
        if user_areas.keep(session, user_id, checked.areas, now):
            changed.add("areas")
        if changed & {"email", "role", "organisation_id", "mediator_id", "areas", "handles_protected"}:
            accounts.put_out(session, user_id, now)
        if changed:
            user.version += 1
            audit.record(session, actor, "edit", ("user", user_id), now, facts={"fields": sorted(changed)})

    _unless_taken(use_case)


def set_active(actor: Actor, user_id: int, active: bool, now: datetime) -> None:
    """Disable an account, which ends its sessions and links at once, or let it in again.

    What a person decided stands: the groups of single sign-on do not bring a disabled account back.
    Raises Missing, and Invalid (`last_administrator`).
    """
    require(actor, Act.USER_DISABLE)

    def use_case(session: Session) -> None:
        user = load(session, user_id, lock=True)
        if user.active == active:
            return
        if not active:
            refuse_last_administrator(session, user)
            accounts.put_out(session, user_id, now)
        user.active = active
        user.version += 1
        forget_loss = update(Identity).where(Identity.user_id == user_id).values(lost_at=None)
        session.execute(forget_loss, execution_options={"synchronize_session": False})
        audit.record(session, actor, "enable" if active else "disable", ("user", user_id), now)

    run(use_case)


def end_sessions(actor: Actor, user_id: int, now: datetime) -> int:
    """End every session of an account and return how many there were. Raises Missing."""
    require(actor, Act.USER_EDIT)

    def use_case(session: Session) -> int:
        load(session, user_id, lock=True)
        ended = accounts.end_sessions(session, user_id, now)
        audit.record(session, actor, "end_sessions", ("user", user_id), now, facts={"ended": ended})
        return ended

    return run(use_case)


def invite_again(actor: Actor, user_id: int, now: datetime) -> None:
    """Mail a new invitation; the former one ends. Raises Missing (also for a disabled account) and Throttled."""
    require(actor, Act.USER_EDIT)

    def use_case(session: Session) -> None:
        user = load(session, user_id, lock=True)
        if not user.active:
            raise Missing
        account_links.invite(session, user, now)
        audit.record(session, actor, "invite", ("user", user_id), now)

    run(use_case)


def find_by_email(actor: Actor, email: str) -> int:
    """Return the id of the account with this address, for commands. Raises Missing."""
    require(actor, Act.USER_VIEW)
    found = reading().scalar(select(User.id).where(User.email == email.strip().lower()))
    if found is None:
        raise Missing
    return found


def fill(user: User, checked: CheckedUser) -> set[str]:
    """Write what was checked into the row and return the names of the columns that changed."""
    new = {
        "email": checked.email,
        "name": checked.name,
        "role": checked.role.value,
        "organisation_id": checked.organisation_id,
        "mediator_id": checked.mediator_id,
        "ui_language": checked.ui_language or user.ui_language,
        "handles_protected": checked.handles_protected,
    }
    changed = {name for name, value in new.items() if getattr(user, name) != value}
    if changed & {"role", "organisation_id"}:
        user.leads_unit = False
    for name in changed:
        setattr(user, name, new[name])
    return changed


def refuse_unknown(session: Session, checked: CheckedUser, user: User | None) -> None:
    """Raise Invalid (`taken`, `unknown`) for what another account has or what is not there."""
    own = user.id if user else 0
    found: dict[str, tuple[str, ...]] = {}
    if session.scalar(select(User.id).where(User.email == checked.email, User.id != own)):
        found["email"] = ("taken",)
    unit = session.get(Organisation, checked.organisation_id) if checked.organisation_id else None
    if checked.organisation_id and (unit is None or unit.is_for_residents):
        found["organisation_id"] = ("unknown",)
    if checked.mediator_id and session.get(Mediator, checked.mediator_id) is None:
        found["mediator_id"] = ("unknown",)
    if checked.mediator_id and session.scalar(
        select(User.id).where(User.mediator_id == checked.mediator_id, User.id != own)
    ):
        found["mediator_id"] = ("taken",)
    if found:
        raise Invalid(found)


def refuse_last_administrator(session: Session, user: User) -> None:
    """Raise Invalid (`last_administrator`) when nobody else could look after the accounts."""
    if user.role != Role.ADMINISTRATOR or not user.active:
        return
    others = select(User.id).where(User.role == Role.ADMINISTRATOR, User.active, User.id != user.id)
    if session.scalar(others.with_for_update().limit(1)) is None:
        raise Invalid({"": ("last_administrator",)})


def _unless_taken(use_case: Callable[[Session], T]) -> T:
    """Run the use case; a row that somebody else wrote at the same moment makes the value `taken`."""
    try:
        return run(use_case)
    except IntegrityError as error:
        field = next((name for name in ("email", "mediator_id") if name in constraint_of(error)), None)
        if field is None:
            raise
        raise Invalid({field: ("taken",)}) from error
