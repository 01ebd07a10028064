"""Make the application that a command or a web worker works with."""

import os
import signal
import threading
import time

from flask import Flask

COMMAND_BUSY_SECONDS = 30
WATCH_SECONDS = 1.0


def application() -> Flask:
    """Make the application for a command: it waits longer for a lock than a page may."""
    from config import Config
    from dispatch import create_app

    config = Config()
    config.SQLITE_BUSY_SECONDS = COMMAND_BUSY_SECONDS
    return create_app(config)


def serving() -> Flask:
    """Make the application of a web worker, which ends with the process that started it."""
    from config import Config
    from dispatch import create_app
    from dispatch.ops import logs

    config = Config()
    logs.to_stdout(config.LOG_LEVEL)
    end_with_parent()
    return create_app(config)


def end_with_parent() -> None:
    """End this process once the one that started it is gone, however that ended."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
