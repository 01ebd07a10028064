"""Run the real service for a test: server and jobs as processes, mail into a real SMTP sink, any day of the year."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from urllib.error import URLError

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

ROOT = Path(__file__).resolve().parent.parent
SHIM = ROOT / "tests" / "shim"
START_SECONDS, STOP_SECONDS, MAIL_SECONDS = 90, 35, 60
KEY = "the key of a test that nobody else has, and of no worth"

T = TypeVar("T")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(look: Callable[[], T | None], *, seconds: float = MAIL_SECONDS, what: str) -> T:
    """Look again and again until there is something, and return it; fails with `what` after `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} seconds: {what}")


class Sink:
    """An SMTP server on loopback that keeps every message it is given, in order."""

    def __init__(self) -> None:
        self._mails: list[EmailMessage] = []
        self._lock = Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        """The MAIL_URL of this sink."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Keep a message."""
        mail = message_from_bytes(bytes(envelope.original_content or b""), policy=policy.default)
        with self._lock:
            self._mails.append(mail)
        return "250 OK"

    def mails(self, to: str) -> list[EmailMessage]:
        """Return the messages to one address so far."""
        with self._lock:
            return [mail for mail in self._mails if str(mail["To"]) == to]

    def wait(self, to: str, words: str) -> EmailMessage:
        """Return the newest message to `to` whose text holds `words`, waiting for it."""
        return wait_for(
            lambda: next((mail for mail in reversed(self.mails(to)) if words in text_of(mail)), None),
            what=f"a mail to {to} with {words!r}",
        )


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a message."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


class Service:
    """`dispatch serve` with its jobs process, as an operator would run it; `shift` moves its day."""

    def __init__(
        self,
        database_url: str,
        mail_url: str,
        log: Path,
        *,
        demo: bool = False,
        workers: int = 1,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.shift = timedelta()
        self._log = log
        self.database_url = database_url
        self._options = ("--workers", str(workers), *(("--demo",) if demo else ()))
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "MAIL_URL": mail_url,
            "MAIL_FROM": "dienst@dolmetscher.example",
            "SECRET_KEY": KEY,
            "BASE_URL": self.url,
            "PYTHONPATH": os.pathsep.join((str(SHIM), str(ROOT))),
            "PYTHONWARNINGS": "default",
            **(settings or {}),
        }

    @property
    def now(self) -> datetime:
        """The instant at which the service lives."""
        return (datetime.now(UTC) + self.shift).replace(microsecond=0)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running `dispatch serve`."""
        assert self._process is not None
        return self._process

    @property
    def is_running(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self, *, at: datetime | None = None) -> None:
        """Start and wait until it is ready; `at` is the instant at which it begins to live."""
        if at is not None:
            self.shift = at - datetime.now(UTC)
        shift = str(int(self.shift.total_seconds()))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dispatch", "serve", "--port", str(self.port), *self._options],
                cwd=ROOT,
                env={**self._environment, "TEST_CLOCK_SHIFT_SECONDS": shift},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self._is_ready, seconds=START_SECONDS, what=f"a ready service; see {self._log}")

    def stop(self) -> None:
        """Stop as an operator does, and make sure that nothing of it is left."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def live_at(self, instant: datetime) -> None:
        """Let the service live on from another instant."""
        self.stop()
        self.start(at=instant)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
