"""The candidates page: who fits and why, who cannot and why not, and what a coordinator does with it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.database import db
from dispatch.models import User
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.services.offering import RIESA, appointments, asked, booked, stored
from tests.statements import counted

ClientFor = Callable[[User], FlaskClient]


@pytest.fixture
def desk(build: Builder, client_for: ClientFor) -> FlaskClient:
    """A browser in which a coordinator is signed in."""
    return client_for(build.user("coordinator", ui_language="en"))


def names(page: str) -> list[str]:
    """Return who stands in the ranked list, in order."""
    return re.findall(r'class="rank__name"[^>]*>(?:<bdi>)?(.*?)</', page)


def refused(page: str) -> list[tuple[str, str]]:
    """Return who cannot, with the group and the words."""
    groups = re.findall(r'group__name">(.*?)</span>.*?<ul class="group__list">(.*?)</ul>', page, re.DOTALL)
    return [
        (group, person)
        for group, people in groups
        for person in re.findall(r"<strong><bdi>(.*?)</bdi></strong>", people)
    ]


def test_people_stand_in_ranked_order_with_their_score(build: Builder, desk: FlaskClient) -> None:
    request = build.request()
    build.mediator(name="Second Best", languages=(("prs", "C1"),))
    build.mediator(name="Very Best")

    page = desk.get(f"/requests/{request.id}/candidates").text

    assert names(page) == ["Very Best", "Second Best"]
    assert re.findall(r'score__value">(.*?)<', page) == ["57.1", "51.8"]


def test_every_other_speaker_stands_under_her_first_reason(build: Builder, desk: FlaskClient) -> None:
    request = build.request()
    build.mediator(name="Inactive", active=False)
    build.mediator(name="Not Free", weekly=((0, 480, 600),))
    build.mediator(name="Too Far", **RIESA, max_distance_km=5)
    build.mediator(name="Other Language", languages=(("uk", "native"),))

    page = desk.get(f"/requests/{request.id}/candidates").text

    assert refused(page) == [
        ("Not free at this time", "Not Free"),
        ("The way is too far", "Too Far"),
        ("Not active in the pool", "Inactive"),
    ]
    assert "Nobody fits" in page


def test_people_without_mail_are_picked_like_others_with_their_number(build: Builder, desk: FlaskClient) -> None:
    request = build.request()
    mediator = build.mediator(name="By Phone", email=None, phone="+4917604069012")

    page = desk.get(f"/requests/{request.id}/candidates").text

    assert ("ask by phone only" in page, 'href="tel:+4917604069012"' in page) == (True, True)
    assert f'id="p{mediator.id}"' in page


@pytest.mark.parametrize(("strict", "words"), [(False, "Wish: woman"), (True, "Condition: woman")])
def test_the_head_names_promise_and_gender(build: Builder, desk: FlaskClient, strict: bool, words: str) -> None:
    request = build.request(gender="female", gender_strict=strict, answer_by=START - timedelta(days=1))

    page = desk.get(f"/requests/{request.id}/candidates").text

    assert (words in page, "Answer promised by Mon 9:00" in page) == (True, True)


def test_ticked_people_are_asked(build: Builder, desk: FlaskClient) -> None:
    request = build.request(policy="manual")
    first, second, _third = (build.mediator() for _ in range(3))

    answer = post(desk, f"/requests/{request.id}/candidates", {"mediator_ids": [first.id, second.id]})

    assert (answer.status_code, asked(request)) == (302, [first.id, second.id])
    assert "asked, no answer yet" in desk.get(answer.location).text


@pytest.mark.parametrize(
    ("picked", "status", "words"),
    [
        ([], 422, "Please pick at least one person."),
        (["x", "0", "9" * 30, "9" * 5000], 422, "Please pick at least one person."),
        (["1"], 409, "Busy: Not free at this time"),
    ],
)
def test_a_choice_that_does_not_hold_comes_back(
    build: Builder, desk: FlaskClient, picked: list[str], status: int, words: str
) -> None:
    build.mediator(name="Busy", weekly=((0, 480, 600),))
    request = build.request(policy="manual")

    answer = post(desk, f"/requests/{request.id}/candidates", {"mediator_ids": picked})

    assert (answer.status_code, words in answer.text, asked(request)) == (status, True, [])


@pytest.mark.parametrize(("channel", "state"), [("phone", "confirmed"), ("", "proposed")])
def test_a_request_is_given_to_one_person(build: Builder, desk: FlaskClient, channel: str, state: str) -> None:
    request = build.request()
    mediator = build.mediator()
    address = f"/requests/{request.id}/candidates/{mediator.id}"

    shown, answer = desk.get(address), post(desk, address, {"channel": channel})

    assert (shown.status_code, answer.status_code) == (200, 302)
    assert (appointments(request), stored(request).state) == ([(mediator.id, state)], "assigned")


@pytest.mark.parametrize(("channel", "status"), [("phone", 409), ("pigeon", 422)])
def test_an_assignment_that_does_not_hold_says_why(
    build: Builder, desk: FlaskClient, channel: str, status: int
) -> None:
    request = build.request()
    mediator = build.mediator(weekly=((0, 480, 600),))

    answer = post(desk, f"/requests/{request.id}/candidates/{mediator.id}", {"channel": channel})

    assert (answer.status_code, appointments(request)) == (status, [])


def test_a_protected_request_shows_language_day_and_time_only(build: Builder, desk: FlaskClient) -> None:
    request = build.request(protection="protected", policy="manual", setting="crisis_talk")
    build.mediator()

    page = desk.get(f"/requests/{request.id}/candidates").text

    assert [
        word for word in ("Meißen</bdi>", "Grundschule", "Crisis talk", "Ask the chosen people") if word in page
    ] == []


@pytest.mark.parametrize(
    ("role", "values", "status"),
    [("requester", {}, 403), ("mediator", {}, 403), ("observer", {}, 403), ("administrator", {}, 403)],
)
def test_only_the_coordination_sees_candidates(
    build: Builder, client_for: ClientFor, role: str, values: dict[str, str], status: int
) -> None:
    request = build.request()

    assert client_for(build.user(role, **values)).get(f"/requests/{request.id}/candidates").status_code == status


def test_a_region_sees_the_candidates_of_its_own_requests(build: Builder, client_for: ClientFor) -> None:
    user = build.user("regional_coordinator")
    build.area(user, "Riesa", NOW.date())
    inside, outside = build.request(**RIESA), build.request()
    browser = client_for(user)

    statuses = [browser.get(f"/requests/{request.id}/candidates").status_code for request in (inside, outside)]

    assert statuses == [200, 404]


@pytest.mark.parametrize("number", [10, 50])
def test_the_page_takes_six_statements_whatever_the_number(
    app: Flask, build: Builder, desk: FlaskClient, number: int
) -> None:
    request = build.request()
    for place in range(number):
        mediator = build.mediator()
        booked(build, mediator, START + timedelta(days=1 + place % 3))
    desk.get("/board")  # the options are read once by each process
    db.session.remove()

    with counted(db.engine) as statements:
        page = desk.get(f"/requests/{request.id}/candidates").text

    assert (len(names(page)), len(statements)) == (number, 6)
