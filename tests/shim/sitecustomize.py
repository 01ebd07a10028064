"""Shift the clock of a whole process, child processes included, and keep its compiled templates, as a test asks.

A folder on PYTHONPATH with this file is how a test lets the real server and the real jobs live on another day.
"""

import os
from datetime import UTC, datetime, timedelta

if _shift := os.environ.get("TEST_CLOCK_SHIFT_SECONDS"):
    import time_machine

    time_machine.travel(datetime.now(UTC) + timedelta(seconds=int(_shift)), tick=True).start()

if _folder := os.environ.get("TEST_TEMPLATES"):
    import functools

    import jinja2

    # of hundreds of processes each would compile the same pages: they are found by what stands in them
    jinja2.Environment.__init__ = functools.partialmethod(  # type: ignore[method-assign, assignment]
        jinja2.Environment.__init__, bytecode_cache=jinja2.FileSystemBytecodeCache(_folder)
    )
