"""Hand a finished message over: to an SMTP server, or into a folder as one .eml file each.

It decides only whether a refusal is final; the server's certificate is checked and nothing falls back to plain text
where encryption is asked for.
"""

import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_SECONDS = 15


class TemporaryFailure(Exception):
    """The message was not taken and may be later: no connection, 4xx, a dropped line."""


class FinalFailure(Exception):
    """The message will never be taken: 5xx about its recipient or content."""


class Mailer(Protocol):
    """Takes messages until closed; `send` raises TemporaryFailure or FinalFailure."""

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


class FolderMailer:
    """Writes each message as a file named after its Message-ID; the demo's mailbox reads them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message whole or not at all; the same message again replaces its file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").split("@")[0] + ".eml"
        try:
            draft = self._folder / f".{name}.{os.getpid()}"
            draft.write_bytes(message.as_bytes())
            draft.replace(self._folder / name)
        except OSError as error:
            raise TemporaryFailure(type(error).__name__) from error

    def close(self) -> None:
        """Nothing is held open."""


class SmtpMailer:
    """Keeps one connection for many messages and opens a new one after any failure."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._is_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._is_tls else 587)
        self._starttls = parse_qs(parts.query).get("starttls", ["0"])[0] not in {"0", ""}
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password or "")
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Send from the connection at hand, or a new one.

        Only a refused recipient or content is final; a refused greeting, sender or sign-in is ours to mend.
        """
        try:
            server = self._server or self._connect()
            self._server = server
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            self._reset()
            raise _failure(code) from error
        except smtplib.SMTPDataError as error:
            self.close()
            raise _failure(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise TemporaryFailure(type(error).__name__) from error

    def close(self) -> None:
        """Say goodbye if the line still stands."""
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self._is_tls:
            server = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            if self._starttls:
                server.starttls(context=context)
            if self._user is not None:
                server.login(self._user, self._password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _reset(self) -> None:
        try:
            if self._server is not None:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _failure(code: int) -> TemporaryFailure | FinalFailure:
    return FinalFailure(f"SMTP {code}") if 500 <= code < 600 else TemporaryFailure(f"SMTP {code}")
