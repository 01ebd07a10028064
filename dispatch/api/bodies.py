"""Read what a call brings: JSON that says each thing once, and addresses with no argument nobody knows.

What it finds wrong becomes codes by field, as the services find them.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser

from dispatch.api import fields
from dispatch.api.errors import Problem
from dispatch.domain.errors import Invalid

LONGEST_BODY = 512_000
"""Bytes of a body; the largest that makes sense, a full pattern of availability, has a tenth of it."""
_CODES = {
    "Missing data for required field.": "required",
    "Unknown field.": "unknown_field",
    "Field may not be null.": "required",
    "Invalid input type.": "wrong_type",
}


class Parser(FlaskParser):
    """webargs with our own idea of JSON and of what is wrong."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": ma.RAISE, "query": ma.RAISE}  # noqa: RUF012 - as the base class has it

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the body; nothing at all counts as an empty object."""
        raw = req.get_data(cache=True)
        if not raw and req.mimetype in ("", "application/json"):
            return {}
        if req.mimetype != "application/json" or not _is_plain(req):
            raise Problem(415, "not_json")
        return read_json(raw)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """Return the arguments of the address. Raises Invalid (`doubled`) for one that stands twice."""
        doubled = {name: ("doubled",) for name, values in req.args.lists() if len(values) > 1}
        if doubled:
            raise Invalid(doubled)
        return req.args.to_dict()

    def handle_error(self, error: ma.ValidationError, req: Request, schema: ma.Schema, **_more: object) -> NoReturn:
        """Raise Invalid with the codes of each field, those of nested ones under dotted names."""
        found: dict[str, tuple[str, ...]] = {}
        _collect(next(iter(error.messages_dict.values())), "", found)
        raise Invalid(found)


def _is_plain(req: Request) -> bool:
    """Tell whether a body is UTF-8, neither compressed nor in a charset of its own."""
    charset = req.mimetype_params.get("charset", "utf-8").lower()
    return charset in ("utf-8", "us-ascii") and req.headers.get("Content-Encoding", "identity").lower() == "identity"


def read_json(raw: bytes) -> Any:
    """Return what the bytes say. Raises Problem (400) for what is no JSON, says a thing twice or is too deep."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError as error:
        raise Problem(400, "too_deep") from error
    except ValueError as error:
        raise Problem(400, "malformed") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Problem(400, "doubled_field")
    if any(fields.NOT_KEPT.search(name) for name in found):
        raise Problem(400, "malformed")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _collect(messages: Any, path: str, found: dict[str, tuple[str, ...]]) -> None:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            _collect(inner, path if name == "_schema" else f"{path}.{name}".lstrip("."), found)
    else:
        found[path] = tuple(_CODES.get(str(message), str(message)) for message in messages)
