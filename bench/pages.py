"""What is measured as one call in turns with the yardstick: look-ups, the list of the pool, bookings, feeds."""

import itertools
from collections.abc import Callable
from contextvars import Context
from pathlib import Path

from bench import booking, feed, lookups, raw, timing, world
from bench.result import RAW, Result

LIST_LIMIT = 3.0
"""Goal 1: the pool filtered by language, 50 rows, 5,000 people, full layout."""


def results(folder: Path, here: world.World) -> list[Result]:
    """Measure all of them in one run."""
    feeds = feed.measures(folder)
    goals: dict[str, tuple[int | None, Callable[[], object], float]] = {
        **{name: (None, call, limit) for name, (call, limit) in lookups.MEASURES.items()},
        "list of the pool": (1, _pool(here), LIST_LIMIT),
        **{name: (5, call, booking.LIMIT) for name, call in booking.calls(here).items()},
    }
    calls = {RAW: raw.page(folder)} | {name: call for name, (_goal, call, _limit) in goals.items()}
    calls |= dict(
        itertools.chain.from_iterable(((name, it.call), (_fixed(name), it.peer)) for name, it in feeds.items())
    )
    ms = {name: seconds * 1000 for name, seconds in timing.medians(calls).items()}
    beside_raw = [Result(goal, name, ms[name], RAW, ms[RAW], limit) for name, (goal, _call, limit) in goals.items()]
    fixed = "a fixed answer"
    return beside_raw + [Result(10, name, ms[name], fixed, ms[_fixed(name)], it.limit) for name, it in feeds.items()]


def _fixed(name: str) -> str:
    return f"{name}, fixed"


def _pool(here: world.World) -> Callable[[], object]:
    client = world.browser(here.app, here.coordinator)

    def read() -> None:
        answer = Context().run(client.get, f"/mediators?language={world.LANGUAGE}")
        assert answer.status_code == 200

    return read
