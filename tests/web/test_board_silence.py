"""The board's row about somebody who may have gone: whom to call, and noting that she is still there."""

import pytest
from flask.testing import FlaskClient

from tests.browsing import post
from tests.builders import Builder
from tests.services.offering import stored
from tests.web.conftest import ClientFor
from tests.web.test_board import acts, rows


@pytest.fixture
def desk(build: Builder, client_for: ClientFor) -> FlaskClient:
    """A browser in which a coordinator is signed in."""
    return client_for(build.user("coordinator", ui_language="en"))


def test_who_may_have_gone_is_called_and_noted_as_still_there(build: Builder, desk: FlaskClient) -> None:
    person = build.mediator(name="Selam Tesfay", phone="+491713920014", lapses_in_row=5)
    before = desk.get("/board").text

    answer = post(desk, f"/board/mediators/{person.id}/still-there", {"next": "/board?span=week"})
    again = post(desk, f"/board/mediators/{person.id}/still-there")
    after = desk.get("/board").text

    assert [row.partition("Selam Tesfay")[2] for row in rows(before)] == [
        " Selam Tesfay 0171 3920014 5 offers in a row were not answered. "
        "Please ask whether this person is still with us. See profile Still with us"
    ]
    assert acts(before) == [("primary", f"/mediators/{person.id}", "See profile")]
    assert (answer.location, again.location, rows(after)) == ("/board?span=week", "/board", [])
    assert after.count("It is noted that this person is still with us.") == 2
    assert "asked, and still with us" in desk.get(f"/mediators/{person.id}").text


def test_nobody_is_not_there_any_more(build: Builder, desk: FlaskClient, client_for: ClientFor) -> None:
    person = build.mediator(lapses_in_row=5)
    regional = client_for(build.user("regional_coordinator"))

    codes = [
        post(client, f"/board/mediators/{number}/still-there").status_code
        for client, number in ((desk, 999_999), (desk, 2**63), (regional, person.id))
    ]

    assert (codes, stored(person).lapses_in_row) == ([404, 404, 403], 5)
