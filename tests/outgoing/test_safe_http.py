"""Calling a foreign host: nothing inner is ever reached, and no host holds the service up."""

import gzip
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from config import Config
from dispatch.outgoing.safe_http import PUBLIC, Limits, Network, NotAllowed, NotReached, exchange
from tests.https import HOST, LOOPBACK, Planned, Receiver, receiving

SHORT = Limits(seconds=0.5, bytes=1000)
ROOMY = Limits(seconds=10, bytes=1000)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """One server for all tests of this file."""
    with receiving(tmp_path_factory.mktemp("https")) as receiver:
        yield receiver


@pytest.fixture
def receiver(server: Receiver) -> Receiver:
    """The server, as if nobody had called yet."""
    server.heard.clear()
    server.answers.clear()
    server.lines = 0
    return server


def refused(receiver: Receiver, url: str, network: Network) -> str:
    with pytest.raises(NotAllowed) as error:
        exchange("GET", url, limits=ROOMY, network=network)
    return error.value.code


def trouble(receiver: Receiver, method: str = "GET", limits: Limits = ROOMY, network: Network | None = None) -> str:
    with pytest.raises(NotReached) as error:
        exchange(method, receiver.url, limits=limits, network=network or receiver.network())
    return error.value.code


def test_an_allowed_host_is_asked_and_answers(receiver: Receiver) -> None:
    receiver.answers.append(Planned(201, {"ETag": '"1"'}, b"done"))

    answer = exchange(
        "POST", f"{receiver.url}?a=b", body=b"{}", headers={"X-Word": "yes"}, limits=ROOMY,
        network=receiver.network(),
    )  # fmt: skip

    assert (answer.status, answer.headers["etag"], answer.body) == (201, '"1"', b"done")
    (heard,) = receiver.heard
    assert (heard.method, heard.path, heard.body, heard.headers["x-word"]) == ("POST", "/hook?a=b", b"{}", "yes")
    assert heard.headers["host"] == f"{HOST}:{receiver.port}"
    assert heard.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([LOOPBACK], id="loopback"),
        pytest.param(["8.8.8.8", LOOPBACK], id="loopback beside a public one"),
        pytest.param([LOOPBACK, "8.8.8.8"], id="loopback first"),
        pytest.param(["::ffff:127.0.0.1"], id="mapped"),
    ],
)
def test_a_name_that_leads_inside_is_not_called(receiver: Receiver, answers: list[str]) -> None:
    network = receiver.network(*answers, reachable=frozenset())

    assert refused(receiver, receiver.url, network) == "not_public"
    assert receiver.lines == 0


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "localhost", "2130706433", "0x7f.1", "127.0.0.1\\@1.1.1.1", "a@127.0.0.1", "a.localhost"],
)
def test_an_inner_address_is_not_called(receiver: Receiver, host: str) -> None:
    network = receiver.network(reachable=frozenset())

    refused(receiver, f"https://{host}:{receiver.port}/", network)

    assert receiver.lines == 0


def test_with_the_guard_off_the_same_call_reaches_the_listener(receiver: Receiver) -> None:
    exchange("GET", receiver.url, limits=ROOMY, network=receiver.network(LOOPBACK))

    assert receiver.lines == 1


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("https://localhost:{port}/", "not_public"),
        ("https://127.0.0.1:{port}/", "not_a_name"),
        ("http://hooks.example:{port}/", "not_https"),
        ("//[::1]:{port}/", "not_a_name"),
        ("https://[/", "not_an_address"),
    ],
)
def test_a_redirect_is_judged_anew(receiver: Receiver, target: str, code: str) -> None:
    receiver.answers.append(Planned(302, {"Location": target.format(port=receiver.port)}))

    assert refused(receiver, receiver.url, receiver.network()) == code
    assert receiver.lines == 1


def test_a_redirect_to_a_name_that_leads_inside_is_not_followed(receiver: Receiver) -> None:
    """The first name leads to the listener by permission, the second to its own address without."""
    answers = {HOST: [LOOPBACK], "other.example": ["127.0.0.2"]}
    network = Network(answers.__getitem__, receiver.authority, frozenset({receiver.port}), frozenset({LOOPBACK}))
    receiver.answers.append(Planned(302, {"Location": f"https://other.example:{receiver.port}/"}))

    assert refused(receiver, receiver.url, network) == "not_public"
    assert receiver.lines == 1


