"""Offers by program: listed and read as on their pages, answered once and for all, up to the appointment."""

from typing import Any

import pytest
from flask import Flask

from dispatch import jobs
from dispatch.database import db
from tests.api.conftest import Program, ProgramFor
from tests.api.test_requests import BODY
from tests.builders import NOW, Builder
from tests.statements import counted


@pytest.fixture
def coordinator(program_for: ProgramFor, build: Builder) -> Program:
    return program_for(build.user("coordinator"))


def test_what_a_mediator_is_told_of_an_offer_is_no_more_than_its_page_tells(
    program_for: ProgramFor, build: Builder
) -> None:
    mediator = build.mediator()
    program = program_for(build.user("mediator", mediator_id=mediator.id))
    offers = [
        build.offer(build.request(protection=protection, address="Geheim 1"), mediator, distance_km=12.3)
        for protection in ("normal", "sensitive", "protected")
    ]
    build.offer(build.request(), build.mediator())

    normal, sensitive = program.get("/offers").get_json()["items"]
    read = [program.get(f"/offers/{offer.id}").status_code for offer in offers]

    assert (normal["talk"]["place"], normal["talk"]["group"], normal["distance_km"]) == ("Meißen", "education", 12)
    assert (sensitive["talk"]["group"], sensitive["distance_km"], sensitive["travel_minutes"]) == (None, 20, None)
    assert "Geheim" not in program.get(f"/offers/{offers[0].id}").text
    assert read == [200, 200, 404]


def test_offers_come_in_pages_with_as_many_statements_for_three_as_for_one(
    coordinator: Program, build: Builder
) -> None:
    row = build.request()
    ids = [build.offer(row, build.mediator()).id]
    coordinator.get("/languages")
    with counted(db.engine) as for_one:
        coordinator.get("/offers")
    ids += [build.offer(row, build.mediator()).id for _ in range(2)]
    with counted(db.engine) as for_three:
        page = coordinator.get("/offers?limit=2&state=open").get_json()
    rest = coordinator.get(f"/offers?limit=2&cursor={page['next']}").get_json()

    assert [[one["id"] for one in found["items"]] for found in (page, rest)] == [ids[:2], ids[2:]]
    assert len(for_three) == len(for_one)


def test_a_no_is_taken_from_her_or_from_a_coordinator_who_says_how_it_came(
    program_for: ProgramFor, coordinator: Program, build: Builder
) -> None:
    mediator = build.mediator()
    offer = build.offer(build.request(state="searching"), mediator)
    path = f"/offers/{offer.id}/decline"

    without = coordinator.post(path, {"reason": "no_time"})
    noted = coordinator.post(path, {"reason": "no_time", "on_behalf": True, "channel": "phone"})
    hers = program_for(build.user("mediator", mediator_id=mediator.id)).post(path, {"reason": "too_far"})
    foreign = program_for(build.user("mediator")).post(path)

    assert (without.status_code, without.get_json()["errors"]) == (422, {"channel": ["required"]})
    assert (noted.status_code, noted.get_json()["state"]) == (200, "declined")
    assert (hers.status_code, hers.get_json()["reason"]) == (200, "too_far")
    assert foreign.status_code == 404


def test_a_booking_becomes_an_appointment_by_programs_alone(
    app: Flask, program_for: ProgramFor, build: Builder
) -> None:
    mediator = build.mediator()
    hers, theirs = program_for(build.user("mediator", mediator_id=mediator.id)), program_for(build.user())
    booked = theirs.post("/requests", BODY).get_json()
    jobs.tick(app, NOW)

    (offer,) = hers.get("/offers?state=open").get_json()["items"]
    accepted = hers.post(f"/offers/{offer['id']}/accept")
    again = hers.post(f"/offers/{offer['id']}/accept")

    taken = accepted.get_json()
    assert (accepted.status_code, taken["state"], taken["request"]) == (200, "confirmed", booked["id"])
    assert taken["mediator"]["id"] == mediator.id
    assert taken["place"]["address"] == "Schulstraße 4"
    assert again.get_json() == taken
    read = theirs.get(f"/requests/{booked['id']}").get_json()
    assert (read["state"], read["appointment"]) == ("assigned", {"id": taken["id"], "state": "confirmed"})
    assert theirs.get(f"/appointments/{taken['id']}").status_code == 200


@pytest.mark.parametrize(
    ("request_state", "offer", "expected"),
    [
        ("assigned", {"state": "expired"}, (409, "already_taken")),
        ("searching", {"state": "withdrawn", "cause": "changed"}, (410, "offer_closed")),
        ("cancelled", {"state": "expired"}, (410, "offer_closed")),
    ],
)
def test_a_yes_that_comes_too_late_is_told_why(
    program_for: ProgramFor, build: Builder, request_state: str, offer: dict[str, Any], expected: tuple[int, str]
) -> None:
    mediator = build.mediator()
    made = build.offer(build.request(state=request_state), mediator, **offer)

    answer = program_for(build.user("mediator", mediator_id=mediator.id)).post(f"/offers/{made.id}/accept")

    assert (answer.status_code, answer.get_json()["code"]) == expected


def test_a_yes_that_does_not_fit_any_more_is_told_its_codes(coordinator: Program, build: Builder) -> None:
    offer = build.offer(build.request(state="searching"), build.mediator(undertaking=False))
    path, told = f"/offers/{offer.id}/accept", {"on_behalf": True, "channel": "phone"}

    without, answer = coordinator.post(path), coordinator.post(path, told)

    assert without.get_json()["errors"] == {"channel": ["required"]}
    assert (answer.status_code, answer.get_json()["code"]) == (409, "no_longer_fits")
    assert answer.get_json()["codes"] == ["undertaking"]
