"""Start without the collector: it would look through the growing heap again and again, and find nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_STAYS = 2
"""What stays until the end is made in two steps: the commands are imported, then the application is wired."""


class _Steps:
    done = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Import and wire with the collector off; what stays until the process ends is never looked at later either."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if _Steps.done < _STAYS:  # one process may run many commands, as tests do: what they leave must go
            gc.freeze()
            _Steps.done += 1
        if was_on:
            gc.enable()
