"""Read and write places as programs give them: the key of a municipality, or a postal code with a town."""

from typing import Any

from dispatch.api import fields
from dispatch.api.fields import Schema
from dispatch.domain.places import TypedPlace


class HomeSchema(Schema):
    """A municipality of the district by its key, or a postal code with its town."""

    municipality = fields.Text(allow_none=True, longest=8, metadata={"description": "Its official key (AGS)."})
    postal_code = fields.Text(allow_none=True, longest=5)
    town = fields.Text(allow_none=True, longest=100, metadata={"description": "Needed where several share the code."})


def read_home(body: dict[str, Any] | None) -> TypedPlace:
    """Return the place that an object names; None stands for none."""
    given = body or {}
    return TypedPlace(*(given.get(part) or "" for part in ("municipality", "postal_code", "town")))


def write_home(place: TypedPlace) -> dict[str, str | None] | None:
    """Return a place as an object, None for none."""
    if place.is_empty:
        return None
    return {"municipality": place.municipality or None, "postal_code": place.postal_code or None,
            "town": place.town or None}  # fmt: skip
