"""What becomes of events: taken, tried again, given up, sent again; on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from dispatch.domain.permissions import SYSTEM
from dispatch.models import OptionChange, OutboxMessage, User, Webhook
from dispatch.services import (
    delivery,
    installation,
    message_log,
    webhook_deliveries,
    webhook_events,
    webhooks,
)
from dispatch.services.transactions import reading, run
from dispatch.services.webhook_deliveries import Call
from tests.builders import NOW, Builder
from tests.services.telling import (
    DOWN,
    GONE,
    KEY,
    MINUTE,
    NO,
    OK,
    actor_of,
    allow_hosts,
    deliver,
    hook_of,
    log,
    move,
)


@pytest.fixture(autouse=True)
def allowed(app: Flask) -> None:
    """Let webhooks go to two hosts."""
    allow_hosts()


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
