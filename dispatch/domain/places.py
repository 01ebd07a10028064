"""Decide which place a person means who types a municipality, or a postal code with a town.

It never measures a way and knows no place itself: the places are handed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dispatch.domain.findings import Findings

_LONGEST_TOWN = 100
_POSTAL_CODE_DIGITS = 5


class Place(Protocol):
    """A known place: `ags` is the key of its municipality, None outside the district; degrees of WGS84."""

    @property
    def ags(self) -> str | None: ...  # noqa: D102
    @property
    def postal_code(self) -> str | None: ...  # noqa: D102
    @property
    def town(self) -> str: ...  # noqa: D102
    @property
    def social_area(self) -> str | None: ...  # noqa: D102
    @property
    def lat(self) -> float: ...  # noqa: D102
    @property
    def lon(self) -> float: ...  # noqa: D102


class Places(Protocol):
    """What is known of places; `dispatch.reference.places` is one."""

    def find_place(
        self, *, ags: str | None = None, postal_code: str | None = None, town: str | None = None
    ) -> Place | None:
        """Find the one place meant, None when there is none or several."""

    def place_of_municipality(self, ags: str) -> Place | None:
        """Find a municipality of the district by its key."""

    def towns(self, postal_code: str) -> Sequence[Place]:
        """List the places that share a postal code."""


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """A place as it was typed or picked: `municipality` is its key (AGS)."""

    municipality: str = ""
    postal_code: str = ""
    town: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was given."""
        return not (self.municipality.strip() or self.postal_code.strip() or self.town.strip())


def check_place(findings: Findings, field: str, typed: TypedPlace, places: Places) -> Place | None:
    """Return the place meant, None when nothing was given or codes were noted under `field.…`.

    `field.municipality`: `unknown`. `field.postal_code`: `required` (a town alone), `not_a_postal_code`,
    `unknown`. `field.town`: `required` (several share the code), `unknown`, those of a line.
    """
    if typed.is_empty:
        return None
    ags, code = typed.municipality.strip(), typed.postal_code.strip()
    town = findings.line(f"{field}.town", typed.town, _LONGEST_TOWN)
    if ags and places.place_of_municipality(ags) is None:
        findings.add(f"{field}.municipality", "unknown")
        return None
    if ags and not code:
        return places.place_of_municipality(ags)
    if not _is_known_code(findings, f"{field}.postal_code", code, places):
        return None
    place = places.find_place(ags=ags or None, postal_code=code, town=town)
    if place is None and not findings.concerns(f"{field}.town"):
        findings.add(f"{field}.town", "unknown" if town else "required")
    return place


def is_inside(place: Place) -> bool:
    """Tell whether a place lies inside the district."""
    return place.ags is not None


def _is_known_code(findings: Findings, field: str, code: str, places: Places) -> bool:
    if not code:
        findings.add(field, "required")
    elif not (code.isascii() and code.isdigit() and len(code) == _POSTAL_CODE_DIGITS):
        findings.add(field, "not_a_postal_code")
    elif not places.towns(code):
        findings.add(field, "unknown")
    else:
        return True
    return False
