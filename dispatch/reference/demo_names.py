"""Know the names, languages and offices out of which the people of a demonstration are made up.

Everything in the files `demo_*.csv` is invented: the weights follow the order in which `languages.csv` expects demand
and are no statistics, names combine freely, and whoever bears one is not meant.
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dispatch.reference.files import read_rows

MEETING_POINT = "Bürgerbüro im Rathaus, am Empfang"
MESSAGE = "Können wir eine Viertelstunde später beginnen?"
"""Where people meet in the protected case of a demonstration."""


class Further(NamedTuple):
    """A second language: its code, its level, and how many of a hundred speak it."""

    code: str
    level: str
    percent: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of the pool comes from: first language, further ones, first names and surnames."""

    weight: int
    first: str
    further: tuple[Further, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]
    surnames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """A kind of office: `name` holds `{place}`, `settings` are what it asks for, most often the first."""

    kind: str
    weight: int
    name: str
    settings: tuple[str, ...]
    units: tuple[str, ...]
    street: str


@cache
def origins() -> tuple[Origin, ...]:
    """List the origins of the pool."""
    return tuple(
        Origin(
            weight=int(row["pool_weight"]),
            first=row["first"],
            further=tuple(_further(part) for part in _parts(row["further"])),
            female=_parts(row["female"]),
            male=_parts(row["male"]),
            surnames=_parts(row["surnames"]),
        )
        for row in read_rows("demo_origins.csv")
    )


@cache
def demand() -> dict[str, int]:
    """Map each language that is asked for to its weight; nobody speaks the last one."""
    return {row["language"]: int(row["weight"]) for row in read_rows("demo_demand.csv")}


@cache
def offices() -> tuple[Office, ...]:
    """List the kinds of offices, every kind of organisation at least once."""
    return tuple(
        Office(
            kind=row["kind"],
            weight=int(row["weight"]),
            name=row["name"],
            settings=tuple(row["settings"].split()),
            units=_parts(row["units"]),
            street=row["address"],
        )
        for row in read_rows("demo_organisations.csv")
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _further(text: str) -> Further:
    code, level, percent = text.split(":")
    return Further(code, level, int(percent))


@cache
def notes() -> tuple[str, ...]:
    """List notes as offices write them to whoever comes."""
    return tuple(row["note"] for row in read_rows("demo_notes.csv"))


@cache
def staff() -> dict[str, tuple[str, ...]]:
    """Map each role to names of people who have it; the first is the one as whom one signs in."""
    return {row["role"]: _parts(row["names"]) for row in read_rows("demo_staff.csv")}
