"""The server as it is shipped, spoken to by hand: what can be read in two ways, what is too large, what stalls."""

import socket
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.processes import Service

pytestmark = pytest.mark.race

Ask = Callable[[bytes], list[str]]
GET = b"GET /healthz HTTP/1.1\r\n"
POST = b"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
END = b"\r\n"
PIECE = b"100000\r\n" + b"b" * 0x100000 + END
API = b"POST /api/v1/requests HTTP/1.1\r\nContent-Type: application/json\r\n"


def host_of(service: Service) -> bytes:
    return f"Host: 127.0.0.1:{service.port}\r\n".encode()


@pytest.fixture
def ask(service: Service) -> Ask:
    """Send bytes, `{host}` filled in; return the status of every answer until the server closes or falls silent."""

    def send(request: bytes) -> list[str]:
        answer = b""
        with socket.create_connection(("127.0.0.1", service.port), 5) as line:
            line.settimeout(0.7)
            try:
                line.sendall(request.replace(b"{host}", host_of(service)))
                while more := line.recv(65_536):
                    answer += more
            except OSError:
                pass  # silent, or closed while something was unread
        return [row.decode()[9:12] for row in answer.split(END) if row.startswith(b"HTTP/1.")]

    return send


def test_a_good_request_is_answered(ask: Ask) -> None:
    assert ask(GET + b"{host}" + END) == ["200"]


@pytest.mark.parametrize(
    "spoken",
    [
        pytest.param(
            POST + b"{host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET + b"{host}" + END,
            id="length and pieces",
        ),
        pytest.param(POST + b"{host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", id="two lengths"),
        pytest.param(POST + b"{host}Content-Length: +3\r\n\r\nabc", id="a signed length"),
        pytest.param(POST + b"{host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", id="an unknown encoding"),
        pytest.param(GET + b"{host}X-A: b\r\n c\r\n\r\n", id="a folded line"),
        pytest.param(GET + b"Host : localhost\r\n\r\n", id="a blank before the colon"),
        pytest.param(GET + b"{host}X-A: \0\r\n\r\n", id="NUL in a header"),
        pytest.param(GET + b"{host}Host: evil.example\r\n\r\n", id="two hosts"),
        pytest.param(GET + b"Host: evil.example\r\n{host}\r\n", id="two hosts, the other first"),
        pytest.param(GET + END, id="no host"),
        pytest.param(GET + b"Host: evil.example\r\n\r\n", id="another host"),
        pytest.param(API + b"Content-Length: 2\r\n\r\n{}", id="no host at the API"),
        pytest.param(API + b"{host}Host: evil.example\r\nContent-Length: 2\r\n\r\n{}", id="two hosts at the API"),
        pytest.param(API + b"{host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", id="two lengths at the API"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="TLS"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_once(ask: Ask, spoken: bytes) -> None:
    """F1, F4."""
    assert ask(spoken) == ["400"]


def test_bare_line_feeds_make_no_second_request(ask: Ask) -> None:
    """F1: RFC 9112 lets a server read them as line ends."""
    assert len(ask(b"GET /healthz HTTP/1.1\n{host}\n")) == 1


@pytest.mark.parametrize(
    ("spoken", "status"),
    [
        pytest.param(GET + b"{host}X-A: " + b"a" * 70_000 + END + END, "431", id="a header of 70 kB"),
        pytest.param(b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n{host}\r\n", "431", id="an address of 70 kB"),
        pytest.param(POST + b"{host}Content-Length: 52428800\r\n\r\na=", "413", id="50 MB announced"),
        pytest.param(
            POST + b"{host}Transfer-Encoding: chunked\r\n\r\n" + PIECE * 5 + b"0\r\n\r\n", "413", id="5 MB in pieces"
        ),
        pytest.param(API + b"{host}Content-Length: 52428800\r\n\r\n{", "401", id="50 MB by nobody to the API"),
        pytest.param(API + b"{host}X-A: " + b"a" * 70_000 + END + END, "431", id="a header of 70 kB to the API"),
        pytest.param(POST + b"{host}Content-Length: 600002\r\n\r\na=" + b"b" * 600_000, "413", id="a field of 600 kB"),
    ],
)
def test_what_is_too_large_is_refused(ask: Ask, spoken: bytes, status: str) -> None:
    """F2."""
    assert ask(spoken) == [status]


def test_ten_thousand_fields_are_a_refused_form_and_no_fault_of_ours(ask: Ask) -> None:
    """F2."""
    fields = b"a=1&" * 10_000

    [status] = ask(POST + b"{host}Content-Length: %d\r\n\r\n" % len(fields) + fields)

    assert status in {"400", "413"}


@pytest.mark.parametrize("method", [b"TRACE", b"PUT", b"DELETE", b"PATCH"])
def test_a_method_that_a_page_does_not_have_is_refused(ask: Ask, method: bytes) -> None:
    """F6."""
    asked = method + b" /healthz HTTP/1.1\r\n{host}Content-Length: 0\r\nX-HTTP-Method-Override: GET\r\n\r\n"

    assert ask(asked) == ["405"]


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(GET + b"Host: 127.0", id="in the header"),
        pytest.param(POST + b"{host}Content-Length: 100\r\n\r\na", id="in the body"),
    ],
)
def test_fifty_stalled_lines_hold_up_nobody(service: Service, begun: bytes) -> None:
    """F3."""
    with ExitStack() as lines:
        for _ in range(50):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", service.port), 5))
            line.sendall(begun.replace(b"{host}", host_of(service)))
        time.sleep(0.2)

        began = time.monotonic()
        with urllib.request.urlopen(f"{service.url}/healthz", timeout=10) as answer:
            status, took = answer.status, time.monotonic() - began

    assert (status, took < 1) == (200, True)
