"""Make the application that a command or a web worker works with, and turn what stops a command into a sentence."""

import atexit
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from dispatch.cli.bridge import Bridge
from dispatch.cli.starting import uncollected
from dispatch.domain.errors import Busy, Invalid, Refusal

COMMAND_BUSY_SECONDS = 30
WEB_THREADS = 8
WATCH_SECONDS = 1.0
ORPHAN_SECONDS = 20.0
"""How long a process that outlived its parent may take to end in good order."""


def application(database_url: str | None = None) -> Flask:
    """Make the application for a command: it waits longer for a lock than a page may.

    `database_url` is another database than the configured one.
    """
    from config import Config
    from dispatch import create_app

    try:
        config = Config(os.environ | {"DATABASE_URL": database_url} if database_url else None)
        config.SQLITE_BUSY_SECONDS = COMMAND_BUSY_SECONDS
        with uncollected():
            return create_app(config)
    except (ValueError, LookupError, OSError, SQLAlchemyError) as error:
        sentence = "the configuration does not hold; look at DATABASE_URL, BASE_URL, TIME_ZONE and TRUSTED_PROXIES"
        raise click.ClickException(f"{sentence} ({type(error).__name__})") from error


@contextmanager
def commanding(database_url: str | None = None) -> Iterator[Flask]:
    """Give a command its application, and end it with one line where the database cannot be used."""
    app = application(database_url) if database_url else application()
    with app.app_context():
        try:
            yield app
        except Busy as error:
            raise click.ClickException("the database is locked by another process") from error
        except SQLAlchemyError as error:
            sentence = "the database cannot be used; `dispatch check` says more"
            raise click.ClickException(f"{sentence} ({type(error).__name__})") from error


@contextmanager
def refusing(thing: str) -> Iterator[Flask]:
    """Work inside the application; a refusal tells its codes on standard error and ends the command with 1.

    `thing` is what a code concerns that belongs to no field.
    """
    with commanding() as app:
        try:
            yield app
        except Busy:
            raise
        except Invalid as refusal:
            for field, codes in refusal.errors.items():
                click.echo(f"{field or thing}: {', '.join(codes)}", err=True)
            sys.exit(1)
        except Refusal as refusal:
            click.echo(refusal.code, err=True)
            sys.exit(1)


def serving() -> Bridge:
    """Make the application of a web worker, which ends with the process that started it."""
    with uncollected():
        from config import Config
        from dispatch import create_app
        from dispatch.ops import logs

        config = Config()
        logs.to_stdout(config.LOG_LEVEL)
        app = create_app(config)
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        end_with(parent.pid)
    atexit.register(_leave)
    return Bridge(app, threads=WEB_THREADS)


def _leave() -> None:
    """End a web worker whose work is done, before the interpreter is taken down.

    The server's own threads may still wait for the interpreter then; they would abort the process and say so in the
    middle of the log.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def end_with(parent: int) -> None:
    """End this process once the process `parent`, which started it, is gone, however that ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
