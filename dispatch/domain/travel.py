"""Decide how far and how long a way is: an estimate from points and a speed, never a route.

It knows neither maps nor timetables; a caller shows every figure as an estimate.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, ceil, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth, IUGG 1980."""


class Transport(StrEnum):
    """How a mediator travels; `lift` is being driven and takes as long as a car."""

    CAR = "car"
    PUBLIC = "public"
    BICYCLE = "bicycle"
    LIFT = "lift"


@dataclass(frozen=True)
class Speed:
    """Kilometres an hour on the way, and minutes once for each way (parking, waiting, walking)."""

    kmh: float
    extra_minutes: int


@dataclass(frozen=True)
class TravelOptions:
    """Option: detour factor on the great circle (published 1.2 to 1.4), speeds, least minutes in a place."""

    factor: float = 1.3
    car: Speed = Speed(45, 10)
    public: Speed = Speed(25, 30)
    bicycle: Speed = Speed(14, 5)
    minutes_within_municipality: int = 10

    def speed(self, transport: Transport) -> Speed:
        """Return the speed of a transport."""
        match transport:
            case Transport.PUBLIC:
                return self.public
            case Transport.BICYCLE:
                return self.bicycle
            case Transport.CAR | Transport.LIFT:
                return self.car


DEFAULT = TravelOptions()


@dataclass(frozen=True)
class Point:
    """A point in WGS84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Place:
    """Where somebody lives or meets: a point, the municipality's key (AGS) and a normalised address if known.

    The point may be that of the whole municipality or postal code, so equal points are not one address.
    """

    point: Point
    municipality: str | None = None
    address: str | None = None

    def is_same_address(self, other: "Place") -> bool:
        """Return whether both name one address of one locality."""
        return self.address is not None and self == other


def great_circle_km(origin: Point, target: Point) -> float:
    """Return the distance on the sphere (haversine)."""
    lat_1, lat_2 = radians(origin.lat), radians(target.lat)
    half_lat, half_lon = (lat_2 - lat_1) / 2, radians(target.lon - origin.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat_1) * cos(lat_2) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


def way_km(origin: Place, target: Place, *, options: TravelOptions = DEFAULT) -> float:
    """Return the estimated kilometres of one way; 0.0 at one address."""
    if origin.is_same_address(target):
        return 0.0
    return great_circle_km(origin.point, target.point) * options.factor


def minutes_for_km(km: float, transport: Transport, *, options: TravelOptions = DEFAULT) -> int:
    """Return the whole minutes, rounded up, of a way of so many kilometres, the extra minutes included."""
    speed = options.speed(transport)
    return ceil(round(km / speed.kmh * 60, 6)) + speed.extra_minutes


def way_minutes(origin: Place, target: Place, transport: Transport, *, options: TravelOptions = DEFAULT) -> int:
    """Return the estimated minutes of one way, rounded up; 0 at one address, at least 10 in one municipality.

    The minutes before and after that a setting asks for are not in it.
    """
    if origin.is_same_address(target):
        return 0
    minutes = minutes_for_km(way_km(origin, target, options=options), transport, options=options)
    if origin.municipality is not None and origin.municipality == target.municipality:
        return max(minutes, options.minutes_within_municipality)
    return minutes


def departs_at(start: datetime, *, way_minutes: int = 0, minutes_before: int = 0) -> datetime:
    """Return the latest departure: the start less the way and less what the setting wants before it."""
    return start - timedelta(minutes=way_minutes + minutes_before)
