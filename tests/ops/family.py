"""Look at processes by their number: which ones a process started, and whether they still run."""

import subprocess
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")


class Relative(NamedTuple):
    """A process: its number, that of its parent, whether it has ended, and its words."""

    pid: int
    parent: int
    has_ended: bool
    words: str


def running() -> list[Relative]:
    """Return every process of this machine that can be seen."""
    return _from_proc() if (PROC / "self" / "stat").exists() else _from_ps()


def children(pid: int, words: str) -> list[int]:
    """Return the living children of a process whose command line holds `words`."""
    return [each.pid for each in running() if each.parent == pid and not each.has_ended and words in each.words]


def living(pids: list[int]) -> list[int]:
    """Return those of the processes that still run."""
    return [each.pid for each in running() if each.pid in pids and not each.has_ended]


def _from_proc() -> list[Relative]:
    found = []
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue  # it ended while we looked
            found.append(Relative(int(folder.name), int(parent), state in {"Z", "X"}, words))
    return found


def _from_ps() -> list[Relative]:
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,ppid=,stat=,command="], capture_output=True, text=True, check=True
    )
    rows = (line.split(None, 3) for line in listed.stdout.splitlines())
    return [Relative(int(row[0]), int(row[1]), row[2].startswith("Z"), row[3]) for row in rows if len(row) == 4]
