"""Appointments by programs: told as on the pages, acted upon by whose act it is, refused with a code."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from dispatch.database import db
from dispatch.models import Appointment, AuditEntry, Request
from dispatch.services.transactions import reading
from tests.api.conftest import Program, ProgramFor
from tests.builders import MEISSEN, START, Builder
from tests.statements import counted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PHONE = {"on_behalf": True, "channel": "phone"}
LATER = {"starts_at": "2026-12-02T09:00:00+01:00", "ends_at": "2026-12-02T10:00:00+01:00"}


class World:
    """An appointment with programs of its office, its mediator and the coordination."""

    def __init__(self, build: Builder, program_for: ProgramFor, **values: Any) -> None:
        office = build.user()
        self.mediator = build.mediator(phone="+4915112345678")
        self.organisation_id = office.organisation_id
        more = {name: values.pop(name) for name in ("protection", "setting") if name in values}
        self.request = build.request(organisation_id=office.organisation_id, state="assigned", **more)
        self.appointment = build.appointment(self.request, self.mediator, **values)
        self.path = f"/appointments/{self.appointment.id}"
        self.by: dict[str, Program] = {
            "office": program_for(office),
            "mediator": program_for(build.user("mediator", mediator_id=self.mediator.id)),
            "coordinator": program_for(build.user("coordinator")),
        }

    def state(self) -> str | None:
        return reading().scalar(select(Appointment.state).where(Appointment.id == self.appointment.id))


def proposed(awaits: str) -> dict[str, Any]:
    return {"state": "proposed", "awaits": awaits, "confirmed_at": None, "deadline_at": START - DAY}


def test_an_appointment_is_told_whole_to_who_keeps_it(build: Builder, program_for: ProgramFor) -> None:
    world = World(build, program_for)
    told = {name: program.get(world.path).get_json() for name, program in world.by.items()}

    place = {
        "municipality": MEISSEN["municipality"], "postal_code": None, "town": "Meißen", "area": None,
        "address": "Schulstraße 4", "note": None, "meeting_point": None,
    }  # fmt: skip
    badge, phone = world.mediator.badge_number, "+4915112345678"
    who = {"id": world.mediator.id, "name": world.mediator.name, "badge_number": badge, "phone": phone}
    whole = {
        "id": world.appointment.id, "number": world.appointment.number, "request": world.request.id, "mediator": who,
        "state": "confirmed", "awaits": None, "answer_by": None, "mode": "on_site",
        "starts_at": "2026-12-01T08:00:00Z", "ends_at": "2026-12-01T09:00:00Z", "place": place,
        "contact": {"name": "Sekretariat", "phone": "+493521000210"}, "access": None,
        "late": False, "late_minutes": None, "version": 1,
    }  # fmt: skip
    assert told["coordinator"] == told["mediator"] == whole
    assert told["office"] == {**whole, "mediator": {**who, "name": "Shirin", "phone": None}}


def test_before_her_yes_a_mediator_reads_no_address_and_of_sensitive_cases_an_area(
    build: Builder, program_for: ProgramFor
) -> None:
    world = World(build, program_for, **proposed("mediator"))
    sensitive = World(build, program_for, protection="sensitive", **proposed("mediator"))

    ordinary, careful = (one.by["mediator"].get(one.path).get_json() for one in (world, sensitive))

    assert (ordinary["place"]["town"], ordinary["place"]["address"], ordinary["contact"]) == ("Meißen", None, None)
    assert (careful["place"]["town"], careful["place"]["area"], careful["contact"]) == (None, "Meißen", None)
    assert ordinary["answer_by"] == "2026-11-30T08:00:00Z"


def test_lists_tell_less_and_protected_cases_do_not_exist_for_others(build: Builder, program_for: ProgramFor) -> None:
    world = World(build, program_for, protection="protected")

    listed = world.by["office"].get("/appointments").get_json()["items"][0]

    assert (listed["mediator"], listed["mode"], listed["place"]) == (None, None, None)
    assert world.by["coordinator"].get("/appointments").get_json()["items"] == []
    assert world.by["coordinator"].get(world.path).status_code == 404


def test_reading_a_sensitive_case_is_noted_but_not_by_its_own_office(build: Builder, program_for: ProgramFor) -> None:
    world = World(build, program_for, protection="sensitive")

    for program in world.by.values():
        program.get(world.path)

    wanted = select(AuditEntry.actor_kind).where(AuditEntry.act == "read").order_by(AuditEntry.id)
    assert reading().scalars(wanted).all() == ["mediator", "coordinator"]


def test_the_list_is_narrowed_by_time_person_and_state(build: Builder, program_for: ProgramFor) -> None:
    world = World(build, program_for)
    other = build.mediator()
    later = build.appointment(
        build.request(organisation_id=world.organisation_id, state="assigned", starts_at=START + DAY),
        other, **proposed("mediator"),
    )  # fmt: skip

    def ids(query: str) -> list[int]:
        found = world.by["coordinator"].get(f"/appointments?{query}").get_json()
        return [one["id"] for one in found["items"]]

    first = world.appointment.id
    assert (ids(""), ids("limit=1")) == ([first, later.id], [first])
    assert (ids(f"mediator={other.id}"), ids("state=confirmed")) == ([later.id], [first])
    assert (ids("from=2026-12-02T08:00:00Z"), ids("to=2026-12-02T09:00:00%2B01:00")) == ([later.id], [first])
    assert [one["id"] for one in world.by["mediator"].get("/appointments").get_json()["items"]] == [first]


Case = tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]
DONE: dict[str, Case] = {
    "the mediator says yes": ("mediator", "confirm", {}, proposed("mediator"), {"state": "confirmed"}),
    "the office agrees": ("office", "confirm", {}, proposed("office"), {"state": "confirmed"}),
    "a yes by telephone": ("coordinator", "confirm", PHONE, proposed("mediator"), {"state": "confirmed"}),
    "the mediator says no": ("mediator", "decline", {}, proposed("mediator"), {"state": "released"}),
    "the office wants another": (
        "office", "decline", {"other_person": True}, proposed("office"), {"state": "released"},
    ),
    "she hands back": ("mediator", "hand-back", {}, {}, {"state": "handed_back", "late": False}),
    "she knows the person": ("mediator", "step-back", {}, {}, {"state": "stepped_back"}),
    "she is late": ("mediator", "late", {"minutes": 15}, {}, {"state": "confirmed", "late_minutes": 15}),
    "the office cancels": ("office", "cancel", {"reason": "own"}, {}, {"state": "cancelled", "late": False}),
    "the office moves": ("office", "move", LATER, {}, {"state": "proposed", "starts_at": "2026-12-02T08:00:00Z"}),
    "somebody else at another time": (
        "coordinator", "move", LATER | {"search_again": True}, {}, {"state": "released"},
    ),
    "to another place": (
        "coordinator", "move",
        LATER | {"place": {"municipality": MEISSEN["municipality"], "address": "Markt 1"}}, {}, {"state": "proposed"},
    ),
}  # fmt: skip
"""Who does what with which body to an appointment with these values, and what the answer says then."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", DONE.values(), ids=DONE)
def test_an_act_answers_the_appointment_as_it_is_then(build: Builder, program_for: ProgramFor, case: Case) -> None:
    who, act, body, values, told = case
    world = World(build, program_for, **values)

    answer = world.by[who].post(f"{world.path}/{act}", body)

    assert answer.status_code == 200
    assert {name: answer.get_json()[name] for name in told} == told
    assert world.state() == told["state"]


