"""Know the municipalities of the district and the postal codes around it, each with its point.

Never measures a way: distance and minutes are decided by `domain.travel`. Points are WGS84 degrees.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from dispatch.reference.files import fold, read_rows, spellings

DISTRICT_AGS = "14627"
_LONGEST_QUERY = 80


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the district; its point is the main settlement, `postal_codes` main one first.

    `social_area` is the town of its labour office: an editable default, not a definition of the district.
    """

    ags: str
    name: str
    kind: str
    postal_codes: tuple[str, ...]
    lat: float
    lon: float
    social_area: str
    population: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives or something happens, without a street.

    `ags` and `social_area` are None outside the district. `town` may be a part of its municipality, which
    is named by `municipality` (outside: the town again). `postal_code` is None where only the municipality
    was given. `key` is unique and stable.
    """

    key: str
    ags: str | None
    municipality: str
    postal_code: str | None
    town: str
    district: str
    social_area: str | None
    lat: float
    lon: float

    @property
    def is_inside(self) -> bool:
        """Tell whether the place lies inside the district."""
        return self.ags is not None


@cache
def municipalities() -> tuple[Municipality, ...]:
    """List the 28 municipalities by folded name."""
    rows = sorted(read_rows("places.csv"), key=lambda row: fold(row["name"]))
    return tuple(
        Municipality(
            ags=row["ags"],
            name=row["name"],
            kind=row["kind"],
            postal_codes=tuple(row["postal_codes"].split()),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            social_area=row["labour_office_town"],
            population=int(row["population"]),
        )
        for row in rows
    )


@cache
def social_areas() -> tuple[str, ...]:
    """List the social areas by folded name."""
    return tuple(sorted({municipality.social_area for municipality in municipalities()}, key=fold))


def find_municipality(ags: str) -> Municipality | None:
    """Find a municipality of the district by its eight-digit key."""
    return _by_ags().get(ags)


def get_municipality(ags: str) -> Municipality:
    """Return the municipality of a key known to be in the district; KeyError otherwise."""
    return _by_ags()[ags]


def place_of_municipality(ags: str) -> Place | None:
    """Return the place of a municipality as a whole; None outside the district."""
    return _whole().get(ags)


def towns(postal_code: str) -> tuple[Place, ...]:
    """List the places that share a postal code, in the order of the file; empty for unknown codes."""
    return _by_postal_code().get(postal_code.strip(), ())


def find_place(*, ags: str | None = None, postal_code: str | None = None, town: str | None = None) -> Place | None:
    """Find the one place meant by a municipality's key, or by postal code and town.

    A postal code alone is enough where it names one town, or one and its parts. A village the file does
    not name is taken as its municipality if the code belongs to that one only. Everything else is None:
    ask back.
    """
    if not postal_code:
        return place_of_municipality(ags) if ags else None
    found = [place for place in towns(postal_code) if ags in (None, place.ags)]
    if not town:
        return _common(found)
    called = [place for place in found if _is_called(place, town)]
    exact = [place for place in called if fold(place.town) == fold(town)]
    if called or _is_elsewhere(town):
        return (exact or called)[0] if len(exact or called) == 1 else None
    return _municipality_of(found)


@lru_cache(maxsize=1024)
def search(query: str, *, limit: int = 8) -> tuple[Place, ...]:
    """Find places by name, part of a name, postal code, or code and name together, best first.

    Whole municipalities of the district come before towns, towns inside before towns outside.
    """
    words = spellings(query[:_LONGEST_QUERY]) - {""}
    ranked = [
        (min(ranks), place.postal_code is not None, not place.is_inside, position)
        for position, (place, terms) in enumerate(zip(_all_places(), _all_terms(), strict=True))
        if (ranks := [rank for word in words if (rank := _rank(terms, word)) is not None])
    ]
    return tuple(_all_places()[position] for *_, position in sorted(ranked)[:limit])


def address_key(place: Place, address: str) -> str | None:
    """Name one address, so that two spellings of it are equal; None without an address."""
    street = fold(address)
    for long, short in (("strasse", "str"), ("platz", "pl")):
        street = street.replace(long, short)
    return f"{place.ags or place.key}|{street.replace(' ', '')}" if street else None


@cache
def _by_ags() -> dict[str, Municipality]:
    return {municipality.ags: municipality for municipality in municipalities()}


@cache
def _whole() -> dict[str, Place]:
    return {municipality.ags: _inside(municipality) for municipality in municipalities()}


@cache
def _by_postal_code() -> dict[str, tuple[Place, ...]]:
    """Group the towns by code; a municipality's code that the postal file lacks gets its main point."""
    grouped: dict[str, dict[str, Place]] = {}
    for row in read_rows("postal_codes_sn.csv"):
        grouped.setdefault(row["postal_code"], {})[row["place"]] = _town(row)
    for municipality in municipalities():
        for code in municipality.postal_codes:
            towns_of_code = grouped.setdefault(code, {})
            towns_of_code.setdefault(municipality.name, _inside(municipality, postal_code=code))
    return {code: tuple(found.values()) for code, found in grouped.items()}


