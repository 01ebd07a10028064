"""Decide to which social area a municipality belongs: as shipped, or as the district has set it.

The shipped assignment is reference data and handed in; a municipality outside the district belongs to none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SocialAreas:
    """Option: the areas of the municipalities that do not belong to the shipped one, by key (AGS)."""

    by_municipality: Mapping[str, str] = field(default_factory=dict)

    def area_of(self, ags: str, shipped: str) -> str:
        """Return the area of a municipality whose shipped one is known."""
        return self.by_municipality.get(ags, shipped)


DEFAULT = SocialAreas()
