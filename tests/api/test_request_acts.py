"""Programs see who fits, ask, cancel, reopen and review: with the answers of the services, as codes."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from dispatch import jobs
from dispatch.database import db
from dispatch.models import Mediator, User
from tests.api.conftest import Program, ProgramFor
from tests.builders import NOW, Builder
from tests.services.booking import stored
from tests.statements import counted


@pytest.fixture
def office(build: Builder) -> User:
    return build.user()


@pytest.fixture
def coordinator(program_for: ProgramFor, build: Builder) -> Program:
    return program_for(build.user("coordinator"))


def ids_of(offers: list[dict[str, Any]]) -> list[int]:
    return [offer["mediator"]["id"] for offer in offers]


def test_candidates_are_ranked_and_the_others_told_with_what_may_be_set_aside(
    coordinator: Program, build: Builder
) -> None:
    row = build.request()
    near, far = build.mediator(), build.mediator(lat=51.3, lon=13.3, max_distance_km=5)
    build.mediator(undertaking=False, active=False)

    found = coordinator.get(f"/requests/{row.id}/candidates?limit=1").get_json()

    (best,), (unfit,) = found["eligible"], found["ineligible"]
    assert best["mediator"] == {"id": near.id, "name": near.name}
    assert best["availability"] == "yes"
    assert sum(best["breakdown"].values()) == pytest.approx(best["score"])
    assert (unfit["mediator"]["id"], unfit["reasons"], unfit["overridable"]) == (far.id, ["distance"], ["distance"])
    assert (found["eligible_total"], found["ineligible_total"]) == (1, 2)


def test_candidates_cost_the_same_for_three_as_for_one(coordinator: Program, build: Builder) -> None:
    row = build.request()
    build.mediator()
    coordinator.get("/languages")
    with counted(db.engine) as for_one:
        coordinator.get(f"/requests/{row.id}/candidates")
    build.mediator(), build.mediator()
    with counted(db.engine) as for_three:
        coordinator.get(f"/requests/{row.id}/candidates")

    assert (len(for_three), len(for_one)) == (6, 6)


def test_the_next_wave_asks_whom_it_said_after_the_next_tick(app: Flask, coordinator: Program, build: Builder) -> None:
    row = build.request(wave_due_at=NOW + timedelta(hours=1), state="searching")
    for _ in range(4):
        build.mediator()

    planned = coordinator.post(f"/requests/{row.id}/offers")
    before = coordinator.get(f"/requests/{row.id}/offers").get_json()["items"]
    jobs.tick(app, NOW)
    offers = coordinator.get(f"/requests/{row.id}/offers").get_json()["items"]
    again = coordinator.post(f"/requests/{row.id}/offers", {}).get_json()

    assert (planned.status_code, planned.get_json()["due_at"]) == (202, "2026-11-24T09:00:00Z")
    assert before == []
    assert ids_of(offers) == planned.get_json()["mediator_ids"]
    assert {offer["state"] for offer in offers} == {"open"}
    assert again["due_at"] == max(offer["deadline_at"] for offer in offers)
    assert (len(offers), len(again["mediator_ids"])) == (3, 1)
    assert set(again["mediator_ids"]).isdisjoint(ids_of(offers))


def test_people_named_are_asked_at_once_or_nobody_with_the_codes_of_each(coordinator: Program, build: Builder) -> None:
    row = build.request(policy="manual")
    fits, unfit = build.mediator(), build.mediator(undertaking=False)
    path = f"/requests/{row.id}/offers"

    refused = coordinator.post(path, {"mediator_ids": [fits.id, unfit.id]})
    nobody = coordinator.post(path, {"mediator_ids": [fits.id, 99_999]})
    asked = coordinator.post(path, {"mediator_ids": [fits.id]})
    again = coordinator.post(path, {"mediator_ids": [fits.id]})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "does_not_fit")
    assert refused.get_json()["mediators"] == [{"mediator_id": unfit.id, "codes": ["undertaking"]}]
    assert (asked.status_code, asked.get_json()["mediator_ids"]) == (202, [fits.id])
    assert ids_of(coordinator.get(path).get_json()["items"]) == [fits.id]
    assert nobody.get_json()["errors"] == {"mediator_ids": ["unknown"]}
    assert again.get_json()["errors"] == {"mediator_ids": ["already_asked"]}


def test_where_a_person_asks_the_best_are_asked_unless_the_case_is_protected(
    coordinator: Program, program_for: ProgramFor, build: Builder
) -> None:
    for _ in range(4):
        build.mediator()
    by_hand, closed = build.request(policy="manual"), build.request(state="cancelled")
    hidden = build.request(policy="manual", protection="protected")
    named = program_for(build.user("coordinator", handles_protected=True))

    answers = [
        who.post(f"/requests/{row.id}/offers") for who, row in ((named, by_hand), (named, hidden), (named, closed))
    ]

    assert len(answers[0].get_json()["mediator_ids"]) == 3
    assert answers[1].get_json()["errors"] == {"mediator_ids": ["required"]}
    assert (answers[2].status_code, answers[2].get_json()["code"]) == (409, "move_refused")
    assert coordinator.post(f"/requests/{hidden.id}/offers").status_code == 404


def test_an_office_cancels_and_the_coordination_reopens(
    program_for: ProgramFor, coordinator: Program, office: User, build: Builder
) -> None:
    row = build.request(organisation_id=office.organisation_id)
    path = f"/requests/{row.id}"

    cancelled = program_for(office).post(f"{path}/cancel", {"reason": "own"})
    refused = program_for(office).post(f"{path}/reopen")
    reopened = coordinator.post(f"{path}/reopen")
    again = coordinator.post(f"{path}/reopen")

    assert (cancelled.status_code, cancelled.get_json()) == (200, {"state": "cancelled", "late": False})
    assert refused.status_code == 403
    assert (reopened.status_code, reopened.get_json()["state"]) == (200, "searching")
    assert (again.status_code, again.get_json()["code"]) == (409, "move_refused")


def cancelled_appointment(build: Builder, mediator: Mediator, **values: Any) -> int:
    row = build.request(state="cancelled", cancel_reason="own", closed_at=NOW, **values)
    build.appointment(row, mediator, state="cancelled", ended_at=NOW, cancel_reason="own")
    return row.id


def test_who_was_to_come_is_told_apart_when_she_cannot_any_more(coordinator: Program, build: Builder) -> None:
    mediator = build.mediator()
    build.appointment(build.request(state="assigned"), mediator)
    row_id = cancelled_appointment(build, mediator)
    past = cancelled_appointment(build, mediator, starts_at=NOW - timedelta(hours=1))

    answers = [
        coordinator.post(f"/requests/{row_id}/reopen"),
        coordinator.post(f"/requests/{past}/reopen"),
        coordinator.post(f"/requests/{row_id}/reopen", {"search_again": True}),
    ]

    assert [(one.status_code, one.get_json().get("code")) for one in answers] == [
        (409, "conflict"), (409, "already_started"), (200, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"accept": True}, (200, "submitted")),
        ({"accept": False, "reason": "Nicht unser Auftrag"}, (200, "cancelled")),
        ({"accept": False}, (422, ["required"])),
    ],
    ids=["accepted", "refused", "refused without a word"],
)
def test_what_waits_for_a_look_is_decided(
    coordinator: Program, build: Builder, body: dict[str, Any], expected: tuple[int, object]
) -> None:
    row = build.request(state="in_review", review_reasons="setting", wave_due_at=None)

    answer = coordinator.post(f"/requests/{row.id}/review", body)

    told = answer.get_json()
    assert (answer.status_code, told.get("state") or told["errors"]["reason"]) == expected
    assert stored(row.id).state == (expected[1] if expected[0] == 200 else "in_review")


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        ({}, 409, ["distance"]),
        ({"override": ["distance"]}, 422, {"reason": ["required"]}),
        ({"override": ["distance"], "reason": "Sie fährt"}, 200, "proposed"),
        ({"override": ["distance"], "reason": "Sie fährt", "on_behalf": True, "channel": "phone"}, 200, "confirmed"),
    ],
    ids=["does not fit", "without a reason", "proposed", "on behalf"],
)
def test_a_coordinator_assigns_and_sets_aside_with_a_reason(
    coordinator: Program, build: Builder, body: dict[str, Any], status: int, outcome: object
) -> None:
    row, far = build.request(), build.mediator(lat=51.3, lon=13.3, max_distance_km=5)

    answer = coordinator.post(f"/requests/{row.id}/assign", body | {"mediator_id": far.id})

    told = answer.get_json()
    assert answer.status_code == status
    assert (told.get("state") or told.get("errors") or told["codes"]) == outcome
