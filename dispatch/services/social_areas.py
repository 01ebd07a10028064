"""Say which social area a municipality belongs to, as the district has assigned them.

What a person may see by their area is decided by the permission table.
"""

from collections.abc import Collection

from dispatch.domain import social_areas as rules
from dispatch.reference import places
from dispatch.reference.files import fold
from dispatch.services import options


def area_of(ags: str | None) -> str | None:
    """Return the social area of a municipality, None outside the district."""
    municipality = places.find_municipality(ags) if ags else None
    if municipality is None:
        return None
    return options.read(rules.DEFAULT).area_of(municipality.ags, municipality.social_area)


def municipalities_in(areas: Collection[str]) -> list[str]:
    """Return the keys of the municipalities that belong to these social areas."""
    return [municipality.ags for municipality in places.municipalities() if area_of(municipality.ags) in areas]


def all_areas() -> tuple[str, ...]:
    """List the social areas that have a municipality, by folded name."""
    return tuple(sorted({area for one in places.municipalities() if (area := area_of(one.ags))}, key=fold))
