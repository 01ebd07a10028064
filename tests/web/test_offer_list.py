"""Offers behind the sign-in: a mediator sees and answers her own, a coordinator records what she heard."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.database import db
from dispatch.models import User
from tests.browsing import post
from tests.builders import START, Builder
from tests.services.offering import offered, states_of, stored
from tests.statements import counted

HOUR = timedelta(hours=1)
ClientFor = Callable[[User], FlaskClient]


def test_a_mediator_lists_and_answers_her_own_offers_only(build: Builder, client_for: ClientFor) -> None:
    request, own = offered(build)
    foreign = build.offer(request, build.mediator())
    browser = client_for(build.user("mediator", mediator_id=own.mediator_id))

    listed = browser.get("/offers?lang=en").text
    seen = [browser.get(f"/offers/{number}").status_code for number in (own.id, foreign.id, 999)]
    told = [post(browser, f"/offers/{number}", {"answer": "yes"}).status_code for number in (foreign.id, own.id)]

    assert re.findall(r'href="/offers/(\d+)"', listed) == [str(own.id)]
    assert (seen, told, states_of(request)) == ([200, 404, 404], [404, 200], ["accepted", "withdrawn"])


def test_a_coordinator_records_an_answer(build: Builder, client_for: ClientFor) -> None:
    _request, offer = offered(build)
    browser = client_for(build.user("coordinator"))

    listed = browser.get("/offers?lang=en").text
    without = post(browser, f"/offers/{offer.id}", {"answer": "no"})
    told = post(browser, f"/offers/{offer.id}", {"answer": "no", "channel": "phone"})

    assert ("Shirin Rahmani" in listed, without.status_code, told.status_code) == (True, 422, 200)
    assert (stored(offer).state, stored(offer).channel) == ("declined", "phone")


def test_offices_have_no_offers(build: Builder, client_for: ClientFor) -> None:
    assert client_for(build.user("requester")).get("/offers").status_code == 403


@pytest.mark.parametrize("number", [10, 50])
def test_the_list_takes_few_statements_whatever_the_number(
    app: Flask, build: Builder, client_for: ClientFor, number: int
) -> None:
    mediator = build.mediator()
    for place in range(number):
        request = build.request(state="searching", wave=1, starts_at=START + place * HOUR)
        build.offer(request, mediator)
    browser = client_for(build.user("mediator", mediator_id=mediator.id))

    db.session.remove()
    with counted(db.engine) as statements:
        browser.get("/offers")

    assert len(statements) == 4
