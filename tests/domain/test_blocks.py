"""Several short talks in one request: one after the other, with breaks and advice in what is long."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.domain.blocks import Advice, PlannedTalk, TalkOutcome, TypedTalk, advice, check_talks, lay_out
from dispatch.domain.blocks import refuses_outcome as refuses
from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings
from dispatch.domain.intervals import Interval

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("lengths", "begins", "ends"),
    [
        ([30, 30], [0, 30], 60),
        ([45, 45, 45, 45], [0, 45, 90, 135], 180),
        ([20] * 10, [0, 20, 40, 60, 80, 115, 135, 155, 175, 195], 215),
        ([20] * 12, [0, 20, 40, 60, 80, 100, 135, 155, 175, 195, 215, 235], 255),
        ([100, 90], [0, 115], 205),
        ([60] * 8, [0, 60, 120, 195, 255, 330, 390, 450], 510),
        ([240, 10], [0, 255], 265),
    ],
    ids=["two", "three_hours", "ten_with_a_break", "twelve", "long_ones", "eight_hours_two_breaks", "one_too_long"],
)
def test_talks_follow_each_other_and_what_is_long_has_a_break(lengths: list[int], begins: list[int], ends: int) -> None:
    laid = lay_out(START, lengths)

    assert [(one.start - START) / minutes(1) for one in laid] == begins
    assert laid[-1].end - START == minutes(ends)
    assert [(one.end - one.start) / minutes(1) for one in laid] == lengths


def found(typed: list[TypedTalk], end: datetime | None = None) -> tuple[PlannedTalk, ...]:
    findings = Findings()
    talks = check_talks(findings, typed, (START, end))
    findings.raise_if_any()
    return talks


def test_each_talk_keeps_its_reference_and_code() -> None:
    assert found([TypedTalk(20, " 4711 ", "k7q 4mx"), TypedTalk(20)], START + minutes(60)) == (
        PlannedTalk(START, START + minutes(20), "4711", "K7Q-4MX"),
        PlannedTalk(START + minutes(20), START + minutes(40), None, None),
    )


def test_a_request_without_talks_is_one_talk() -> None:
    assert found([]) == ()


@pytest.mark.parametrize(
    ("typed", "end", "errors"),
    [
        ([TypedTalk(20)], None, {"talks": ("too_few",)}),
        ([TypedTalk(20)] * 21, None, {"talks": ("too_many",)}),
        ([TypedTalk(4), TypedTalk(20)], None, {"talks.minutes": ("out_of_range",)}),
        ([TypedTalk(241), TypedTalk(20)], None, {"talks.minutes": ("out_of_range",)}),
        ([TypedTalk(20, "x" * 201), TypedTalk(20)], None, {"talks.lines": ("too_long",)}),
        ([TypedTalk(20, "", "0O0"), TypedTalk(20)], None, {"talks.lines": ("not_a_case_token",)}),
        ([TypedTalk(20), TypedTalk(20)], START + minutes(39), {"ends_at": ("shorter_than_talks",)}),
    ],
    ids=["one", "21", "4_minutes", "241_minutes", "long_reference", "no_code", "no_time_left"],
)
def test_a_block_that_does_not_hold(
    typed: list[TypedTalk], end: datetime | None, errors: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(Invalid) as refused:
        found(typed, end)

    assert refused.value.errors == errors


@pytest.mark.parametrize(
    ("length", "wanted"),
    [
        (180, ()),
        (181, (Advice.BREAK,)),
        (240, (Advice.BREAK,)),
        (241, (Advice.BREAK, Advice.SECOND_PERSON)),
    ],
)
def test_above_three_hours_a_break_above_four_a_second_person(length: int, wanted: tuple[Advice, ...]) -> None:
    assert advice(START, START + minutes(length)) == wanted


@pytest.mark.parametrize(
    ("outcome", "at", "refusal"),
    [
        (TalkOutcome.CANCELLED, -60, None),
        (TalkOutcome.HELD, -1, "not_yet"),
        (TalkOutcome.CLIENT_ABSENT, -1, "not_yet"),
        (TalkOutcome.CLIENT_ABSENT, 0, None),
        (None, -60, None),
        (TalkOutcome.HELD, 60 + 14 * 1440, None),
        (TalkOutcome.HELD, 61 + 14 * 1440, "too_late"),
        (None, 61 + 14 * 1440, "too_late"),
    ],
)
def test_when_an_outcome_can_be_noted(outcome: TalkOutcome | None, at: int, refusal: str | None) -> None:
    block = Interval(START, START + minutes(60))

    assert refuses(outcome, START + minutes(at), START, block) == refusal
