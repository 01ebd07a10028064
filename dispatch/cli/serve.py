"""Serve the pages with granian, and run the jobs beside them."""

import logging
import multiprocessing
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import click
from flask import Flask

from dispatch.cli.context import commanding
from dispatch.ops import checks, logs
from dispatch.services import installation

HEADER_BYTES = 32_768
RESTART_AFTER_SECONDS = 2.0
WEB_STOP_SECONDS = 20
JOBS_STOP_SECONDS = 28
KEY_BYTES = 48

log = logging.getLogger(__name__)


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
    with commanding() as app:
        _refuse_unsafe(app, host, demo=demo)
        logs.to_stdout(app.config["LOG_LEVEL"])
        checks.let_go()  # a connection must not be carried into another process
    _refuse_taken(host, port)
    jobs = _JobsBeside() if with_jobs else None
    try:
        _serve_pages(host, port, workers, jobs)
    finally:
        if jobs:
            jobs.stop()
            jobs.wait()


def _prepare_demo(host: str, port: int) -> None:
    """Set what a demo needs and nobody configured: its key, its address, its mark."""
    from config import INSTANCE, LOOPBACK

    if host not in LOOPBACK:
        raise click.UsageError("--demo serves this machine only: --host must be 127.0.0.1, ::1 or localhost.")
    os.environ["DISPATCH_DEMO"] = "1"
    if not os.environ.get("BASE_URL"):
        os.environ["BASE_URL"] = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = demo_key(INSTANCE / "demo-key")


def demo_key(path: Path) -> str:
    """Return the key of a demonstration, kept in a file that nobody else may read; made at the first call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES))
    except FileExistsError:
        pass
    return path.read_text()


def _refuse_unsafe(app: Flask, host: str, *, demo: bool) -> None:
    """End the command unless the service may start: what is reached from outside needs every check."""
    from config import LOOPBACK

    is_loopback = app.config["IS_LOOPBACK"] and host in LOOPBACK
    if demo and not is_loopback:
        raise click.UsageError("--demo needs a BASE_URL on this machine.")
    failures = checks.failures(app, deploy=not is_loopback)
    if failures:
        raise click.ClickException("the service does not start:\n" + "\n".join(failures))
    if demo and not installation.is_marked_demo():
        raise click.ClickException("--demo needs a database with demo data (dispatch demo load).")


def _refuse_taken(host: str, port: int) -> None:
    """End the command when somebody else listens there: workers share a port, so the kernel would not say."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(f"{host} port {port} cannot be used ({error.strerror}).") from error


class _JobsBeside:
    """One jobs process, begun anew whenever it ends by itself, until it is told to stop."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="jobs-keeper", daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        """Tell the process to finish what it has begun."""
        self._over.set()
        with self._lock:
            if self._child is not None:
                self._child.terminate()

    def wait(self) -> None:
        """Wait for its end, and make one if it takes too long."""
        self._keeper.join(JOBS_STOP_SECONDS)
        if self._keeper.is_alive() and self._child is not None:
            log.warning("the jobs process did not end in time")
            self._child.kill()

    def _keep(self) -> None:
        command = [sys.executable, "-m", "dispatch", "jobs", "run", "--parent", str(os.getpid())]
        while not self._over.is_set():
            with self._lock:
                self._child = subprocess.Popen(command)  # noqa: S603 - our own command, no word from outside
            code = self._child.wait()
            if not self._over.wait(RESTART_AFTER_SECONDS):
                log.warning("the jobs process ended with %s, another one begins", code)


def _serve_pages(host: str, port: int, workers: int, jobs: _JobsBeside | None) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings

    multiprocessing.set_start_method("spawn", force=True)  # threads and connections are not for the children
    server = Granian(
        target="dispatch.cli.context:serving",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        respawn_failed_workers=True,
        workers_kill_timeout=WEB_STOP_SECONDS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=HEADER_BYTES),
        websockets=False,
        log_access=False,
        log_dictconfig=logs.of_the_server(),
    )
    if jobs:
        server.on_startup(lambda: _stop_too(jobs))
    server.serve()


def _stop_too(jobs: _JobsBeside) -> None:
    """Let the signal that ends the pages end the jobs at the same time, not afterwards."""
    for number in (signal.SIGTERM, signal.SIGINT):
        ends_pages = signal.getsignal(number)

        def stop(received: int, frame: object, ends_pages: object = ends_pages) -> None:
            threading.Thread(target=jobs.stop, name="jobs-stop", daemon=True).start()
            if callable(ends_pages):
                ends_pages(received, frame)

        signal.signal(number, stop)
