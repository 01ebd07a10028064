"""Serve the pages with granian, and run the jobs beside them."""

import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask

from dispatch.cli.context import application
from dispatch.ops import checks
from dispatch.services import installation

WEB_THREADS = 4
RESTART_AFTER_SECONDS = 2.0
STOP_SECONDS = 30
KEY_BYTES = 48


def register(main: click.Group) -> None:
    """Add the command `serve`."""
    main.add_command(serve)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--jobs/--no-jobs", "with_jobs", default=True, show_default=True, help="Also run the scheduler.")
@click.option("--demo", is_flag=True, help="Invented people only: sign-in by one button, mail as a page.")
def serve(host: str, port: int, workers: int, with_jobs: bool, demo: bool) -> None:
    """Serve the pages; a worker that dies is replaced, and everything ends with this process."""
    if demo:
        _prepare_demo(host, port)
    app = application()
    with app.app_context():
        _refuse_unsafe(app, demo=demo)
    with _jobs_beside(with_jobs):
        _serve_pages(host, port, workers)


def _prepare_demo(host: str, port: int) -> None:
    """Set what a demo needs and nobody configured: its key, its address, its mark."""
    from config import INSTANCE, LOOPBACK

    if host not in LOOPBACK:
        raise click.UsageError("--demo serves this machine only: --host must be 127.0.0.1, ::1 or localhost.")
    os.environ["DISPATCH_DEMO"] = "1"
    os.environ.setdefault("BASE_URL", f"http://{host}:{port}")
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _demo_key(INSTANCE / "demo-key")


def _demo_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(secrets.token_urlsafe(KEY_BYTES))
        path.chmod(0o600)
    return path.read_text()


def _refuse_unsafe(app: Flask, *, demo: bool) -> None:
    is_loopback = app.config["IS_LOOPBACK"]
    if demo and not is_loopback:
        raise click.UsageError("--demo needs a BASE_URL on this machine.")
    if demo and not installation.is_marked_demo():
        raise click.ClickException("--demo needs a database with demo data (dispatch demo load).")
    failures = checks.failures(app, deploy=not is_loopback)
    if failures:
        raise click.ClickException("the service does not start:\n" + "\n".join(failures))


@contextmanager
def _jobs_beside(wanted: bool) -> Iterator[None]:
    """Keep one jobs process running as long as the block does."""
    if not wanted:
        yield
        return
    over = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not over.is_set():
            child = subprocess.Popen([sys.executable, "-m", "dispatch", "jobs", "run", "--with-parent"])
            running[:] = [child]
            child.wait()
            over.wait(RESTART_AFTER_SECONDS)

    keeper = threading.Thread(target=keep, name="jobs-keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        for child in running:
            child.terminate()
        keeper.join(STOP_SECONDS)


def _serve_pages(host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        target="dispatch.cli.context:serving",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=WEB_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_access=False,
    ).serve()
