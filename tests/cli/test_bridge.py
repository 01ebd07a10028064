"""Between the server and the application: requests arrive whole and as they were sent, answers leave as they are."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, Response, request

from dispatch.cli import bridge
from dispatch.cli.bridge import Bridge

LIMIT = 100


@pytest.fixture
def over() -> Bridge:
    """A bridge to an application that says what it received."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LIMIT

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
    @app.route("/<path:path>", methods=["GET", "POST"])
    def echo(path: str) -> Response:
        response = Response(f"{request.method} {path} {request.query_string!r} {request.get_data()!r}")
        response.headers["X-Seen"] = str(sorted((name, value) for name, value in request.headers if name != "Host"))
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    @app.route("/broken")
    def fail() -> Response:
        raise ValueError

    app.config["PROPAGATE_EXCEPTIONS"] = True
    return Bridge(app, threads=1)


Piece = dict[str, Any]


def pieces(*bodies: bytes) -> list[Piece]:
    return [
        {"type": "http.request", "body": body, "more_body": place < len(bodies) - 1}
        for place, body in enumerate(bodies)
    ]


def ask(
    over: Bridge,
    *received: Piece,
    method: str = "GET",
    raw_path: bytes = b"/",
    query: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> list[Piece]:
    """Send one request through the bridge; what is not received within it stalls for ever."""
    scope = {
        "method": method, "raw_path": raw_path, "query_string": query, "http_version": "1.1", "scheme": "http",
        "headers": [(b"host", b"localhost"), *headers], "server": ("127.0.0.1", 8000), "client": ("192.0.2.7", 4711),
    }  # fmt: skip
    waiting, sent = list(received or pieces(b"")), list[Piece]()

    async def receive() -> Piece:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    # in a thread of its own: a browser that another test keeps open has an event loop in this one
    with ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(over(scope, receive, send))).result()
    return sent


def body_of(sent: list[Piece]) -> str:
    return str(sent[1]["body"].decode())


def headers_of(sent: list[Piece], name: bytes) -> list[str]:
    return [value.decode() for key, value in sent[0]["headers"] if key == name]


@pytest.mark.parametrize(
    ("raw_path", "expected"),
    [
        (b"/requests/7", "requests/7"),
        (b"/N%C3%BCnchritz", "Nünchritz"),
        (b"/a%2Fb%20c%3Fd", "a/b c?d"),
        (b"/%FF", "\ufffd"),
    ],
)
def test_an_address_arrives_as_it_was_sent(over: Bridge, raw_path: bytes, expected: str) -> None:
    assert body_of(ask(over, raw_path=raw_path, query=b"a=%2F&b")) == f"GET {expected} b'a=%2F&b' b''"


def test_a_body_arrives_whole_however_it_is_cut(over: Bridge) -> None:
    sent = ask(over, *pieces(b"ab", b"", b"cd", b"e"), method="POST", headers=((b"transfer-encoding", b"chunked"),))

    assert body_of(sent) == "POST  b'' b'abcde'"


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param({"headers": ((b"content-length", b"101"),)}, id="announced"),
        pytest.param({"received": pieces(b"a" * 60, b"b" * 60, b"c" * 60)}, id="in pieces"),
    ],
)
def test_what_is_too_large_is_refused_by_the_application(over: Bridge, request_: dict[str, Any]) -> None:
    received = request_.pop("received", [])

    assert ask(over, *received, method="POST", **request_)[0]["status"] == 413


def test_what_is_just_small_enough_is_taken(over: Bridge) -> None:
    assert ask(over, *pieces(b"a" * LIMIT), method="POST")[0]["status"] == 200


@pytest.mark.parametrize("patience", ["PIECE_SECONDS", "BODY_SECONDS"])
def test_a_body_that_does_not_come_is_given_up(over: Bridge, monkeypatch: pytest.MonkeyPatch, patience: str) -> None:
    monkeypatch.setattr(bridge, patience, 0.05)

    sent = ask(over, {"type": "http.request", "body": b"a", "more_body": True}, method="POST")

    assert (sent[0]["status"], headers_of(sent, b"connection")) == (408, ["close"])


def test_nobody_answers_a_client_that_left(over: Bridge) -> None:
    assert ask(over, {"type": "http.disconnect"}, method="POST") == []


def test_headers_arrive_once_and_cannot_pose_as_others(over: Bridge) -> None:
    sent = ask(
        over,
        headers=(
            (b"x-a", b"1"),
            (b"x-a", b"2"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"x_forwarded_for", b"198.51.100.1"),
            (b"content-type", b"text/plain"),
        ),
    )

    assert headers_of(sent, b"x-seen") == [
        "[('Content-Length', '0'), ('Content-Type', 'text/plain'), ('Cookie', 'a=1; b=2'), ('X-A', '1,2')]"
    ]


def test_headers_of_an_answer_leave_one_by_one(over: Bridge) -> None:
    assert headers_of(ask(over), b"set-cookie") == ["one=1; Path=/", "two=2; Path=/"]


def test_a_head_has_no_body(over: Bridge) -> None:
    sent = ask(over, method="HEAD")

    assert (sent[0]["status"], sent[1]["body"]) == (200, b"")


def test_a_failure_of_the_application_itself_is_an_answer_without_words(over: Bridge) -> None:
    sent = ask(over, raw_path=b"/broken")

    assert (sent[0]["status"], body_of(sent)) == (500, "Internal Server Error\n")