@cache
def _all_places() -> tuple[Place, ...]:
    outside_last = [place for found in _by_postal_code().values() for place in found]
    return (*_whole().values(), *outside_last)


def _inside(municipality: Municipality, *, postal_code: str | None = None) -> Place:
    return Place(
        key=municipality.ags if postal_code is None else f"{postal_code} {municipality.name}",
        ags=municipality.ags,
        municipality=municipality.name,
        postal_code=postal_code,
        town=municipality.name,
        district="Landkreis Meißen",
        social_area=municipality.social_area,
        lat=municipality.lat,
        lon=municipality.lon,
    )


def _town(row: dict[str, str]) -> Place:
    municipality = find_municipality(row["ags"])
    return Place(
        key=f"{row['postal_code']} {row['place']}",
        ags=municipality.ags if municipality else None,
        municipality=municipality.name if municipality else row["place"],
        postal_code=row["postal_code"],
        town=row["place"],
        district=row["district"],
        social_area=municipality.social_area if municipality else None,
        lat=float(row["lat"]),
        lon=float(row["lon"]),
    )


def _common(found: list[Place]) -> Place | None:
    """Name the town of which all others are parts ("Dresden", "Dresden Altstadt"), else the municipality."""
    whole = [place for place in found if all(other.town.startswith(place.town) for other in found)]
    return whole[0] if whole else _municipality_of(found)


def _municipality_of(found: list[Place]) -> Place | None:
    keys = {place.ags for place in found}
    return place_of_municipality(keys.pop() or "") if len(keys) == 1 else None


def _is_called(place: Place, town: str) -> bool:
    """Tell whether the typed town is this place, its municipality or a part named after it ("Riesa OT …")."""
    typed = {f"{spelling} " for spelling in spellings(town)}
    names = spellings(place.town) | spellings(place.municipality)
    return any(word.startswith(f"{name} ") for word in typed for name in names)


@cache
def _town_names() -> frozenset[str]:
    return frozenset(name for place in _all_places() for name in spellings(place.town))


def _is_elsewhere(town: str) -> bool:
    return not spellings(town).isdisjoint(_town_names())


class _Terms(NamedTuple):
    """The folded names of a place, their words, and the postal codes by which it is found."""

    names: tuple[str, ...]
    words: tuple[str, ...]
    codes: tuple[str, ...]


@cache
def _all_terms() -> tuple[_Terms, ...]:
    return tuple(_terms(place) for place in _all_places())


def _terms(place: Place) -> _Terms:
    names = tuple(spellings(place.town) | (spellings(place.municipality) if place.is_inside else set()))
    words = tuple(word for name in names for word in name.split())
    if place.postal_code:
        return _Terms(names, words, (place.postal_code,))
    return _Terms(names, words, get_municipality(place.key).postal_codes)


def _rank(terms: _Terms, typed: str) -> int | None:
    """Rank a match: 0 full name, 1 beginning, 2 beginnings of its words, 3 a part; None without one."""
    digits = [piece for piece in typed.split() if piece.isdigit()]
    rest = " ".join(piece for piece in typed.split() if not piece.isdigit())
    if not all(any(code.startswith(piece) for code in terms.codes) for piece in digits):
        return None
    if not rest or rest in terms.names:
        return 0
    if any(name.startswith(rest) for name in terms.names):
        return 1
    if all(any(word.startswith(piece) for word in terms.words) for piece in rest.split()):
        return 2
    return 3 if len(rest) > 2 and any(rest in name for name in terms.names) else None
