"""Read a calendar that a stranger's host sent, and keep of it only when its owner is busy.

A calendar can be written so that reading it takes hours. So it is read by a child with limits of time and memory that
knows no secret; run as a program, this module is that child: it takes a question and the calendar from standard input
and answers in JSON. It must not load anything of the service but the rules.
"""

import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.domain.given_calendars import (
    MOST_BYTES,
    MOST_EVENTS,
    MOST_TIMES,
    Occurrence,
    Trouble,
    Unreadable,
    busy_times,
    check_rule,
)
from dispatch.domain.intervals import Interval

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10
MEMORY = 1024 * 1024 * 1024
_RULE = re.compile(rb"^(?:RRULE|EXRULE)[^:\r\n]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_EVENT = re.compile(rb"^BEGIN:", re.IGNORECASE | re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]")


@dataclass(frozen=True)
class Question:
    """What is asked of a calendar: the time that matters, the zone of floating times, the names of our own entries."""

    window: Interval
    zone: str
    own: tuple[str, ...]


def read(body: bytes, question: Question) -> tuple[Interval, ...]:
    """Return when the owner is busy, merged and in order. Raises Unreadable, at the latest after `SECONDS`."""
    head = {
        "window": [question.window.start.isoformat(), question.window.end.isoformat()],
        "zone": question.zone,
        "own": question.own,
    }
    told = json.dumps(head).encode() + b"\n" + body
    try:
        child = subprocess.run(
            [sys.executable, "-m", "dispatch.outgoing.calendar_reading"],
            input=told, capture_output=True, timeout=SECONDS, cwd=ROOT, env={"PYTHONHASHSEED": "0"}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Unreadable(Trouble.TOO_HARD) from error
    return _answer(child.stdout if child.returncode == 0 else b"")


def _answer(told: bytes) -> tuple[Interval, ...]:
    try:
        answer = json.loads(told)
        if "trouble" in answer:
            raise Unreadable(Trouble(answer["trouble"]))
        times = ((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in answer["busy"])
        return tuple(Interval(start, end) for start, end in times)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(Trouble.TOO_HARD) from error


def busy_in(body: bytes, question: Question) -> tuple[Interval, ...]:
    """Do the same in this process, without limits of time. Raises Unreadable."""
    _check(body)
    zone = ZoneInfo(question.zone)
    try:
        occurrences = list(_occurrences(body, question.window, zone))
    except Unreadable:
        raise
    except Exception as error:  # the parsers know many ways to refuse
        raise Unreadable(Trouble.NOT_A_CALENDAR) from error
    return busy_times(occurrences, question.window, zone, own=frozenset(question.own))


def _check(body: bytes) -> None:
    """Refuse what is no calendar or could not be read in bounded time, by a look at its lines alone."""
    if len(body) > MOST_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        raise Unreadable(Trouble.NOT_A_CALENDAR)
    lines = _FOLD.sub(b"", body)
    if len(_EVENT.findall(lines)) > MOST_EVENTS:
        raise Unreadable(Trouble.TOO_MANY)
    for rule in _RULE.findall(lines):
        check_rule(rule.decode("utf-8", "replace"))


def _occurrences(body: bytes, window: Interval, zone: ZoneInfo) -> Iterator[Occurrence]:
    import recurring_ical_events
    from icalendar import Calendar

    found = recurring_ical_events.of(Calendar.from_ical(body), skip_bad_series=True)
    events = found.between(window.start.astimezone(zone), window.end.astimezone(zone))
    if len(events) > MOST_TIMES:
        raise Unreadable(Trouble.TOO_MANY)
    for event in events:
        yield Occurrence(
            uid=_word(event, "UID"),
            starts=event.start,
            ends=event.end,
            transparency=_word(event, "TRANSP"),
            status=_word(event, "STATUS"),
            shown_as=_word(event, "X-MICROSOFT-CDO-BUSYSTATUS"),
        )


def _word(event: Any, name: str) -> str:
    return str(event.get(name, "")).strip()


def main() -> None:
    """Answer the question on standard input, inside the limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    head, _line, body = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(head)
    start, end = (datetime.fromisoformat(each) for each in asked["window"])
    try:
        busy = busy_in(body, Question(Interval(start, end), asked["zone"], tuple(asked["own"])))
        answer: dict[str, Any] = {"busy": [[span.start.isoformat(), span.end.isoformat()] for span in busy]}
    except Unreadable as unreadable:
        answer = {"trouble": unreadable.trouble.value}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
