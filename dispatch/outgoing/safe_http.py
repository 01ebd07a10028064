"""Call an address that somebody typed in, without letting it reach what only this machine or its network can see.

The name is looked up once, every answer is judged by `domain.web_addresses`, and the line goes to exactly an answer
that was judged, so that no second look-up can lead elsewhere. It knows no proxy, no cookie and no environment.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Thread, Timer
from urllib.parse import urljoin

from certifi import where

from dispatch.domain.web_addresses import PORTS, AddressRefused, WebAddress, is_public, parse_address

AGENT = "Dolmetscherdienst/1"
CONNECT_SECONDS = 5
MOST_ANSWERS = 8
"""So many addresses of one name are tried; each may cost `CONNECT_SECONDS`."""
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class NotAllowed(Exception):
    """The address may not be called; `code` as in `web_addresses.AddressRefused`, `not_public` for what it leads to."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class NotReached(Exception):
    """No whole answer came.

    `code`: `no_such_host`, `no_connection`, `bad_certificate`, `too_slow`, `bad_answer`, `too_large`, `encoded`,
    `redirected` too often.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def look_up(host: str) -> Sequence[str]:
    """Return the internet addresses of a name, as the system knows them."""
    return [str(row[4][0]) for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Network:
    """How hosts are found and trusted; the default is the only one outside tests, whatever the environment says.

    `reachable` holds internet addresses that count as public beside those that are.
    """

    look_up: Callable[[str], Sequence[str]] = look_up
    authorities: Path = field(default_factory=lambda: Path(where()))
    ports: frozenset[int] = PORTS
    reachable: frozenset[str] = frozenset()


PUBLIC = Network()


@dataclass(frozen=True)
class Limits:
    """Seconds for the whole exchange, redirects included, and bytes of an answer; with 0 bytes its body is not read."""

    seconds: float = 10
    bytes: int = 0


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers in lower case. `url` is where it came from at last."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def exchange(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
    network: Network = PUBLIC,
) -> Answer:
    """Ask once and return the answer, whatever its status; a GET follows up to three redirects, each judged anew.

    NotAllowed: the address, or one it leads to, may not be called; NotReached: no whole answer within the limits.
    """
    ends = time.monotonic() + limits.seconds
    for _ in range(1 + MOST_REDIRECTS):
        address = _allowed(url, network)
        answer = _Exchange(address, ends, limits, network).run(method, body, headers or {})
        if method != "GET" or answer.status not in REDIRECTS or "location" not in answer.headers:
            return answer
        url = _next(address, answer)
    raise NotReached("redirected")


def _allowed(url: str, network: Network) -> WebAddress:
    try:
        return parse_address(url, ports=network.ports)
    except AddressRefused as refused:
        raise NotAllowed(refused.code) from refused


def _next(address: WebAddress, answer: Answer) -> str:
    try:
        return urljoin(address.url, answer.headers["location"])
    except ValueError as error:
        raise NotAllowed("not_an_address") from error


@dataclass(frozen=True)
class _Exchange:
    """One question to one host and its answer; `ends` is a reading of the monotonic clock."""

    address: WebAddress
    ends: float
    limits: Limits
    network: Network

    def run(self, method: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        try:
            with self._dial(self._judged()) as line, self._encrypted(line) as tls:
                watch = Timer(self._left(), _cut, (tls,))
                watch.daemon = True
                watch.start()
                try:
                    tls.do_handshake()
                    return self._ask(tls, method, body, headers)
                finally:
                    watch.cancel()
        except (OSError, http.client.HTTPException) as error:
            raise NotReached(self._reason(error)) from error

    def _judged(self) -> Sequence[str]:
        """Return the addresses of the host; all of them are public, or none is returned."""
        found: list[str] = []
        asking = Thread(target=self._look_up, args=(found,), daemon=True)
        asking.start()
        asking.join(self._left())
        if asking.is_alive():
            raise NotReached("too_slow")
        if not found:
            raise NotReached("no_such_host")
        if not all(one in self.network.reachable or is_public(one) for one in found):
            raise NotAllowed("not_public")
        return tuple(dict.fromkeys(found))[:MOST_ANSWERS]

    def _look_up(self, found: list[str]) -> None:
        with suppress(OSError):
            found.extend(self.network.look_up(self.address.host))

    def _dial(self, judged: Sequence[str]) -> socket.socket:
        """Return a line to the first of these addresses that takes one."""
        trouble: OSError = TimeoutError()
        for one in judged:
            try:
                return socket.create_connection((one, self.address.port), min(CONNECT_SECONDS, self._left()))
            except OSError as error:
                trouble = error
        raise trouble

    def _encrypted(self, line: socket.socket) -> ssl.SSLSocket:
        line.settimeout(self._left())
        trust = _trust(self.network.authorities)
        return trust.wrap_socket(line, server_hostname=self.address.host, do_handshake_on_connect=False)

    def _ask(self, tls: ssl.SSLSocket, method: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.address.host)
        connection.auto_open = 0  # it must never look the name up again
        connection.sock = tls
        connection.putrequest(method, self.address.target, skip_host=True, skip_accept_encoding=True)
        ours = {"Host": self.address.netloc, "User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}
        if method != "GET":
            ours["Content-Length"] = str(len(body))
        for name, value in (ours | dict(headers)).items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        with connection.getresponse() as response:
            read = self._read(response) if self.limits.bytes else b""
            found = {name.lower(): value for name, value in reversed(response.getheaders())}
            return Answer(response.status, found, read, self.address.url)

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        """Return the whole body, as it came over the line."""
        if response.getheader("Content-Encoding", "identity").strip().lower() != "identity":
            raise NotReached("encoded")
        body = response.read(self.limits.bytes + 1)
        if len(body) > self.limits.bytes:
            raise NotReached("too_large")
        if self._is_over():
            raise NotReached("too_slow")
        if response.length:
            raise NotReached("bad_answer")  # it ended before what it had announced
        return body

    def _left(self) -> float:
        """Return the seconds that are left; NotReached when there are none."""
        if self._is_over():
            raise NotReached("too_slow")
        return self.ends - time.monotonic()

    def _is_over(self) -> bool:
        return time.monotonic() >= self.ends

    def _reason(self, error: Exception) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "bad_certificate"
        if self._is_over() or isinstance(error, TimeoutError):
            return "too_slow"
        return "bad_answer" if isinstance(error, http.client.HTTPException) else "no_connection"


def _cut(tls: ssl.SSLSocket) -> None:
    """End a line that takes too long, below its encryption, so that whoever waits for a byte wakes up."""
    with suppress(OSError):
        socket.socket.shutdown(tls, socket.SHUT_RDWR)


@lru_cache(maxsize=4)
def _trust(authorities: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # names and certificates are checked; reads no environment
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(authorities)
    return context
