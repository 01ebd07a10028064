"""Accounts of others: invited, changed, disabled; what changes their rights ends their sessions at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.domain.areas import TypedArea
from dispatch.domain.errors import Forbidden, Invalid, LinkExpired, Missing, Stale, Throttled
from dispatch.domain.permissions import SYSTEM, Actor, Role
from dispatch.domain.users import TypedUser
from dispatch.models import AuditEntry, OutboxMessage, User
from dispatch.services import account_links, accounts, links, user_pages, users
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder
from tests.statements import counted

ADMINISTRATOR = Actor(999, Role.ADMINISTRATOR)
TYPED = TypedUser(email="vogel@example.org", name="Katrin Vogel", role="coordinator", ui_language="de")


def enter(user: User) -> str:
    return run(lambda session: accounts.begin_session(session, user.id, NOW))


def typed_of(user_id: int) -> TypedUser:
    return user_pages.get_user(ADMINISTRATOR, user_id, NOW).typed


def is_alive(secret: str) -> bool:
    return accounts.find_session(secret, NOW) is not None


def refused(user_id: int | None, typed: TypedUser) -> dict[str, tuple[str, ...]]:
    with pytest.raises(Invalid) as refusal:
        save(user_id, typed)
    return dict(refusal.value.errors)


def save(user_id: int | None, typed: TypedUser) -> None:
    if user_id is None:
        users.create(ADMINISTRATOR, typed, NOW)
    else:
        users.edit(ADMINISTRATOR, user_id, typed, 1, NOW)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.SYSTEM}])
def test_only_administrators_see_and_change_accounts(build: Builder, role: Role) -> None:
    user, actor = build.user("coordinator"), Actor(1, role)

    for act in (
        lambda: user_pages.list_users(actor),
        lambda: user_pages.get_user(actor, user.id, NOW),
        lambda: users.create(actor, TYPED, NOW),
        lambda: users.edit(actor, user.id, TYPED, 1, NOW),
        lambda: users.set_active(actor, user.id, False, NOW),
        lambda: users.end_sessions(actor, user.id, NOW),
        lambda: users.invite_again(actor, user.id, NOW),
    ):
        with pytest.raises(Forbidden):
            act()


def test_a_new_account_is_invited(build: Builder) -> None:
    school = build.organisation()

    user_id = users.create(ADMINISTRATOR, replace(TYPED, role="requester", organisation_id=str(school.id)), NOW)

    user = reading().get(User, user_id)
    assert user is not None
    assert (user.email, user.role, user.organisation_id, user.password_hash) == (
        "vogel@example.org", "requester", school.id, None,
    )  # fmt: skip
    mail = reading().execute(select(OutboxMessage.kind, OutboxMessage.recipient, OutboxMessage.user_id)).one()
    assert tuple(mail) == ("invite", "vogel@example.org", user_id)


@pytest.mark.usefixtures("app")
def test_an_account_with_a_password_is_not_invited() -> None:
    users.create(SYSTEM, TYPED, NOW, kept_password="a hash")

    assert reading().scalar(select(OutboxMessage.id)) is None


def test_what_is_taken_or_not_there_is_named(build: Builder) -> None:
    mediator = build.user("mediator", email="taken@example.org")
    other = build.user("coordinator")

    answers = [
        refused(None, replace(TYPED, email="Taken@example.org")),
        refused(None, replace(TYPED, role="requester", organisation_id="77")),
        refused(None, replace(TYPED, role="mediator", mediator_id="77")),
        refused(None, replace(TYPED, role="mediator", mediator_id=str(mediator.mediator_id))),
        refused(other.id, replace(TYPED, email="taken@example.org")),
    ]

    assert answers == [
        {"email": ("taken",)},
        {"organisation_id": ("unknown",)},
        {"mediator_id": ("unknown",)},
        {"mediator_id": ("taken",)},
        {"email": ("taken",)},
    ]


@pytest.mark.parametrize(
    ("changes", "alive"),
    [
        pytest.param({"name": "Katrin Wolf"}, True, id="name"),
        pytest.param({"ui_language": "ar"}, True, id="language"),
        pytest.param({"email": "other@example.org"}, False, id="address"),
        pytest.param({"role": "coordinator"}, False, id="role"),
        pytest.param({"areas": (TypedArea("Meißen"),)}, False, id="areas"),
        pytest.param({}, True, id="nothing"),
    ],
)
def test_what_changes_rights_ends_sessions_and_links(
    build: Builder, changes: dict[str, str | tuple[TypedArea, ...]], alive: bool
) -> None:
    user = build.user("regional_coordinator")
    build.area(user, "Riesa", NOW.date())
    secret = enter(user)
    token = links.issue("reset", user.id, key="key", now=NOW, expires_at=NOW + timedelta(hours=1))

    users.edit(ADMINISTRATOR, user.id, replace(typed_of(user.id), **changes), 1, NOW)  # type: ignore[arg-type]

    assert is_alive(secret) == alive
    if not alive:
        with pytest.raises(LinkExpired):
            account_links.find_invited("reset", token, NOW, client="here")


def test_another_unit_ends_sessions(build: Builder) -> None:
    user, other = build.user("requester"), build.organisation()
    secret = enter(user)

    users.edit(ADMINISTRATOR, user.id, replace(typed_of(user.id), organisation_id=str(other.id)), 1, NOW)

    assert not is_alive(secret)


def test_the_second_of_two_edits_is_told(build: Builder) -> None:
    user = build.user("coordinator")
    users.edit(ADMINISTRATOR, user.id, replace(typed_of(user.id), name="First"), 1, NOW)

    with pytest.raises(Stale) as stale:
        users.edit(ADMINISTRATOR, user.id, replace(typed_of(user.id), name="Second"), 1, NOW)

    assert (stale.value.expected, stale.value.current) == (1, 2)
    assert typed_of(user.id).name == "First"


def test_a_disabled_account_is_out_at_once_and_can_come_back(build: Builder) -> None:
    user = build.user("coordinator")
    before = enter(user)

    users.set_active(ADMINISTRATOR, user.id, False, NOW)
    during = is_alive(before)
    users.set_active(ADMINISTRATOR, user.id, True, NOW)

    assert (during, is_alive(before), is_alive(enter(user))) == (False, False, True)


def test_the_last_administrator_stays(build: Builder) -> None:
    last = build.user("administrator")
    build.user("administrator", active=False)

    with pytest.raises(Invalid) as disabled:
        users.set_active(ADMINISTRATOR, last.id, False, NOW)
    demoted = refused(last.id, replace(typed_of(last.id), role="coordinator"))

    assert disabled.value.errors == demoted == {"": ("last_administrator",)}


def test_sessions_of_an_account_can_be_ended(build: Builder) -> None:
    user = build.user("coordinator")
    secrets = [enter(user), enter(user)]

    ended = users.end_sessions(ADMINISTRATOR, user.id, NOW)

    assert ended == 2
    assert [is_alive(secret) for secret in secrets] == [False, False]


def test_an_invitation_is_mailed_three_times_an_hour_at_most(build: Builder) -> None:
    user = build.user("coordinator")
    for _ in range(3):
        users.invite_again(ADMINISTRATOR, user.id, NOW)

    with pytest.raises(Throttled):
        users.invite_again(ADMINISTRATOR, user.id, NOW)


@pytest.mark.parametrize("user_id", [0, -1, 12345, 2**31, 2**63, 10**30])
@pytest.mark.usefixtures("app")
def test_an_account_that_is_not_there_is_missing(user_id: int) -> None:
    with pytest.raises(Missing):
        user_pages.get_user(ADMINISTRATOR, user_id, NOW)
    with pytest.raises(Missing):
        users.set_active(ADMINISTRATOR, user_id, False, NOW)


@pytest.mark.parametrize(
    ("query", "role", "names"),
    [
        pytest.param("", "", ["Ada", "Änne", "Cem"], id="all"),
        pytest.param("CEM", "", ["Cem"], id="name, any case"),
        pytest.param("ada@", "", ["Ada"], id="address"),
        pytest.param("%", "", [], id="no wildcard"),
        pytest.param("x\x00y", "", [], id="NUL"),
        pytest.param("", "observer", ["Cem"], id="role"),
        pytest.param("", "king", [], id="no such role"),
    ],
)
def test_accounts_are_found_by_name_address_and_role(build: Builder, query: str, role: str, names: list[str]) -> None:
    build.user("coordinator", name="Ada", email="ada@example.org")
    build.user("coordinator", name="Änne", email="anne@example.org")
    build.user("observer", name="Cem", email="cem@example.org")

    listed, total = user_pages.list_users(ADMINISTRATOR, query=query, role=role)

    assert (sorted(row.name for row in listed), total) == (sorted(names), len(names))


@pytest.mark.parametrize("number", [10, 50])
def test_the_list_takes_two_statements(build: Builder, number: int) -> None:
    for _ in range(number):
        build.user("coordinator")

    with counted(db.engine) as statements:
        user_pages.list_users(ADMINISTRATOR)

    assert len(statements) == 2


def test_acts_are_on_record(build: Builder) -> None:
    user = build.user("coordinator")
    build.user("administrator")

    users.edit(ADMINISTRATOR, user.id, replace(typed_of(user.id), role="observer"), 1, NOW)
    users.set_active(ADMINISTRATOR, user.id, False, NOW)

    rows = reading().execute(select(AuditEntry.act, AuditEntry.subject_id, AuditEntry.facts).order_by(AuditEntry.id))
    assert [tuple(row) for row in rows] == [
        ("edit", user.id, {"fields": ["role"]}),
        ("disable", user.id, {}),
    ]
