"""Mediators by programs: entered, read part by part, changed with the version that was read."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from dispatch.database import db
from tests.api.conftest import Program, ProgramFor
from tests.builders import NOW, Builder
from tests.statements import counted

WHOLE: dict[str, Any] = {
    "name": "Shirin Rahmani", "call_name": "Shirin", "email": "shirin@example.org", "phone": "03521 4711",
    "contact_channel": "both", "call_times": None, "gender": "female", "home": {"municipality": "14627140"},
    "languages": [{"code": "prs", "level": "native", "dialects": ["Hazaragi"]}, {"code": "fa", "level": "C1"}],
    "german_level": "C1", "qualification": "certified", "experience": ["parent_talk"], "refused_settings": ["police"],
    "refused_organisations": [], "modes": ["on_site", "video"], "transport": "car", "max_distance_km": 30,
    "weekly_hours_limit": 7.5, "night": True, "short_notice": True, "avoid_own_municipality": True,
    "share_phone": True, "share_surname": False, "active": True, "ui_language": "prs", "external_id": "LK-7",
    "documents": [{"type": "undertaking", "issued_on": None, "seen_on": "2026-11-01", "valid_until": "2028-11-01"}],
    "remarks": "Ab 14 Uhr.",
}  # fmt: skip
LEAST = {
    "name": "Amir Wali", "email": "amir@example.org", "home": {"postal_code": "01662", "town": "Meißen"},
    "languages": [{"code": "ti", "level": "B2"}], "german_level": "B2", "modes": ["phone"],
}  # fmt: skip


@pytest.fixture
def program(build: Builder, program_for: ProgramFor) -> Program:
    """A program of the coordination."""
    return program_for(build.user("coordinator"))


def test_a_mediator_is_entered_and_reads_as_she_was_sent(program: Program) -> None:
    made = program.post("/mediators", WHOLE)
    one = made.get_json()

    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1/mediators/{one['id']}")
    assert program.get(f"/mediators/{one['id']}").get_json() == one
    assert one == {
        **WHOLE,
        "id": one["id"], "version": 1, "badge_number": one["badge_number"], "phone": "+4935214711",
        "home": {"municipality": "14627140", "postal_code": None, "town": "Meißen"},
        "languages": [WHOLE["languages"][0], {"code": "fa", "level": "C1", "dialects": []}],
    }  # fmt: skip


def test_what_is_left_out_is_as_in_the_form(program: Program) -> None:
    one = program.post("/mediators", LEAST).get_json()

    assert (one["contact_channel"], one["qualification"], one["transport"]) == ("mail", "lay", "public")
    assert (one["max_distance_km"], one["active"], one["ui_language"], one["gender"]) == (40, True, "de", None)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"home": {"municipality": "99999999"}}, {"home.municipality": ["unknown"]}),
        ({"home": {}}, {"home": ["required"]}),
        ({"languages": [{"code": "xx", "level": "B2"}]}, {"languages.0.code": ["unknown"]}),
        ({"languages": [{"code": "ti", "level": "A1"}]}, {"languages.0.level": ["unknown"]}),
        ({"languages": []}, {"languages": ["required"]}),
        ({"email": None, "contact_channel": "mail"}, {"email": ["required"]}),
        ({"experience": ["nothing"]}, {"experience": ["unknown"]}),
        ({"refused_organisations": [999]}, {"refused_organisations": ["unknown"]}),
        ({"documents": [{"type": "undertaking", "seen_on": "2027-01-01"}]}, {"documents.0.seen_on": ["in_the_future"]}),
        ({"documents": [{"type": "undertaking"}]}, {"documents.0.seen_on": ["required"]}),
        ({"version": 1}, {"version": ["unknown_field"]}),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_field_that_does_not_hold_is_named(
    program: Program, changes: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    answer = program.post("/mediators", LEAST | changes)

    assert (answer.status_code, answer.get_json()["errors"]) == (422, errors)


def test_a_change_keeps_what_it_does_not_name_and_needs_the_version_that_was_read(program: Program) -> None:
    before = program.post("/mediators", WHOLE).get_json()
    path = f"/mediators/{before['id']}"

    changed = program.patch(path, {"version": 1, "email": None, "contact_channel": "phone", "active": False})
    late = program.patch(path, {"version": 1, "night": False})
    without = program.patch(path, {"night": False})

    after = {**before, "email": None, "contact_channel": "phone", "active": False, "version": 2}
    assert (changed.status_code, changed.get_json()) == (200, after)
    assert (late.status_code, late.get_json()["code"], late.get_json()["version"]) == (409, "stale", 2)
    assert (without.status_code, without.get_json()["errors"]) == (422, {"version": ["required"]})
    assert program.get(path).get_json() == after


def test_a_number_of_another_system_is_given_once(program: Program) -> None:
    program.post("/mediators", LEAST | {"external_id": "LK-7"})

    answer = program.post("/mediators", LEAST | {"external_id": "LK-7"})

    assert (answer.status_code, answer.get_json()["errors"]) == (422, {"external_id": ["taken"]})


def test_who_may_only_find_people_reads_names_and_languages(build: Builder, program_for: ProgramFor) -> None:
    regional = build.user("regional_coordinator")
    build.area(regional, "Meißen", NOW.date() - timedelta(days=1))
    mediator = build.mediator(name="Shirin Rahmani")
    program = program_for(regional)

    listed = program.get("/mediators").get_json()["items"]

    spoken = [{"code": "prs", "level": "native", "dialects": []}]
    assert listed == [{"id": mediator.id, "name": "Shirin Rahmani", "languages": spoken, "active": True}]
    assert program.get(f"/mediators/{mediator.id}").status_code == 403


def test_a_mediator_reads_her_own_record_without_remarks_and_nobody_elses(
    build: Builder, program_for: ProgramFor
) -> None:
    mediator, other = build.mediator(remarks="Ab 14 Uhr."), build.mediator()
    program = program_for(build.user("mediator", mediator_id=mediator.id))

    own = program.get(f"/mediators/{mediator.id}").get_json()

    assert [document["type"] for document in own["documents"]] == ["undertaking"]
    assert "remarks" not in own
    assert program.get(f"/mediators/{other.id}").status_code == 404
    assert program.get("/mediators").status_code == 403


def test_the_list_is_narrowed_and_cut_in_the_order_of_ids(build: Builder, program: Program) -> None:
    first = build.mediator()
    second = build.mediator(languages=(("ti", "B2"),), active=False)
    third = build.mediator(municipality=None, postal_code="01067", town="Dresden")

    def ids(query: str) -> list[int]:
        return [one["id"] for one in program.get(f"/mediators?{query}").get_json()["items"]]

    page = program.get("/mediators?limit=2").get_json()
    assert [one["id"] for one in page["items"]] == [first.id, second.id]
    assert ids(f"limit=2&cursor={page['next']}") == [third.id]
    assert (ids("language=ti"), ids("active=false"), ids("municipality=outside")) == (
        [second.id], [second.id], [third.id],
    )  # fmt: skip
    assert ids("active=true&municipality=14627140") == [first.id]
    misspelt = program.get("/mediators?language=arabic&municipality=99").get_json()
    assert misspelt["errors"] == {"language": ["unknown"], "municipality": ["unknown"]}


def test_a_page_costs_the_same_however_many_people_it_has(app: Flask, build: Builder, program: Program) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            build.mediator()
        program.get("/mediators")
        with counted(db.engine) as statements:
            program.get("/mediators")
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 10
