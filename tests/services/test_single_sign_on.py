"""People who come by single sign-on: accounts made, changed, lost and connected, with what the log says of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.domain.permissions import Actor, Role
from dispatch.domain.single_sign_on import Cause, Entry, Person, SignOnRefused
from dispatch.models import AuditEntry, Identity, User
from dispatch.services import accounts, single_sign_on, user_areas, users
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder

ENTRIES = (
    Entry("koordination", Role.COORDINATOR),
    Entry("verwaltung", Role.ADMINISTRATOR),
    Entry("schule", Role.REQUESTER, organisation_id=1),
    Entry("nord", Role.REGIONAL_COORDINATOR, area="Riesa"),
    Entry("west", Role.REGIONAL_COORDINATOR, area="Meißen"),
    Entry("weg", Role.REGIONAL_COORDINATOR, area="Nirgendwo"),
)
ISSUER = "https://sso.example"
ADMINISTRATOR = Actor(999, Role.ADMINISTRATOR)


def wolf(*groups: str, subject: str = "wolf", email: str | None = "wolf@example.org") -> Person:
    return Person(ISSUER, subject, "Jana Wolf", email, frozenset(groups))


def enter(person: Person) -> str:
    return single_sign_on.enter(person, ENTRIES, NOW, client="here")


def refused(person: Person) -> Cause:
    with pytest.raises(SignOnRefused) as refusal:
        enter(person)
    return refusal.value.cause


def user_of(secret: str) -> User:
    user = reading().get(User, accounts.owner_of(secret))
    assert user is not None
    return user


def identity(user: User, subject: str = "wolf") -> None:
    run(lambda session: session.add(Identity(user_id=user.id, issuer=ISSUER, subject=subject, created_at=NOW)))


def log() -> list[tuple[str, str]]:
    rows = reading().scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.act, row.actor_kind) for row in rows if row.facts.get("by") == "single_sign_on"]


def is_alive(secret: str) -> bool:
    return accounts.find_session(secret, NOW) is not None


def test_the_first_time_an_account_is_made_without_a_password(build: Builder) -> None:
    user = user_of(enter(wolf("koordination")))

    assert (user.role, user.email, user.name, user.password_hash) == (
        "coordinator",
        "wolf@example.org",
        "Jana Wolf",
        None,
    )
    assert log() == [("create", "system"), ("sign_in", "coordinator")]


def test_the_next_time_it_is_the_same_account_whatever_the_address(build: Builder) -> None:
    first = user_of(enter(wolf("koordination")))

    again = user_of(enter(wolf("koordination", email="married@example.org")))

    assert (again.id, again.email) == (first.id, "wolf@example.org")


def test_another_subject_with_the_same_address_is_somebody_else(build: Builder) -> None:
    enter(wolf("koordination"))

    assert refused(wolf("koordination", subject="imposter")) is Cause.ADDRESS_TAKEN


def test_an_account_with_the_address_is_not_taken_over(build: Builder) -> None:
    boss = build.user("administrator", email="wolf@example.org")

    assert refused(wolf("verwaltung")) is Cause.ADDRESS_TAKEN
    assert single_sign_on.connection_of(boss.id) is None


def test_a_unit_or_an_area_that_is_not_there_makes_no_account(build: Builder) -> None:
    assert refused(wolf("schule")) is Cause.INCOMPLETE
    assert refused(wolf("weg")) is Cause.INCOMPLETE
    assert single_sign_on.unknown_targets(ENTRIES) == [ENTRIES[2], ENTRIES[5]]
    assert reading().scalars(select(User)).all() == []


def test_a_changed_group_changes_the_role_and_ends_what_was_begun_before(build: Builder) -> None:
    build.organisation()
    before = enter(wolf("koordination"))

    user = user_of(enter(wolf("schule")))

    assert (user.role, user.organisation_id) == ("requester", 1)
    assert not is_alive(before)
    assert log()[2:] == [("edit", "system"), ("sign_in", "requester")]


def test_areas_follow_the_groups_and_keep_their_first_day(build: Builder) -> None:
    yesterday = user_areas.today(NOW) - timedelta(days=1)
    user = build.user("regional_coordinator")
    build.area(user, "Riesa", yesterday)
    identity(user)

    enter(wolf("nord", "west"))

    held, _ended = user_areas.split(reading(), user.id, NOW)
    assert [(span.area, span.first) for span in held] == [("Meißen", user_areas.today(NOW)), ("Riesa", yesterday)]


def test_who_lost_every_group_loses_the_account_until_there_is_one_again(build: Builder) -> None:
    before = enter(wolf("koordination"))
    user_id = user_of(before).id

    assert refused(wolf("kantine")) is Cause.NO_GROUP
    assert (is_alive(before), reading().get_one(User, user_id).active) == (False, False)

    assert user_of(enter(wolf("koordination"))).active
    assert log()[2:] == [("disable", "system"), ("enable", "system"), ("sign_in", "coordinator")]


def test_whom_a_person_disabled_no_group_lets_in(build: Builder) -> None:
    user_id = user_of(enter(wolf("koordination"))).id
    refused(wolf("kantine"))
    users.set_active(ADMINISTRATOR, user_id, True, NOW)
    users.set_active(ADMINISTRATOR, user_id, False, NOW)

    assert refused(wolf("koordination")) is Cause.DISABLED


def test_the_last_administrator_keeps_the_role_whatever_the_groups_say(build: Builder) -> None:
    before = enter(wolf("verwaltung"))

    assert refused(wolf("koordination")) is Cause.LAST_ADMINISTRATOR
    assert refused(wolf("kantine")) is Cause.NO_GROUP
    assert (user_of(before).role, user_of(before).active, is_alive(before)) == ("administrator", True, False)


def connect(user: User, person: Person) -> None:
    single_sign_on.connect(Actor(user.id, Role(user.role)), person, ENTRIES, NOW)


def test_a_connected_account_is_entered_and_no_longer_once_disconnected(build: Builder) -> None:
    user = build.user("coordinator", email="wolf@example.org", password_hash="x")

    connect(user, wolf("koordination"))
    assert user_of(enter(wolf("koordination"))).id == user.id

    single_sign_on.disconnect(Actor(user.id, Role.COORDINATOR), NOW)
    assert refused(wolf("koordination")) is Cause.ADDRESS_TAKEN
    assert [act for act, _actor in log()] == ["connect", "sign_in", "disconnect"]


@pytest.mark.parametrize(
    ("person", "cause"),
    [
        pytest.param(wolf("verwaltung"), Cause.OTHER_ROLE, id="groups that say more"),
        pytest.param(wolf("koordination", subject="taken"), Cause.OTHER_ACCOUNT, id="another account's person"),
    ],
)
def test_connecting_gives_nobody_more(build: Builder, person: Person, cause: Cause) -> None:
    user = build.user("coordinator")
    identity(build.user("coordinator"), "taken")

    with pytest.raises(SignOnRefused) as refusal:
        connect(user, person)

    assert refusal.value.cause is cause


def test_nobody_disconnects_the_only_way_in(build: Builder) -> None:
    user = user_of(enter(wolf("koordination")))

    with pytest.raises(SignOnRefused) as refusal:
        single_sign_on.disconnect(Actor(user.id, Role.COORDINATOR), NOW)

    assert refusal.value.cause is Cause.ONLY_WAY
    assert single_sign_on.connection_of(user.id) is not None
