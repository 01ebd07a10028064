"""Goal 8: eight clients instead of one, against the real server with two workers, on the list and the candidates."""

import os
import signal
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from bench import world
from bench.result import Result
from dispatch.models import Request
from dispatch.services.transactions import reading
from tests.processes import free_port

WORKERS, CLIENTS = 2, 8
ALONE_SECONDS, TOGETHER_SECONDS = 5.0, 8.0
MORE_LIMIT, TAIL_LIMIT = 1.3, 12.0
START_SECONDS, STOP_SECONDS = 120, 30


def results(folder: Path, here: world.World, url: str) -> list[Result]:
    """Ask as one client, then as eight, and return how throughput and waiting change."""
    port = free_port()
    environment = os.environ | world.environment(url, folder, f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "dispatch", "serve", "--no-jobs", "--workers", str(WORKERS), "--port", str(port)]
    cookie = _cookie(here)
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=Path(__file__).parent.parent)
    try:
        wait_for_server(port)
        pages = {"list of the pool": f"/mediators?language={world.LANGUAGE}", "candidates": _candidates(here)}
        return [one for name, path in pages.items() for one in _compare(name, port, path, cookie)]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(STOP_SECONDS)


def _compare(name: str, port: int, path: str, cookie: str) -> list[Result]:
    _ask(port, path, cookie, 2.0)
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda _: _ask(port, path, cookie, 1.0), range(CLIENTS)))  # both workers are warm
        alone = _ask(port, path, cookie, ALONE_SECONDS)
        each = list(clients.map(lambda _: _ask(port, path, cookie, TOGETHER_SECONDS), range(CLIENTS)))
    together = [took for found in each for took in found]
    p95, p50 = statistics.quantiles(together, n=20)[-1] * 1000, statistics.median(alone) * 1000
    more = len(together) / TOGETHER_SECONDS
    return [
        Result(8, f"{name}, 8 clients", more, "1 client", len(alone) / ALONE_SECONDS, MORE_LIMIT, "1/s", at_least=True),
        Result(8, f"{name}, 8 clients, p95", p95, "p50 of 1 client", p50, TAIL_LIMIT),
    ]


def _ask(port: int, path: str, cookie: str, seconds: float) -> list[float]:
    """Ask for a page again and again over one line; return how long each answer took."""
    line, times = HTTPConnection("127.0.0.1", port, timeout=60), []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        assert answer.status == 200, answer.status
    line.close()
    return times


def _cookie(here: world.World) -> str:
    client = world.browser(here.app, here.coordinator)
    return "; ".join(f"{name}={kept.value}" for name in ("session",) if (kept := client.get_cookie(name)))


def _candidates(here: world.World) -> str:
    with here.app.app_context():
        wanted = select(Request.id).where(Request.state == "searching").order_by(Request.starts_at.desc())
        return f"/requests/{next(islice(reading().scalars(wanted), 1))}/candidates"


def wait_for_server(port: int) -> None:
    """Wait until the server on this port answers that it is well."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            line = HTTPConnection("127.0.0.1", port, timeout=2)
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")
