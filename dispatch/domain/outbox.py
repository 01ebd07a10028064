"""Decide when a message that could not be handed over is tried again, and when that is given up.

It knows no server and no clock; chance is handed in as a number.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """What became of handing a message over.

    `failed` is final (5xx), `retry` may pass (4xx, no connection), `unsure` was handed over whole and nobody said that
    it arrived, `obsolete` told of something that no longer holds and was not handed over.
    """

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNSURE = "unsure"
    OBSOLETE = "obsolete"


@dataclass(frozen=True)
class OutboxOptions:
    """Waits in minutes after each try, the last one repeated; jitter in parts of a wait; hours until giving up.

    `lease_minutes` outlasts the slowest hand-over: each step of it has 15 seconds, the last one a minute.
    `interruptions` is how often a message may be left in mid-air before a person has to settle it.
    """

    wait_minutes: tuple[int, ...] = (1, 5, 15, 30, 60, 120)
    jitter: float = 0.2
    give_up_hours: int = 48
    lease_minutes: int = 8
    interruptions: int = 1


DEFAULT = OutboxOptions()


def next_try_at(attempts: int, now: datetime, *, chance: float, options: OutboxOptions = DEFAULT) -> datetime:
    """Return when to try again after `attempts` tries (≥ 1); `chance` in [0, 1) spreads the tries of many."""
    wait = options.wait_minutes[min(attempts, len(options.wait_minutes)) - 1]
    share = 1 + options.jitter * (2 * chance - 1)
    return now + timedelta(seconds=round(wait * 60 * share))


def is_given_up(created_at: datetime, now: datetime, *, options: OutboxOptions = DEFAULT) -> bool:
    """Tell whether the message is too old to be tried again."""
    return now - created_at >= timedelta(hours=options.give_up_hours)
