"""Goal 7: four processes write to one SQLite file as fast as they can, synchronous FULL; none may starve."""

import multiprocessing
import statistics
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy.orm import Session

from bench import world
from bench.result import Result
from config import Config
from dispatch import clock, create_app
from dispatch.database import db, run
from dispatch.models import Attempt

PROCESSES, SECONDS = 4, 6.0
TAIL_LIMIT, SHARE_LIMIT = 10.0, 0.5


def results(folder: Path) -> list[Result]:
    """Let them write for some seconds and return how long one write took, and what share the slowest process had."""
    url = f"sqlite:///{folder / 'writers.sqlite'}"
    world.migrate(url, folder)
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(PROCESSES)
    pipes = [context.Pipe(duplex=False) for _ in range(PROCESSES)]
    writers = [
        context.Process(target=_write, args=(url, str(folder), number, gate, theirs))
        for number, (_ours, theirs) in enumerate(pipes)
    ]
    for writer in writers:
        writer.start()
    times: list[list[float]] = [ours.recv() for ours, _theirs in pipes]
    for writer in writers:
        writer.join()
    every = [took * 1000 for found in times for took in found]
    p95 = statistics.quantiles(every, n=20)[-1]
    fair = len(every) / PROCESSES
    return [
        Result(7, "four writers, p95", p95, "p50", statistics.median(every), TAIL_LIMIT),
        Result(7, "four writers, least", min(map(len, times)), "its share", fair, SHARE_LIMIT, "writes", at_least=True),
    ]


def _write(url: str, folder: str, number: int, gate: Barrier, told: Connection) -> None:
    app = create_app(Config(world.environment(url, Path(folder))))

    def use_case(session: Session) -> None:
        session.add(Attempt(bucket=f"bench {number}", at=clock.now()))

    times = []
    with app.app_context():
        run(use_case)
        gate.wait()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            began = time.perf_counter()
            run(use_case)
            times.append(time.perf_counter() - began)
        db.session.remove()
        db.engine.dispose()
    told.send(times)
