"""The page of the calls: what it says, what its buttons record, what it refuses and keeps; and the week on paper."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.database import run
from dispatch.models import CallTask, Mediator, Offer, Request, User
from dispatch.services import answers, calls
from dispatch.services.audit import OnBehalf
from tests.browsing import post
from tests.builders import NOW, START, Builder
from tests.services.offering import coordinator, holder, offers_of

ClientFor = Callable[[User], FlaskClient]
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(build: Builder, client_for: ClientFor) -> FlaskClient:
    """A browser in which a coordinator is signed in."""
    return client_for(build.user("coordinator", ui_language="en"))


def to_call(build: Builder, **values: Any) -> tuple[Request, Offer]:
    request = build.request(state="searching", wave=1, town="Meißen", wave_due_at=NOW + HOUR, **values)
    person = build.mediator(name="Selam Tesfay", email=None, phone="+491713920014")
    offer = build.offer(request, person, channel="phone", deadline_at=NOW + HOUR)
    run(lambda session: calls.ask_for_offer(session, offer, NOW))
    return request, offer


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_call_says_whom_what_and_by_when(build: Builder, desk: FlaskClient) -> None:
    to_call(build)

    page = desk.get("/calls").text

    assert 'href="tel:+491713920014"' in page
    assert (
        "Please ask: can you interpret? Dari · Tue, 1 December 2026, 9:00–10:00 · 60 minutes · Meißen · on site "
        "By 11:00, 1 hour left. not called yet"
    ) in text_of(page)


def test_of_a_sensitive_talk_only_the_social_area_is_said(build: Builder, desk: FlaskClient) -> None:
    to_call(build, protection="sensitive")

    assert "60 minutes · Meißen · on site" in text_of(desk.get("/calls").text)
    assert "Schulstraße" not in desk.get("/calls").text


def test_a_protected_call_exists_for_the_people_named_only(build: Builder, client_for: ClientFor) -> None:
    to_call(build, protection="protected", policy="manual")
    named, other = (build.user("coordinator", ui_language="en", handles_protected=it) for it in (True, False))

    assert "Selam Tesfay" not in client_for(other).get("/calls").text
    words = text_of(client_for(named).get("/calls").text)
    assert "Dari · Tue, 1 December 2026, 9:00–10:00 · 60 minutes By 11:00" in words


@pytest.mark.parametrize(
    ("outcome", "state", "sentence"),
    [
        ("yes", "accepted", "The yes is recorded."),
        ("no", "declined", "The no is recorded."),
        ("not_reached", "open", "The call stays in the list."),
    ],
)
def test_a_button_records_what_came_of_it(
    build: Builder, desk: FlaskClient, outcome: str, state: str, sentence: str
) -> None:
    request, _offer = to_call(build)

    answer = post(desk, "/calls/1?side=mediator", {"outcome": outcome, "version": "1"})

    assert (answer.status_code, answer.location, offers_of(request)[0].state) == (302, "/calls?side=mediator", state)
    assert sentence in desk.get(answer.location).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"outcome": "call_back", "call_back": "soon"}, "Please type a time such as 9:00."),
        ({"outcome": "call_back"}, "Please type when to call again, such as 14:00."),
        ({"outcome": "call_back", "call_back": "9:00"}, "Please choose a time ahead"),
        ({"outcome": "dance", "note": "kept"}, "Please say what came of the call."),
    ],
    ids=["no time", "nothing", "past", "no such outcome"],
)
def test_what_cannot_be_recorded_is_shown_at_its_field_and_kept(
    build: Builder, desk: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    to_call(build)

    answer = post(desk, "/calls/1", {"version": "1", "note": "ruft zurück", **typed})

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert f'value="{typed.get("note", "ruft zurück")}"' in answer.text
    assert run(lambda session: session.get_one(CallTask, 1).attempts) == 0


def test_who_says_yes_too_late_is_to_be_told_that_it_is_taken(build: Builder, desk: FlaskClient) -> None:
    request, _offer = to_call(build)
    other = build.offer(request, build.mediator())
    answers.accept(holder(other), other.id, NOW)

    answer = post(desk, "/calls/1", {"outcome": "yes", "version": "1"})

    assert (answer.status_code, "This call is settled" in answer.text) == (409, True)


def test_when_best_to_call_is_kept_with_the_record_and_stands_in_the_list(build: Builder, desk: FlaskClient) -> None:
    _request, offer = to_call(build)
    page = desk.get(f"/mediators/{offer.mediator_id}/edit").text
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)" type="\w+" value="([^"]*)"', page))

    assert "call_times" in fields
    run(lambda session: setattr(session.get_one(Mediator, offer.mediator_id), "call_times", "nach 14 Uhr"))
    assert "nach 14 Uhr" in text_of(desk.get("/calls").text)


def test_the_week_on_paper_is_written_in_her_language_with_address_and_contact(
    build: Builder, desk: FlaskClient
) -> None:
    person = build.mediator(name="Selam Tesfay", ui_language="de")
    build.appointment(build.request(state="assigned", town="Meißen", postal_code="01662"), person)
    build.appointment(
        build.request(state="assigned", starts_at=START + 24 * HOUR, protection="protected"),
        person,
        address="Geheimweg 7",
    )

    page = desk.get(f"/mediators/{person.id}/week?day=2026-12-01").text
    other = desk.get(f"/mediators/{person.id}/week?day=2026-12-01&in=ar").text

    assert ('<html lang="de"' in page, '<html lang="ar" dir="rtl"' in other) == (True, True)
    assert ("Schulstraße 4" in page, "Sekretariat" in page, "9:00–10:00" in page) == (True, True, True)
    assert "Geheimweg" not in page
    assert '<html lang="en"' in desk.get("/calls").text
    assert "9:00–10:00" not in desk.get(f"/mediators/{person.id}/week?day=2026-12-08&in=de").text


def test_what_was_recorded_for_somebody_says_by_whom_and_how(
    build: Builder, desk: FlaskClient, client_for: ClientFor
) -> None:
    user = build.user("coordinator", name="Jana Krause")
    request, offer = to_call(build)
    office = build.user("requester", organisation_id=request.organisation_id, ui_language="en")
    answers.accept(coordinator(user.id), offer.id, NOW, on_behalf=OnBehalf("phone"))

    assert "Recorded by Jana Krause, by phone." in desk.get(f"/requests/{request.id}").text
    page = client_for(office).get(f"/requests/{request.id}").text
    assert ("Recorded by the coordination, by phone." in page, "Jana" in page) == (True, False)
