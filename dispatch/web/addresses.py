"""Read addresses: which numbers are ids, and from where a request came through trusted proxies."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

HIGHEST_ID = 999_999_999
"""The largest key that addresses and forms may name: nine digits, which both databases can compare."""


class IdConverter(BaseConverter):
    """The key of a row, from 1 to HIGHEST_ID; any other number is no page.

    The pattern says so, not a check afterwards: werkzeug would answer 405 where GET and POST are two rules.
    """

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """Return the key."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the key as it stands in an address."""
        return str(value)


def init_app(app: Flask) -> None:
    """Let `<int:id>` mean an id everywhere, and believe as many proxies as TRUSTED_PROXIES says."""
    app.url_map.converters["int"] = IdConverter
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        wsgi = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
        app.wsgi_app = wsgi  # type: ignore[method-assign]
