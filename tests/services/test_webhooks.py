"""Webhooks on both databases: who is told what, and once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from dispatch.domain.errors import Forbidden, Invalid, Missing, Stale
from dispatch.domain.permissions import Actor, Role
from dispatch.domain.webhooks import TypedWebhook
from dispatch.models import AuditEntry, OutboxMessage, User
from dispatch.services import (
    closing,
    sealing,
    webhook_events,
    webhooks,
)
from dispatch.services.transactions import reading, run
from tests.appointment_cases import booked
from tests.builders import NOW, START, Builder
from tests.services.telling import (
    KEY,
    MINUTE,
    actor_of,
    allow_hosts,
    hook_of,
    log,
    move,
)

ADMINISTRATOR = Actor(None, Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def allowed(app: Flask) -> None:
    """Let webhooks go to two hosts."""
    allow_hosts()


def test_a_user_is_told_of_what_the_pages_would_show_and_of_nothing_else(build: Builder) -> None:
    office = build.user()
    own = build.request(organisation_id=office.organisation_id)
    hidden = build.request(organisation_id=office.organisation_id, protection="protected")
    foreign = build.request()
    hook = build.webhook(office, key=KEY)
    for request in (own, hidden, foreign):
        move(request, "searching")

    counts = [webhook_events.tell_due(NOW), webhook_events.tell_due(NOW + MINUTE)]

    assert counts == [1, 0]
    row = reading().scalars(select(OutboxMessage).where(OutboxMessage.webhook_id == hook.id)).one()
    assert (row.recipient, row.kind, row.request_id) == ("hooks.example", "webhook", None)
    assert row.params == {
        "type": "request.searching",
        "created_at": NOW.isoformat(),
        "data": {
            "id": own.id, "number": own.number, "state": "searching", "revision": 1, "version": 2,
            "starts_at": START.isoformat(), "ends_at": (START + timedelta(hours=1)).isoformat(),
        },
    }  # fmt: skip


def test_protected_cases_are_told_to_no_program_whoever_its_user_is(build: Builder) -> None:
    named = build.user("coordinator", handles_protected=True)
    hook = build.webhook(named, key=KEY)

    move(build.request(protection="protected"), "searching")
    webhook_events.tell_due(NOW)

    assert log(hook) == []


def test_an_appointment_is_told_from_its_booking_to_its_end(build: Builder) -> None:
    coordinator = build.user("coordinator")
    hook = build.webhook(coordinator, key=KEY, events=["appointment.*"])

    case = booked(build)
    closing.cancel(case.office, case.request.id, "own", NOW)
    webhook_events.tell_due(NOW)

    assert log(hook) == [("appointment.confirmed", "queued"), ("appointment.cancelled", "queued")]


def test_an_entry_committed_late_under_a_smaller_id_is_told_and_nothing_twice(build: Builder) -> None:
    """PostgreSQL gives ids out before the commit: entry 1 of two may appear after entry 2 was read."""
    request, coordinator = build.request(), build.user("coordinator")
    hook = build.webhook(coordinator, key=KEY)

    def entry(number: int, target: str, at: datetime) -> None:
        facts = {"from": "x", "to": target}
        row = AuditEntry(
            id=number, at=at, actor_kind="system", act="move", subject="request", subject_id=request.id, facts=facts
        )
        run(lambda session: session.add(row))

    entry(102, "assigned", NOW)
    assert webhook_events.tell_due(NOW + timedelta(seconds=2)) == 1
    entry(101, "searching", NOW)
    later = [webhook_events.tell_due(NOW + timedelta(seconds=after)) for after in (4, 59, 130, 200)]

    assert later == [1, 0, 0, 0]
    assert hook_of(hook).last_audit_id == 102
    assert sorted(log(hook)) == [("request.assigned", "queued"), ("request.searching", "queued")]


def test_two_processes_that_look_at_once_tell_an_event_once(build: Builder) -> None:
    hook = build.webhook(build.user("coordinator"), key=KEY)
    move(build.request(), "searching")

    told = [run(lambda session: webhook_events._put(session, hook.id, 0, NOW)) for _ in range(2)]

    assert told == [1, 0]
    assert log(hook) == [("request.searching", "queued")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"active": False}, 0, id="account disabled"),
        pytest.param({"role": "administrator"}, 0, id="a role that sees no requests"),
        pytest.param({}, 1, id="control"),
    ],
)
def test_the_rights_of_the_moment_count(build: Builder, change: dict[str, object], told: int) -> None:
    user = build.user("coordinator")
    build.webhook(user, key=KEY)
    move(build.request(), "searching")
    run(lambda session: session.execute(update(User).where(User.id == user.id).values(**change or {"name": "X"})))

    assert webhook_events.tell_due(NOW) == told


def test_a_new_webhook_is_told_of_what_comes_and_shows_its_secret_once(build: Builder) -> None:
    actor = actor_of(build.user("coordinator"))
    move(build.request(), "searching")

    hook, secret = webhooks.create(actor, TypedWebhook("https://hooks.example/a", ("request.*",)), NOW, key=KEY)
    told = webhook_events.tell_due(NOW)
    move(build.request(), "searching")

    assert (told, webhook_events.tell_due(NOW)) == (0, 1)
    assert secret not in hook.sealed_secret
    assert sealing.unseal(hook.sealed_secret, KEY, purpose="webhook") == secret
    with pytest.raises(Invalid) as refused:
        webhooks.create(actor, TypedWebhook("https://hooks.example/a", ("request.*",)), NOW, key=KEY)
    assert refused.value.errors == {"url": ("taken",)}


def test_a_webhook_is_its_owners_and_the_administrations(build: Builder) -> None:
    owner, other = build.user("coordinator"), build.user("coordinator")
    hook = build.webhook(owner, key=KEY)

    assert [one.hook.id for one in webhooks.every(ADMINISTRATOR)] == [hook.id]
    assert webhooks.every(actor_of(other)) == []
    with pytest.raises(Missing):
        webhooks.get(actor_of(other), hook.id)
    with pytest.raises(Forbidden):
        webhooks.every(Actor(None, Role.MEDIATOR))
    with pytest.raises(Stale):
        webhooks.change(actor_of(owner), hook.id, TypedWebhook(hook.url, ("request.*",)), 7, NOW)
