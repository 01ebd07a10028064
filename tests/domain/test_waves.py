"""When a wave goes out, when it lapses and whom it asks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.lifecycle import OfferState
from dispatch.domain.offers import DEFAULT, OfferOptions, WaveRow
from dispatch.domain.waves import (
    Picked,
    Ranked,
    SentOffer,
    pick,
    pick_for_night,
    wave_due_at,
    wave_lapsed,
)
from tests.domain.times import BERLIN, PROPERTY, at, wall

URGENT, LONGEST = DEFAULT.rows[0], DEFAULT.rows[-1]
ACCEPTED, DECLINED, EXPIRED, WITHDRAWN = (
    OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN,
)  # fmt: skip
OPEN = OfferState.OPEN


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 07:00", "Tue 2026-11-24 07:00 +01"),
        ("2026-11-24 20:59", "Tue 2026-11-24 20:59 +01"),
        ("2026-11-24 21:00", "Wed 2026-11-25 07:00 +01"),
        ("2026-11-25 06:59", "Wed 2026-11-25 07:00 +01"),
        ("2026-11-21 12:00", "Sat 2026-11-21 12:00 +01"),
        ("2027-03-28 01:30", "Sun 2027-03-28 07:00 +02"),
        ("2027-10-30 23:00", "Sun 2027-10-31 07:00 +01"),
    ],
    ids=["seven", "evening", "nine", "early", "saturday", "march", "october"],
)
def test_a_wave_of_the_night_waits_for_seven(now: str, expected: str) -> None:
    assert wall(wave_due_at(at(now), zone=BERLIN)) == expected


NOW = at("2026-11-24 10:00")
PAST, AHEAD = at("2026-11-24 09:00"), at("2026-11-24 11:00")
LAPSES: dict[str, tuple[list[SentOffer], bool]] = {
    "nobody was asked": ([], True),
    "one still open": ([SentOffer(OPEN, AHEAD)], False),
    "past its deadline": ([SentOffer(OPEN, PAST)], True),
    "at its deadline": ([SentOffer(OPEN, NOW)], True),
    "declined before its deadline": ([SentOffer(DECLINED, AHEAD)], True),
    "withdrawn before its deadline": ([SentOffer(WITHDRAWN, AHEAD)], True),
    "expired": ([SentOffer(EXPIRED, PAST)], True),
    "accepted": ([SentOffer(ACCEPTED, AHEAD)], True),
    "one of two still open": ([SentOffer(DECLINED, AHEAD), SentOffer(OPEN, AHEAD)], False),
    "one declined, one late": ([SentOffer(DECLINED, AHEAD), SentOffer(OPEN, PAST)], True),
    "one in addition is open": ([SentOffer(DECLINED, AHEAD), SentOffer(OPEN, AHEAD, in_addition=True)], True),
    "only one in addition": ([SentOffer(OPEN, AHEAD, in_addition=True)], False),
    "only one in addition, late": ([SentOffer(OPEN, PAST, in_addition=True)], True),
}  # fmt: skip


@pytest.mark.parametrize(("wave", "expected"), LAPSES.values(), ids=LAPSES)
def test_a_wave_lapses_when_each_offer_is_answered_or_late(wave: list[SentOffer], expected: bool) -> None:
    assert wave_lapsed(wave, NOW) is expected


FOUR = [Ranked(1), Ranked(2), Ranked(3), Ranked(4)]
TWO_ASKED = LONGEST


@pytest.mark.parametrize(
    ("already_asked", "emergency", "expected"),
    [
        ({}, False, (1, 2)),
        ({1: OPEN}, False, (2, 3)),
        ({1: DECLINED, 2: EXPIRED}, False, (3, 4)),
        ({1: WITHDRAWN, 2: EXPIRED}, False, (1, 3)),
        ({1: ACCEPTED}, False, (2, 3)),
        ({1: EXPIRED, 2: DECLINED}, True, (1, 3)),
        ({1: OPEN, 2: WITHDRAWN}, True, (2, 3)),
        ({1: OPEN, 2: OPEN, 3: DECLINED}, False, (4,)),
        ({1: OPEN, 2: EXPIRED, 3: DECLINED, 4: EXPIRED}, False, ()),
        ({1: OPEN, 2: EXPIRED, 3: DECLINED, 4: EXPIRED}, True, (2, 4)),
    ],
    ids=[
        "by rank", "open", "declined and expired", "withdrawn is asked again", "accepted before",
        "emergency asks expired again", "emergency asks nobody with an open offer", "one left", "nobody left",
        "emergency, nobody new left",
    ],
)  # fmt: skip
def test_nobody_is_asked_twice_for_one_revision(
    already_asked: dict[int, OfferState], emergency: bool, expected: tuple[int, ...]
) -> None:
    assert pick(FOUR, TWO_ASKED, already_asked, emergency=emergency) == Picked(ask=expected)


def test_who_can_be_called_in_time_takes_a_place() -> None:
    assert pick([Ranked(1, has_mail=False), *FOUR[1:]], TWO_ASKED, {}) == Picked(ask=(1, 2))


def test_who_cannot_be_called_in_time_is_asked_in_addition() -> None:
    by_phone = {"has_mail": False, "in_time": False}
    ranked = [Ranked(1, **by_phone), Ranked(2), Ranked(3, **by_phone), Ranked(4), Ranked(5, **by_phone)]

    assert pick(ranked, TWO_ASKED, {}) == Picked(ask=(2, 4), in_addition=(1, 3))


@pytest.mark.parametrize(
    ("lapsed", "expected"),
    [
        (0, Picked(ask=(1, 2))),
        (2, Picked(ask=(1, 2))),
        (3, Picked(ask=(2, 3), in_addition=(1,))),
        (5, Picked(ask=(2, 3), in_addition=(1,))),
    ],
    ids=["never", "two", "three", "five"],
)
def test_who_let_three_offers_lapse_is_asked_in_addition(lapsed: int, expected: Picked) -> None:
    assert pick([Ranked(1, lapsed_in_a_row=lapsed), *FOUR[1:]], TWO_ASKED, {}) == expected


def test_who_let_three_offers_lapse_is_asked_even_when_nobody_else_is_left() -> None:
    picked = pick([Ranked(1, lapsed_in_a_row=4), Ranked(2)], TWO_ASKED, {2: DECLINED})

    assert picked == Picked(in_addition=(1,))
    assert picked.is_empty is False


def test_nobody_ranked_after_the_last_place_is_asked_in_addition() -> None:
    assert pick([*FOUR[:2], Ranked(3, lapsed_in_a_row=3)], TWO_ASKED, {}) == Picked(ask=(1, 2))


def test_the_urgent_row_asks_everyone_short_notice_people_first() -> None:
    ranked = [Ranked(1), Ranked(2, short_notice=True), Ranked(3), Ranked(4, short_notice=True)]

    assert pick(ranked, URGENT, {}).ask == (2, 4, 1, 3)


def test_short_notice_people_get_the_places_of_a_limited_urgent_row() -> None:
    options = OfferOptions(rows=(replace(URGENT, asked=2), LONGEST))
    ranked = [Ranked(1), Ranked(2, short_notice=True), Ranked(3)]

    assert pick(ranked, options.urgent_row, {}, options=options).ask == (2, 1)


def test_with_more_notice_short_notice_people_keep_their_rank() -> None:
    assert pick([Ranked(1), Ranked(2, short_notice=True)], WaveRow(None, 1, 60), {}).ask == (1,)


people = st.lists(
    st.builds(
        Ranked, st.integers(1, 12), has_mail=st.booleans(), in_time=st.booleans(), short_notice=st.booleans(),
        night=st.booleans(), lapsed_in_a_row=st.integers(0, 6),
    ),
    unique_by=lambda person: person.mediator_id,
)  # fmt: skip
asked = st.dictionaries(st.integers(1, 12), st.sampled_from(OfferState))


@PROPERTY
@given(people, st.sampled_from(DEFAULT.rows), asked, st.booleans())
def test_each_wave_keeps_its_number_and_its_promises(
    ranked: list[Ranked], row: WaveRow, already_asked: dict[int, OfferState], emergency: bool
) -> None:
    picked = pick(ranked, row, already_asked, emergency=emergency)

    named = (*picked.ask, *picked.in_addition)
    may_repeat = {WITHDRAWN, EXPIRED} if emergency else {WITHDRAWN}
    too_late = {person.mediator_id for person in ranked if not person.in_time}
    assert len(named) == len(set(named))
    assert row.asked is None or len(picked.ask) <= row.asked
    assert {already_asked[each] for each in named if each in already_asked} <= may_repeat
    assert too_late & set(picked.ask) == set()


NIGHT_PEOPLE = [
    Ranked(1), Ranked(2, night=True), Ranked(3, night=True, has_mail=False), Ranked(4, night=True, lapsed_in_a_row=4),
]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "start", "expected"),
    [
        ("2026-11-24 22:00", "2026-11-25 08:00", (2, 4)),
        ("2026-11-24 22:00", "2026-11-25 08:59", (2, 4)),
        ("2026-11-24 22:00", "2026-11-25 09:00", ()),
        ("2026-11-24 22:00", "2026-11-24 23:30", (2, 4)),
        ("2026-11-25 03:00", "2026-11-25 06:00", (2, 4)),
        ("2026-11-24 21:00", "2026-11-25 08:00", (2, 4)),
        ("2026-11-24 20:59", "2026-11-25 08:00", ()),
        ("2026-11-25 07:00", "2026-11-25 08:00", ()),
        ("2026-11-24 22:00", "2026-11-26 08:00", ()),
        ("2027-03-27 23:00", "2027-03-28 08:30", (2, 4)),
        ("2027-10-30 23:00", "2027-10-31 08:30", (2, 4)),
        ("2027-10-30 23:00", "2027-10-31 09:00", ()),
    ],
    ids=[
        "before nine", "just before nine", "at nine", "in the same night", "after midnight", "from nine on", "by day",
        "in the morning", "another morning", "march", "october", "october at nine",
    ],
)  # fmt: skip
def test_by_night_those_open_to_it_are_asked_for_a_start_before_nine(
    now: str, start: str, expected: tuple[int, ...]
) -> None:
    assert pick_for_night(NIGHT_PEOPLE, {}, at(now), at(start), zone=BERLIN) == expected


def test_by_night_nobody_is_asked_twice() -> None:
    late, early = at("2026-11-24 22:00"), at("2026-11-25 08:00")

    assert pick_for_night(NIGHT_PEOPLE, {2: OPEN, 4: WITHDRAWN}, late, early, zone=BERLIN) == (4,)
    assert pick_for_night(NIGHT_PEOPLE, {2: EXPIRED, 4: DECLINED}, late, early, zone=BERLIN) == ()
