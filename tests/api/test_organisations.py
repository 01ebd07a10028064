"""Organisations by programs: entered, read as far as one may see, changed with the version that was read."""

from typing import Any

import pytest
from flask import Flask

from dispatch.database import db
from tests.api.conftest import Program, ProgramFor
from tests.builders import Builder
from tests.statements import counted

SCHOOL: dict[str, Any] = {
    "name": "Grundschule am Markt", "kind": "school", "parent": None, "home": {"municipality": "14627140"},
    "address": "Markt 1", "phone": "+493521000210", "contact_email": "schule@example.org", "contact_name": None,
    "default_setting": "parent_talk", "approves_mediators": True, "answers_to_mailbox": False,
    "excluded_mediators": [], "active": True,
}  # fmt: skip


@pytest.fixture
def program(build: Builder, program_for: ProgramFor) -> Program:
    """A program of the coordination."""
    return program_for(build.user("coordinator"))


def test_an_organisation_is_entered_and_reads_as_it_was_sent(build: Builder, program: Program) -> None:
    sent = SCHOOL | {"excluded_mediators": [build.mediator().id], "parent": build.organisation().id}

    made = program.post("/organisations", sent)
    one = made.get_json()

    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1/organisations/{one['id']}")
    home = {"municipality": "14627140", "postal_code": None, "town": "Meißen"}
    assert one == {**sent, "id": one["id"], "version": 1, "home": home}
    assert program.get(f"/organisations/{one['id']}").get_json() == one


def test_a_change_keeps_what_it_does_not_name_and_needs_the_version_that_was_read(
    build: Builder, program: Program
) -> None:
    before = program.post("/organisations", SCHOOL | {"excluded_mediators": [build.mediator().id]}).get_json()
    path = f"/organisations/{before['id']}"

    changed = program.patch(path, {"version": 1, "home": None, "phone": "03521 4711"})
    late = program.patch(path, {"version": 1, "active": False})

    assert changed.get_json() == {**before, "home": None, "phone": "+4935214711", "version": 2}
    assert (late.status_code, late.get_json()["code"]) == (409, "stale")


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"kind": "shop"}, {"kind": ["unknown"]}),
        ({"parent": 999}, {"parent": ["unknown"]}),
        ({"name": " "}, {"name": ["required"]}),
        ({"phone": "x"}, {"phone": ["not_a_phone"]}),
        ({"excluded_mediators": [999]}, {"excluded_mediators": ["unknown"]}),
        ({"home": {"postal_code": "1"}}, {"home.postal_code": ["not_a_postal_code"]}),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_field_that_does_not_hold_is_named(
    program: Program, changes: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    answer = program.post("/organisations", SCHOOL | changes)

    assert (answer.status_code, answer.get_json()["errors"]) == (422, errors)


def test_a_unit_reads_itself_and_not_whom_it_bars(build: Builder, program_for: ProgramFor) -> None:
    user, other = build.user(), build.organisation()
    program = program_for(user)

    listed = program.get("/organisations").get_json()["items"]

    assert [one["id"] for one in listed] == [user.organisation_id]
    assert "excluded_mediators" not in listed[0]
    assert program.get(f"/organisations/{user.organisation_id}").get_json() == listed[0]
    assert program.get(f"/organisations/{other.id}").status_code == 404
    assert program.patch(f"/organisations/{user.organisation_id}", {"version": 1}).status_code == 403


def test_the_list_is_cut_and_costs_the_same_however_long_it_is(app: Flask, build: Builder, program: Program) -> None:
    rows, counts = [build.organisation()], []
    for more in (0, 2):
        rows += [build.organisation() for _ in range(more)]
        program.get("/organisations")
        with counted(db.engine) as statements:
            program.get("/organisations")
        counts.append(len(statements))

    page = program.get("/organisations?limit=2").get_json()
    rest = program.get(f"/organisations?limit=2&cursor={page['next']}").get_json()

    assert [one["id"] for one in [*page["items"], *rest["items"]]] == [row.id for row in rows]
    assert counts[0] == counts[1] <= 6
