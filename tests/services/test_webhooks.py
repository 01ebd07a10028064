"""Webhooks on both databases: who is told what, once, and what becomes of what a program does not take."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from dispatch.domain.errors import Forbidden, Invalid, Missing, Stale
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import SYSTEM, Actor, Role
from dispatch.domain.webhooks import TypedWebhook
from dispatch.models import AuditEntry, OptionChange, OutboxMessage, Request, User, Webhook
from dispatch.services import (
    accounts,
    closing,
    delivery,
    installation,
    message_log,
    sealing,
    states,
    webhook_deliveries,
    webhook_events,
    webhooks,
)
from dispatch.services.transactions import reading, run
from dispatch.services.webhook_deliveries import Call, Reply
from tests.appointment_cases import booked
from tests.builders import NOW, START, Builder

KEY = "a key of this test"
MINUTE = timedelta(minutes=1)
ADMINISTRATOR = Actor(None, Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def allowed(app: Flask) -> None:
    """Let webhooks go to two hosts."""
    values = {"hosts": ["hooks.example", "other.example"]}
    row = OptionChange(topic="webhooks", version=1, values=values, changed_at=NOW)
    run(lambda session: session.add(row))


def actor_of(user: User) -> Actor:
    return accounts.describe(reading(), user, None, NOW).actor


def hook_of(hook: Webhook) -> Webhook:
    reading().close()
    return reading().get_one(Webhook, hook.id)


def log(hook: Webhook) -> list[tuple[str, str]]:
    """Return what is in the outbox for a webhook: event and state, in the order of their ids."""
    reading().close()
    rows = reading().scalars(
        select(OutboxMessage).where(OutboxMessage.webhook_id == hook.id).order_by(OutboxMessage.id)
    )
    return [(row.params["type"], row.state) for row in rows]


def move(request: Request, target: str, now: datetime = NOW) -> None:
    def use_case(session: Any) -> None:
        row = session.get_one(Request, request.id)
        states.set_request(session, SYSTEM, row, RequestState(target), now)

    run(use_case)


def deliver(*replies: Reply, now: datetime = NOW, key: str = KEY, seen: list[Call] | None = None) -> dict[str, int]:
    left = list(replies)

    def send(call: Call, _at: datetime) -> Reply:
        if seen is not None:
            seen.append(call)
        return left.pop(0) if len(left) > 1 else left[0]

    return dict(webhook_deliveries.deliver_due(now, send, key=key, worker="one"))


OK, NO, GONE, DOWN = Reply(200), Reply(500), Reply(410), Reply(trouble="no_connection")


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


def test_what_a_program_takes_is_sent_and_what_it_refuses_is_tried_again(build: Builder) -> None:
    hook = build.webhook(build.user("coordinator"), key=KEY, secret="whsec_1")
    for _ in range(3):
        move(build.request(), "searching")
    webhook_events.tell_due(NOW)
    seen: list[Call] = []

    first = deliver(OK, NO, seen=seen)
    soon = deliver(OK, now=NOW + timedelta(seconds=30))
    later = deliver(OK, now=NOW + 2 * MINUTE, seen=seen)

    assert (first, soon, later) == ({"sent": 1, "retry": 1}, {}, {"sent": 2})
    assert log(hook) == [("request.searching", "sent")] * 3
    assert (seen[0].url, seen[0].secret) == (hook.url, "whsec_1")
    assert [call.id for call in seen].count(seen[1].id) == 2  # the same id at the second try


def test_a_dead_host_is_asked_once_and_holds_up_no_other(build: Builder) -> None:
    users = [build.user("coordinator") for _ in range(3)]
    dead = [build.webhook(user, key=KEY) for user in users[:2]]
    alive = build.webhook(users[2], key=KEY, url="https://other.example/x")
    for _ in range(3):
        move(build.request(), "searching")
    webhook_events.tell_due(NOW)

    assert deliver(DOWN, OK) == {"retry": 1, "sent": 3}
    assert {state for hook in dead for _event, state in log(hook)} == {"queued", "retry"}
    assert {state for _event, state in log(alive)} == {"sent"}


def test_after_two_days_a_message_is_given_up_and_can_be_sent_again(build: Builder) -> None:
    user = build.user("coordinator")
    hook = build.webhook(user, key=KEY)
    move(build.request(), "searching")
    webhook_events.tell_due(NOW)
    deliver(NO)

    ended = deliver(NO, now=NOW + timedelta(hours=49))
    (row,) = webhooks.deliveries(actor_of(user), hook.id)

    assert (ended, row.state, row.error, row.attempts) == ({"retry": 1}, "failed", "HTTP 500", 2)
    webhooks.resend(actor_of(user), hook.id, row.id, NOW + timedelta(hours=50))
    assert deliver(OK, now=NOW + timedelta(hours=50)) == {"sent": 1}


def test_an_answer_410_switches_the_webhook_off(build: Builder) -> None:
    hook = build.webhook(build.user("coordinator"), key=KEY)
    for _ in range(2):
        move(build.request(), "searching")
    webhook_events.tell_due(NOW)

    assert deliver(GONE) == {"failed": 1}
    assert [state for _event, state in log(hook)] == ["failed", "dropped"]
    assert hook_of(hook).active is False
    move(build.request(), "searching")
    assert webhook_events.tell_due(NOW) == 0


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        pytest.param(lambda: update(User).values(active=False), "user_disabled", id="account disabled"),
        pytest.param(
            lambda: update(OptionChange).values(values={"hosts": []}), "host_not_allowed", id="host forbidden"
        ),
        pytest.param(lambda: update(Webhook).values(sealed_secret="x"), "secret_lost", id="another key"),
    ],
)
def test_what_may_not_be_told_any_more_is_dropped(build: Builder, spoil: Callable[[], Any], reason: str) -> None:
    hook = build.webhook(build.user("coordinator"), key=KEY)
    move(build.request(), "searching")
    webhook_events.tell_due(NOW)
    run(lambda session: session.execute(spoil()))

    assert deliver(OK) == {"obsolete": 1}
    assert log(hook) == [("request.searching", "dropped")]
    assert reading().scalar(select(OutboxMessage.error)) == reason


def test_a_pause_drops_what_waits_and_is_never_told_of(build: Builder) -> None:
    user = build.user("coordinator")
    actor, hook = actor_of(user), build.webhook(user, key=KEY)
    move(build.request(), "searching")
    webhook_events.tell_due(NOW)

    webhooks.switch(actor, hook.id, False, NOW)
    move(build.request(), "searching")
    webhooks.switch(actor, hook.id, True, NOW)
    move(build.request(), "searching")

    assert webhook_events.tell_due(NOW) == 1
    assert [state for _event, state in log(hook)] == ["dropped", "queued"]


def test_mails_and_events_leave_each_other_alone(build: Builder) -> None:
    user = build.user("coordinator")
    hook = build.webhook(user, key=KEY)
    webhooks.ping(actor_of(user), hook.id, NOW)

    assert dict(delivery.deliver_due(NOW, lambda _message: pytest.fail("a mail"), worker="one")) == {}
    assert installation.oldest_waiting(NOW + timedelta(hours=1)) is None
    deliver(GONE)
    assert message_log.messages(SYSTEM) == []
    assert log(hook) == [("ping", "failed")]


def test_the_log_is_kept_for_a_month(build: Builder) -> None:
    user = build.user("coordinator")
    hook = build.webhook(user, key=KEY)
    webhooks.ping(actor_of(user), hook.id, NOW)
    deliver(OK)

    counts = [webhook_deliveries.clean_up(NOW + timedelta(days=days)) for days in (30, 31)]

    assert (counts, log(hook)) == ([0, 1], [])
