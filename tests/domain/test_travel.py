"""Kilometres and minutes of a way: an estimate with the published factors of `domain.md` 4."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.travel import (
    Place,
    Point,
    Speed,
    Transport,
    TravelOptions,
    departs_at,
    great_circle_km,
    minutes_for_km,
    way_km,
    way_minutes,
)
from tests.domain.times import PROPERTY, at

MEISSEN, RIESA = Point(51.16158, 13.4737), Point(51.30777, 13.29168)
IN_MEISSEN, IN_RIESA = Place(MEISSEN, "14627140"), Place(RIESA, "14627230")
SCHOOL = Place(MEISSEN, "14627140", "schulstraße 4")
OUTSIDE = Place(Point(51.05089, 13.73832))


@pytest.mark.parametrize(
    ("origin", "target", "expected"),
    [
        (MEISSEN, MEISSEN, 0.0),
        (Point(0, 0), Point(0, 1), 111.195),
        (Point(0, 0), Point(1, 0), 111.195),
        (Point(0, 0), Point(0, 180), 20015.115),
        (Point(90, 0), Point(-90, 77), 20015.115),
        (MEISSEN, RIESA, 20.61),
    ],
    ids=["same", "a degree east", "a degree north", "half around", "pole to pole", "Meißen to Riesa"],
)
def test_great_circle_kilometres(origin: Point, target: Point, expected: float) -> None:
    assert isclose(great_circle_km(origin, target), expected, abs_tol=0.05)


def test_the_way_is_the_great_circle_times_the_factor() -> None:
    direct = great_circle_km(MEISSEN, RIESA)

    assert way_km(IN_MEISSEN, IN_RIESA) == direct * 1.3
    assert way_km(IN_MEISSEN, IN_RIESA, options=TravelOptions(factor=1.2)) == direct * 1.2


@pytest.mark.parametrize(
    ("km", "transport", "expected"),
    [
        (0, Transport.CAR, 10),
        (0, Transport.PUBLIC, 30),
        (0, Transport.BICYCLE, 5),
        (0, Transport.LIFT, 10),
        (45, Transport.CAR, 70),
        (45, Transport.LIFT, 70),
        (25, Transport.PUBLIC, 90),
        (14, Transport.BICYCLE, 65),
        (0.75, Transport.CAR, 11),
        (0.76, Transport.CAR, 12),
        (22.5, Transport.CAR, 40),
        (20, Transport.CAR, 37),
        (20, Transport.PUBLIC, 78),
        (20, Transport.BICYCLE, 91),
    ],
)
def test_minutes_are_rounded_up(km: float, transport: Transport, expected: int) -> None:
    assert minutes_for_km(km, transport) == expected


@pytest.mark.parametrize("transport", Transport)
def test_no_way_at_one_address(transport: Transport) -> None:
    assert way_minutes(SCHOOL, Place(MEISSEN, "14627140", "schulstraße 4"), transport) == 0
    assert way_km(SCHOOL, Place(MEISSEN, "14627140", "schulstraße 4")) == 0.0


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (SCHOOL, True),
        (Place(MEISSEN, "14627140", "schulstraße 5"), False),
        (Place(RIESA, "14627230", "schulstraße 4"), False),
        (Place(RIESA, "14627140", "schulstraße 4"), False),
        (IN_MEISSEN, False),
    ],
    ids=["same", "other number", "other municipality", "other point", "no address"],
)
def test_one_address_is_one_of_the_same_locality(other: Place, expected: bool) -> None:
    assert SCHOOL.is_same_address(other) is expected


def test_places_without_address_are_never_one_address() -> None:
    assert IN_MEISSEN.is_same_address(IN_MEISSEN) is False


@pytest.mark.parametrize(
    ("origin", "target", "transport", "expected"),
    [
        (IN_MEISSEN, SCHOOL, Transport.BICYCLE, 10),
        (IN_MEISSEN, IN_MEISSEN, Transport.BICYCLE, 10),
        (IN_MEISSEN, IN_MEISSEN, Transport.CAR, 10),
        (IN_MEISSEN, IN_MEISSEN, Transport.PUBLIC, 30),
        (Place(MEISSEN), Place(MEISSEN), Transport.BICYCLE, 5),
        (Place(Point(51.16, 13.47), "14627140"), Place(Point(51.16, 13.57), "14627140"), Transport.BICYCLE, 44),
    ],
    ids=["bicycle", "same point", "car", "public", "municipality unknown", "far apart in one municipality"],
)
def test_within_one_municipality_a_way_takes_at_least_ten_minutes(
    origin: Place, target: Place, transport: Transport, expected: int
) -> None:
    assert way_minutes(origin, target, transport) == expected


@pytest.mark.parametrize(
    ("transport", "expected"),
    [(Transport.CAR, 46), (Transport.LIFT, 46), (Transport.PUBLIC, 95), (Transport.BICYCLE, 120)],
)
def test_minutes_from_meissen_to_riesa(transport: Transport, expected: int) -> None:
    assert way_minutes(IN_MEISSEN, IN_RIESA, transport) == expected


def test_speeds_are_options() -> None:
    options = TravelOptions(car=Speed(90, 0), minutes_within_municipality=3)

    assert minutes_for_km(45, Transport.CAR, options=options) == 30
    assert way_minutes(IN_MEISSEN, IN_MEISSEN, Transport.CAR, options=options) == 3


points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@PROPERTY
@given(points, points, st.sampled_from(Transport))
def test_there_and_back_take_the_same(origin: Point, target: Point, transport: Transport) -> None:
    there, back = (
        way_minutes(Place(one), Place(other), transport) for one, other in ((origin, target), (target, origin))
    )

    assert abs(there - back) <= 1
    assert there >= 5


@PROPERTY
@given(points, points)
def test_no_way_is_longer_than_half_around_the_earth(origin: Point, target: Point) -> None:
    assert 0.0 <= great_circle_km(origin, target) <= 20015.2


@pytest.mark.parametrize(
    ("way", "before", "expected"),
    [(0, 0, "2026-12-01 09:00"), (46, 0, "2026-12-01 08:14"), (46, 15, "2026-12-01 07:59")],
    ids=["nobody travels", "way", "way and minutes before"],
)
def test_the_latest_departure_leaves_the_way_and_the_minutes_before(way: int, before: int, expected: str) -> None:
    assert departs_at(at("2026-12-01 09:00"), way_minutes=way, minutes_before=before) == at(expected)
