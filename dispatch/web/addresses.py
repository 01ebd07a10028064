"""Read addresses: which numbers are ids, and from where a request came through trusted proxies."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

HIGHEST_ID = 2**31 - 1
"""The largest key that both databases can compare; what lies beyond is no page (404)."""


class IdConverter(IntegerConverter):
    """A positive integer that may be the key of a row."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=HIGHEST_ID)


def init_app(app: Flask) -> None:
    """Let `<int:id>` mean an id everywhere, and believe as many proxies as TRUSTED_PROXIES says."""
    app.url_map.converters["int"] = IdConverter
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        wsgi = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
        app.wsgi_app = wsgi  # type: ignore[method-assign]
