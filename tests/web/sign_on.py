"""Go to the provider of single sign-on and come back, as a browser does."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.browsing import post

CALLBACK = "/login/sso/callback"
WOLF: dict[str, Any] = {
    "name": "Jana Wolf", "email": "wolf@example.org", "email_verified": True,
    "realm_access": {"roles": ["koordination"]},
}  # fmt: skip


def tell(provider_url: str, claims: dict[str, Any], subject: str = "wolf") -> None:
    """Let the provider tell this about somebody."""
    assert requests.put(f"{provider_url}/users/{subject}", json=claims, timeout=5).status_code == 204


def leave(client: FlaskClient, path: str = "/login/sso", **typed: str) -> str:
    """Begin here and return the address at the provider to which the page leads."""
    page = post(client, path, typed)
    assert page.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found is not None
    return unescape(found[1])


def answer(address: str, **typed: str) -> dict[str, str]:
    """Sign in there (or not) and return what the provider sends back."""
    there = requests.post(address, data={"sub": "wolf", **typed}, allow_redirects=False, timeout=5)
    assert there.status_code == 302
    back = urlsplit(there.headers["Location"])
    assert back.path == CALLBACK
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def come_back(client: FlaskClient, told: dict[str, str]) -> TestResponse:
    """Open the page of the way back and press its button."""
    page = client.get(CALLBACK, query_string=told)
    assert page.status_code == 200
    hidden = dict(re.findall(r'<input type="hidden" name="(code|state)" value="([^"]*)"', page.text))
    return post(client, CALLBACK, hidden)


def sign_in(client: FlaskClient) -> TestResponse:
    return come_back(client, answer(leave(client)))
