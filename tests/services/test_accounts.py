"""Sessions and passwords: who gets in, for how long, and what ends it."""

from datetime import timedelta
from typing import Any, Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from flask import Flask
from sqlalchemy import select

from dispatch.database import db
from dispatch.domain.errors import Invalid, Throttled
from dispatch.domain.permissions import Actor, Role
from dispatch.models import LoginSession, User
from dispatch.services import accounts, sign_ins
from dispatch.services.passwords import CHEAP, STRONG, Passwords
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder
from tests.statements import counted

PASSWORD = "tanzende Giraffe"
CLIENT = "a client"


def person(build: Builder, role: str = "coordinator", **values: Any) -> User:
    return build.user(role, **{"email": "wolf@example.org", "password_hash": CHEAP.hash(PASSWORD), **values})


def enter(user: User, minutes: int = 0) -> str:
    return run(lambda session: accounts.begin_session(session, user.id, NOW + timedelta(minutes=minutes)))


def sign_in(email: str = "wolf@example.org", password: str = PASSWORD, *, client: str = CLIENT) -> tuple[str, int]:
    return sign_ins.sign_in(email, password, NOW, client=client, passwords=CHEAP)[:2]


def codes_of(email: str, password: str) -> dict[str, tuple[str, ...]]:
    with pytest.raises(Invalid) as refused:
        sign_in(email, password)
    return dict(refused.value.errors)


def test_a_session_tells_who_is_behind_it(build: Builder) -> None:
    school = build.organisation(name="Grundschule Nünchritz")
    user = person(build, "requester", organisation_id=school.id, name="Katrin Vogel")

    assert accounts.find_session(enter(user), NOW) == accounts.Account(
        user_id=user.id,
        name="Katrin Vogel",
        email="wolf@example.org",
        role=Role.REQUESTER,
        actor=Actor(user.id, Role.REQUESTER, organisation_ids=frozenset({school.id})),
        ui_language="de",
        organisation_id=school.id,
        organisation_name="Grundschule Nünchritz",
        mediator_id=None,
        ends_at=NOW + timedelta(hours=8),
    )


def test_a_session_is_found_in_one_statement(build: Builder) -> None:
    secret = enter(person(build))

    with counted(db.engine) as statements:
        accounts.find_session(secret, NOW + timedelta(minutes=4))

    assert len(statements) == 1


@pytest.mark.parametrize(
    ("uses", "asked", "expected"),
    [
        pytest.param([], timedelta(hours=8) - timedelta(seconds=1), True, id="just before eight idle hours"),
        pytest.param([], timedelta(hours=8), False, id="eight idle hours"),
        pytest.param([7], timedelta(hours=14), True, id="used in between"),
        pytest.param(list(range(7, 168, 7)), timedelta(days=7) - timedelta(seconds=1), True, id="just before a week"),
        pytest.param(list(range(7, 168, 7)), timedelta(days=7), False, id="a week"),
    ],
)
def test_a_session_lives_for_a_while(build: Builder, uses: list[int], asked: timedelta, expected: bool) -> None:
    secret = enter(person(build))
    for hours in uses:
        accounts.find_session(secret, NOW + timedelta(hours=hours))

    assert (accounts.find_session(secret, NOW + asked) is not None) == expected


@pytest.mark.parametrize(("minutes", "noted"), [pytest.param(4, 0, id="four"), pytest.param(5, 5, id="five")])
def test_use_is_noted_at_most_every_five_minutes(build: Builder, minutes: int, noted: int) -> None:
    secret = enter(person(build))

    accounts.find_session(secret, NOW + timedelta(minutes=minutes))

    assert reading().scalar(select(LoginSession.seen_at)) == NOW + timedelta(minutes=noted)


def test_only_the_hash_of_a_secret_is_kept(build: Builder) -> None:
    secret = enter(person(build))

    kept = reading().scalar(select(LoginSession.id_hash))

    assert kept not in {None, secret}


def test_an_ended_session_is_dead_at_the_server(build: Builder) -> None:
    secret = enter(person(build))

    accounts.end_session(secret, NOW)

    assert accounts.find_session(secret, NOW) is None


@pytest.mark.usefixtures("build")
def test_an_unknown_secret_is_nobody() -> None:
    assert accounts.find_session("no such secret", NOW) is None


def test_others_of_my_sessions_end_and_this_one_stays(build: Builder) -> None:
    user = person(build)
    mine, other = enter(user), enter(user, 1)
    stranger = enter(build.user("coordinator"))

    accounts.end_other_sessions(Actor(user.id, Role.COORDINATOR), mine, NOW)

    alive = [accounts.find_session(secret, NOW) is not None for secret in (mine, other, stranger)]
    assert alive == [True, False, True]


def test_sessions_are_listed_latest_first_and_mine_is_marked(build: Builder) -> None:
    user = person(build)
    mine = enter(user)
    enter(user, 1)

    listed = accounts.list_sessions(user.id, mine, NOW)

    assert [(each.began_at, each.is_this) for each in listed] == [(NOW + timedelta(minutes=1), False), (NOW, True)]


def test_areas_hold_from_their_first_to_their_last_day(build: Builder) -> None:
    user = person(build, "regional_coordinator")
    today = NOW.date()
    for area, first, last in (
        ("Riesa", today, None),
        ("Meißen", today - timedelta(days=9), today),
        ("Radebeul", today - timedelta(days=9), today - timedelta(days=1)),
        ("Großenhain", today + timedelta(days=1), None),
    ):
        build.area(user, area, first, last)

    found = accounts.find_session(enter(user), NOW)

    assert found is not None
    assert found.actor.areas == frozenset({"Riesa", "Meißen"})


