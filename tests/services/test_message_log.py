"""What a person does about messages that did not arrive."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from dispatch.domain.outbox import Outcome
from dispatch.domain.permissions import SYSTEM
from dispatch.models import AuditEntry, Mediator, OutboxMessage
from dispatch.services import delivery, message_log
from dispatch.services.delivery import Report
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder
from tests.message_cases import Post, at, row


@pytest.fixture
def post(app: Flask, build: Builder) -> Post:
    """The outbox of this test."""
    return Post(build)


def deliver(outcome: Outcome) -> dict[str, int]:
    return dict(delivery.deliver_due(NOW, lambda _claimed: Report(outcome), worker="one"))


def test_a_person_settles_what_failed_and_it_goes_to_the_address_of_today(post: Post) -> None:
    number = post.put("offer_taken")
    deliver(Outcome.FAILED)
    before = row(number)
    mediator = reading().get_one(Mediator, before.mediator_id)
    new = update(Mediator).where(Mediator.id == mediator.id).values(email="neu@example.org")
    run(lambda session: session.execute(new))

    done = message_log.settle(SYSTEM, "retry", [number], at(5))

    after = row(number)
    assert done == 1
    assert (after.state, after.recipient, after.attempts, after.error) == ("queued", "neu@example.org", 0, None)
    assert after.message_id == before.message_id


@pytest.mark.parametrize(
    ("act", "state", "after"),
    [
        ("retry", "failed", "queued"),
        ("retry", "uncertain", "queued"),
        ("retry", "sent", "sent"),
        ("retry", "sending", "sending"),
        ("hold", "queued", "held"),
        ("hold", "retry", "held"),
        ("hold", "sent", "sent"),
        ("release", "held", "queued"),
        ("release", "queued", "queued"),
    ],
)
def test_acts_change_only_the_states_they_are_for(post: Post, act: str, state: str, after: str) -> None:
    number = post.put("request_received")
    run(lambda session: session.execute(update(OutboxMessage).values(state=state)))

    done = message_log.settle(SYSTEM, act, [number], NOW)

    assert (done, row(number).state) == (int(state != after), after)
    assert len(reading().scalars(select(AuditEntry).where(AuditEntry.subject == "message")).all()) == done


def test_a_held_message_is_not_sent(post: Post) -> None:
    number = post.put("request_received")
    message_log.settle(SYSTEM, "hold", [number], NOW)

    assert deliver(Outcome.SENT) == {}
