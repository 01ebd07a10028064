"""Throughput of one PostgreSQL with N web workers, and with N jobs processes: a page, a booking, mails that are due.

`python -m bench.scaling` starts a server of its own, fills it with `demo load`, drives `dispatch serve` and
`dispatch jobs run` as an operator would, and writes `results/scaling.json`. The clients share the machine's cores
with what they measure; only ratios between the rows of one run mean anything.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from flask import Flask

from bench.scaling_rows import offers_to_answer, session_cookie
from tests import postgres
from tests.processes import free_port

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "scaling.json"
CLIENTS = 8
READY_ANSWERS = 60
START_SECONDS = 15
PAGES = ("/board", "/requests")
KEY = "the key of a measurement that nobody else has, and of no worth"


def main() -> int:
    """Measure, report, return 1 where a booking failed or a message was sent twice."""
    arguments = _arguments()
    with postgres.server() as url, TemporaryDirectory() as folder:
        port = free_port()
        os.environ |= {
            "DATABASE_URL": url, "SECRET_KEY": KEY, "BASE_URL": f"http://127.0.0.1:{port}",
            "MAIL_URL": f"file:{folder}/mailbox", "MAIL_FROM": "dienst@dolmetscher.example", "DISPATCH_DEMO": "1",
        }  # fmt: skip
        report = _measure(url, port, Path(folder), arguments)
    for name in ("pages", "bookings", "messages"):
        for processes, row in report[name].items():
            print(f"{name} with {processes}: {row}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=2) + "\n")
    return int(any(row["failed"] for name in ("bookings", "messages") for row in report[name].values()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mediators", type=int, default=2_000)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seconds", type=float, default=6.0, help="for each page")
    parser.add_argument("--bookings", type=int, default=160, help="for each number of processes")
    parser.add_argument("--messages", type=int, default=600, help="for each number of processes")
    return parser.parse_args()


def _measure(url: str, port: int, folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    _dispatch("db", "upgrade")
    _dispatch("demo", "load", "--mediators", str(given.mediators), "--requests", str(given.requests))
    app = _application()
    with app.app_context():
        cookie = session_cookie(app)
        tokens = offers_to_answer(given.bookings * len(given.processes), key=KEY)
    pages: dict[int, Any] = {}
    bookings: dict[int, Any] = {}
    for number, workers in enumerate(given.processes):
        with _serving(port, workers, folder):
            pages[workers] = {path: _pages(port, path, cookie, given.seconds) for path in PAGES}
            mine = tokens[number * given.bookings :][: given.bookings]
            bookings[workers] = _bookings(port, mine)
    _dispatch("jobs", "tick")
    return {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load_before": os.getloadavg()[0],
        "size": {"mediators": given.mediators, "requests": given.requests, "clients": CLIENTS},
        "pages": pages,
        "bookings": bookings,
        "messages": {jobs: _messages(url, jobs, given.messages, folder) for jobs in given.processes},
    }


def _application() -> Flask:
    from config import Config
    from dispatch import create_app

    return create_app(Config())


def _dispatch(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "dispatch", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _running(words: Sequence[str], folder: Path) -> Iterator[None]:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "dispatch", *words], cwd=ROOT, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def _serving(port: int, workers: int, folder: Path) -> Iterator[None]:
    with _running(["serve", "--no-jobs", "--port", str(port), "--workers", str(workers)], folder):
        in_a_row = 0
        while in_a_row < READY_ANSWERS:  # the workers share the port: each must have begun to answer
            begin = time.perf_counter()
            try:
                status, _body = _get(HTTPConnection("127.0.0.1", port, timeout=60), "/healthz", {})
            except OSError:
                status = 0
                time.sleep(0.2)
            is_quick = status == 200 and time.perf_counter() - begin < 1
            in_a_row = in_a_row + 1 if is_quick else 0
        yield


def _pages(port: int, path: str, cookie: str, seconds: float) -> dict[str, float]:
    """Let the clients ask for one page again and again; return how many came in a second, and how long they took."""

    def ask(until: float) -> list[float]:
        taken = []
        while time.perf_counter() < until:
            begin = time.perf_counter()
            status, _body = _get(HTTPConnection("127.0.0.1", port, timeout=60), path, {"Cookie": cookie})
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
            taken.append(time.perf_counter() - begin)
        return taken

    _together(lambda _number: ask(time.perf_counter() + seconds / 4))
    begin = time.perf_counter()
    taken = [each for found in _together(lambda _number: ask(begin + seconds)) for each in found]
    return _summary(taken, time.perf_counter() - begin)


def _bookings(port: int, tokens: Sequence[str]) -> dict[str, float]:
    """Let the clients say yes by the mailed links, each once; return bookings in a second and how many failed."""
    numbers = count()
    headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}

    def answer(_client: int) -> list[float]:
        taken = []
        while (number := next(numbers)) < len(tokens):
            begin = time.perf_counter()
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            status, _body = _get(connection, f"/o/{tokens[number]}", headers, body="answer=yes")
            if status == 200:
                taken.append(time.perf_counter() - begin)
        return taken

    begin = time.perf_counter()
    taken = [each for found in _together(answer) for each in found]
    return _summary(taken, time.perf_counter() - begin) | {"failed": len(tokens) - len(taken)}


def _messages(url: str, jobs: int, number: int, folder: Path) -> dict[str, float]:
    """Make messages due again while so many jobs processes wait for work; return how many were sent in a second."""
    with psycopg.connect(url, autocommit=True) as connection:
        with ExitStack() as running:
            for _ in range(jobs):
                running.enter_context(_running(["jobs", "run"], folder))
            time.sleep(START_SECONDS * jobs)  # until each has looked once and waits
            begin = time.perf_counter()
            ids = connection.execute(
                "UPDATE outbox SET state = 'queued', due_at = now(), attempts = 0, interruptions = 0, sent_at = NULL "
                "WHERE id IN (SELECT id FROM outbox WHERE state = 'sent' AND kind = 'appointment_confirmed' "
                "ORDER BY id LIMIT %s) RETURNING id",
                (number,),
            ).fetchall()
            while connection.execute("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending') LIMIT 1").fetchone():
                time.sleep(0.05)
            seconds = time.perf_counter() - begin
        once = "SELECT id FROM outbox WHERE state = 'sent' AND attempts = 1 AND id = ANY(%s)"
        sent = connection.execute(once, ([row[0] for row in ids],)).fetchall()
    return {"each_second": round(len(ids) / seconds, 1), "due": len(ids), "failed": len(ids) - len(sent)}


def _together(work: Callable[[int], list[float]]) -> list[list[float]]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(work, range(CLIENTS)))


def _get(connection: HTTPConnection, path: str, headers: dict[str, str], body: str | None = None) -> tuple[int, bytes]:
    connection.request("POST" if body else "GET", path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def _summary(taken: list[float], seconds: float) -> dict[str, float]:
    return {
        "each_second": round(len(taken) / seconds, 1),
        "p50_ms": round(statistics.median(taken) * 1000, 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[18] * 1000, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
