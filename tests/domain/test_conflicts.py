"""Overlaps and the way between appointments, with the gap that a call in between splits."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.conflicts import Booked, Clash, ClashKind, find_clashes
from dispatch.domain.intervals import Interval
from dispatch.domain.travel import Place, Point, Speed, Transport, TravelOptions
from tests.domain.times import PROPERTY, at, minutes, span

DAY = "2026-12-01"
SCHOOL = Place(Point(51.16, 13.47), "14627140", "schulstraße 4")
TOWN = Place(Point(51.16, 13.47), "14627140", "markt 1")
RIESA = Place(Point(51.31, 13.29), "14627230", "am bahnhof 2")
OUTSIDE = Place(Point(51.05, 13.74), None, "prager straße 1")
FORTY = TravelOptions(factor=0, car=Speed(45, 40))
"""Every way between two addresses takes 40 minutes."""


def booked(start: str, end: str, place: Place | None = SCHOOL, *, before: int = 0, after: int = 0) -> Booked:
    return Booked(span(f"{DAY} {start}", end), place, before, after)


def clashes(
    proposed: Booked,
    *others: Booked,
    transport: Transport = Transport.CAR,
    options: TravelOptions = FORTY,
) -> list[tuple[str, Booked]]:
    found = find_clashes(proposed, others, transport=transport, options=options)
    return [(clash.kind.value, clash.neighbour) for clash in found]


PROPOSED = booked("10:00", "11:00")


@pytest.mark.parametrize("place", [SCHOOL, None], ids=["on site", "call"])
@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        ("08:00", "09:00", False),
        ("09:00", "10:00", False),
        ("09:00", "10:01", True),
        ("10:00", "11:00", True),
        ("10:15", "10:30", True),
        ("09:00", "12:00", True),
        ("10:59", "12:00", True),
        ("11:00", "12:00", False),
        ("12:00", "13:00", False),
    ],
    ids=["before", "touches start", "over start", "same", "inside", "around", "over end", "touches end", "after"],
)
def test_two_live_appointments_may_touch_and_never_overlap(
    start: str, end: str, overlaps: bool, place: Place | None
) -> None:
    other = booked(start, end, place)

    assert clashes(PROPOSED, other) == ([("overlap", other)] if overlaps else [])


@pytest.mark.parametrize(
    ("start", "end", "place", "expected"),
    [
        ("08:00", "09:20", RIESA, []),
        ("08:00", "09:21", RIESA, ["way"]),
        ("08:00", "10:00", RIESA, ["way"]),
        ("08:00", "10:00", SCHOOL, []),
        ("08:00", "09:21", TOWN, ["way"]),
        ("11:40", "12:00", RIESA, []),
        ("11:39", "12:00", RIESA, ["way"]),
        ("11:00", "12:00", RIESA, ["way"]),
        ("11:00", "12:00", SCHOOL, []),
        ("11:00", "12:00", None, []),
        ("09:00", "10:00", None, []),
    ],
    ids=[
        "fits before", "a minute short before", "touches before", "same address before", "same town before",
        "fits after", "a minute short after", "touches after", "same address after", "call after", "call before",
    ],
)  # fmt: skip
def test_the_way_to_the_nearest_appointment_on_each_side_must_fit(
    start: str, end: str, place: Place | None, expected: list[str]
) -> None:
    other = booked(start, end, place)

    assert clashes(PROPOSED, other) == [(kind, other) for kind in expected]


def test_both_sides_are_told_apart() -> None:
    before, after = booked("08:00", "09:30", RIESA), booked("11:30", "12:00", OUTSIDE)

    found = find_clashes(PROPOSED, [after, before], transport=Transport.CAR, options=FORTY)

    assert found == (Clash(ClashKind.WAY, before, 40, 30), Clash(ClashKind.WAY, after, 40, 30))


@pytest.mark.parametrize(
    ("before_minutes", "after_minutes", "proposed_before", "proposed_after", "expected"),
    [
        (0, 0, 0, 0, []),
        (0, 10, 0, 0, []),
        (0, 11, 0, 0, ["way"]),
        (0, 0, 10, 0, []),
        (0, 0, 11, 0, ["way"]),
        (0, 5, 6, 0, ["way"]),
        (60, 0, 0, 60, []),
    ],
    ids=["none", "after fits", "after too long", "before fits", "before too long", "both", "minutes on the far sides"],
)
def test_the_minutes_after_the_first_and_before_the_second_lengthen_the_way(
    before_minutes: int, after_minutes: int, proposed_before: int, proposed_after: int, expected: list[str]
) -> None:
    other = booked("08:00", "09:10", RIESA, before=before_minutes, after=after_minutes)
    proposed = booked("10:00", "11:00", before=proposed_before, after=proposed_after)

    assert [kind for kind, _ in clashes(proposed, other)] == expected


def test_minutes_before_hold_at_one_address_too() -> None:
    proposed = booked("10:00", "11:00", before=15)
    near, far = booked("09:00", "09:50"), booked("09:00", "09:45")

    assert clashes(proposed, near) == [("way", near)]
    assert clashes(proposed, far) == []


def test_minutes_around_an_appointment_are_no_overlap() -> None:
    proposed = booked("10:00", "11:00", None, before=60, after=60)

    assert clashes(proposed, booked("09:30", "10:00", None, after=60)) == []


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([], []),
        ([("09:10", "09:20")], []),
        ([("09:00", "09:20")], []),
        ([("09:05", "09:25")], ["way"]),
        ([("09:40", "10:00")], []),
        ([("09:30", "09:50")], ["way"]),
        ([("09:00", "09:10"), ("09:50", "10:00")], []),
        ([("09:00", "09:15"), ("09:50", "10:00")], ["way"]),
    ],
    ids=[
        "no call", "40 minutes left after it", "at once after the first", "35 minutes left after it",
        "40 minutes left before it", "30 minutes left before it", "40 minutes between two", "35 minutes between two",
    ],
)  # fmt: skip
def test_a_call_in_between_splits_the_gap(calls: list[tuple[str, str]], expected: list[str]) -> None:
    other = booked("08:00", "09:00", RIESA)

    found = clashes(PROPOSED, other, *(booked(start, end, None) for start, end in calls))

    assert found == [(kind, other) for kind in expected]


def test_only_the_nearest_on_site_appointment_counts() -> None:
    near, far = booked("09:00", "09:20", TOWN), booked("08:00", "08:59", RIESA)

    assert clashes(PROPOSED, far, near) == []


def test_home_is_no_neighbour() -> None:
    assert clashes(PROPOSED) == []


def test_an_overlap_is_reported_beside_the_way() -> None:
    overlapping, before = booked("10:30", "12:00", None), booked("08:00", "09:30", RIESA)

    assert clashes(PROPOSED, before, overlapping) == [("overlap", overlapping), ("way", before)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("09:00", "09:20", []),
        ("09:40", "10:00", []),
        ("09:10", "09:30", ["way"]),
        ("07:00", "07:30", []),
        ("11:00", "11:30", []),
    ],
    ids=["leaves 40 minutes after", "leaves 40 minutes before", "leaves 30 minutes", "before both", "after both"],
)
def test_a_call_must_not_split_the_gap_two_others_need(start: str, end: str, expected: list[str]) -> None:
    first, second = booked("08:00", "09:00", RIESA), PROPOSED

    found = clashes(booked(start, end, None), first, second)

    assert found == [(kind, second) for kind in expected]


def test_a_call_is_not_blamed_for_a_way_that_was_overridden_before() -> None:
    first, second = booked("08:00", "09:30", RIESA), PROPOSED

    assert clashes(booked("09:40", "09:50", None), first, second) == []


def test_the_way_takes_the_mediators_transport() -> None:
    other = booked("08:00", "09:00", RIESA)

    found = [clashes(PROPOSED, other, transport=each, options=TravelOptions()) for each in Transport]

    assert found == [[], [("way", other)], [("way", other)], []]


def test_touching_calls_need_no_way() -> None:
    assert clashes(booked("10:00", "11:00", None), booked("09:00", "10:00", None)) == []


PLACES = (SCHOOL, TOWN, RIESA, OUTSIDE, None, None)
appointments = st.lists(
    st.builds(
        lambda start, length, place: Booked(
            Interval(at(f"{DAY} 08:00") + minutes(start), at(f"{DAY} 08:00") + minutes(start + length)), place
        ),
        st.integers(0, 600), st.integers(5, 90), st.sampled_from(PLACES),
    ),
    max_size=8,
)  # fmt: skip


def _book_one_by_one(wanted: Iterable[Booked]) -> list[Booked]:
    taken: list[Booked] = []
    for proposed in wanted:
        if not find_clashes(proposed, taken, transport=Transport.CAR):
            taken.append(proposed)
    return taken


@PROPERTY
@given(appointments)
def test_whatever_is_booked_without_clash_has_none_in_any_order(wanted: list[Booked]) -> None:
    taken = _book_one_by_one(wanted)

    for index, each in enumerate(taken):
        rest = [*taken[:index], *taken[index + 1 :]]
        assert find_clashes(each, rest, transport=Transport.CAR) == ()


@PROPERTY
@given(appointments)
def test_an_overlap_is_seen_from_both_sides(wanted: list[Booked]) -> None:
    for one in wanted:
        for other in wanted:
            seen = any(clash.kind is ClashKind.OVERLAP for clash in find_clashes(one, [other], transport=Transport.CAR))
            assert seen is (one.interval.start < other.interval.end and other.interval.start < one.interval.end)
