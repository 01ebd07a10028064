"""Members of a unit: invited, disabled and let in again by those who may, and nobody of another unit or role."""

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.domain.errors import Forbidden, Invalid, Missing, Refusal
from dispatch.domain.permissions import Actor, Role
from dispatch.models import AuditEntry, OutboxMessage, User
from dispatch.services import accounts, members, recipients, request_details
from dispatch.services.members import TypedMember
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder

COORDINATOR = Actor(None, Role.COORDINATOR)
ADMINISTRATOR = Actor(None, Role.ADMINISTRATOR)
TYPED = TypedMember("Katrin Vogel", "Vogel@example.org", "de")


def actor_of(user: User) -> Actor:
    db.session.close()
    return accounts.describe(reading(), reading().get_one(User, user.id), None, NOW).actor


@pytest.fixture
def leading(build: Builder) -> User:
    """Who leads a unit."""
    return build.user(name="Anna", leads_unit=True)


def unit_of(user: User) -> int:
    assert user.organisation_id is not None
    return user.organisation_id


def stored(user_id: int) -> User:
    db.session.close()
    return reading().get_one(User, user_id)


@pytest.mark.parametrize("who", ["leading", "coordinator", "administrator"])
def test_a_member_is_invited_into_this_unit_as_a_requester(leading: User, who: str) -> None:
    actor = {"leading": actor_of(leading), "coordinator": COORDINATOR, "administrator": ADMINISTRATOR}[who]

    user = stored(members.invite(actor, unit_of(leading), TYPED, NOW))

    assert (user.email, user.role, user.organisation_id, user.leads_unit) == (
        "vogel@example.org", "requester", leading.organisation_id, False,
    )  # fmt: skip
    assert reading().scalars(select(OutboxMessage.recipient)).all() == ["vogel@example.org"]
    assert [(one.name, one.is_invited) for one in members.of(actor, unit_of(leading))] == [
        ("Anna", True), ("Katrin Vogel", True),
    ]  # fmt: skip


def test_what_is_typed_wrongly_is_named(leading: User) -> None:
    with pytest.raises(Invalid) as refusal:
        members.invite(actor_of(leading), unit_of(leading), TypedMember("", leading.email), NOW)
    assert refusal.value.errors == {"name": ("required",)}
    with pytest.raises(Invalid) as refusal:
        members.invite(actor_of(leading), unit_of(leading), TypedMember("B", leading.email), NOW)
    assert refusal.value.errors == {"email": ("taken",)}


def test_a_disabled_member_is_out_at_once_and_what_she_asked_for_stays(build: Builder, leading: User) -> None:
    colleague = build.user(organisation_id=leading.organisation_id)
    request = build.request(organisation_id=leading.organisation_id, created_by_id=colleague.id)
    secret = run(lambda session: accounts.begin_session(session, colleague.id, NOW))
    actor = actor_of(leading)

    members.set_active(actor, unit_of(leading), colleague.id, False, NOW)

    assert accounts.find_session(secret, NOW) is None
    assert request_details.details(actor, request.id, NOW).request.id == request.id
    assert recipients.office(reading(), request) == recipients.Recipient("schule@example.org", "de")
    members.set_active(actor, unit_of(leading), colleague.id, True, NOW)
    assert recipients.office(reading(), request) == recipients.Recipient(colleague.email, "de")
    assert reading().scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all() == ["disable", "enable"]


def test_a_unit_may_have_every_answer_in_its_mailbox(build: Builder) -> None:
    for mailbox, expected in (("buero@example.org", "buero@example.org"), (None, "author@example.org")):
        unit = build.organisation(answers_to_mailbox=True, contact_email=mailbox)
        db.session.close()
        author = reading().scalar(select(User)) or build.user(organisation_id=unit.id, email="author@example.org")
        run(lambda session: setattr(session.get_one(User, author.id), "organisation_id", unit.id))  # noqa: B023
        request = build.request(organisation_id=unit.id, created_by_id=author.id)
        assert recipients.office(reading(), request) == recipients.Recipient(expected, "de")


def test_the_last_one_who_leads_cannot_shut_herself_out(build: Builder, leading: User) -> None:
    unit_id, actor = unit_of(leading), actor_of(leading)
    second = build.user(organisation_id=unit_id, leads_unit=True, active=False)

    with pytest.raises(Invalid) as refusal:
        members.set_active(actor, unit_id, leading.id, False, NOW)
    assert (refusal.value.errors, stored(leading.id).active) == ({"": ("last_leading",)}, True)

    members.set_active(actor, unit_id, second.id, True, NOW)
    members.set_active(actor, unit_id, leading.id, False, NOW)
    members.set_active(COORDINATOR, unit_id, second.id, False, NOW)
    assert [stored(one.id).active for one in (leading, second)] == [False, False]


def test_nobody_reaches_beyond_the_own_unit_or_role(build: Builder, leading: User) -> None:
    stranger, coordinator, own = build.user(), build.user("coordinator"), unit_of(leading)
    colleague = build.user(organisation_id=own)
    leader, plain = actor_of(leading), actor_of(colleague)

    def code(actor: Actor, unit_id: int, user_id: int) -> set[str]:
        with pytest.raises(Refusal) as invited:
            members.invite_again(actor, unit_id, user_id, NOW)
        with pytest.raises(Refusal) as disabled:
            members.set_active(actor, unit_id, user_id, False, NOW)
        return {invited.value.code, disabled.value.code}

    assert code(leader, unit_of(stranger), stranger.id) == {"missing"}
    assert code(leader, own, stranger.id) == {"missing"}
    assert code(leader, own, coordinator.id) == {"missing"}
    assert code(COORDINATOR, own, coordinator.id) == {"missing"}
    assert code(leader, own, 2**40) == {"missing"}
    assert code(plain, own, leading.id) == {"forbidden"}
    with pytest.raises(Missing):
        members.invite(leader, unit_of(stranger), TYPED, NOW)
    for actor in (leader, plain, Actor(None, Role.REGIONAL_COORDINATOR)):
        with pytest.raises(Forbidden):
            members.set_leading(actor, own, colleague.id, True, NOW)
    assert {stored(one.id).active for one in (stranger, coordinator, colleague, leading)} == {True}


def test_who_leads_is_named_by_the_coordination_and_it_counts_at_once(build: Builder, leading: User) -> None:
    colleague = build.user(organisation_id=leading.organisation_id)

    members.set_leading(COORDINATOR, unit_of(leading), colleague.id, True, NOW)
    members.set_leading(ADMINISTRATOR, unit_of(leading), leading.id, False, NOW)

    assert (actor_of(colleague).leads_unit, actor_of(leading).leads_unit) == (True, False)
