"""Cut lists into pages by the id after which the next one begins, so that a page costs the same wherever it is."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypedDict, TypeVar

import marshmallow as ma

from dispatch.api import fields
from dispatch.api.fields import Schema

USUAL, MOST = 50, 200
_LONGEST = 64

T = TypeVar("T")


class Cursor(ma.fields.Field[int]):
    """Where the next page begins: an opaque word that a page gave as `next`; read as the last id before it."""

    default_error_messages = {"required": "required", "null": "required"}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        try:
            number = int(urlsafe_b64decode(value.encode("ascii") + b"==")) if len(value) <= _LONGEST else 0
        except ValueError:
            number = 0
        if not 1 <= number <= fields.HIGHEST_ID:
            raise ma.ValidationError("unknown")
        return number


def not_given() -> None:
    """Stand for a filter that is left out: a default that is no value of its own and not described as one."""


class Paging(Schema):
    """The arguments of every list; `limit` rows at most, after `cursor`."""

    limit = fields.Whole(least=1, most=MOST, is_text=True, load_default=USUAL)
    cursor = Cursor(
        load_default=lambda: 0, metadata={"description": "`next` of the page before.", "maxLength": _LONGEST}
    )


class Page(TypedDict):
    """A page of a list: its rows, and the cursor of the next page or None."""

    items: Sequence[object]
    next: str | None


def page(rows: Sequence[T], limit: int, id_of: Callable[[T], int]) -> Page:
    """Return a page of rows in the order of their ids, of which one more than `limit` was read."""
    shown = rows[:limit]
    is_last = len(rows) <= limit
    return {"items": shown, "next": None if is_last else _word(id_of(shown[-1]))}


@cache
def page_of(item: type[Schema]) -> type[Schema]:
    """Return the schema of a page of such items, one for all the calls that answer it."""
    name = item.__name__.removesuffix("Schema")
    members: dict[str, Any] = {
        "items": fields.Many(fields.Part(item), required=True, most=MOST),
        "next": ma.fields.String(required=True, allow_none=True),
    }
    return type(f"{name}Page", (Schema,), members)


def _word(number: int) -> str:
    return urlsafe_b64encode(str(number).encode()).rstrip(b"=").decode()
