"""What a first visit transfers without fonts: at most 150 kB on the pages that are read on a cheap phone.

`bench/weight.py` weighs the same in a browser, with fonts and in seconds.
"""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.services import links
from tests.appointment_cases import booked
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MOST = 150_000
HEADERS = 700
"""The largest headers of an answer, in bytes."""
LOADED = re.compile(r'<(?:script[^>]* src|link rel="(?:stylesheet|icon|manifest)"[^>]* href)="([^"]+)"')


def weight(reader: FlaskClient, path: str, language: str) -> int:
    """Return the bytes of a page and of all that it loads but fonts."""
    answer = reader.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    loaded = [reader.get(one, headers={"Accept-Encoding": "gzip"}) for one in LOADED.findall(answer.text)]
    assert len(loaded) > 5
    return sum(len(one.data) + HEADERS for one in (answer, *loaded))


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("path", ["/", "/help-request", "/join"])
@pytest.mark.usefixtures("app")
def test_a_public_page_is_light(client: FlaskClient, path: str, language: str) -> None:
    assert weight(client, path, language) <= MOST


def test_the_page_of_an_offer_is_light(app: Flask, build: Builder, client: FlaskClient) -> None:
    offer = build.offer(build.request(state="searching"), build.mediator())
    token = links.issue("offer", offer.id, key=app.config["SECRET_KEY"], now=NOW)

    assert weight(client, f"/o/{token}", "ti") <= MOST


def test_a_mediators_week_is_light(build: Builder, client_for: ClientFor) -> None:
    case = booked(build)
    her = client_for(build.user("mediator", mediator_id=case.mediator.id))

    assert weight(her, "/appointments", "vi") <= MOST
    assert weight(her, "/offers", "vi") <= MOST
