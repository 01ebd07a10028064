"""Describe the API as OpenAPI 3.1: every call, every status, every schema, made from the code when first asked for."""

from http import HTTPStatus
from typing import Any, cast

import flask_smorest
import marshmallow as ma
from apispec import APISpec
from flask import Flask
from flask_smorest.utils import prepare_response

from dispatch.api import fields
from dispatch.api.blueprint import KEY_HEADER, LONGEST_KEY, Blueprint
from dispatch.api.errors import CONTENT_TYPE
from dispatch.api.fields import HIGHEST_ID, Schema
from dispatch.api.paging import Cursor

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
_LANGUAGE = {
    "in": "header",
    "name": "Accept-Language",
    "required": False,
    "description": "The language of titles, details and names.",
    "schema": {"type": "string"},
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
    code = fields.Text(required=True)
    instance = fields.Text(required=True)


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
            "info": {"description": SUMMARY, "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
            "servers": [{"url": "/"}],
            "security": [{"token": []}],
        },
    )
    spec = cast("APISpec", description.spec)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for blueprint in blueprints:
        blueprint.register_views_in_doc(description, app, spec, name=blueprint.name, parameters=None)
        spec.tag({"name": blueprint.name, "description": blueprint.description})
    return _completed(spec.to_dict())


def _id_schema(_converter: object) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": HIGHEST_ID}


def _completed(description: dict[str, Any]) -> dict[str, Any]:
    """Add the headers of every call, name each operation, and drop the prefix that tells blueprints apart."""
    for path in description["paths"].values():
        for method, operation in path.items():
            if method == "parameters":
                continue
            operation["tags"] = [tag.removeprefix("api_") for tag in operation["tags"]]
            parameters = operation.setdefault("parameters", [])
            parameters.append(_LANGUAGE)
            if method == "post":
                parameters.append(_KEY)
    for tag in description["tags"]:
        tag["name"] = tag["name"].removeprefix("api_")
    return description
