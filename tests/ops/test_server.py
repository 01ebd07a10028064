"""The life of `dispatch serve`: who dies is replaced, who is told to stop finishes, who is killed leaves nobody."""

import json
import os
import signal
import urllib.request
from pathlib import Path

import pytest

from tests.ops.conftest import WORKERS
from tests.ops.family import children, living
from tests.ops.visitors import WORKER
from tests.processes import Service, wait_for

pytestmark = pytest.mark.race
JOBS = "jobs run"


def answers(service: Service) -> bool:
    try:
        with urllib.request.urlopen(f"{service.url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def are_gone(pids: list[int]) -> bool:
    return living(pids) == []


def test_workers_and_a_jobs_process_that_die_are_replaced(service: Service) -> None:
    main = service.process.pid
    worker, jobs = children(main, WORKER), children(main, JOBS)

    for pid in (*worker, *jobs):
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: set(children(main, JOBS)) - set(jobs), what="other jobs")
    wait_for(lambda: len(set(children(main, WORKER)) - set(worker)) == WORKERS, what="other workers")
    wait_for(lambda: answers(service), what="an answer of the new worker")

    assert (len(worker), len(jobs)) == (WORKERS, 1)
    assert (len(children(main, WORKER)), len(children(main, JOBS)), are_gone([*worker, *jobs])) == (WORKERS, 1, True)


def test_killed_it_leaves_no_process_behind(service: Service) -> None:
    family = children(service.process.pid, "")

    service.process.kill()
    service.process.wait()

    assert len(family) >= 2
    wait_for(lambda: are_gone(family), seconds=30, what="the end of its processes")


def test_everything_it_says_is_lines_of_json_with_an_event(service: Service, served_database: Path) -> None:
    """E18."""
    assert answers(service)
    lines = (served_database.parent / "log").read_text().splitlines()

    assert [line for line in lines if not line.startswith("{")] == []
    assert [line for line in lines if not {"ts", "level", "logger", "event"} <= set(json.loads(line))] == []
