"""Hand the requests of the server to the application, each with its body read whole.

A body that trickles in waits in the event loop, where it costs nothing; in one of the few threads that do the work it
would hold up everybody. Only how much is read and how long it is waited for is decided here.
"""

import asyncio
import io
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import Flask

PIECE_SECONDS, BODY_SECONDS = 20.0, 120.0
"""How long the next piece of a body, and the whole of it, is waited for."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)


class _Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class _Gone(Exception):
    """The client left before its request was complete."""


_TOO_SLOW = _Answer(408, [(b"connection", b"close"), (b"content-type", b"text/plain")], b"Request Timeout\n")
_BROKEN = _Answer(500, [(b"content-type", b"text/plain")], b"Internal Server Error\n")


class Bridge:
    """An ASGI application (version 3, `http` only) around a WSGI application that runs in `threads` threads."""

    def __init__(self, app: Flask, *, threads: int) -> None:
        self._app = app
        self._most = int(app.config["MAX_CONTENT_LENGTH"])
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is larger than the application takes is handed on unread, for it to refuse."""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await self._read(scope, receive)
        except TimeoutError:
            answer = _TOO_SLOW
        except _Gone:
            return
        else:
            environ = _environ(scope, *body)
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, environ)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _read(self, scope: Scope, receive: Receive) -> tuple[bytes, int]:
        """Return the body, and its length as announced or as it came; of what is too long only a part."""
        announced = next((int(value) for name, value in scope["headers"] if name == b"content-length"), None)
        if announced is not None and announced > self._most:
            return b"", announced
        body = bytearray()
        is_more = True
        while is_more and len(body) <= self._most:
            async with asyncio.timeout(PIECE_SECONDS):
                piece = await receive()
            if piece["type"] == "http.disconnect":
                raise _Gone
            body += piece.get("body", b"")
            is_more = piece.get("more_body", False)
        return bytes(body), len(body)

    def _ask(self, environ: dict[str, Any]) -> _Answer:
        started: list[tuple[int, list[tuple[bytes, bytes]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _failure: object = None) -> Callable[[bytes], object]:
            kept = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            started[:] = [(int(status[:3]), kept)]
            return lambda _piece: None

        try:
            pieces: Iterable[bytes] = self._app(environ, start)
            try:
                body = b"".join(pieces)
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()
        except Exception:
            log.exception("a request failed outside the application's own care")
            return _BROKEN
        return _Answer(*started[0], body)


def _environ(scope: Scope, body: bytes, length: int) -> dict[str, Any]:
    """Return the WSGI environment (PEP 3333) of a request; header names with an underscore could pose as others."""
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
        "REMOTE_PORT": str(client[1]),
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name or name in {"content-length", "transfer-encoding"}:
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        between = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    return environ
