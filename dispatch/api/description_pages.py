"""Serve the description of the API, to programs and to people; it needs no token."""

import json
from typing import Any, cast

from flask import Blueprint, Response, current_app, render_template, request

from dispatch import api
from dispatch.api import reading
from dispatch.api.blueprint import BASE, open_to_all
from dispatch.api.description import describe
from dispatch.messages import problems

DESCRIPTION = "api_description"
SECONDS = 300

bp = Blueprint("api_docs", __name__, url_prefix=BASE)


@bp.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    """Answer the whole description; 304 to who has it already."""
    response = Response(json.dumps(_description(), ensure_ascii=False), content_type="application/json")
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    response.add_etag()
    return cast("Response", response.make_conditional(request))


@bp.get("/docs")
@open_to_all
def readable() -> str:
    """Show the description to people, with the sentence of every code."""
    return render_template(
        "api_docs/readable.html",
        chapters=reading.chapters(_description()),
        codes=problems.all_codes(),
        address=f"{current_app.config['BASE_URL']}{BASE}",
    )


def _description() -> dict[str, Any]:
    """Return the description, made once in a process."""
    if DESCRIPTION not in current_app.extensions:
        current_app.extensions[DESCRIPTION] = describe(current_app, api.calls())
    return cast("dict[str, Any]", current_app.extensions[DESCRIPTION])
