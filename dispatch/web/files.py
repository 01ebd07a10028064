"""Serve the files that pages load: compressed once, under addresses that change with them, so they may be kept.

Only files are compressed, never pages: those hold secrets beside what was typed (BREACH, see docs/decisions.md).
"""

import gzip
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from flask import Flask, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

KEPT_SECONDS, CHECKED_SECONDS = 365 * 24 * 3600, 3600
VERSION_LENGTH = 12
SHELF = Path(__file__).resolve().parent.parent / "static"

_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_OTHER = "text/plain; charset=utf-8"
_PACKED_ALREADY = frozenset({".png", ".woff2"})
_LOADED = re.compile(r"""(?:url\(|from )"([^":]+)\"""")


class _File(NamedTuple):
    body: bytes
    packed: bytes | None
    kind: str


def init_app(app: Flask) -> None:
    """Put the files in the place of Flask's own, and their version into every address that is written."""
    app.add_url_rule(f"/static/<string(length={VERSION_LENGTH}):version>/<path:filename>", "static", _serve)
    app.add_url_rule("/static/<path:filename>", "static", _serve)

    @app.url_defaults
    def _add_version(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static" and (version := versions().get(str(values.get("filename")))):
            values.setdefault("version", version)


@cache
def versions() -> dict[str, str]:
    """Return the version of every file by its name below `static/`; read once in a process.

    A style sheet or script has another version when a file that it loads has: relative addresses inherit it.
    """
    known: dict[Path, str] = {}
    names = sorted(path for path in SHELF.rglob("*") if path.is_file())
    return {path.relative_to(SHELF).as_posix(): _version(path, known) for path in names}


def _version(path: Path, known: dict[Path, str]) -> str:
    if path not in known:
        body = path.read_bytes()
        digest = sha256(body)
        if path.suffix in (".css", ".js"):
            for name in _LOADED.findall(body.decode()):
                digest.update(_version((path.parent / name).resolve(), known).encode())
        known[path] = digest.hexdigest()[:VERSION_LENGTH]
    return known[path]


@cache
def _read(filename: str) -> _File:
    path = SHELF / filename
    body = path.read_bytes()
    packed = None if path.suffix in _PACKED_ALREADY else gzip.compress(body, 9, mtime=0)
    return _File(body, packed, _KINDS.get(path.suffix, _OTHER))


def text_of(filename: str) -> str:
    """Return the text of a file that is served under an address of its own."""
    return _read(filename).body.decode()


def _serve(filename: str, version: str = "") -> Response:
    """Hand over a file; for good under the address of its version, else for as long as nobody minds an older one."""
    current = versions().get(filename)
    if current is None:
        raise NotFound
    file = _read(filename)
    packed = file.packed if request.accept_encodings.quality("gzip") > 0 else None
    response = Response(packed or file.body, content_type=file.kind)
    response.set_etag(f"{current}-gzip" if packed else current)
    if packed:
        response.content_encoding = "gzip"
    if file.packed:
        response.vary.add("Accept-Encoding")
    is_exact = version == current
    response.headers["Cache-Control"] = (
        f"public, max-age={KEPT_SECONDS}, immutable" if is_exact else f"public, max-age={CHECKED_SECONDS}"
    )
    return response.make_conditional(request.environ)
