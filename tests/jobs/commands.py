"""Run the real jobs commands as processes of their own, at any instant."""

import json
import math
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import TestConfig
from tests.processes import ROOT, SHIM

TICK = ("-m", "dispatch", "jobs", "tick")
RUN = ("-m", "dispatch", "jobs", "run")
NAIVE = (str(Path(__file__).with_name("naive_tick.py")),)


class Commands:
    """Starts processes on one database and one mail server."""

    def __init__(self, database_url: str, mail_url: str) -> None:
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "TMPDIR", "LANG"}}
        self._environment = {
            **kept,
            "DATABASE_URL": database_url,
            "MAIL_URL": mail_url,
            "MAIL_FROM": "dienst@dolmetscher.example",
            "SECRET_KEY": TestConfig(database_url).SECRET_KEY,
            "PYTHONPATH": os.pathsep.join((str(SHIM), str(ROOT))),
        }

    def start(self, *words: str, at: datetime) -> subprocess.Popen[bytes]:
        """Start Python with these words, in a process that lives from `at` on."""
        shift = math.ceil((at - datetime.now(UTC)).total_seconds())
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env={**self._environment, "TEST_CLOCK_SHIFT_SECONDS": str(shift)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def counts_of(process: subprocess.Popen[bytes]) -> dict[str, int]:
    """Wait for a tick and return what it printed, without its zeros."""
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err.decode()
    printed: dict[str, Any] = json.loads(out)
    return {job: count for job, count in printed.items() if count}


def end(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a process and return its exit code."""
    process.communicate(timeout=60)
    return process.returncode
