"""Ask as browsers do: each request in a context of its own, forms with the token of their session."""

import secrets
from collections.abc import Mapping
from contextvars import Context
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from dispatch.database import db


class Browser(FlaskClient):
    """A client whose requests share nothing with the test around them, neither `g` nor a reading session."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Send one request, with no snapshot of the test's own left open."""
        if has_app_context():  # a redirect that is followed has none
            db.session.close()
        return Context().run(super().open, *args, **options)


def token_of(client: FlaskClient) -> str:
    """Return a CSRF token that this browser's session vouches for, as the forms of its pages hold it."""
    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
    serializer = URLSafeTimedSerializer(client.application.secret_key or "", salt="wtf-csrf-token")
    return str(serializer.dumps(raw))


def post(client: FlaskClient, url: str, data: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
    """Post `data` with a token; lists become repeated fields, options go to the test client."""
    return client.post(url, data={"csrf_token": token_of(client), **(data or {})}, **options)