def test_the_name_is_looked_up_once_for_each_call(receiver: Receiver) -> None:
    """An answer that changes between judging and calling would lead inside."""
    asked: list[str] = []

    def look_up(host: str) -> list[str]:
        asked.append(host)
        return [LOOPBACK] if len(asked) == 1 else ["127.0.0.2"]

    network = Network(look_up, receiver.authority, frozenset({receiver.port}), frozenset({LOOPBACK}))

    assert exchange("GET", receiver.url, limits=ROOMY, network=network).status == 200
    assert asked == [HOST]


def test_redirects_are_followed_three_times_for_get_and_never_for_post(receiver: Receiver) -> None:
    receiver.answers.extend([Planned(302, {"Location": "/next"})] * 3)
    assert exchange("GET", receiver.url, limits=ROOMY, network=receiver.network()).status == 200
    assert [heard.path for heard in receiver.heard] == ["/hook", "/next", "/next", "/next"]

    receiver.answers.extend([Planned(302, {"Location": "/next"})] * 4)
    assert trouble(receiver) == "redirected"

    receiver.answers.append(Planned(307, {"Location": "/next"}))
    assert exchange("POST", receiver.url, limits=ROOMY, network=receiver.network()).status == 307


def dribble(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
    for _ in range(30):
        handler.wfile.write(b"x")
        time.sleep(0.1)


def dribble_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(30):
        handler.wfile.write(b"X-%d: x\r\n" % number)
        time.sleep(0.1)


@pytest.mark.parametrize("act", [dribble, dribble_headers, lambda _handler: time.sleep(3)])
def test_the_whole_exchange_has_one_deadline(receiver: Receiver, act: object) -> None:
    receiver.answers.append(Planned(act=act))  # type: ignore[arg-type]
    began = time.monotonic()

    assert trouble(receiver, limits=SHORT) == "too_slow"
    assert time.monotonic() - began < 2


def test_a_look_up_that_hangs_ends_at_the_deadline(receiver: Receiver) -> None:
    def look_up(_host: str) -> list[str]:
        time.sleep(3)
        return []

    network = Network(look_up, receiver.authority, frozenset({receiver.port}))

    assert trouble(receiver, limits=SHORT, network=network) == "too_slow"


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        pytest.param(Planned(body=b"x" * 1001), "too_large", id="one byte too many"),
        pytest.param(
            Planned(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"0" * 10**6)), "encoded", id="bomb"
        ),
        pytest.param(Planned(headers={"Content-Length": "500"}, body=b"x"), "bad_answer", id="cut off"),
        pytest.param(Planned(act=lambda handler: handler.wfile.write(b"HELLO\r\n\r\n")), "bad_answer", id="no HTTP"),
        pytest.param(
            Planned(act=lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200)),
            "bad_answer",
            id="too many headers",
        ),
    ],
)
def test_an_answer_that_is_no_good_is_refused(receiver: Receiver, planned: Planned, code: str) -> None:
    planned.headers = {"Connection": "close", **planned.headers}
    receiver.answers.append(planned)

    assert trouble(receiver, limits=Limits(seconds=2, bytes=1000)) == code


def test_a_body_that_nobody_wants_is_not_read(receiver: Receiver) -> None:
    receiver.answers.append(Planned(body=b"x" * 10**6))

    assert exchange("POST", receiver.url, network=receiver.network()).body == b""


def test_a_certificate_of_another_name_or_authority_is_refused(receiver: Receiver, tmp_path: Path) -> None:
    with receiving(tmp_path, "elsewhere.example") as stranger:
        assert trouble(stranger) == "bad_certificate"
    strange = Network(lambda _host: [LOOPBACK], PUBLIC.authorities, frozenset({receiver.port}), frozenset({LOOPBACK}))
    assert trouble(receiver, network=strange) == "bad_certificate"
    assert receiver.heard == []


def test_a_host_that_is_unknown_or_silent_is_told_apart(receiver: Receiver) -> None:
    unknown = Network(lambda _host: [], receiver.authority, frozenset({receiver.port}))
    nobody = receiver.network("127.0.0.9", reachable=frozenset({"127.0.0.9"}))

    assert trouble(receiver, network=unknown) == "no_such_host"
    assert trouble(receiver, network=nobody) == "no_connection"


def test_no_environment_loosens_the_rules(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{LOOPBACK}:{receiver.port}")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(receiver.authority))
    strange = Network(lambda _host: [LOOPBACK], PUBLIC.authorities, frozenset({receiver.port}), frozenset({LOOPBACK}))

    assert Config({"NETWORK": "anything"}).NETWORK is None
    assert (PUBLIC.ports, PUBLIC.reachable) == (frozenset({443}), frozenset())
    assert trouble(receiver, network=strange) == "bad_certificate"
    assert exchange("GET", receiver.url, limits=ROOMY, network=receiver.network()).status == 200
    assert receiver.heard[0].method == "GET"
