"""Guards: where one is sent, what counts as a page of ours, and whose session it is."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from dispatch.database import db
from dispatch.web.clients import client as client_word
from dispatch.web.guards import from_own_pages, safe_target
from tests.builders import Builder
from tests.statements import counted
from tests.web.conftest import ClientFor

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/board", True),
        ("/board?lang=ar&q=1", True),
        ("/", True),
        (None, False),
        ("", False),
        ("board", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("/x\\y", False),
        ("https://evil.example/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_a_path_of_ours_is_a_way_on(target: str | None, kept: bool) -> None:
    assert safe_target(target) == (target if kept else None)


@ON_SQLITE
@pytest.mark.parametrize(
    ("headers", "own"),
    [
        pytest.param({"Sec-Fetch-Site": "same-origin"}, True, id="same origin"),
        pytest.param({"Sec-Fetch-Site": "none"}, False, id="typed or from a mail"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False, id="cross site"),
        pytest.param({"Origin": "http://localhost"}, True, id="old browser, our origin"),
        pytest.param({"Origin": "http://localhost.evil.example"}, False, id="old browser, other origin"),
        pytest.param({"Origin": "http://[bad"}, False, id="an origin that is no address"),
        pytest.param({"Origin": "null"}, False, id="a hidden origin"),
        pytest.param({}, False, id="says nothing"),
    ],
)
def test_a_request_comes_from_our_pages_when_the_browser_says_so(
    app: Flask, headers: dict[str, str], own: bool
) -> None:
    with app.test_request_context("/", headers=headers):
        assert from_own_pages() == own


@ON_SQLITE
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("192.0.2.1", "192.0.2.1", True, id="one address"),
        pytest.param("192.0.2.1", "192.0.2.2", False, id="two addresses"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True, id="one household"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:3::1", False, id="two households"),
        pytest.param("::ffff:192.0.2.1", "192.0.2.1", True, id="an old address in a new form"),
    ],
)
def test_a_place_has_one_word_that_does_not_tell_it(app: Flask, one: str, other: str, same: bool) -> None:
    words = []
    for address in (one, other):
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
            words.append(client_word())

    assert (words[0] == words[1]) == same
    assert one not in words[0]


def test_a_stranger_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    response = client.get("/account?lang=ar")

    assert (response.status_code, response.headers["Location"]) == (302, "/login?next=/account?lang%3Dar")


@pytest.mark.parametrize("secret", ["", "no such secret", "x" * 5000, "\x00"])
def test_a_made_up_session_is_nobodys(client: FlaskClient, secret: str) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secret

    assert client.get("/account").status_code == 302


def test_the_session_costs_one_statement(build: Builder, client_for: ClientFor) -> None:
    client = client_for(build.user("requester"))

    with counted(db.engine) as statements:
        client.get("/impressum")

    assert len([one for one in statements if "sessions" in one]) == 1


def test_using_a_session_keeps_it_alive_for_a_week_at_most(
    build: Builder, client_for: ClientFor, the_time: time_machine.Traveller
) -> None:
    client = client_for(build.user("coordinator"))
    hours = 0

    while client.get("/account").status_code == 200:
        the_time.shift(timedelta(hours=7))
        hours += 7

    assert hours == 168


@ON_SQLITE
def test_a_clock_that_was_ahead_signs_nobody_out(
    client_for: ClientFor, build: Builder, the_time: time_machine.Traveller
) -> None:
    browser = client_for(build.user())

    the_time.shift(timedelta(seconds=-2))

    assert browser.get("/account").status_code == 200
