"""The JSON API, version 1: the same services as the pages; errors as problem+json.

A call: token → right → sight of the object → what it brings → one service call → its answer.
"""

from importlib import import_module

from flask import Blueprint as FlaskBlueprint
from flask import Flask, g, request

from dispatch.api import errors
from dispatch.api.blueprint import BASE, Blueprint

CALLS: tuple[str, ...] = (
    "reference", "requests", "candidates", "request_offers", "request_acts", "offers",
    "appointments", "mediators", "availability", "organisations", "webhooks",
)  # fmt: skip
"""One module with a blueprint `bp` per kind of thing, in the order of the description."""


def init_app(app: Flask) -> tuple[FlaskBlueprint, ...]:
    """Install the calls and their way to say no; return the blueprints, which take no form from a browser."""
    app.extensions.setdefault("errors_under", {})["/api/"] = errors.answer

    @app.before_request
    def _read_header_only() -> None:
        g.language_by_header = request.path.startswith("/api/") and request.path != f"{BASE}/docs"

    installed: list[FlaskBlueprint] = []
    for module in ("description_pages", *CALLS):
        blueprint = import_module(f"dispatch.api.{module}").bp
        app.register_blueprint(blueprint)
        installed.append(blueprint)
    return tuple(installed)


def calls() -> tuple[Blueprint, ...]:
    """Return the blueprints that the description tells of."""
    return tuple(import_module(f"dispatch.api.{module}").bp for module in CALLS)


__all__ = ["BASE", "calls", "init_app"]
