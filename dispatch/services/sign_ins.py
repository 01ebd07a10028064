"""Check who signs in with a password, and let people change it.

It must not tell an unknown address from a wrong password or a disabled account, by answer or by time.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, exists, literal, select
from sqlalchemy.orm import Session

from dispatch.domain import accounts as rules
from dispatch.domain import programs
from dispatch.domain.contacts import ContactRefused, parse_email
from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.passwords import check_password
from dispatch.domain.permissions import ASSIGNABLE, SYSTEM, Act, Actor, Role, Subject, require
from dispatch.models import Attempt, FormDraft, IdempotencyKey, LoginSession, Mark, SignInStep, User
from dispatch.reference.passwords import common_words
from dispatch.services import accounts, audit, drafts, entries, installation, options, throttles
from dispatch.services.entries import Entry
from dispatch.services.passwords import Passwords
from dispatch.services.transactions import reading, run

SESSIONS_KEPT = 4
"""Times the longest life of a session, until its row is deleted: long enough to know whose a lost form was."""

DEMO_ADDRESS = "demo-{role}@dolmetscherdienst.example"


def sign_in(email: str, password: str, now: datetime, *, client: str, passwords: Passwords) -> Entry:
    """Begin a session, or await the second factor; `client` names the caller's place without telling it.

    Raises Throttled, and Invalid (`wrong_sign_in`) alike for an unknown address, a wrong password, an account that
    is disabled or has no password yet.
    """
    address = known_address(email)
    limits = options.read(rules.DEFAULT)
    buckets = {
        throttles.bucket("sign_in", address, client): limits.sign_in_here,
        throttles.bucket("sign_in", address): limits.sign_in_address,
        throttles.bucket("sign_in_client", client): limits.sign_in_client,
    }

    def count_try(session: Session) -> User | None:
        throttles.take(session, buckets, now)
        return session.scalar(select(User).where(User.email == address, User.active))

    user = run(count_try)
    if not passwords.is_right(password, user.password_hash if user else None) or user is None:
        _note_failure(now)
        raise _wrong()
    found, here = user, throttles.bucket("sign_in", address, client)

    def enter(session: Session) -> Entry:
        still = session.scalar(
            select(User.id).where(User.id == found.id, User.active, User.password_hash == found.password_hash)
        )
        if still is None:
            raise _wrong()
        throttles.give_back(session, *buckets)
        throttles.clear(session, here)
        entry = entries.begin(session, still, now)
        act = "prove_password" if entry.awaits_factor else "sign_in"
        audit.record(session, Actor(still, Role(found.role)), act, ("user", still), now)
        return entry

    return run(enter)


def sign_in_demo(role: Role, now: datetime) -> str:
    """Begin a session as the invented person of a role and return its secret.

    No second factor is asked for there. Raises Missing unless this is a database of demonstration and holds such a
    person.
    """

    def use_case(session: Session) -> str:
        is_marked = session.get(Mark, installation.DEMO) is not None
        user = session.scalar(select(User).where(User.email == DEMO_ADDRESS.format(role=role), User.active))
        if not is_marked or user is None or user.role != role:
            raise Missing
        audit.record(session, Actor(user.id, role), "sign_in", ("user", user.id), now)
        return accounts.begin_session(session, user.id, now, is_proved=True)

    return run(use_case)


def demo_roles() -> list[Role]:
    """Return the roles in which one may try a demonstration; none in a real database."""
    if not installation.is_marked_demo():
        return []
    addresses = {DEMO_ADDRESS.format(role=role): role for role in ASSIGNABLE}
    found = set(reading().scalars(select(User.email).where(User.email.in_(addresses), User.active)))
    return [role for address, role in addresses.items() if address in found]


def change_password(actor: Actor, old: str, new: str, now: datetime, *, passwords: Passwords) -> str:
    """Set a new password, end every session of the user and return the secret of a new one.

    Who has no password yet needs no old one. Raises Throttled; Invalid with `old` (`wrong_password`) or `new`
    (codes of `check_password`).
    """
    user = reading().get(User, actor.user_id)
    if user is None or not user.active:
        raise Missing
    require(actor, Act.ACCOUNT_EDIT, Subject(user_id=user.id))
    if user.password_hash:
        confirm_password(user, old, now, passwords)
    check_new(new, (user.name, user.email))
    kept = passwords.hash(new)

    def use_case(session: Session) -> str:
        set_password(session, user.id, kept, now)
        audit.record(session, actor, "change_password", ("user", user.id), now)
        return accounts.begin_session(session, user.id, now)

    return run(use_case)


def check_new(password: str, about: Iterable[str], *, field: str = "new") -> None:
    """Raise Invalid with the codes of `check_password` at `field`."""
    codes = check_password(password, about=about, words=common_words())
    if codes:
        raise Invalid({field: codes})


def set_password(session: Session, user_id: int, kept: str, now: datetime) -> None:
    """Store the hash of a password, end every session and mailed link. Raises Missing for a disabled account."""
    user = session.scalar(select(User).where(User.id == user_id, User.active).with_for_update())
    if user is None:
        raise Missing
    user.password_hash = kept
    accounts.end_sessions(session, user_id, now)
    accounts.retire_links(session, user_id, now)


def known_address(email: str) -> str:
    """Return the address as accounts keep it; what is no address is returned folded and fits no account."""
    try:
        return parse_email(email)
    except ContactRefused:
        return " ".join(email.lower().split()).replace("\x00", "") + "\n"


def clean_up(now: datetime) -> int:
    """Delete tries, sessions, drafts, kept answers and steps of signing in that no longer matter; return how many.

    It reads first and writes only when there is something to delete: jobs call it every few seconds.
    """
    limits = options.read(rules.DEFAULT)
    past = (
        (Attempt, Attempt.at <= now - throttles.KEPT),
        (LoginSession, LoginSession.created_at <= now - SESSIONS_KEPT * limits.session_longest),
        (FormDraft, drafts.is_past(now)),
        (IdempotencyKey, IdempotencyKey.created_at <= now - programs.REPEAT_LASTS),
        (SignInStep, SignInStep.expires_at <= now),
    )
    if not any(reading().scalar(select(exists().where(condition))) for _table, condition in past):
        return 0

    def use_case(session: Session) -> int:
        gone = [session.execute(delete(table).where(condition).returning(literal(1))) for table, condition in past]
        return sum(len(rows.all()) for rows in gone)

    return run(use_case)


def confirm_password(user: User, old: str, now: datetime, passwords: Passwords) -> None:
    """Check that who is signed in knows the password. Raises Throttled, Invalid at `old` (`wrong_password`)."""
    bucket = throttles.bucket("change_password", str(user.id))
    run(lambda session: throttles.take(session, {bucket: options.read(rules.DEFAULT).sign_in_here}, now))
    if not passwords.is_right(old, user.password_hash):
        raise Invalid({"old": ("wrong_password",)})
    run(lambda session: throttles.clear(session, bucket))


def _wrong() -> Invalid:
    return Invalid({"": ("wrong_sign_in",)})


def _note_failure(now: datetime) -> None:
    run(lambda session: audit.record(session, SYSTEM, "sign_in_failed", ("user", 0), now))
