"""Fixtures of the jobs: a mail server of their own, the outbox, and the application that sends to it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from dispatch import jobs
from tests.builders import NOW, Builder
from tests.jobs.sinks import Sink
from tests.message_cases import Post

Tick = Callable[..., dict[str, int]]


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server without encryption."""
    server = Sink()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def post(app: Flask, build: Builder) -> Post:
    """The outbox of this test."""
    return Post(build)


@pytest.fixture
def tick(app: Flask, sink: Sink) -> Tick:
    """Do what is due, with mail going to the sink; returns the counts that are not zero."""
    app.config["MAIL_URL"] = sink.url
    app.config["MAIL_FROM"] = "dienst@dolmetscher.example"

    def look(now: object = NOW) -> dict[str, int]:
        counts = jobs.tick(app, now)  # type: ignore[arg-type]
        return {job: count for job, count in counts.items() if count}

    return look
