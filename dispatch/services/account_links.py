"""Let people in by a mailed link: invitation, forgotten password, and sign-in of mediators without one.

It must not tell whether an address has an account, by answer or by time, and never sees a token's key: the
token is issued when the mail is rendered.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import accounts as rules
from dispatch.domain.errors import LinkExpired, Missing
from dispatch.domain.permissions import SYSTEM, Act, Actor, Role, require
from dispatch.models import User
from dispatch.services import audit, entries, links, options, outbox, sign_ins, throttles
from dispatch.services.entries import Entry
from dispatch.services.passwords import Passwords
from dispatch.services.transactions import reading, run

FALLBACK_LOCALE = "de"


@dataclass(frozen=True)
class Invited:
    """Whose link it is, for the page that asks for a password."""

    user_id: int
    name: str
    email: str
    ui_language: str | None


def request_reset(email: str, now: datetime, *, client: str) -> None:
    """Mail a link to set a new password, if there is such an account; nobody learns whether there is.

    Raises Throttled, for every address alike.
    """
    _request("reset", email, now, client)


def request_login(email: str, now: datetime, *, client: str) -> None:
    """Mail a link to sign in without password, if the address is that of a mediator's account; else as above."""
    _request("login", email, now, client)


def invite(session: Session, user: User, now: datetime) -> None:
    """Mail an invitation to a user without password. Raises Throttled after three mails an hour to one address."""
    _count_mail(session, user.email, now)
    links.retire(session, "invite", user.id, now)
    outbox.enqueue(session, "invite", user.email, now, locale=user.ui_language or FALLBACK_LOCALE, user_id=user.id)


def make_reset(actor: Actor, user_id: int, now: datetime, *, key: str) -> str:
    """Return the token of a new reset link, to be handed over in person.

    Raises Missing when there is no such account or it is disabled.
    """
    require(actor, Act.USER_EDIT)
    user = reading().get(User, user_id)
    if user is None or not user.active:
        raise Missing

    def retire(session: Session) -> None:
        links.retire(session, "reset", user_id, now)
        audit.record(session, actor, "make_reset_link", ("user", user_id), now)

    run(retire)
    return links.issue("reset", user_id, key=key, now=now, expires_at=rules.link_ends_at("reset", now))


def find_invited(purpose: str, token: str, now: datetime, *, client: str) -> Invited:
    """Return whose link it is, without using it up.

    Raises Missing for an unknown token, LinkExpired for a spent one or a disabled account, Throttled when this
    client has sent too many unknown ones.
    """
    throttles.check({_links_bucket(client): options.read(rules.DEFAULT).links_client}, now)
    user = reading().get(User, links.find(purpose, token, now))
    if user is None or not user.active:
        raise LinkExpired
    return Invited(user.id, user.name, user.email, user.ui_language)


def redeem(purpose: str, token: str, password: str, now: datetime, *, client: str, passwords: Passwords) -> Entry:
    """Use up an invitation or a reset: set the password, end every session, begin one or await the second factor.

    Raises as `find_invited`, and Invalid at `new` for a password that is not taken: the link then stays good.
    """
    invited = _find_counted(purpose, token, now, client)
    sign_ins.check_new(password, (invited.name, invited.email))
    kept = passwords.hash(password)

    def use_case(session: Session) -> Entry:
        user_id = links.spend(session, purpose, token, now)
        sign_ins.set_password(session, user_id, kept, now)
        return _enter(session, user_id, purpose, now)

    return run(use_case)


def redeem_login(token: str, now: datetime, *, client: str) -> Entry:
    """Use up a sign-in link: begin a session, or await the second factor. Raises as `find_invited`."""
    _find_counted("login", token, now, client)

    def use_case(session: Session) -> Entry:
        user_id = links.spend(session, "login", token, now)
        return _enter(session, user_id, "login", now)

    return run(use_case)


def _request(kind: str, email: str, now: datetime, client: str) -> None:
    address = sign_ins.known_address(email)
    of_client = throttles.bucket("mail_client", client)

    def use_case(session: Session) -> None:
        throttles.take(session, {of_client: options.read(rules.DEFAULT).mails_client}, now)
        _count_mail(session, address, now)
        user = session.scalar(select(User).where(User.email == address, User.active))
        if user is not None and kind == "login" and user.role != Role.MEDIATOR:
            user = None
        links.retire(session, kind, user.id if user else 0, now)
        # the same work for an unknown address, taken back at the end
        with session.begin_nested() as point:
            locale = (user.ui_language if user else None) or FALLBACK_LOCALE
            recipient, user_id = (user.email, user.id) if user else ("", None)
            outbox.enqueue(session, kind, recipient, now, locale=locale, user_id=user_id)
            audit.record(session, SYSTEM, f"request_{kind}_link", ("user", user_id or 0), now)
            session.flush()
            if user is None:
                point.rollback()

    run(use_case)


def _count_mail(session: Session, address: str, now: datetime) -> None:
    throttles.take(session, {throttles.bucket("mail", address): options.read(rules.DEFAULT).mails_address}, now)


def _find_counted(purpose: str, token: str, now: datetime, client: str) -> Invited:
    try:
        return find_invited(purpose, token, now, client=client)
    except Missing:
        limits = {_links_bucket(client): options.read(rules.DEFAULT).links_client}
        run(lambda session: throttles.take(session, limits, now))
        raise


def _links_bucket(client: str) -> str:
    return throttles.bucket("link", client)


def _enter(session: Session, user_id: int, purpose: str, now: datetime) -> Entry:
    user = session.scalar(select(User).where(User.id == user_id, User.active))
    if user is None:
        raise LinkExpired
    audit.record(session, Actor(user_id, Role(user.role)), f"redeem_{purpose}_link", ("user", user_id), now)
    return entries.begin(session, user_id, now)
