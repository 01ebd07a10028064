"""In front of SQLite's write lock: everybody gets a turn within one limit, and no queue that is stuck stops a write."""

import fcntl
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from dispatch.write_queue import SUFFIX, WriteQueue

LONG = 30.0
SHORT = 0.2
HOLD = """import fcntl, sys, time
file = open(sys.argv[1])
fcntl.flock(file, fcntl.LOCK_EX)
print(flush=True)
time.sleep(60)"""

Opened = Callable[[float], Engine]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database that counts, for nobody else to read."""
    path = tmp_path / "count.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; CREATE TABLE count (n INTEGER); INSERT INTO count VALUES (0)"
        )
    connection.close()
    path.chmod(0o600)
    return path


@pytest.fixture
def queue(path: Path) -> Path:
    """The file of its queue, which nobody has made before."""
    return Path(f"{path}{SUFFIX}")


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    """Open the database for writes as one more process would, with a limit of its own."""
    engines = []

    def open_(limit: float) -> Engine:
        engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": limit})
        waiting = WriteQueue(path, limit)

        @event.listens_for(engine, "connect")
        def _connect(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None

        event.listen(engine, "begin", waiting.begin)
        engines.append(engine)
        return engine

    yield open_
    for engine in engines:
        engine.dispose()


def add(engine: Engine, times: int = 1) -> None:
    for _ in range(times):
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE count SET n = n + 1")


def counted(path: Path) -> int:
    connection = sqlite3.connect(path)
    [count] = connection.execute("SELECT n FROM count").fetchone()
    connection.close()
    return int(count)


def test_writers_of_several_threads_and_processes_all_get_their_turn(opened: Opened, path: Path) -> None:
    engines = [opened(LONG), opened(LONG)]
    writers = [threading.Thread(target=add, args=(engine, 25)) for engine in engines for _ in range(2)]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert counted(path) == 100


def test_a_holder_that_is_killed_frees_the_queue(opened: Opened, path: Path, queue: Path) -> None:
    queue.touch()
    with subprocess.Popen([sys.executable, "-c", HOLD, str(queue)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        writer = threading.Thread(target=add, args=(opened(LONG),))
        writer.start()
        writer.join(SHORT)
        waits = writer.is_alive()
        holder.kill()
    writer.join(LONG)

    assert (waits, counted(path)) == (True, 1)


def test_a_queue_that_does_not_move_holds_up_a_write_for_the_limit_only(
    opened: Opened, path: Path, queue: Path
) -> None:
    with queue.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        add(opened(SHORT))

    assert counted(path) == 1


def test_queue_and_lock_have_one_limit_together(opened: Opened, path: Path, queue: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    engine, began = opened(1.0), time.monotonic()
    with queue.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        threading.Timer(0.7, fcntl.flock, (held, fcntl.LOCK_UN)).start()
        with pytest.raises(OperationalError, match="database is locked"):
            add(engine)
    took = time.monotonic() - began
    holder.close()

    assert 0.9 < took < 1.6
    add(engine)
    assert counted(path) == 1


def test_the_file_of_the_queue_is_for_those_who_have_the_database(opened: Opened, queue: Path) -> None:
    add(opened(SHORT))

    assert stat.S_IMODE(queue.stat().st_mode) == 0o600


def test_where_there_can_be_no_such_file_writes_go_straight_to_the_lock(
    opened: Opened, path: Path, queue: Path
) -> None:
    queue.symlink_to("/nowhere/at-all")

    add(opened(SHORT))

    assert counted(path) == 1
