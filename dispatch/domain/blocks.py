"""Decide how several short talks stand in one request: one after the other, with breaks in what is long.

It never decides who comes: a block is asked for, offered and kept as one appointment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.domain.case_tokens import parse_case_token
from dispatch.domain.findings import Findings
from dispatch.domain.intervals import Interval


@dataclass(frozen=True, slots=True)
class BlockOptions:
    """Option: bounds of a block. Without a break nobody interprets longer than `break_above_minutes`.

    The numbers are this project's defaults and have no source.
    """

    fewest: int = 2
    most: int = 20
    shortest_minutes: int = 5
    longest_minutes: int = 240
    break_above_minutes: int = 180
    break_minutes: int = 15
    second_person_above_minutes: int = 240
    reference: int = 200
    noted_within_days: int = 14


DEFAULT = BlockOptions()


@dataclass(frozen=True, slots=True)
class TypedTalk:
    """One talk of a block as it was typed; `case_token` only for the follow-up of a case."""

    minutes: int
    reference: str = ""
    case_token: str = ""


@dataclass(frozen=True, slots=True)
class PlannedTalk:
    """One talk of a block with its own time; an empty token is given when the request is sent."""

    starts_at: datetime
    ends_at: datetime
    reference: str | None = None
    case_token: str | None = None


class TalkOutcome(StrEnum):
    """What became of one talk of a block."""

    HELD = "held"
    CLIENT_ABSENT = "client_absent"
    CANCELLED = "cancelled"


class Advice(StrEnum):
    """What a long appointment needs."""

    BREAK = "break"
    SECOND_PERSON = "second_person"


def lay_out(start: datetime, minutes: Sequence[int], *, options: BlockOptions = DEFAULT) -> tuple[Interval, ...]:
    """Return the time of each talk, one after the other from `start`.

    What lasts longer than a stretch without break is parted as evenly as whole talks allow.
    """
    limit = timedelta(minutes=options.break_above_minutes)
    total = timedelta(minutes=sum(minutes))
    stretch = total / max(1, -(-total // limit))
    laid: list[Interval] = []
    begins, worked, breaks = start, timedelta(), 0
    for one in minutes:
        length = timedelta(minutes=one)
        if laid and worked + length / 2 > stretch * (breaks + 1):
            begins += timedelta(minutes=options.break_minutes)
            breaks += 1
        laid.append(Interval(begins, begins + length))
        begins, worked = begins + length, worked + length
    return tuple(laid)


def check_talks(
    findings: Findings,
    typed: Sequence[TypedTalk],
    span: tuple[datetime | None, datetime | None],
    *,
    options: BlockOptions = DEFAULT,
) -> tuple[PlannedTalk, ...]:
    """Return the talks of a block within the request's time; none where none was typed.

    Notes `too_few`, `too_many` (`talks`), `out_of_range` (`talks.minutes`), what is wrong with references and tokens
    (`talks.lines`), and `shorter_than_talks` (`ends_at`).
    """
    if not typed:
        return ()
    if not options.fewest <= len(typed) <= options.most:
        findings.add("talks", "too_few" if len(typed) < options.fewest else "too_many")
    if any(not options.shortest_minutes <= talk.minutes <= options.longest_minutes for talk in typed):
        findings.add("talks.minutes", "out_of_range")
    references = [findings.line("talks.lines", talk.reference, options.reference) for talk in typed]
    tokens = [parse_case_token(talk.case_token) for talk in typed]
    if any(token is None and talk.case_token.strip() for talk, token in zip(typed, tokens, strict=True)):
        findings.add("talks.lines", "not_a_case_token")
    start, end = span
    if start is None or findings.concerns("talks") or findings.concerns("talks.minutes"):
        return ()
    laid = lay_out(start, [talk.minutes for talk in typed], options=options)
    if end is not None and end < laid[-1].end:
        findings.add("ends_at", "shorter_than_talks")
    return tuple(
        PlannedTalk(time.start, time.end, reference, token)
        for time, reference, token in zip(laid, references, tokens, strict=True)
    )


def refuses_outcome(
    outcome: TalkOutcome | None, now: datetime, starts_at: datetime, block: Interval, *, options: BlockOptions = DEFAULT
) -> str | None:
    """Return why an outcome cannot be noted now (`not_yet`, `too_late`), None when it can; None is taking it back.

    A talk may be cancelled beforehand; the rest is known once it has begun.
    """
    if now > block.end + timedelta(days=options.noted_within_days):
        return "too_late"
    is_known = outcome in (None, TalkOutcome.CANCELLED) or now >= starts_at
    return None if is_known else "not_yet"


def advice(start: datetime, end: datetime, *, options: BlockOptions = DEFAULT) -> tuple[Advice, ...]:
    """Return what an appointment of this length needs; it is advice, nothing is refused."""
    lasts = end - start
    wanted = {
        Advice.BREAK: options.break_above_minutes,
        Advice.SECOND_PERSON: options.second_person_above_minutes,
    }
    return tuple(one for one, above in wanted.items() if lasts > timedelta(minutes=above))
