"""What an office writes reaches the board as a task and the people on duty as a mail without the words, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.domain.errors import Forbidden, Invalid, Missing, Throttled
from dispatch.domain.permissions import Actor, bearer
from dispatch.domain.tasks import TaskKind
from dispatch.models import AuditEntry, OutboxMessage, RequestMessage
from dispatch.services import board, recipients, request_messages
from dispatch.services.board_filters import Filters
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder
from tests.services.booking import actor_of

WORDS = "Bitte eine halbe Stunde später."


def tasks(coordinator: Actor) -> list[tuple[TaskKind, int]]:
    found = board.tasks(coordinator, Filters(), NOW)
    return [(task.kind, task.times) for task in found if task.kind is TaskKind.WORDS]


def test_a_message_is_a_task_and_a_mail_without_its_words_until_it_is_dealt_with(build: Builder) -> None:
    coordinator, request = actor_of(build.user("coordinator")), build.request(state="searching")
    office = bearer("request", request.id)

    first = request_messages.write(office, request.id, WORDS, NOW)
    again = request_messages.write(office, request.id, WORDS, NOW)
    waiting = tasks(coordinator)
    request_messages.settle(coordinator, request.id, NOW)

    mail = reading().scalars(select(OutboxMessage).where(OutboxMessage.kind == "office_message")).one()
    assert (first, again, waiting, tasks(coordinator)) == (True, False, [(TaskKind.WORDS, 1)], [])
    assert (mail.recipient, mail.params) == (recipients.on_duty().email, {})
    assert WORDS not in str([entry.facts for entry in reading().scalars(select(AuditEntry))])


def test_only_who_asked_writes_and_only_the_coordination_settles(build: Builder) -> None:
    request, other = build.request(), build.user()
    for stranger, refusal in (
        (actor_of(other), Missing), (bearer("request", request.id + 1), Missing),
        (bearer("offer", request.id, mediator_id=1), Missing), (actor_of(build.user("mediator")), Forbidden),
    ):  # fmt: skip
        with pytest.raises(refusal):
            request_messages.write(stranger, request.id, WORDS, NOW)
    with pytest.raises(Forbidden):
        request_messages.settle(actor_of(other), request.id, NOW)

    assert reading().scalars(select(RequestMessage)).all() == []


@pytest.mark.parametrize("text", ["", " \n", "x" * 501, "a\x00b"], ids=["nothing", "blanks", "501", "NUL"])
def test_a_message_that_does_not_hold_is_not_kept(build: Builder, text: str) -> None:
    request = build.request()

    with pytest.raises(Invalid) as refusal:
        request_messages.write(bearer("request", request.id), request.id, text, NOW)

    assert list(refusal.value.errors) == ["text"]


def test_ten_messages_an_hour_are_enough(build: Builder) -> None:
    request = build.request()
    office = bearer("request", request.id)
    for number in range(10):
        request_messages.write(office, request.id, f"{number}", NOW)

    with pytest.raises(Throttled):
        request_messages.write(office, request.id, "11", NOW)

    assert request_messages.write(office, request.id, "11", NOW + timedelta(hours=1)) is True
