"""What a bad day of the mail server does to messages: nothing is lost, nothing goes out twice (A5 to A13)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from dispatch.models import OutboxMessage
from dispatch.services.transactions import run
from tests.builders import NOW
from tests.jobs.conftest import Tick
from tests.jobs.sinks import DROP, Sink
from tests.message_cases import Post, at, row, states_of
from tests.processes import text_of

DOMAIN = "dolmetscher.example"
DUTY = "koordination@dolmetscherdienst.example"
"""The mailbox that hears of a message that did not arrive."""


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_message_arrives_once(post: Post, tick: Tick, sink: Sink) -> None:
    post.put("request_received", recipient="amt@example.org")

    counts = [tick(), tick()]

    assert counts == [{"messages": 1}, {}]
    assert sink.recipients == ["amt@example.org"]


def test_a_451_is_tried_again_until_it_passes(post: Post, tick: Tick, sink: Sink) -> None:
    """A6."""
    number = post.put("request_received")
    sink.rcpt.extend(["451 4.7.1 later"] * 3)

    for minutes in (0, 2, 10, 40):
        tick(at(minutes))

    assert (row(number).state, row(number).attempts) == ("sent", 4)
    assert len(sink.mails) == 1


def test_a_550_ends_one_message_and_no_other(post: Post, tick: Tick, sink: Sink) -> None:
    """A7."""
    bad = post.put("request_received", recipient="weg@example.org")
    good = post.put("request_received", recipient="da@example.org")
    sink.refused["weg@example.org"] = "550 5.1.1 no such mailbox"

    tick()
    tick(at(600))

    assert states_of(bad, good) == ["failed", "sent"]
    assert (row(bad).error, row(bad).attempts) == ("address refused: SMTP 550", 1)
    assert sink.recipients == ["da@example.org", DUTY]


@pytest.mark.parametrize("answer", ["550 5.7.1 relaying denied", "530 5.7.0 sign in first"])
def test_a_server_that_does_not_know_us_says_nothing_about_an_address(
    post: Post, tick: Tick, sink: Sink, answer: str
) -> None:
    number = post.put("request_received")
    sink.rcpt.append(answer)

    tick()

    assert (row(number).state, row(number).error) == ("retry", f"SMTP {answer[:3]}")


def test_refused_content_is_no_refused_address(post: Post, tick: Tick, sink: Sink) -> None:
    number = post.put("request_received")
    sink.data.append("554 5.6.0 looks like spam")

    tick()

    assert (row(number).state, row(number).error) == ("failed", "content refused: SMTP 554")


def test_a_line_that_drops_after_the_message_leads_to_one_repeat_with_the_same_id(
    post: Post, tick: Tick, sink: Sink
) -> None:
    """A9."""
    number = post.put("request_received")
    sink.data.append(DROP)

    tick()
    tick(at(2))
    tick(at(600))

    assert row(number).state == "sent"
    assert len(sink.ids()) == 2
    assert len(set(sink.ids())) == 1


def test_a_line_that_drops_again_and_again_is_left_to_a_person(post: Post, tick: Tick, sink: Sink) -> None:
    number = post.put("request_received")
    sink.data.extend([DROP] * 5)

    for minutes in (0, 2, 30, 600):
        tick(at(minutes))

    told = [recipient for recipient in sink.recipients if recipient != DUTY]
    assert (row(number).state, len(told)) == ("uncertain", 2)


def test_a_line_that_drops_before_the_message_may_be_tried_more_often(post: Post, tick: Tick, sink: Sink) -> None:
    number = post.put("request_received")
    sink.rcpt.extend([DROP] * 3)

    for minutes in (0, 2, 10, 40):
        tick(at(minutes))

    assert (row(number).state, len(sink.mails)) == ("sent", 1)


def test_a_server_that_is_away_costs_one_try_a_tick_and_loses_nothing(post: Post, tick: Tick, sink: Sink) -> None:
    """A5."""
    ids = [post.put("request_received") for _ in range(4)]
    sink.stop()

    tick()
    tries_while_away = [row(number).attempts for number in ids]
    sink.start()
    for minutes in (1, 2):
        tick(at(minutes))

    assert tries_while_away == [1, 0, 0, 0]
    assert states_of(*ids) == ["sent"] * 4
    assert len(set(sink.ids())) == 4


def test_a_line_that_closed_while_idle_is_made_anew(post: Post, tick: Tick, sink: Sink) -> None:
    ids = [post.put("request_received") for _ in range(3)]
    sink.data.extend(["250 OK", "421 4.3.2 closing"])

    tick()
    tick(at(2))

    assert states_of(*ids) == ["sent"] * 3
    assert len(sink.mails) == 3


def test_many_messages_share_one_line(post: Post, tick: Tick, sink: Sink) -> None:
    for _ in range(5):
        post.put("request_received")

    tick()

    assert (len(sink.mails), sink.lines) == (5, 1)


def test_a_message_that_cannot_be_written_holds_up_no_other(post: Post, tick: Tick, sink: Sink) -> None:
    """A12."""
    ids = [post.put("request_received") for _ in range(3)]
    run(lambda session: session.execute(update(OutboxMessage).where(OutboxMessage.id == ids[0]).values(kind="gossip")))

    tick()

    assert states_of(*ids) == ["failed", "sent", "sent"]
    assert row(ids[0]).error == "not written: KeyError"


def test_an_unknown_language_is_written_in_german(post: Post, tick: Tick, sink: Sink) -> None:
    post.put("request_received", locale="tlh")

    tick()

    assert [mail["Content-Language"] for mail in sink.mails] == ["de"]


def test_each_of_eight_mediators_gets_a_mail_of_her_own(post: Post, tick: Tick, sink: Sink) -> None:
    """A13."""
    for _ in range(8):
        post.put("offer")

    tick()

    assert len(set(sink.recipients)) == 8
    assert [str(mail["To"]) for mail in sink.mails] == sink.recipients
    assert {mail["Cc"] or mail["Bcc"] for mail in sink.mails} == {None}
    assert {mail["Auto-Submitted"] for mail in sink.mails} == {"auto-generated"}
    assert {str(mail["Message-ID"]).rpartition("@")[2] for mail in sink.mails} == {f"{DOMAIN}>"}
    assert len(set(sink.ids())) == 8


def test_a_message_keeps_its_id_from_try_to_try_and_its_link_too(post: Post, tick: Tick, sink: Sink) -> None:
    post.put("offer")
    sink.data.append(DROP)

    tick()
    tick(at(2))

    links = [[word for word in text_of(mail).split() if "/o/" in word] for mail in sink.mails]
    assert len(set(sink.ids())) == 1
    assert links[0] == links[1]


def test_a_folder_that_cannot_be_written_loses_nothing(app: Flask, post: Post, tick: Tick) -> None:
    number = post.put("request_received")
    app.config["MAIL_URL"] = f"file:{__file__}/mailbox"

    tick()

    assert (row(number).state, row(number).error) == ("retry", "NotADirectoryError")


def test_reminders_that_waited_for_the_server_until_it_was_too_late_are_dropped(
    post: Post, tick: Tick, sink: Sink
) -> None:
    """A5."""
    week, last = post.put("reminder_last"), post.put("office_reminder_last")
    late = post.put("reminder_last", starts_at=NOW + timedelta(days=30))
    sink.stop()
    tick()
    sink.start()

    tick(NOW + timedelta(days=8))

    assert states_of(week, last, late) == ["dropped", "dropped", "sent"]
