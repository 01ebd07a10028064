"""Serve the description of the API to programs; it needs no token."""

import json
from typing import cast

from flask import Blueprint, Response, current_app, request

from dispatch import api
from dispatch.api.blueprint import BASE, open_to_all
from dispatch.api.description import describe

DESCRIPTION = "api_description"
SECONDS = 300

bp = Blueprint("api_docs", __name__, url_prefix=BASE)


@bp.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    """Answer the whole description; 304 to who has it already."""
    text = current_app.extensions.get(DESCRIPTION)
    if text is None:
        text = json.dumps(describe(current_app, api.calls()), ensure_ascii=False)
        current_app.extensions[DESCRIPTION] = text
    response = Response(cast("str", text), content_type="application/json")
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    response.add_etag()
    return cast("Response", response.make_conditional(request))
