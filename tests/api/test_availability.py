"""The times of mediators by programs: replaced as a whole, appointments under an absence told and left alone."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import Program, ProgramFor
from tests.builders import NOW, START, Builder

WEEK = [{"weekday": 0, "start": "09:00", "end": "17:00", "valid_from": None, "valid_until": "2026-12-31"}]
DAY = {"starts_at": "2026-12-01T07:00:00+01:00", "ends_at": "2026-12-02T07:00:00+01:00"}
TOLD = {"starts_at": "2026-12-01T06:00:00Z", "ends_at": "2026-12-02T06:00:00Z"}


@pytest.fixture
def program(build: Builder, program_for: ProgramFor) -> Program:
    """A program of the coordination."""
    return program_for(build.user("coordinator"))


def test_times_are_replaced_and_read_again_and_her_version_stays(build: Builder, program: Program) -> None:
    mediator = build.mediator()
    build.span(mediator, "extra", START, START + timedelta(hours=1))
    path = f"/mediators/{mediator.id}/availability"

    saved = program.put(path, {"weekly": WEEK, "absences": [DAY]})

    times = {"weekly": WEEK, "extras": [], "absences": [TOLD]}
    assert (saved.status_code, saved.get_json()) == (200, {**times, "clashes": []})
    assert program.get(path).get_json() == times
    assert program.get(f"/mediators/{mediator.id}").get_json()["version"] == 1


def test_an_absence_tells_which_appointments_lie_under_it(build: Builder, program_for: ProgramFor) -> None:
    mediator = build.mediator()
    appointment = build.appointment(build.request(state="assigned"), mediator)
    build.appointment(build.request(state="assigned", starts_at=START + timedelta(days=3)), mediator)
    program = program_for(build.user("mediator", mediator_id=mediator.id))

    saved = program.put(f"/mediators/{mediator.id}/availability", {"absences": [DAY]}).get_json()

    assert [(one["id"], one["state"]) for one in saved["clashes"]] == [(appointment.id, "confirmed")]
    assert saved["absences"] == [TOLD]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"weekly": [WEEK[0] | {"end": "08:00"}]}, {"weekly.0.end": ["end_before_start"]}),
        ({"weekly": [WEEK[0] | {"end": "24:30"}]}, {"weekly.0.end": ["not_a_time"]}),
        ({"weekly": [WEEK[0] | {"weekday": 7}]}, {"weekly.0.weekday": ["out_of_range"]}),
        ({"weekly": [WEEK[0] | {"valid_from": "2027-01-01"}]}, {"weekly.0.valid_until": ["before_valid_from"]}),
        ({"absences": [DAY, DAY | {"ends_at": DAY["starts_at"]}]}, {"absences.1.ends_at": ["end_before_start"]}),
        ({"extras": [DAY | {"starts_at": "2026-12-01T07:00:00"}]}, {"extras.0.starts_at": ["not_an_instant"]}),
        (
            {"extras": [{"starts_at": "2026-11-01T07:00:00Z", "ends_at": "2026-11-01T08:00:00Z"}]},
            {"extras.0": ["in_the_past"]},
        ),
        ({"on_behalf": True}, {"channel": ["required"]}),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_times_that_do_not_hold_are_named_at_their_place(
    build: Builder, program: Program, body: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    answer = program.put(f"/mediators/{build.mediator().id}/availability", body)

    assert (answer.status_code, answer.get_json()["errors"]) == (422, errors)


def test_times_are_read_by_who_plans_and_changed_by_herself_and_the_coordination(
    build: Builder, program_for: ProgramFor
) -> None:
    mediator = build.mediator()
    regional = build.user("regional_coordinator")
    build.area(regional, "Meißen", NOW.date() - timedelta(days=1))
    path = f"/mediators/{mediator.id}/availability"

    other = program_for(build.user("mediator"))

    assert program_for(regional).get(path).status_code == 200
    assert program_for(regional).put(path, {}).status_code == 403
    assert (other.get(path).status_code, other.put(path, {}).status_code) == (404, 404)
