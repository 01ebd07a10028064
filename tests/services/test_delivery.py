"""The outbox on both databases: claims, leases, tries, and what becomes of messages and of the offers they carry."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from dispatch.domain.errors import Busy
from dispatch.domain.outbox import Outcome
from dispatch.models import Mediator, Offer, OutboxMessage, Request
from dispatch.services import delivery, pool_facts
from dispatch.services.delivery import Delivery, Report
from dispatch.services.transactions import reading, run
from tests.builders import NOW, Builder
from tests.message_cases import Post, at, row, states_of

LEASE = timedelta(minutes=8)


@pytest.fixture
def post(app: Flask, build: Builder) -> Post:
    """The outbox of this test."""
    return Post(build)


def answering(*reports: Report) -> Callable[[Delivery], Report]:
    """Return a mailer that answers so in turn, and with the last one ever after."""
    left = list(reports)
    return lambda _claimed: left.pop(0) if len(left) > 1 else left[0]


SENT = Report(Outcome.SENT)
RETRY = Report(Outcome.RETRY, "SMTP 451")
FAILED = Report(Outcome.FAILED, "address refused: SMTP 550")
UNSURE = Report(Outcome.UNSURE, "no receipt", is_line_down=True)
DOWN = Report(Outcome.RETRY, "ConnectionRefusedError", is_line_down=True)


def deliver(*reports: Report, now: object = NOW, worker: str = "one") -> dict[str, int]:
    return dict(delivery.deliver_due(now, answering(*reports), worker=worker))  # type: ignore[arg-type]


def test_every_due_message_is_handed_over_once(post: Post) -> None:
    ids = [post.put("request_received") for _ in range(3)]

    counts = [deliver(SENT), deliver(SENT)]

    assert counts == [{"sent": 3}, {}]
    assert states_of(*ids) == ["sent"] * 3
    assert row(ids[0]).sent_at == NOW


def test_a_message_that_is_not_due_waits(post: Post) -> None:
    post.put("request_received", due_at=at(1))

    assert [deliver(SENT), deliver(SENT, now=at(1))] == [{}, {"sent": 1}]


def test_a_message_that_was_not_taken_is_tried_again_later(post: Post) -> None:
    number = post.put("request_received")

    counts = [deliver(RETRY), deliver(SENT), deliver(SENT, now=at(2))]

    assert counts == [{"retry": 1}, {}, {"sent": 1}]
    assert (row(number).attempts, row(number).error) == (2, None)


def test_the_wait_grows_with_each_try(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "random", lambda: 0.5)
    number = post.put("request_received")

    waits, now = [], NOW
    for _ in range(4):
        deliver(RETRY, now=now)
        waits.append((row(number).due_at - now) // timedelta(minutes=1))
        now = row(number).due_at

    assert waits == [1, 5, 15, 30]


def test_a_message_is_given_up_after_two_days(post: Post) -> None:
    number = post.put("request_received")

    deliver(RETRY, now=NOW + timedelta(hours=48))

    assert (row(number).state, row(number).error) == ("failed", "SMTP 451")


def test_a_refused_address_is_not_tried_again(post: Post) -> None:
    bad, good = post.put("request_received"), post.put("request_received")

    counts = deliver(FAILED, SENT)

    assert counts == {"failed": 1, "sent": 1}
    assert states_of(bad, good) == ["failed", "sent"]
    assert row(bad).error == "address refused: SMTP 550"


def test_when_the_server_takes_nothing_the_others_wait_for_the_next_run(post: Post) -> None:
    first, second = post.put("request_received"), post.put("request_received")

    counts = deliver(DOWN)

    assert counts == {"retry": 1}
    assert states_of(first, second) == ["retry", "queued"]


def test_a_process_that_dies_leaves_a_lease(post: Post) -> None:
    number = post.put("request_received")
    run(lambda session: delivery.claim(session, NOW, "dead"))

    counts = [deliver(SENT), deliver(SENT, now=NOW + LEASE - timedelta(seconds=1)), deliver(SENT, now=NOW + LEASE)]

    assert counts == [{}, {}, {"sent": 1}]
    assert (row(number).attempts, row(number).interruptions) == (2, 1)


def test_a_message_interrupted_twice_is_left_to_a_person(post: Post) -> None:
    number = post.put("request_received")
    run(lambda session: delivery.claim(session, NOW, "dead"))
    run(lambda session: delivery.claim(session, NOW + LEASE, "dead as well"))

    counts = [deliver(SENT, now=NOW + 2 * LEASE), deliver(SENT, now=NOW + 3 * LEASE)]

    assert counts == [{"uncertain": 1}, {}]
    assert row(number).state == "uncertain"


def test_a_hand_over_without_receipt_is_repeated_once_then_left_to_a_person(post: Post) -> None:
    number = post.put("request_received")

    states = []
    for minutes in (0, 2, 30):
        deliver(UNSURE, now=at(minutes))
        states.append(row(number).state)

    assert states == ["retry", "uncertain", "uncertain"]


def test_leases_and_next_tries_count_from_the_hour_of_a_long_run(post: Post) -> None:
    number = post.put("request_received")
    passed = timedelta(minutes=20)

    delivery.deliver_due(NOW, answering(RETRY), worker="one", passed=lambda: passed)

    assert row(number).due_at > NOW + passed


def test_a_message_in_a_long_run_is_not_claimed_by_another_process(post: Post) -> None:
    post.put("request_received")
    run(lambda session: delivery.claim(session, NOW, "slow", leased_from=NOW + LEASE))

    assert deliver(SENT, now=NOW + LEASE, worker="other") == {}


def test_who_lost_the_lease_books_nothing_but_a_sent_message(post: Post) -> None:
    numbers = [post.put("request_received") for _ in range(2)]

    def overtaken(report: Report) -> Callable[[Delivery], Report]:
        def hand_over(claimed: Delivery) -> Report:
            theirs = update(OutboxMessage).where(OutboxMessage.id == claimed.id).values(claimed_by="other")
            run(lambda session: session.execute(theirs))
            return report

        return hand_over

    mailers = iter([overtaken(RETRY), overtaken(SENT)])

    def hand_over(claimed: Delivery) -> Report:
        return next(mailers)(claimed)

    delivery.deliver_due(NOW, hand_over, worker="one")

    assert states_of(*numbers) == ["sending", "sent"]


def test_booking_waits_for_a_lock_again_lest_it_be_sent_twice(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    number = post.put("request_received")
    book, calls = delivery._book_in, iter([Busy(), None])

    def locked_once(*arguments: object, **named: object) -> None:
        if error := next(calls):
            raise error
        book(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(delivery, "_book_in", locked_once)

    deliver(SENT)

    assert row(number).state == "sent"


def test_a_run_that_is_told_to_stop_claims_nothing_more(post: Post) -> None:
    ids = [post.put("request_received") for _ in range(2)]
    may = iter([True, False])

    delivery.deliver_due(NOW, answering(SENT), worker="one", may_go_on=lambda: next(may))

    assert states_of(*ids) == ["sent", "queued"]


@pytest.mark.parametrize("report", [FAILED, Report(Outcome.OBSOLETE)], ids=["refused", "too late"])
@pytest.mark.parametrize(
    ("offer_state", "lapses"), [("open", 2), ("expired", 1)], ids=["still open", "lapsed meanwhile"]
)
def test_an_offer_that_never_arrived_is_taken_back_and_its_wave_goes_on(
    post: Post, report: Report, offer_state: str, lapses: int
) -> None:
    number = post.put("offer", wave=1, wave_due_at=at(600), mediator={"lapses_in_row": 2})
    offer_id = row(number).offer_id
    run(lambda session: session.execute(update(Offer).values(state=offer_state)))

    deliver(report)

    offer = reading().get_one(Offer, offer_id)
    assert (offer.state, offer.cause) == ("withdrawn", "undelivered")
    assert reading().get_one(Request, offer.request_id).wave_due_at == NOW
    assert reading().get_one(Mediator, offer.mediator_id).lapses_in_row == lapses


def test_an_offer_that_was_answered_stays_as_it_is_when_its_mail_fails(post: Post) -> None:
    number = post.put("offer")
    run(lambda session: session.execute(update(Offer).values(state="declined")))

    deliver(FAILED)

    assert reading().get_one(Offer, row(number).offer_id).state == "declined"


def test_an_offer_that_may_have_arrived_is_not_taken_back(post: Post) -> None:
    number = post.put("offer")
    deliver(UNSURE)

    deliver(FAILED, now=at(2))

    assert reading().get_one(Offer, row(number).offer_id).state == "open"


@pytest.mark.parametrize(
    ("report", "has_failed"),
    [
        pytest.param(FAILED, True, id="the address is not known"),
        pytest.param(Report(Outcome.FAILED, "content refused: SMTP 554"), False, id="its content was refused"),
        pytest.param(Report(Outcome.FAILED, "not written: KeyError"), False, id="it could not be written"),
        pytest.param(SENT, False, id="it arrived"),
    ],
)
def test_only_a_refused_address_makes_a_mediator_one_without(post: Post, report: Report, has_failed: bool) -> None:
    number = post.put("offer")
    deliver(report)
    mediator_id = row(number).mediator_id
    assert mediator_id is not None

    [(_mediator, found)] = pool_facts.people(reading(), pool_facts.one(mediator_id))

    assert found is has_failed
