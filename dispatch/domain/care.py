"""Decide when people of the pool are asked whether all is still right, and when somebody has to ask them.

It never looks at what they answer; documents have rules of their own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class CareOptions:
    """Option: how often data are confirmed, how long an answer is waited for, how many are asked on one day.

    Whoever never answers is asked by mail again after `silent_again` at the earliest. A link to the page with her data
    opens it for `link_lasts`.
    """

    confirmed_for: timedelta = timedelta(days=365)
    answer_within: timedelta = timedelta(days=28)
    asked_a_day: int = 20
    silent_again: timedelta = timedelta(days=180)
    link_lasts: timedelta = timedelta(days=90)


DEFAULT = CareOptions()


@dataclass(frozen=True, slots=True)
class Data:
    """When somebody was entered, said that her data are right, was asked for it, and told of a change not settled."""

    created_at: datetime
    confirmed_at: datetime | None = None
    asked_at: datetime | None = None
    change_told_at: datetime | None = None


def is_confirmation_due(data: Data, now: datetime, *, options: CareOptions = DEFAULT) -> bool:
    """Tell whether somebody is asked for her data: a year after the last word, at most once a year."""
    if data.change_told_at is not None:
        return False
    last = max(data.confirmed_at or data.created_at, data.asked_at or data.created_at)
    return last + options.confirmed_for <= now


def is_waited_for(data: Data) -> bool:
    """Tell whether she was asked for her data and has not answered."""
    if data.asked_at is None:
        return False
    said = [instant for instant in (data.confirmed_at, data.change_told_at) if instant is not None]
    return all(instant < data.asked_at for instant in said)


def is_unanswered(data: Data, now: datetime, *, options: CareOptions = DEFAULT) -> bool:
    """Tell whether the time for an answer has passed, so that somebody has to ask."""
    return is_waited_for(data) and data.asked_at is not None and data.asked_at + options.answer_within <= now


def is_asked_if_still_there(
    lapses: int, asked_at: datetime | None, now: datetime, *, most: int, options: CareOptions = DEFAULT
) -> bool:
    """Tell whether somebody who left `lapses` offers in a row unanswered is asked by mail; `most` are too many."""
    return lapses >= most and (asked_at is None or asked_at + options.silent_again <= now)


def is_link_open(asked_at: datetime | None, now: datetime, *, options: CareOptions = DEFAULT) -> bool:
    """Tell whether the page of a mailed link still opens; `asked_at` is the latest question to her."""
    return asked_at is not None and now < asked_at + options.link_lasts
