"""`dispatch outbox`: what is to be sent, and what a person does about what was not."""

import json

import pytest
from sqlalchemy import update

from dispatch.models import OutboxMessage
from dispatch.services.transactions import run
from tests.builders import Builder
from tests.cli.conftest import Command
from tests.message_cases import Post, row


@pytest.fixture
def ids(builder: Builder) -> list[int]:
    """Three messages: one failed, one uncertain, one that waits."""
    post = Post(builder)
    found = [post.put("request_received") for _ in range(3)]
    for number, state in zip(found, ("failed", "uncertain", "queued"), strict=True):
        _put(number, state)
    return found


def _put(number: int, state: str) -> None:
    put = update(OutboxMessage).where(OutboxMessage.id == number).values(state=state, error=f"about {state}")
    run(lambda session: session.execute(put))


def test_messages_are_listed_newest_first_without_addresses(command: Command, ids: list[int]) -> None:
    result = command("outbox", "list")

    assert result.exit_code == 0
    assert [line.split("\t")[:3] for line in result.stdout.splitlines()] == [
        [str(ids[2]), "queued", "request_received"],
        [str(ids[1]), "uncertain", "request_received"],
        [str(ids[0]), "failed", "request_received"],
    ]
    assert "@" not in result.stdout


def test_messages_of_some_states_are_listed_as_json(command: Command, ids: list[int]) -> None:
    result = command("outbox", "list", "--state", "failed", "--state", "uncertain", "--json")

    assert [(each["id"], each["state"], each["error"]) for each in json.loads(result.stdout)] == [
        (ids[1], "uncertain", "about uncertain"),
        (ids[0], "failed", "about failed"),
    ]


def test_the_newest_are_listed_only(command: Command, ids: list[int]) -> None:
    assert [each["id"] for each in json.loads(command("outbox", "list", "--limit", "1", "--json").stdout)] == [ids[2]]


def test_what_failed_or_is_uncertain_is_sent_again(command: Command, ids: list[int]) -> None:
    result = command("outbox", "retry", str(ids[0]), str(ids[1]), str(ids[1]), "--json")

    assert (result.exit_code, json.loads(result.stdout)) == (0, {"done": 2, "asked": 2})
    assert [row(number).state for number in ids] == ["queued"] * 3


def test_a_message_is_held_and_let_go(command: Command, ids: list[int]) -> None:
    states = []
    for act in ("hold", "release"):
        assert command("outbox", act, str(ids[2])).stdout == "1 of 1 messages\n"
        states.append(row(ids[2]).state)

    assert states == ["held", "queued"]


@pytest.mark.parametrize(
    ("words", "output"),
    [
        pytest.param(("retry", "999"), "0 of 1 messages\n", id="no such message"),
        pytest.param(("retry", str(2**63 - 1)), "0 of 1 messages\n", id="a very large number"),
        pytest.param(("release", "1"), "0 of 1 messages\n", id="not held"),
    ],
)
@pytest.mark.usefixtures("ids")
def test_what_cannot_be_done_is_exit_1(command: Command, words: tuple[str, ...], output: str) -> None:
    result = command("outbox", *words)

    assert (result.exit_code, result.output) == (1, output)


@pytest.mark.parametrize(
    "words",
    [("retry",), ("retry", "one"), ("retry", "0"), ("retry", str(2**63)), ("list", "--state", "lost"), ("burn",)],
)
def test_words_that_mean_nothing_are_exit_2(command: Command, words: tuple[str, ...]) -> None:
    assert command("outbox", *words).exit_code == 2
