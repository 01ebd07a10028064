"""The page of an offer: opened as often as a scanner likes, answered once, in the mediator's language."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.models import AuditEntry, Offer, Request, User
from dispatch.services import links
from dispatch.services.transactions import reading
from tests.builders import NOW, START, Builder
from tests.services.offering import appointments, offered, states_of, stored

HOUR = timedelta(hours=1)
OWN = {"Origin": "http://localhost"}
ClientFor = Callable[[User], FlaskClient]
LinkTo = Callable[[Offer], str]


@pytest.fixture
def link_to(app: Flask) -> LinkTo:
    """Return the address in the mail of an offer."""
    return lambda offer: "/o/" + links.issue("offer", offer.id, key=app.config["SECRET_KEY"], now=NOW)


def headline(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return found.group(1).strip() if found else ""


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("agent", ["Mozilla/5.0", "Barracuda Sentinel", "Microsoft Office SafeLinks"])
def test_opening_the_link_changes_nothing(build: Builder, client: FlaskClient, link_to: LinkTo, agent: str) -> None:
    request, offer = offered(build)
    address = link_to(offer)
    scanner = {"User-Agent": agent, "Sec-Purpose": "prefetch"}
    audit = len(reading().scalars(select(AuditEntry)).all())

    statuses = [
        client.open(address + query, method=method, headers=scanner).status_code
        for method in ("GET", "HEAD")
        for query in ("", "?answer=yes", "?answer=no")
    ]

    assert statuses == [200] * 6
    assert (states_of(request), len(reading().scalars(select(AuditEntry)).all())) == (["open"], audit)


def test_the_page_speaks_the_mediators_language(build: Builder, client: FlaskClient, link_to: LinkTo) -> None:
    request = build.request(state="searching", wave=1)
    arabic = build.offer(request, build.mediator(ui_language="ar"))
    german = build.offer(request, build.mediator(ui_language="de"))

    pages = [client.get(link_to(offer), headers={"Accept-Language": "en"}).text for offer in (arabic, german)]

    assert [re.findall(r'<html lang="(\w+)" dir="(\w+)"', page) for page in pages] == [[("ar", "rtl")], [("de", "ltr")]]


FORBIDDEN = ("Schulstraße", "Sekretariat", "+493521000210", "K7Q-4MX", "Fallakte 7", "Bitte leise", "Grundschule")


@pytest.mark.parametrize(
    ("protection", "place", "km"),
    [("normal", "Riesa", "23"), ("sensitive", "Riesa", "30")],
)
def test_the_page_tells_only_what_may_be_told_before_a_yes(
    build: Builder, client: FlaskClient, link_to: LinkTo, protection: str, place: str, km: str
) -> None:
    request = build.request(
        state="searching", wave=1, municipality="14627230", protection=protection, reference="Fallakte 7",
        notes="Bitte leise",
    )  # fmt: skip
    offer = build.offer(request, build.mediator(), distance_km=23.2)

    page = main_of(client.get(link_to(offer) + "?lang=en").text)

    assert [word for word in FORBIDDEN if word in page] == []
    assert (f"<bdi>{place}</bdi>" in page, f"About {km} km" in page) == (True, True)
    assert {"Education" in page, "some 20 minutes" in page} == {protection == "normal"}


def test_why_asked_names_the_strongest_reasons(build: Builder, client: FlaskClient, link_to: LinkTo) -> None:
    breakdown = [
        {"criterion": "language", "points": 300_000, "most": 300_000,
         "facts": {"spoken": "prs", "level": "native", "match": "exact", "preference": 1, "dialect_missing": False}},
        {"criterion": "continuity", "points": 0, "most": 200_000, "facts": {"same": "none"}},
        {"criterion": "way", "points": 150_000, "most": 200_000, "facts": {"km": 5.0, "limit_km": 40}},
        {"criterion": "experience", "points": 10_000, "most": 50_000, "facts": {"times": 1}},
    ]  # fmt: skip
    _request, offer = offered(build, of_offer={"breakdown": breakdown})

    page = client.get(link_to(offer) + "?lang=en").text

    assert re.findall(r"Why we ask you<small>(.*?)</small>", page) == [
        "Dari is your first language. It is not far for you."
    ]


@pytest.mark.parametrize(("query", "filled"), [("", "yes"), ("?answer=yes", "yes"), ("?answer=no", "no")])
def test_the_second_link_only_fills_the_other_button(
    build: Builder, client: FlaskClient, link_to: LinkTo, query: str, filled: str
) -> None:
    _request, offer = offered(build)

    page = client.get(link_to(offer) + query).text

    assert re.findall(r'kern-btn--primary answer__btn" name="answer" value="(\w+)"', page) == [filled]


def test_a_yes_shows_the_appointment_and_a_second_one_is_friendly(
    app: Flask, build: Builder, client: FlaskClient, link_to: LinkTo
) -> None:
    request, offer = offered(build)
    address = link_to(offer) + "?lang=en"

    first = client.post(address, data={"answer": "yes"}, headers=OWN)
    second = client.post(address, data={"answer": "yes"}, headers=OWN)

    appointment_id = appointments(request)
    token = links.known("appointment", 1, key=app.config["SECRET_KEY"], now=NOW)
    assert (first.status_code, second.status_code, len(appointment_id)) == (200, 200, 1)
    assert headline(first.text) == "Thank you. You take this appointment."
    assert headline(second.text) == "You have said yes to this appointment."
    assert (f'href="/a/{token}"' in first.text, f'href="/a/{token}/calendar.ics"' in first.text) == (True, True)


def test_a_no_may_name_its_reason_at_once_or_later(build: Builder, client: FlaskClient, link_to: LinkTo) -> None:
    _request, offer = offered(build)
    address = link_to(offer)

    told = [client.post(address, data={"answer": "no", "reason": reason}, headers=OWN).status_code
            for reason in ("", "too_far", "nonsense")]  # fmt: skip

    assert (told, stored(offer).state, stored(offer).decline_reason) == ([200, 200, 422], "declined", "too_far")


Arrange = Callable[[Builder, Request, Offer], object]

TOO_LATE: tuple[tuple[str, dict[str, Any], dict[str, Any], int, str], ...] = (
    ("taken", {"state": "withdrawn", "cause": "taken"}, {"state": "assigned"}, 409, "Already taken, thank you"),
    ("taken_unasked", {"state": "expired"}, {"state": "assigned"}, 409, "Already taken, thank you"),
    ("changed", {"state": "withdrawn", "cause": "changed"}, {}, 410, "This is no longer open"),
    ("cancelled", {"state": "expired"}, {"state": "cancelled"}, 410, "This is no longer open"),
    ("another_revision", {}, {"revision": 2}, 410, "This is no longer open"),
)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("of_offer", "of_request", "status", "words"), [row[1:] for row in TOO_LATE], ids=[row[0] for row in TOO_LATE]
)
def test_what_is_over_says_so(
    build: Builder,
    client: FlaskClient,
    link_to: LinkTo,
    method: str,
    of_offer: dict[str, Any],
    of_request: dict[str, Any],
    status: int,
    words: str,
) -> None:
    _request, offer = offered(build, of_offer={"revision": 1} | of_offer, **of_request)

    answer = client.open(link_to(offer) + "?lang=en", method=method, data={"answer": "yes"}, headers=OWN)

    assert (answer.status_code, headline(answer.text)) == (status, words)


def test_a_closed_offer_tells_nothing_of_the_case_but_how_to_call(
    build: Builder, client: FlaskClient, link_to: LinkTo
) -> None:
    _request, offer = offered(build, state="cancelled")

    page = client.get(link_to(offer) + "?lang=en").text

    assert ("Dari" in main_of(page), "Meißen" in main_of(page), "tel:+493521000140" in page) == (False, False, True)


def test_who_comes_too_late_sees_her_other_offers(build: Builder, client: FlaskClient, link_to: LinkTo) -> None:
    _request, offer = offered(build, state="assigned")
    mediator = stored(offer).mediator_id
    other = build.request(state="searching", starts_at=START + 24 * HOUR)
    build.offer(other, reading().get_one(type(build.mediator()), mediator))

    page = client.get(link_to(offer) + "?lang=en").text

    assert ("1 more request for you" in page, 'href="/offers/2"' in page, "/o/" in main_of(page)) == (True, True, False)


def test_a_yes_that_no_longer_fits_says_why(build: Builder, client: FlaskClient, link_to: LinkTo) -> None:
    _request, offer = offered(build)
    build.appointment(build.request(state="assigned"), reading().get_one(type(build.mediator()), offer.mediator_id))

    answer = client.post(link_to(offer) + "?lang=en", data={"answer": "yes"}, headers=OWN)

    assert (answer.status_code, headline(answer.text)) == (409, "It does not fit any more")
    assert "Another appointment at the same time" in answer.text


def test_a_late_answer_is_told_that_it_still_counts(
    build: Builder, client: FlaskClient, link_to: LinkTo, the_time: time_machine.Traveller
) -> None:
    request, offer = offered(build)
    address = link_to(offer) + "?lang=en"
    the_time.move_to(NOW + 20 * HOUR)

    page, answer = client.get(address).text, client.post(address, data={"answer": "yes"}, headers=OWN)

    assert ("The time to answer has passed" in page, answer.status_code, stored(request).state) == (
        True, 200, "assigned",
    )  # fmt: skip


def test_every_altered_token_gets_the_same_page(build: Builder, client: FlaskClient, link_to: LinkTo) -> None:
    _request, offer = offered(build)
    token = link_to(offer).removeprefix("/o/")
    altered = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))
    ]

    answers = [client.get(f"/o/{wrong}") for wrong in [*altered, "x", "%00", "ä" * 40]]

    bodies = {re.sub(r"404-[0-9a-f]+", "", main_of(answer.text)) for answer in answers}
    assert ({answer.status_code for answer in answers}, len(bodies)) == ({404}, 1)


def test_a_link_of_another_purpose_opens_no_offer(app: Flask, build: Builder, client: FlaskClient) -> None:
    _request, offer = offered(build)
    token = links.issue("appointment", offer.id, key=app.config["SECRET_KEY"], now=NOW)

    assert client.get(f"/o/{token}").status_code == 404


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_foreign_page_cannot_answer(
    build: Builder, client: FlaskClient, link_to: LinkTo, headers: dict[str, str]
) -> None:
    request, offer = offered(build)

    answer = client.post(link_to(offer), data={"answer": "yes"}, headers=headers)

    assert (answer.status_code, states_of(request)) == (403, ["open"])
