"""Pages of organisations and their units."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.database import db
from dispatch.models import Exclusion, Organisation
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import Builder
from tests.statements import counted
from tests.web.conftest import ClientFor

TYPED: dict[str, Any] = {
    "name": "Jugendamt Meißen", "kind": "office", "parent": "", "home": "Meißen", "address": "Loosestraße 17",
    "phone": "03521 7250", "contact_email": "jugendamt@example.org", "default_setting": "youth_welfare_office",
    "person-0": "", "active": "1", "act": "save",
}  # fmt: skip


@pytest.fixture
def coordinator(build: Builder, client_for: ClientFor) -> FlaskClient:
    """A browser of the coordination, in English."""
    return client_for(build.user("coordinator", ui_language="en"))


def names_of(page: str) -> list[str]:
    return re.findall(r'class="list__name"><bdi>([^<]+)<', page)


def errors_of(page: str) -> list[str]:
    summary = re.search(r'class="errors__list">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r'href="#([^"]*)"', summary[1]) if summary else []


def test_an_organisation_is_entered_with_whom_it_does_not_want(build: Builder, coordinator: FlaskClient) -> None:
    mediator = build.mediator(name="Anna A")
    build.mediator(name="Berta B")
    build.mediator(name="Berta B", badge_number=1777)

    response = post(coordinator, "/organisations/new", TYPED | {"person-0": "anna a", "person-1": "Berta B (1777)"})

    row = reading().scalars(select(Organisation)).one()
    assert (response.status_code, response.headers["Location"]) == (302, f"/organisations/{row.id}")
    assert (row.phone, row.municipality, row.default_setting) == ("+4935217250", "14627140", "youth_welfare_office")
    barred = set(reading().scalars(select(Exclusion.mediator_id)))
    assert (len(barred), mediator.id in barred) == (2, True)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\x00"}, "name"),
        ({"kind": "castle"}, "kind"),
        ({"parent": "99"}, "parent"),
        ({"parent": "x"}, "parent"),
        ({"parent": "99999999999999"}, "parent"),
        ({"home": "Nirgendwo"}, "home"),
        ({"phone": "abc"}, "phone"),
        ({"contact_email": "a@b@c"}, "contact_email"),
        ({"default_setting": "party"}, "default_setting"),
        ({"person-0": "Nobody"}, "person-0"),
    ],
    ids=["empty", "nul", "kind", "unknown parent", "no parent", "parent out of range", "place", "phone", "mail",
         "setting", "person"],
)  # fmt: skip
def test_bad_input_is_told_and_kept(coordinator: FlaskClient, typed: dict[str, str], field: str) -> None:
    response = post(coordinator, "/organisations/new", TYPED | typed)

    assert (response.status_code, errors_of(response.text)) == (422, [field])
    assert 'value="Loosestraße 17"' in response.text


def test_another_person_needs_no_script(coordinator: FlaskClient) -> None:
    response = post(coordinator, "/organisations/new", TYPED | {"act": "more-person"})

    assert (response.status_code, 'name="person-1"' in response.text) == (200, True)
    assert reading().scalars(select(Organisation.id)).all() == []


def test_the_second_editor_sees_both_versions(coordinator: FlaskClient) -> None:
    post(coordinator, "/organisations/new", TYPED)
    post(coordinator, "/organisations/1/edit", TYPED | {"version": "1", "name": "Erste"})

    response = post(coordinator, "/organisations/1/edit", TYPED | {"version": "1", "name": "Zweite"})

    compared = re.findall(r'compare__differs">([^<]*)</td><td>([^<]*)<', response.text)
    assert (response.status_code, compared) == (409, [("Zweite", "Erste")])
    saved = post(coordinator, "/organisations/1/edit", TYPED | {"version": "2", "name": "Zweite"})
    assert (saved.status_code, reading().scalars(select(Organisation.name)).all()) == (302, ["Zweite"])


def test_a_unit_begins_with_its_parent(build: Builder, coordinator: FlaskClient) -> None:
    parent = build.organisation(name="Landratsamt")

    page = coordinator.get(f"/organisations/new?parent={parent.id}").text

    assert f'<option value="{parent.id}" selected>Landratsamt</option>' in page


def test_a_member_sees_her_own_unit_only(build: Builder, client_for: ClientFor) -> None:
    user = build.user()
    other = build.organisation(name="Fremde Stelle")
    client = client_for(user)

    assert len(names_of(client.get("/organisations").text)) == 1
    assert client.get(f"/organisations/{user.organisation_id}").status_code == 200
    assert client.get(f"/organisations/{other.id}").status_code == 404
    assert client.get(f"/organisations/{user.organisation_id}/edit").status_code == 403


def test_the_list_takes_the_same_few_statements_for_ten_and_fifty(build: Builder, coordinator: FlaskClient) -> None:
    coordinator.get("/organisations")  # the options are read once by each process
    counts = []
    for number in (10, 40):
        for _one in range(number):
            build.organisation()
        with counted(db.engine) as statements:
            coordinator.get("/organisations")
        counts.append(len(statements))

    assert counts == [4, 4]
