"""Logs: one JSON line for each event, and nothing in it that belongs to somebody."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from dispatch.ops.logs import JsonLines, of_the_server
from dispatch.services import links
from tests.builders import NOW, Builder

EVIL = "x\r\n2026-11-22 INFO admin ok\x1b[2J\u2028\x00"


class Log:
    """What a process would have written to its standard output."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(JsonLines())

    @property
    def text(self) -> str:
        """All of it."""
        return self._stream.getvalue()

    @property
    def events(self) -> list[dict[str, object]]:
        """Its lines, read."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    """Collect every log as JSON lines."""
    kept, root = Log(), logging.getLogger()
    level = root.level
    root.addHandler(kept.handler)
    root.setLevel(logging.INFO)
    yield kept
    root.removeHandler(kept.handler)
    root.setLevel(level)


def test_line_breaks_and_control_characters_stay_inside_one_line(log: Log) -> None:
    """E18."""
    logging.getLogger("test").warning("user %s", EVIL, extra={"event": {"agent": EVIL}})

    assert log.text.count("\n") == 1
    assert log.text.isascii()
    assert "\x1b" not in log.text
    assert [(event["level"], event["logger"], event["agent"]) for event in log.events] == [("warning", "test", EVIL)]


def test_an_error_tells_where_but_not_what(log: Log) -> None:
    def fail() -> None:
        try:
            raise ValueError("shirin@example.org")
        except ValueError as error:
            raise RuntimeError("K7Q-4MX") from error

    try:
        fail()
    except RuntimeError:
        logging.getLogger("test").exception("job %s failed", "waves")

    [event] = log.events
    places = [str(place).split()[-1] for place in event["trace"]]  # type: ignore[attr-defined]
    assert (event["event"], event["error"]) == ("job waves failed", "RuntimeError")
    assert places == ["ValueError", "fail", "RuntimeError", "test_an_error_tells_where_but_not_what", "fail"]
    assert [word for word in ("shirin", "K7Q") if word in log.text] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_request_is_logged_by_its_route_never_by_its_token(app: Flask, build: Builder, log: Log) -> None:
    """D9."""
    offer = build.offer(build.request(state="searching"), build.mediator())
    token = links.issue("offer", offer.id, key=app.config["SECRET_KEY"], now=NOW)
    browser = app.test_client()

    browser.get(f"/o/{token}?answer=yes", headers={"User-Agent": EVIL.replace("\r\n", " ").replace("\x00", "")})
    browser.get(f"/o/{token[:-1]}x")
    browser.get("/no-such-page/K7Q-4MX", headers={"Referer": f"http://localhost/o/{token}"})

    requests = [event for event in log.events if event["event"] == "request"]
    assert [(event["method"], event["route"], event["status"]) for event in requests] == [
        ("GET", "/o/<token>", 200),
        ("GET", "/o/<token>", 404),
        ("GET", "-", 404),
    ]
    assert token[:-1] not in log.text
    assert "K7Q-4MX" not in log.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_request_has_the_same_id_in_its_log_and_its_answer(app: Flask, log: Log) -> None:
    response = app.test_client().get("/login")

    [event] = [event for event in log.events if event["event"] == "request"]
    assert event["request_id"] == response.headers["X-Request-ID"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_health_and_files_fill_no_log(app: Flask, log: Log) -> None:
    for path in ("/healthz", "/static/mark.svg"):
        app.test_client().get(path).close()

    assert log.events == []


def test_the_server_in_front_writes_the_same_lines() -> None:
    assert {name: lines["()"] for name, lines in of_the_server()["formatters"].items()} == {
        "generic": JsonLines,
        "access": JsonLines,
    }