@pytest.mark.parametrize("typed", ["wolf@example.org", " Wolf@Example.ORG "])
def test_address_and_password_let_in(build: Builder, typed: str) -> None:
    user = person(build)

    secret, user_id = sign_in(typed)

    found = accounts.find_session(secret, NOW)
    assert found is not None
    assert (found.user_id, user_id) == (user.id, user.id)


@pytest.mark.parametrize(
    ("email", "password", "values"),
    [
        pytest.param("wolf@example.org", "tanzende Giraffen", {}, id="wrong password"),
        pytest.param("fuchs@example.org", PASSWORD, {}, id="unknown address"),
        pytest.param("wolf@example.org", PASSWORD, {"active": False}, id="disabled"),
        pytest.param("wolf@example.org", PASSWORD, {"password_hash": None}, id="no password yet"),
        pytest.param("wolf@example.org", "", {"password_hash": None}, id="no password yet and none typed"),
        pytest.param("no address\x00", PASSWORD, {}, id="no address at all"),
        pytest.param("x" * 5000, PASSWORD, {}, id="endless"),
    ],
)
def test_whoever_is_refused_hears_the_same(build: Builder, email: str, password: str, values: dict[str, Any]) -> None:
    person(build, **values)

    assert codes_of(email, password) == {"": ("wrong_sign_in",)}


def test_the_same_letters_composed_otherwise_let_in(build: Builder) -> None:
    person(build, password_hash=CHEAP.hash("größere Giraffe"))

    secret, _user = sign_in(password="gro\u0308ßere Giraffe")

    assert accounts.find_session(secret, NOW) is not None


def test_ten_wrong_passwords_from_one_place_close_it_and_leave_others_open(build: Builder) -> None:
    person(build)
    for _ in range(10):
        codes_of("wolf@example.org", "wrong")

    with pytest.raises(Throttled) as refused:
        sign_in()

    assert refused.value.until == NOW + timedelta(minutes=15)
    assert accounts.find_session(sign_in(client="elsewhere")[0], NOW) is not None


def test_an_unknown_address_is_throttled_alike(build: Builder) -> None:
    person(build)
    for _ in range(10):
        codes_of("fuchs@example.org", "wrong")

    with pytest.raises(Throttled):
        sign_in("fuchs@example.org")


def test_getting_in_forgets_the_wrong_tries(build: Builder) -> None:
    person(build)
    for _ in range(3):
        for _ in range(9):
            codes_of("wolf@example.org", "wrong")
        sign_in()

    assert accounts.find_session(sign_in()[0], NOW) is not None


class Weighed(PasswordHasher):
    """Notes what it is asked for and at which cost."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[str, Parameters]] = []

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        found = super().hash(password, salt=salt)
        self.done.append(("hash", extract_parameters(found)))
        return found

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.done.append(("verify", extract_parameters(str(hash))))
        return super().verify(hash, password)


def test_refusals_take_the_same_work(app: Flask, build: Builder) -> None:
    weighed = Weighed()
    passwords = Passwords(weighed)
    build.user("coordinator", email="strong@example.org", password_hash=passwords.hash(PASSWORD))
    passwords.is_right("warm up", None)
    work = []

    for number, email in enumerate(("strong@example.org", "nobody@example.org")):
        weighed.done.clear()
        with counted(db.engine) as statements, pytest.raises(Invalid):
            sign_ins.sign_in(email, "wrong", NOW, client=str(number), passwords=passwords)
        work.append((list(weighed.done), list(statements)))

    assert work[0] == work[1]
    assert work[0][0] == [("verify", extract_parameters(STRONG.hash(PASSWORD)))]


def test_a_new_password_ends_every_other_session(build: Builder) -> None:
    user = person(build)
    before = enter(user)

    after = sign_ins.change_password(
        Actor(user.id, Role.COORDINATOR), PASSWORD, "blaue Lampe am Steg", NOW, passwords=CHEAP
    )

    assert accounts.find_session(before, NOW) is None
    assert accounts.find_session(after, NOW) is not None
    assert sign_in(password="blaue Lampe am Steg")[1] == user.id


@pytest.mark.parametrize(
    ("old", "new", "errors"),
    [
        pytest.param("wrong", "blaue Lampe am Steg", {"old": ("wrong_password",)}, id="wrong old one"),
        pytest.param(PASSWORD, "kurz", {"new": ("too_short",)}, id="short"),
        pytest.param(PASSWORD, "wolfwolfwolf2026", {"new": ("too_common",)}, id="made of the address"),
    ],
)
def test_a_refused_change_changes_nothing(
    build: Builder, old: str, new: str, errors: dict[str, tuple[str, ...]]
) -> None:
    user = person(build)
    secret = enter(user)

    with pytest.raises(Invalid) as refused:
        sign_ins.change_password(Actor(user.id, Role.COORDINATOR), old, new, NOW, passwords=CHEAP)

    assert refused.value.errors == errors
    assert accounts.find_session(secret, NOW) is not None


def test_what_no_longer_matters_is_deleted(build: Builder) -> None:
    enter(person(build))
    codes_of("wolf@example.org", "wrong")

    early = sign_ins.clean_up(NOW + timedelta(hours=1))
    late = sign_ins.clean_up(NOW + timedelta(days=29))

    assert (early, late) == (0, 4)
