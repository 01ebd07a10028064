"""Hand a finished message over: to an SMTP server, or into a folder as one .eml file each.

It decides only what a refusal means; the server's certificate is checked and nothing falls back to plain text where
encryption is asked for.
"""

import os
import re
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

STEP_SECONDS = 15
RECEIPT_SECONDS = 60
"""A server may look into a message before it takes it; whoever gives up too soon sends it twice."""


class TemporaryFailure(Exception):
    """The message was not taken and may be later: a 4xx about it."""


class LineDown(TemporaryFailure):
    """Nothing can be handed over now: no connection, no encryption, no sign-in, a line that dropped or fell silent."""


class Unsure(Exception):
    """The message was handed over whole, and no word came whether it was taken."""


class FinalFailure(Exception):
    """The message will never be taken: 5xx about its content."""


class AddressRefused(FinalFailure):
    """Its recipient is not known there: 5xx about the address."""


class Mailer(Protocol):
    """Takes messages until closed; `send` raises TemporaryFailure, Unsure or FinalFailure."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one message to its one recipient."""

    def close(self) -> None:
        """Let go of the connection."""


def mailer(url: str) -> Mailer:
    """Return the mailer of a MAIL_URL: `smtp://user:pass@host:port?starttls=1`, `smtps://…` or `file:DIR`.

    Raises ValueError for any other form.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return FolderMailer(Path(unquote(parts.path)))
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        return SmtpMailer(url)
    raise ValueError("MAIL_URL is smtp://host:port, smtps://host:port or file:DIR")


def is_encrypted(url: str) -> bool:
    """Tell whether mail leaves this machine encrypted only."""
    parts = urlsplit(url)
    return parts.scheme == "smtps" or (parts.scheme == "smtp" and _wants_starttls(parts.query))


def _wants_starttls(query: str) -> bool:
    return parse_qs(query).get("starttls", ["0"])[0] not in {"0", ""}


class FolderMailer:
    """Writes each message as a file named after its Message-ID; the demo's mailbox reads them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message whole or not at all; the same message again replaces its file."""
        name = message["Message-ID"].strip("<>").split("@")[0] + ".eml"
        draft = self._folder / f".{name}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(message.as_bytes())
            draft.replace(self._folder / name)
        except OSError as error:
            raise LineDown(type(error).__name__) from error

    def close(self) -> None:
        """Nothing is held open."""


class SmtpMailer:
    """Keeps one connection for many messages and opens a new one after any trouble with it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._is_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._is_tls else 587)
        self._starttls = _wants_starttls(parts.query)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password or "")
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Send over the connection at hand, or a new one.

        Only a refused recipient or content is final; a refused greeting, sender or sign-in is ours to mend.
        """
        try:
            server = self._line()
            _begin(server, message)
            _tell_recipient(server, message)
            _hand_over(server, message)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise LineDown(type(error).__name__) from error
        except (LineDown, Unsure):
            self._drop()
            raise

    def close(self) -> None:
        """Say goodbye if the line still stands."""
        if self._server is None:
            return
        try:
            self._server.quit()
        except (smtplib.SMTPException, OSError):
            self._drop()
        self._server = None

    def _line(self) -> smtplib.SMTP:
        """Return a connection on which nothing is begun; one that a server closed while idle is made anew."""
        if self._server is not None and not _is_fresh(self._server):
            self._drop()
        if self._server is None:
            self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self._is_tls:
            server = smtplib.SMTP_SSL(self._host, self._port, timeout=STEP_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=STEP_SECONDS)
        try:
            if self._starttls:
                server.starttls(context=context)
            if self._user is not None:
                server.login(self._user, self._password)
            server.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _is_fresh(server: smtplib.SMTP) -> bool:
    try:
        return server.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _begin(server: smtplib.SMTP, message: EmailMessage) -> None:
    code, _ = server.mail(message["From"].addresses[0].addr_spec)
    if code != 250:
        raise LineDown(f"sender refused: SMTP {code}")


def _tell_recipient(server: smtplib.SMTP, message: EmailMessage) -> None:
    code, answer = server.rcpt(message["To"].addresses[0].addr_spec)
    if code in {250, 251}:
        return
    is_policy = code == 530 or re.match(rb"5\.7\.", answer) is not None  # RFC 3463: not about this address
    if 500 <= code < 600 and not is_policy:
        raise AddressRefused(f"SMTP {code}")
    raise _temporary(code)


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    code, _ = server.docmd("DATA")
    if code == 354:
        lines = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
        server.send(re.sub(rb"(?m)^\.", b"..", lines.removesuffix(b"\r\n")) + b"\r\n.\r\n")
        try:
            if server.sock is not None:
                server.sock.settimeout(RECEIPT_SECONDS)
            code, _ = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise Unsure(type(error).__name__) from error
        if server.sock is not None:
            server.sock.settimeout(STEP_SECONDS)
        if code == 250:
            return
    if 500 <= code < 600:
        raise FinalFailure(f"content refused: SMTP {code}")
    raise _temporary(code)


def _temporary(code: int) -> TemporaryFailure:
    return LineDown(f"SMTP {code}") if code == 421 else TemporaryFailure(f"SMTP {code}")
