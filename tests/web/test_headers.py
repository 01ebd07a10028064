"""Headers of every answer: what a browser may load, keep and tell others."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import TestConfig
from dispatch import create_app
from dispatch.models import User
from tests.browsing import post
from tests.builders import Builder
from tests.web.conftest import ClientFor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGES = ("/", "/login", "/impressum", "/no-such-page", "/account")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("app")
def test_a_page_loads_from_here_only_and_is_not_kept(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"].split("; ") == [
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
    ]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert (headers["Cache-Control"], headers["Cross-Origin-Opener-Policy"]) == ("no-store", "same-origin")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("app")
def test_a_page_holds_nothing_inline(client: FlaskClient, path: str) -> None:
    body = client.get(path, follow_redirects=True).text

    assert [mark for mark in (" style=", "<style", " onclick=", " onload=", "javascript:") if mark in body] == []
    assert re.findall("<script(?![^>]* src=)[^>]*>", body) == []


@pytest.mark.usefixtures("app")
def test_every_answer_has_a_number_of_its_own(client: FlaskClient) -> None:
    numbers = {client.get("/login", headers={"X-Request-ID": "chosen"}).headers["X-Request-ID"] for _ in range(5)}

    assert (len(numbers), "chosen" in numbers) == (5, False)


def cookie_of(app: Flask, scheme: str) -> str:
    return app.test_client().get("/login", base_url=f"{scheme}://localhost").headers["Set-Cookie"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    cookie = cookie_of(app, "http")

    assert cookie.startswith("session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_behind_tls_the_cookie_belongs_to_the_host_and_plain_http_is_over(app: Flask, database_url: str) -> None:
    config = TestConfig(database_url, BASE_URL="https://localhost")
    config._derive_from_base_url()

    response = create_app(config).test_client().get("/login", base_url="https://localhost")

    assert response.headers["Set-Cookie"].startswith("__Host-session=")
    assert "Secure" in response.headers["Set-Cookie"].split("; ")
    assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert "Strict-Transport-Security" not in app.test_client().get("/login").headers


def test_signing_out_lets_the_browser_forget(build: Builder, client_for: ClientFor) -> None:
    user: User = build.user("coordinator")

    assert post(client_for(user), "/logout").headers["Clear-Site-Data"] == '"cache", "storage"'
