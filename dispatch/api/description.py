"""Describe the API as OpenAPI 3.1: every call, every status, every schema, made from the code when first asked for."""

import re
from collections.abc import Collection
from http import HTTPStatus
from typing import Any, cast

import flask_smorest
import marshmallow as ma
from apispec import APISpec
from flask import Flask
from flask_smorest.utils import prepare_response

from dispatch.api import fields
from dispatch.api.blueprint import KEY_HEADER, LONGEST_KEY, PREFIX, WITH_BODY, Blueprint
from dispatch.api.errors import CONTENT_TYPE
from dispatch.api.fields import HIGHEST_ID, Schema
from dispatch.api.paging import Cursor
from dispatch.domain.programs import Scope, reaches
from dispatch.messages import problems

TITLE, VERSION = "Gemeindedolmetscherdienst", "1.0"
SUMMARY = """\
Book interpreters, follow requests and appointments, keep the pool. A token acts as its user: the same rights and
rules as on the pages. Instants are RFC 3339 with offset. Lists are cut by `limit` and `cursor`. Codes never change,
texts follow Accept-Language. Errors are problem+json: act on `code` and on the codes in `errors`.
"""
_KEY = {
    "in": "header",
    "name": KEY_HEADER,
    "required": False,
    "description": "A word of your own: for 24 hours the same call with the same word gets the first one's answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": r"^[\x20-\x7e]+$"},
}
_BEARER = """\
Made on the page of one's account or by `dispatch token create`. One without scopes does all that its user may; the
words beside a call are the scopes that reach it.
"""
_LANGUAGE = {
    "in": "header",
    "name": "Accept-Language",
    "required": False,
    "description": "The language of titles, details and names.",
    "schema": {"type": "string"},
}


_SECONDS = {"description": "After how many seconds to try again.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
_CHALLENGE = {
    "description": "What kind of token is asked for, and what is wrong with it.",
    "schema": {"type": "string"},
}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": _CHALLENGE},
    403: {"WWW-Authenticate": _CHALLENGE | {"description": "Only with `scope_missing`: the scope that is needed."}},
    409: {"Retry-After": _SECONDS | {"description": "Only with `idempotency_key_at_work`: seconds to wait."}},
    429: {"Retry-After": _SECONDS},
    503: {"Retry-After": _SECONDS},
}
"""Headers of problems, by status."""
_REPLAYED = {
    "description": "`true` where this is the first answer under the Idempotency-Key once more.",
    "schema": {"type": "string", "enum": ["true"]},
}


class ProblemSchema(Schema):
    """What went wrong, as RFC 9457 has it; more members by code, such as `codes` of somebody who does not fit."""

    class Meta:
        """Members by code may be added."""

        unknown = ma.INCLUDE

    type = fields.Text(required=True)
    title = fields.Text(required=True)
    status = fields.Whole(required=True, least=400, most=599)
    detail = fields.Text(required=True)
    code = fields.Text(
        required=True,
        metadata={
            "description": "What to act upon; new codes may come. Each is explained at /api/v1/docs.",
            "examples": [code for code, _sentence in problems.all_codes()],
        },
    )
    instance = fields.Text(required=True, metadata={"description": "The answer's X-Request-ID."})
    errors = ma.fields.Dict(
        keys=fields.Text(),
        values=fields.Many(fields.Text()),
        metadata={
            "description": "With status 422: codes by field, those of nested fields under dotted names.",
            "examples": [{"place.address": ["required"], "starts_at": ["not_an_instant"]}],
        },
    )


class _Description(flask_smorest.Api):
    """flask-smorest's description without its routes and error handlers, which are the application's own."""

    ERROR_SCHEMA = ProblemSchema

    def _register_doc_blueprint(self) -> None:
        """Serve nothing: `describe` does."""

    def _register_error_handlers(self) -> None:
        """Handle nothing: `errors.answer` does."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase, "schema": self.ERROR_SCHEMA}
            if status in _HEADERS:
                response["headers"] = _HEADERS[status]
            prepare_response(response, self.spec, CONTENT_TYPE)
            self.spec.components.response(status.name, response, lazy=True)
        default: dict[str, Any] = {"description": "Any other problem", "schema": self.ERROR_SCHEMA}
        prepare_response(default, self.spec, CONTENT_TYPE)
        self.spec.components.response("DEFAULT_ERROR", default, lazy=True)


def describe(app: Flask, blueprints: tuple[Blueprint, ...]) -> dict[str, Any]:
    """Return the description of these blueprints as they are registered in the application."""
    description = _Description()
    description.register_field(Cursor, "string", None)
    description.register_converter(app.url_map.converters["int"], _id_schema)
    description.init_app(
        app,
        spec_kwargs={
            "title": TITLE,
            "version": VERSION,
            "openapi_version": "3.1.0",
            "info": {
                "description": SUMMARY,
                "contact": {"name": TITLE, "url": f"{app.config['BASE_URL']}/impressum"},
                "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            },
            "servers": [{"url": "/"}],
            "security": [{"token": []}],
        },
    )
    spec = cast("APISpec", description.spec)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "description": _BEARER})
    for blueprint in blueprints:
        blueprint.register_views_in_doc(description, app, spec, name=blueprint.name, parameters=None)
        spec.tag({"name": blueprint.name, "description": blueprint.description})
    areas = {blueprint.name: blueprint.area for blueprint in blueprints}
    return _completed(spec.to_dict(), _endpoints(app), areas)


def _id_schema(_converter: object) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": HIGHEST_ID}


def _endpoints(app: Flask) -> dict[tuple[str, str], str]:
    """Return the endpoint of each path and method as the description writes them."""
    return {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }


def _completed(
    description: dict[str, Any], endpoints: dict[tuple[str, str], str], areas: dict[str, Scope | None]
) -> dict[str, Any]:
    """Add the headers of every call, name each operation, and drop the prefix that tells blueprints apart."""
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            blueprint, _dot, name = endpoints[path, method].partition(".")
            operation["operationId"] = f"{blueprint}_{name}".removeprefix(PREFIX)
            operation["security"] = _security(areas[blueprint], is_looking=method == "get")
            operation["tags"] = [tag.removeprefix(PREFIX) for tag in operation["tags"]]
            parameters = operation.setdefault("parameters", [])
            parameters.append(_LANGUAGE)
            if method == "post":
                parameters.append(_KEY)
                _complete_post(operation["responses"])
            elif method == "delete":
                _add_problems(operation["responses"], WITH_BODY)
            operation["responses"] = dict(sorted(operation["responses"].items()))
    for tag in description["tags"]:
        tag["name"] = tag["name"].removeprefix(PREFIX)
    return description


def _security(area: Scope | None, *, is_looking: bool) -> list[dict[str, list[str]]]:
    """Return the scopes of which a token needs one, if it has any at all."""
    enough = [scope for scope in Scope if area and reaches([scope], area, is_looking=is_looking)]
    return [{"token": [scope.value]} for scope in enough] or [{"token": []}]


def _complete_post(responses: dict[str, Any]) -> None:
    """Add what an Idempotency-Key and a body that is not wanted may lead to."""
    _add_problems(responses, WITH_BODY | {409})
    for status, response in responses.items():
        if status.startswith("2"):
            response.setdefault("headers", {})["Idempotent-Replayed"] = _REPLAYED


def _add_problems(responses: dict[str, Any], statuses: Collection[int]) -> None:
    """Add problems of those statuses."""
    for status in statuses:
        responses.setdefault(str(status), {"$ref": f"#/components/responses/{HTTPStatus(status).name}"})
