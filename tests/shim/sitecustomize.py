"""Shift the clock of a whole process, child processes included, when a test asks for it.

A folder on PYTHONPATH with this file is how a test lets the real server and the real jobs live on another day.
"""

import os
from datetime import UTC, datetime, timedelta

if _shift := os.environ.get("TEST_CLOCK_SHIFT_SECONDS"):
    import time_machine

    time_machine.travel(datetime.now(UTC) + timedelta(seconds=int(_shift)), tick=True).start()