Refused = tuple[str, str, dict[str, Any], dict[str, Any], tuple[int, str]]
REFUSED: dict[str, Refused] = {
    "not hers to say": ("office", "confirm", {}, proposed("mediator"), (403, "forbidden")),
    "an office hands nothing back": ("office", "hand-back", {}, {}, (403, "forbidden")),
    "on behalf is the coordination's": ("mediator", "hand-back", PHONE, {}, (403, "forbidden")),
    "without a channel": ("coordinator", "hand-back", {}, {}, (422, "invalid")),
    "a yes too late": ("mediator", "confirm", {}, {"state": "handed_back"}, (409, "move_refused")),
    "a no to what stands": ("mediator", "decline", {}, {}, (409, "move_refused")),
    "handed back when over": ("mediator", "hand-back", {}, {"state": "completed"}, (409, "move_refused")),
    "stepped back when over": ("mediator", "step-back", {}, {"state": "completed"}, (409, "move_refused")),
    "late without a yes": ("mediator", "late", {"minutes": 5}, proposed("mediator"), (409, "move_refused")),
    "late for ever": ("mediator", "late", {"minutes": 241}, {}, (422, "invalid")),
    "cancelled when over": ("office", "cancel", {"reason": "own"}, {"state": "completed"}, (409, "move_refused")),
    "a reason that is not theirs": ("office", "cancel", {"reason": "refused"}, {}, (422, "invalid")),
    "absent before the end": ("office", "absent", {"side": "client"}, {}, (409, "move_refused")),
    "moved with an old version": ("office", "move", LATER | {"version": 9}, {}, (409, "stale")),
    "moved into the past": ("office", "move", LATER | {"starts_at": "2026-11-01T09:00:00Z"}, {}, (422, "invalid")),
    "moved when over": ("office", "move", LATER, {"state": "handed_back"}, (409, "move_refused")),
}  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_changes_nothing_and_says_why(build: Builder, program_for: ProgramFor, case: Refused) -> None:
    who, act, body, values, expected = case
    world = World(build, program_for, **values)
    before = world.state()

    answer = world.by[who].post(f"{world.path}/{act}", body)

    assert (answer.status_code, answer.get_json()["code"]) == expected
    assert world.state() == before


