"""Fixtures of the mails: one of every kind, written but not sent."""

import shutil
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dispatch.outgoing.mail import Sender
from dispatch.services import letters
from dispatch.services.delivery import Report
from tests.builders import NOW, Builder
from tests.message_cases import Post

Written = Callable[..., EmailMessage]


class Shelf:
    """Takes every message and keeps it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        """Keep a message."""
        self.mails.append(message)

    def close(self) -> None:
        """Nothing is held open."""


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database is enough to write a mail."""
    path = tmp_path / "dispatch.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def post(app: Flask, build: Builder) -> Post:
    """The outbox of this test."""
    return Post(build)


@pytest.fixture
def sender(app: Flask) -> Sender:
    """A sender of the service as it is reached from outside."""
    return Sender(Shelf(), "https://dolmetscher.example", "dienst@dolmetscher.example", app.config["SECRET_KEY"], NOW)


@pytest.fixture
def written(post: Post, sender: Sender) -> Written:
    """Write one message of a kind and return it; values as `Post.put` takes them."""

    def write(kind: str, **values: Any) -> EmailMessage:
        delivery = post.claimed(kind, **values)
        facts = letters.facts(delivery, NOW)
        assert facts is not None
        return sender.write(delivery, facts)

    return write


@pytest.fixture
def reported(post: Post, sender: Sender) -> Callable[..., Report]:
    """Hand one message of a kind over and return the report."""
    return lambda kind, **values: sender.deliver(post.claimed(kind, **values))


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """Return the HTML of a mail."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def entry_of(mail: EmailMessage) -> bytes | None:
    """Return the calendar entry of a mail as bytes, None when there is none."""
    part = next((part for part in mail.walk() if part.get_content_type() == "text/calendar"), None)
    return part.get_payload(decode=True) if part else None  # type: ignore[return-value]
