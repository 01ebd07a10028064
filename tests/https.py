"""A real HTTPS server on loopback that keeps what it is told, counts lines, and answers as bad days do."""

import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dispatch.outgoing.safe_http import Network

LOOPBACK = "127.0.0.1"
HOST = "hooks.example"
BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2119, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Heard:
    """One question that arrived whole; names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Planned:
    """One answer to give: status, headers, body; or something of one's own with the handler in hand."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    act: Callable[[BaseHTTPRequestHandler], object] | None = None


class Receiver:
    """The server; `answers` holds those to give before plain 200, oldest first, `lines` counts what connected."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.heard: list[Heard] = []
        self.answers: deque[Planned] = deque()
        self.lines = 0
        self.authority = folder / "authority.pem"
        chain = folder / "server.pem"
        make_certificates(self.authority, chain, names or (HOST,))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(chain)
        self._server = _Server((LOOPBACK, 0), _handler_of(self))
        self._server.receiver, self._server.tls = self, self._tls
        self.port = int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """An address of this server under its public name."""
        return f"https://{HOST}:{self.port}/hook"

    def network(self, *answers: str, **values: Any) -> Network:
        """A network where each name leads to `answers`, by default here, and this server may be reached."""
        found = answers or (LOOPBACK,)
        values.setdefault("reachable", frozenset({LOOPBACK}))
        ports = frozenset({443, self.port})
        return Network(look_up=lambda _host: found, authorities=self.authority, ports=ports, **values)

    def start(self) -> None:
        """Begin to listen."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receiving(folder: Path, *names: str) -> Iterator[Receiver]:
    """Run a server for a while."""
    receiver = Receiver(folder, *names)
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    receiver: Receiver
    tls: ssl.SSLContext

    def get_request(self) -> tuple[Any, Any]:
        line, address = super().get_request()
        self.receiver.lines += 1
        return line, address

    def finish_request(self, request: Any, client_address: Any) -> None:
        with suppress(OSError), self.tls.wrap_socket(request, server_side=True) as line:
            super().finish_request(line, client_address)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """Whoever hangs up is no fault of the test."""


def _handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._hear()

        def do_POST(self) -> None:
            self._hear()

        def _hear(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.heard.append(Heard(self.command, self.path, headers, body))
            planned = receiver.answers.popleft() if receiver.answers else Planned()
            if planned.act is not None:
                planned.act(self)
                return
            self.send_response(planned.status)
            for name, value in ({"Content-Length": str(len(planned.body))} | dict(planned.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(planned.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


def make_certificates(authority: Path, chain: Path, names: tuple[str, ...]) -> None:
    """Write an authority of its own, and the key with a certificate of it for a server of these names."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
    ca = (
        _certificate(ca_name, ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    leaf = (
        _certificate(name, ca_name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([_alternative(one) for one in names]), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    authority.write_bytes(ca.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(private + leaf.public_bytes(Encoding.PEM))


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(BEGIN).not_valid_after(END)


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
