"""Hold every answer that a test gets against the description, so that no test passes with an answer it knows not."""

import re
from typing import Any

import schemathesis
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

_known: list[Any] = []


def check(app: Flask, method: str, path: str, answer: TestResponse) -> None:
    """Raise what speaks against the answer; addresses that the description does not know are left alone."""
    try:
        rule, _values = app.url_map.bind("localhost").match(path.partition("?")[0], method, return_rule=True)
    except HTTPException:
        return
    template = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
    description = _description(app)
    if template in description.raw_schema["paths"]:
        description[template][method].validate_response(answer)


def _description(app: Flask) -> Any:
    """Return the description, made once: it is the same for every application."""
    if not _known:
        _known.append(schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app))
    return _known[0]
