"""A real SMTP server on loopback that keeps what it is given, and can be made to answer as bad days do."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.processes import free_port

CERTIFICATES = Path(__file__).parent / "certificates"
AUTHORITY = CERTIFICATES / "ca.pem"
DROP = "drop"
"""As an answer: the line is cut without a word."""


class Sink:
    """The server; `rcpt` and `data` hold answers to give before the good ones, oldest first.

    An answer is a line ("451 later"), DROP, or something to call while the client waits; `hello` is called once when a
    client greets. `refused` are addresses that are never known. `certificate` names a file of this folder; with
    `implicit` the line begins encrypted.
    """

    def __init__(self, *, certificate: str | None = None, implicit: bool = False) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.heard: list[str] = []
        self.lines = 0
        self.refused: dict[str, str] = {}
        self.hello: Callable[[], object] | None = None
        self.rcpt: deque[str] = deque()
        self.data: deque[str | Callable[[], object]] = deque()
        self.port = free_port()
        self._certificate, self._implicit = certificate, implicit
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """The MAIL_URL of this server, without STARTTLS."""
        return f"{'smtps' if self._implicit else 'smtp'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin to listen, always at the same port."""
        context = _server_context(self._certificate) if self._certificate else None
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=context if self._implicit else None,
            tls_context=None if self._implicit else context,
            auth_require_tls=False,
            authenticator=self._authenticate,
        )
        self._controller.start()

    def stop(self) -> None:
        """Stop listening and cut every line."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    def of(self, recipient: str) -> list[EmailMessage]:
        """Return the messages to one address."""
        return [mail for mail, to in zip(self.mails, self.recipients, strict=True) if to == recipient]

    def ids(self) -> list[str]:
        """Return the Message-IDs in the order of arrival."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    def _authenticate(self, *_rest: Any) -> AuthResult:
        self.heard.append("AUTH")
        return AuthResult(success=True)

    async def handle_EHLO(  # noqa: N802 - the names are aiosmtpd's
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count a line that said hello."""
        self.lines += 1
        if self.hello is not None:
            act, self.hello = self.hello, None
            await asyncio.get_running_loop().run_in_executor(None, act)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Note who sends."""
        self.heard.append("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or answer as planned."""
        self.heard.append("RCPT")
        answer = self.rcpt.popleft() if self.rcpt else self.refused.get(address, "250 OK")
        if answer == DROP:
            await _cut(server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message unless it is refused; what is cut or waits was handed over whole and is kept too."""
        self.heard.append("DATA")
        answer = self.data.popleft() if self.data else "250 OK"
        if callable(answer) or answer == DROP or answer.startswith("250"):
            self._keep(envelope)
        if callable(answer):
            await asyncio.get_running_loop().run_in_executor(None, answer)
            return "250 OK"
        if answer == DROP:
            await _cut(server)
        return answer

    def _keep(self, envelope: Envelope) -> None:
        content = bytes(envelope.original_content or b"")
        self.raw.append(content)
        self.recipients.append(",".join(envelope.rcpt_tos))
        self.mails.append(message_from_bytes(content, policy=policy.default))


async def _cut(server: SMTP) -> None:
    transport = server.transport
    assert transport is not None
    transport.abort()  # type: ignore[attr-defined]
    await asyncio.sleep(3600)  # until the lost line ends this handler


def _server_context(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    return context
