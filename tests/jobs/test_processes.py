"""Real jobs processes: several at once, killed at the worst moment, told to stop (A1, A3, A4, A14)."""

import os
import signal
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import pytest
from sqlalchemy import insert

from dispatch.models import Reminder
from dispatch.services.transactions import run
from tests.builders import NOW, START, Builder
from tests.jobs.commands import NAIVE, RUN, TICK, Commands, counts_of, end
from tests.jobs.conftest import Tick
from tests.jobs.sinks import Sink
from tests.message_cases import Post, at, row, states_of
from tests.processes import wait_for
from tests.races.conftest import Crowd

pytestmark = pytest.mark.race
PROCESSES = 3
AFTER_THE_LEASE = at(11)


@pytest.fixture
def commands(database_url: str, sink: Sink) -> Commands:
    """The real commands, on the database and the mail server of this test."""
    return Commands(database_url, sink.url)


def remind(crowd: Crowd, count: int) -> None:
    """Make so many appointments, each with one reminder that is due now."""
    starts = [START + timedelta(hours=3 * place) for place in range(count)]
    requests = crowd.requests(starts, "assigned")
    appointments = crowd.appointments(requests, starts, "confirmed")
    rows = [
        {"appointment_id": number, "kind": "week", "side": "mediator", "key": f"{number}:week", "due_at": NOW}
        for number in appointments
    ]
    run(lambda session: session.execute(insert(Reminder), rows))


def test_three_processes_send_200_due_reminders_once_each(
    build: Builder, commands: Commands, sink: Sink, tick: Tick
) -> None:
    """A1."""
    remind(Crowd(build), 200)

    running = [commands.start(*TICK, at=NOW) for _ in range(PROCESSES)]
    counts = [Counter(counts_of(process)) for process in running]

    assert dict(sum(counts, Counter())) == {"reminders": 200, "messages": 200}
    assert (len(sink.mails), len(set(sink.ids()))) == (200, 200)
    assert tick() == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_claims_the_same_processes_send_messages_twice(
    post: Post, commands: Commands, sink: Sink, tmp_path: Path
) -> None:
    """A1, the control."""
    for _ in range(10):
        post.put("request_received")
    meeting = tmp_path / "meeting"
    meeting.mkdir()

    running = [commands.start(*NAIVE, str(PROCESSES), str(meeting), at=NOW) for _ in range(PROCESSES)]
    for process in running:
        counts_of(process)

    assert (len(sink.mails), len(set(sink.ids()))) == (10 * PROCESSES, 10)


def kill(process: Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGKILL)


def test_a_process_killed_before_it_hands_over_loses_nothing(
    post: Post, commands: Commands, sink: Sink, tick: Tick
) -> None:
    """A4."""
    number = post.put("offer")
    running: list[Popen[bytes]] = []
    sink.hello = lambda: kill(running[0])

    running.append(commands.start(*RUN, at=NOW))
    code = end(running[0])
    state, counts = row(number).state, [tick(at(2)), tick(AFTER_THE_LEASE), tick(AFTER_THE_LEASE)]

    assert (code, state) == (-signal.SIGKILL, "sending")
    assert counts == [{}, {"messages": 1}, {}]
    assert (row(number).state, len(sink.mails)) == ("sent", 1)


def test_a_process_killed_before_it_notes_what_it_sent_leads_to_one_repeat(
    post: Post, commands: Commands, sink: Sink, tick: Tick
) -> None:
    """A3."""
    number = post.put("offer")
    running: list[Popen[bytes]] = []
    sink.data.append(lambda: kill(running[0]))

    running.append(commands.start(*RUN, at=NOW))
    code = end(running[0])
    counts = [tick(AFTER_THE_LEASE), tick(at(60))]

    assert (code, counts) == (-signal.SIGKILL, [{"messages": 1}, {}])
    assert (row(number).state, row(number).interruptions) == ("sent", 1)
    assert (len(sink.ids()), len(set(sink.ids()))) == (2, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_process_told_to_stop_finishes_the_message_at_hand_and_begins_no_other(
    post: Post, commands: Commands, sink: Sink, tick: Tick
) -> None:
    """A14."""
    ids = [post.put("request_received") for _ in range(3)]
    reached = threading.Event()

    def stall() -> None:
        reached.set()
        time.sleep(2)

    sink.data.append(stall)
    process = commands.start(*RUN, at=NOW)
    wait_for(reached.is_set, seconds=60, what="a message that is being handed over")
    began = time.monotonic()
    process.terminate()
    code = end(process)
    took, states = time.monotonic() - began, states_of(*ids)

    assert (code, took < 30, states) == (0, True, ["sent", "queued", "queued"])
    assert tick(at(1)) == {"messages": 2}
    assert (len(sink.ids()), len(set(sink.ids()))) == (3, 3)
