"""Fetch the calendar that a mediator gave us from its host, and have it read; hosts are called by `safe_http` only."""

from dispatch.domain.given_calendars import MOST_BYTES, Trouble, Unreadable, trouble_of
from dispatch.domain.intervals import Interval
from dispatch.outgoing import calendar_reading
from dispatch.outgoing.safe_http import Limits, Network, NotAllowed, NotReached, exchange
from dispatch.services.given_calendars import Asked, Fetched

LIMITS = Limits(seconds=10, bytes=MOST_BYTES)
_TROUBLES = {"too_slow": Trouble.TOO_SLOW, "too_large": Trouble.TOO_LARGE}


def fetch(url: str, etag: str | None, last_modified: str | None, *, network: Network) -> Fetched:
    """Return what the host answers, asked whether anything is new since the last answer. Raises Unreadable."""
    known = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {"Accept": "text/calendar"} | {name: value for name, value in known.items() if value}
    try:
        answer = exchange("GET", url, headers=headers, limits=LIMITS, network=network)
    except NotAllowed as refused:
        raise Unreadable(Trouble.NOT_ALLOWED) from refused
    except NotReached as trouble:
        raise Unreadable(_TROUBLES.get(trouble.code, Trouble.NOT_REACHED)) from trouble
    wrong = trouble_of(answer.status)
    if wrong is not None or (answer.status == 304 and not (etag or last_modified)):
        raise Unreadable(wrong or Trouble.BAD_ANSWER)
    body = None if answer.status == 304 else answer.body
    return Fetched(body, answer.headers.get("etag"), answer.headers.get("last-modified"))


def read(body: bytes, asked: Asked, *, zone: str) -> tuple[Interval, ...]:
    """Return when the owner is busy. Raises Unreadable."""
    return calendar_reading.read(body, calendar_reading.Question(asked.window, zone, asked.own))
