"""Time functions in turns, so that whatever else the machine does hits all of them alike."""

import statistics
from collections.abc import Callable, Mapping
from time import perf_counter

ROUNDS = 200
WARM_UP = 20


def medians(calls: Mapping[str, Callable[[], object]], *, rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median seconds of one call each, the calls interleaved round by round."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(WARM_UP + rounds):
        for name, call in calls.items():
            begin = perf_counter()
            call()
            if turn >= WARM_UP:
                times[name].append(perf_counter() - begin)
    return {name: statistics.median(values) for name, values in times.items()}
