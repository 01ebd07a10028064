"""Let the writers of one SQLite file begin in turn, whatever process or thread they belong to.

SQLite's own lock is taken by whoever looks first, and who has waited longest looks least often: beside three busy
writers a fourth may starve for seconds. Here one at a time looks, and often; it never decides what is written.
"""

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

from sqlalchemy import Connection

if sys.platform != "win32":
    import fcntl

SUFFIX = ".write-queue"
FIRST_SECONDS, LAST_SECONDS, SHARE = 0.0003, 0.005, 0.05
"""How long the next look is waited for: a twentieth of the waiting so far, within these two."""


class WriteQueue:
    """The queue in front of the write lock of one database file, for waits of `limit` seconds.

    It is a lock on a file beside the database, held while its holder waits for SQLite's lock and no longer, and let go
    by the kernel when the holder is killed. Where no such file can be made or locked, everybody goes straight to
    SQLite's lock.
    """

    def __init__(self, database: Path | None, limit: float) -> None:
        self._database, self._limit = database, limit
        self._threads, self._process = threading.Lock(), os.getpid()

    def begin(self, connection: Connection) -> None:
        """Begin a write transaction when it is this connection's turn.

        Raises OperationalError, as SQLite does, when its lock is not to be had within the limit, all told.
        """
        until = time.monotonic() + self._limit
        driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        with self._turn(until):
            driver.execute("PRAGMA busy_timeout=0")
            try:
                if not _has_begun(driver, until):
                    connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last look tells why it fails
            finally:
                driver.execute(f"PRAGMA busy_timeout={int(self._limit * 1000)}")

    @contextmanager
    def _turn(self, until: float) -> Iterator[None]:
        """Hold the queue; after the limit go on without it, for a last look at SQLite's lock."""
        if self._process != os.getpid():  # a fork may have copied a lock that nobody here will let go
            self._threads, self._process = threading.Lock(), os.getpid()
        threads = self._threads
        is_first = threads.acquire(timeout=max(0.0, until - time.monotonic()))
        file = self._open()
        try:
            if file is not None:
                _wait(file, until)
            yield
        finally:
            if file is not None:
                _let_go(file)
            if is_first:
                threads.release()

    def _open(self) -> int | None:
        """Open the file of the queue, made for whoever may use the database; None where that is not possible."""
        if self._database is None or sys.platform == "win32":
            return None
        path = f"{self._database}{SUFFIX}"
        try:
            with suppress(FileNotFoundError):
                return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            owner = self._database.stat()
            file = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, owner.st_mode & 0o666)
            if os.geteuid() == 0:  # as SQLite does with its own files
                os.fchown(file, owner.st_uid, owner.st_gid)
        except OSError:
            return None
        return file


def _has_begun(driver: sqlite3.Connection, until: float) -> bool:
    for _ in _looks(until):
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
        else:
            return True
    return False


def _looks(until: float) -> Iterator[None]:
    """Yield once for each look, with growing rests between them, until the instant is reached."""
    began = time.monotonic()
    while (now := time.monotonic()) < until:
        yield
        time.sleep(min(max(FIRST_SECONDS, SHARE * (now - began)), LAST_SECONDS))


if sys.platform != "win32":

    def _wait(file: int, until: float) -> None:
        for _ in _looks(until):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            except OSError:  # a file system that knows no such locks
                return
            return

    def _let_go(file: int) -> None:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)  # closing alone would leave it to a forked child
        os.close(file)