def test_a_move_to_where_she_is_booked_tells_the_reason_and_changes_nothing(
    build: Builder, program_for: ProgramFor
) -> None:
    world = World(build, program_for)
    build.appointment(build.request(state="assigned", starts_at=START + DAY), world.mediator)

    answer = world.by["office"].post(f"{world.path}/move", LATER)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "does_not_fit")
    assert "conflict" in answer.get_json()["codes"]
    assert world.by["office"].get(world.path).get_json()["starts_at"] == "2026-12-01T08:00:00Z"


@pytest.mark.parametrize(
    ("side", "state"), [("client", "client_absent"), ("mediator", "mediator_absent"), ("none", "completed")]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_its_end_is_recorded_who_was_not_there(
    build: Builder, program_for: ProgramFor, the_time: Traveller, side: str, state: str
) -> None:
    world = World(build, program_for)
    the_time.move_to(START + 2 * HOUR)

    answer = world.by["office"].post(f"{world.path}/absent", {"side": side})

    assert (answer.status_code, answer.get_json()["state"]) == (200, state)


def test_cancelling_what_fell_away_never_takes_what_came_after(build: Builder, program_for: ProgramFor) -> None:
    world = World(build, program_for, state="handed_back")
    after = build.appointment(world.request, build.mediator())

    answer = world.by["office"].post(f"{world.path}/cancel", {"reason": "own"})
    done = [world.by["office"].post(f"/appointments/{after.id}/cancel", {"reason": "own"}) for _twice in range(2)]

    assert (answer.status_code, answer.get_json()["code"]) == (409, "move_refused")
    assert [(one.status_code, one.get_json()["state"]) for one in done] == [(200, "cancelled")] * 2
    assert reading().scalar(select(Request.state).where(Request.id == world.request.id)) == "cancelled"


@pytest.mark.parametrize(
    "act", ["", "/move", "/cancel", "/confirm", "/decline", "/hand-back", "/late", "/step-back", "/absent"]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_foreign_appointment_does_not_exist_whatever_the_body_says(
    build: Builder, program_for: ProgramFor, act: str
) -> None:
    world = World(build, program_for)
    stranger = program_for(build.user("requester" if act in {"/move", "/cancel"} else "mediator"))

    answer = stranger.call("POST" if act else "GET", world.path + act, {"nonsense": 1} if act else None)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "missing")


def test_a_page_costs_the_same_however_many_appointments_it_has(
    app: Flask, build: Builder, program_for: ProgramFor
) -> None:
    world = World(build, program_for)
    counts = []
    for more in (0, 2):
        for days in range(more):
            build.appointment(build.request(state="assigned", starts_at=START + (days + 1) * DAY), build.mediator())
        world.by["coordinator"].get("/appointments")
        with counted(db.engine) as statements:
            world.by["coordinator"].get("/appointments")
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 7
