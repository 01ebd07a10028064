"""Speak to one certain worker of a running service: lines that stay open belong to the worker that took them."""

import os
import re
import select
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from tests.ops.family import children
from tests.processes import Service, wait_for

WORKER = "spawn_main"
LINES, PATIENCE_SECONDS, TRIES = 12, 0.5, 5
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Answer(NamedTuple):
    """What came back: the status, where it leads, the page."""

    status: int
    location: str
    text: str


class Visitor:
    """A browser that can ask over any line; its cookies are the same on all of them."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def get(self, line: HTTPConnection, path: str) -> Answer:
        """Read a page."""
        return self._ask(line, "GET", path, None)

    def post(self, line: HTTPConnection, path: str, fields: dict[str, str], *, page: str) -> Answer:
        """Send a form that stands on `page`."""
        found = _TOKEN.search(self.get(line, page).text)
        assert found is not None
        return self._ask(line, "POST", path, urlencode({"csrf_token": found[1], **fields}))

    def _ask(self, line: HTTPConnection, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        for one in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(one).items()})
        return Answer(answer.status, answer.headers.get("Location", ""), text)


@contextmanager
def lines_to_each(service: Service) -> Iterator[list[HTTPConnection]]:
    """Yield an open line to each worker: while one worker is stopped, its lines are those that do not answer."""
    workers = wait_for(lambda: children(service.process.pid, WORKER), what="workers")
    lines: list[HTTPConnection] = []
    try:
        for _ in range(TRIES):
            fresh = [HTTPConnection("127.0.0.1", service.port, timeout=20) for _ in range(LINES)]
            lines += fresh
            chosen = [_of(worker, fresh) for worker in workers]
            if all(chosen):
                yield [line for line in chosen if line is not None]
                return
        raise AssertionError("some worker never took a line")
    finally:
        for line in lines:
            line.close()


def _of(worker: int, lines: Sequence[HTTPConnection]) -> HTTPConnection | None:
    for line in lines:  # once answered, a line has its worker
        line.request("GET", "/healthz")
        line.getresponse().read()
    os.kill(worker, signal.SIGSTOP)
    try:
        for line in lines:
            line.request("GET", "/healthz")
        silent = {line.sock for line in lines}
        while ready := select.select(list(silent), [], [], PATIENCE_SECONDS)[0]:
            silent -= set(ready)
    finally:
        os.kill(worker, signal.SIGCONT)
    for line in lines:
        line.getresponse().read()
    return next((line for line in lines if line.sock in silent), None)
