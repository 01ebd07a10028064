"""Mailed links: once, for a while, for the right purpose, and nobody learns who has an account."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from dispatch.domain.accounts import link_ends_at
from dispatch.domain.errors import Forbidden, Invalid, LinkExpired, Missing, Throttled
from dispatch.domain.permissions import SYSTEM, Actor, Role
from dispatch.models import AuditEntry, OutboxMessage, User
from dispatch.services import account_links, accounts, links, sign_ins
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder

KEY = "the key of this test"
NEW = "blaue Lampe am Steg"
HOUR = timedelta(hours=1)


def link(purpose: str, user: User, now: datetime = NOW) -> str:
    return links.issue(purpose, user.id, key=KEY, now=now, expires_at=link_ends_at(purpose, now))


def redeem(purpose: str, token: str, now: datetime = NOW, *, password: str = NEW, client: str = "here") -> str:
    return account_links.redeem(purpose, token, password, now, client=client, passwords=CHEAP).secret


def mails() -> list[tuple[str, str, str]]:
    rows = reading().execute(select(OutboxMessage.kind, OutboxMessage.recipient, OutboxMessage.locale))
    return [(kind, recipient, locale) for kind, recipient, locale in rows]


def test_a_reset_is_mailed_in_the_language_of_the_account(build: Builder) -> None:
    build.user("coordinator", email="wolf@example.org", ui_language="ar")

    account_links.request_reset("Wolf@example.org", NOW, client="here")

    assert mails() == [("reset", "wolf@example.org", "ar")]


@pytest.mark.parametrize(
    "email",
    [
        pytest.param("nobody@example.org", id="unknown"),
        pytest.param("gone@example.org", id="disabled"),
        pytest.param("no address\x00", id="no address"),
        pytest.param("x" * 5000 + "@example.org", id="endless"),
    ],
)
def test_nothing_is_mailed_to_others_and_nothing_is_said(build: Builder, email: str) -> None:
    build.user("coordinator", email="gone@example.org", active=False)

    account_links.request_reset(email, NOW, client="here")

    assert mails() == []
    assert reading().scalar(select(func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize(
    ("role", "mailed"),
    [pytest.param("mediator", 1, id="mediator"), pytest.param("coordinator", 0, id="staff uses a password")],
)
def test_only_mediators_sign_in_by_mail(build: Builder, role: str, mailed: int) -> None:
    build.user(role, email="wolf@example.org")

    account_links.request_login("wolf@example.org", NOW, client="here")

    assert len(mails()) == mailed


@pytest.mark.parametrize("email", ["wolf@example.org", "nobody@example.org"])
def test_an_address_gets_three_mails_an_hour(build: Builder, email: str) -> None:
    build.user("coordinator", email="wolf@example.org")
    for number in range(3):
        account_links.request_reset(email, NOW, client=str(number))

    with pytest.raises(Throttled) as refused:
        account_links.request_login(email, NOW + timedelta(minutes=59), client="another")
    account_links.request_reset(email, NOW + HOUR, client="here")

    assert refused.value.until == NOW + HOUR


def test_one_place_cannot_have_mails_sent_to_everybody(build: Builder) -> None:
    for number in range(20):
        account_links.request_reset(f"person{number}@example.org", NOW, client="here")

    with pytest.raises(Throttled):
        account_links.request_reset("wolf@example.org", NOW, client="here")


def test_a_redeemed_link_sets_the_password_ends_sessions_and_lets_in(build: Builder) -> None:
    user = build.user("coordinator", email="wolf@example.org")
    before = run(lambda session: accounts.begin_session(session, user.id, NOW))

    secret = redeem("reset", link("reset", user))

    assert accounts.find_session(before, NOW) is None
    assert accounts.find_session(secret, NOW) is not None
    assert sign_ins.sign_in("wolf@example.org", NEW, NOW, client="here", passwords=CHEAP)[1] == user.id


@pytest.mark.parametrize(
    ("purpose", "lasts"),
    [
        pytest.param("invite", timedelta(days=7), id="invitation: a week"),
        pytest.param("reset", timedelta(hours=1), id="reset: an hour"),
    ],
)
def test_a_link_lasts_for_a_while(build: Builder, purpose: str, lasts: timedelta) -> None:
    early, late = build.user("coordinator"), build.user("coordinator")
    in_time, too_late = link(purpose, early), link(purpose, late)

    redeem(purpose, in_time, NOW + lasts - timedelta(seconds=1))
    with pytest.raises(LinkExpired):
        redeem(purpose, too_late, NOW + lasts)


def test_a_link_works_once(build: Builder) -> None:
    token = link("invite", build.user("coordinator"))
    redeem("invite", token)

    with pytest.raises(LinkExpired):
        redeem("invite", token)


def test_a_password_that_is_refused_leaves_the_link_good(build: Builder) -> None:
    token = link("invite", build.user("coordinator"))
    with pytest.raises(Invalid) as refused:
        redeem("invite", token, password="kurz")

    redeem("invite", token)

    assert refused.value.errors == {"new": ("too_short",)}


def test_one_redeemed_link_ends_all_others(build: Builder) -> None:
    user = build.user("mediator")
    others = [("reset", link("reset", user)), ("login", link("login", user))]

    redeem("invite", link("invite", user))

    for purpose, token in others:
        with pytest.raises(LinkExpired):
            account_links.find_invited(purpose, token, NOW, client="here")


@pytest.mark.parametrize("purpose", ["invite", "reset", "login"])
@pytest.mark.parametrize("issued", ["invite", "reset", "login", "offer", "appointment"])
def test_a_token_serves_its_own_purpose_only(build: Builder, purpose: str, issued: str) -> None:
    user = build.user("mediator")
    token = links.issue(issued, user.id, key=KEY, now=NOW, expires_at=NOW + HOUR)

    if purpose == issued:
        assert account_links.find_invited(purpose, token, NOW, client="here").user_id == user.id
    else:
        with pytest.raises(Missing):
            account_links.find_invited(purpose, token, NOW, client="here")


def test_a_login_link_lets_in_once(build: Builder) -> None:
    user = build.user("mediator")
    token = link("login", user)

    secret = account_links.redeem_login(token, NOW, client="here").secret

    found = accounts.find_session(secret, NOW)
    assert found is not None
    assert found.user_id == user.id
    with pytest.raises(LinkExpired):
        account_links.redeem_login(token, NOW, client="here")


def test_links_of_a_disabled_account_are_dead(build: Builder) -> None:
    token = link("login", build.user("mediator", active=False))

    with pytest.raises(LinkExpired):
        account_links.redeem_login(token, NOW, client="here")


@pytest.mark.usefixtures("build")
def test_twenty_wrong_tokens_close_the_place_they_come_from(build: Builder) -> None:
    token = link("reset", build.user("coordinator"))
    for number in range(20):
        with pytest.raises(Missing):
            redeem("reset", f"wrong{number}")

    with pytest.raises(Throttled):
        redeem("reset", token)
    redeem("reset", token, client="elsewhere")


def test_a_new_request_ends_the_former_link(build: Builder) -> None:
    user = build.user("coordinator", email="wolf@example.org")
    former = link("reset", user)

    account_links.request_reset("wolf@example.org", NOW, client="here")

    with pytest.raises(LinkExpired):
        redeem("reset", former)
    redeem("reset", link("reset", user))


def test_a_reset_link_can_be_handed_over_by_who_may_edit(build: Builder) -> None:
    user = build.user("mediator")

    token = account_links.make_reset(SYSTEM, user.id, NOW, key=KEY)

    assert account_links.find_invited("reset", token, NOW, client="here").user_id == user.id
    with pytest.raises(Forbidden):
        account_links.make_reset(Actor(1, Role.COORDINATOR), user.id, NOW, key=KEY)
