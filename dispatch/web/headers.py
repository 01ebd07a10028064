"""Set the headers of every answer: what a browser may load, keep and tell others."""

import secrets

from flask import Flask, Response, g

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HSTS_SECONDS = 2 * 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Give each request an id of our own, and each answer its headers."""

    @app.before_request
    def _name_request() -> None:
        g.request_id = secrets.token_hex(8)

    @app.after_request
    def _set_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        # with no-referrer, browsers send "Origin: null" and a same-origin POST could not be told from a forged one
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        response.headers["X-Request-ID"] = g.get("request_id", "")
        response.headers.setdefault("Cache-Control", "no-store")
        if app.config["BASE_URL"].startswith("https://"):
            response.headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}; includeSubDomains"
        return response
