"""Pages of administrators: accounts are listed, created, changed and disabled, and nothing typed is lost."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.models import OutboxMessage, User, UserArea
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import Builder
from tests.statements import counted
from tests.web.conftest import ClientFor

TYPED = {"email": "vogel@example.org", "name": "Katrin Vogel", "role": "coordinator", "ui_language": "de"}


@pytest.fixture
def administrator(build: Builder) -> User:
    """Who looks after accounts."""
    return build.user("administrator", name="Ada Klein")


def names_of(page: str) -> list[str]:
    return re.findall(r'class="list__name"><bdi>([^<]+)<', page)


def test_a_new_account_is_invited_and_listed(administrator: User, client_for: ClientFor) -> None:
    client = client_for(administrator)

    response = post(client, "/users/new", TYPED)

    assert (response.status_code, response.headers["Location"]) == (302, "/users")
    assert names_of(client.get("/users").text) == ["Ada Klein", "Katrin Vogel"]
    assert reading().scalars(select(OutboxMessage.kind)).all() == ["invite"]


def test_what_was_typed_survives_an_error(administrator: User, client_for: ClientFor) -> None:
    response = post(client_for(administrator), "/users/new", {**TYPED, "email": "no address", "role": "requester"})

    assert response.status_code == 422
    assert 'value="no address"' in response.text
    assert 'value="Katrin Vogel"' in response.text
    assert re.findall(r'id="(\w+)-error"', response.text) == ["email", "organisation_id"]


@pytest.mark.parametrize(
    ("areas", "field"),
    [
        pytest.param({"area-0": "Riesa", "area-0-first": "10.12.2026", "area-0-last": "09.12.2026"}, "area-0-last",
                     id="ends before it begins"),
        pytest.param({"area-0": "Riesa", "area-1": "Riesa"}, "area-1-first", id="the same area twice"),
        pytest.param({"area-0": "Bonn"}, "area-0", id="no such area"),
        pytest.param({"area-0": "", "area-1-first": "1.12.2026", "area-1": ""}, "area-1", id="days without an area"),
        pytest.param({"area-0": "Riesa", "area-0-first": "31.02.2027"}, "area-0-first", id="no such day"),
        pytest.param({"area-0": ""}, "area-0", id="none"),
    ],
)  # fmt: skip
def test_areas_that_make_no_sense_are_told_and_kept(
    administrator: User, client_for: ClientFor, areas: dict[str, str], field: str
) -> None:
    typed = {**TYPED, "role": "regional_coordinator", **areas}

    response = post(client_for(administrator), "/users/new", typed)

    assert (response.status_code, re.findall(r'id="([\w-]+)-error"', response.text)) == (422, [field])
    assert 'value="Katrin Vogel"' in response.text
    for name, value in areas.items():
        assert value == "Bonn" or f'id="{name}"' in response.text
    assert reading().scalars(select(User.name)).all() == ["Ada Klein"]


def test_areas_are_saved_with_their_days_and_another_row_needs_no_script(
    administrator: User, client_for: ClientFor
) -> None:
    client = client_for(administrator)
    typed = {**TYPED, "role": "regional_coordinator", "area-0": "Riesa", "area-0-last": "31.12.2026"}

    more = post(client, "/users/new", {**typed, "act": "more-area"})
    post(client, "/users/new", typed)

    assert (more.status_code, 'name="area-1-last"' in more.text) == (200, True)
    rows = reading().execute(select(UserArea.social_area, UserArea.valid_from, UserArea.valid_until)).all()
    assert [tuple(row) for row in rows] == [("Riesa", date(2026, 11, 24), date(2026, 12, 31))]


def test_a_new_account_begins_with_what_the_address_says(
    administrator: User, client_for: ClientFor, build: Builder
) -> None:
    mediator = build.mediator()

    page = client_for(administrator).get(f"/users/new?role=mediator&mediator_id={mediator.id}").text

    assert re.findall(r'value="([^"]+)" checked', page) == ["mediator"]
    assert f'<option value="{mediator.id}" selected>' in page


def test_a_change_is_saved(administrator: User, client_for: ClientFor, build: Builder) -> None:
    user = build.user("coordinator")
    client = client_for(administrator)

    response = post(client, f"/users/{user.id}", {**TYPED, "version": "1"})

    assert response.headers["Location"] == f"/users/{user.id}"
    assert 'value="vogel@example.org"' in client.get(f"/users/{user.id}").text


def test_the_second_of_two_editors_sees_both_versions(
    administrator: User, client_for: ClientFor, build: Builder
) -> None:
    user = build.user("coordinator", name="Before")
    client = client_for(administrator)
    post(client, f"/users/{user.id}", {**TYPED, "name": "First", "version": "1"})

    response = post(client, f"/users/{user.id}", {**TYPED, "name": "Second", "version": "1"})

    assert response.status_code == 409
    assert re.search(r"compare__differs[^>]*>Second</td><td>First<", response.text)
    assert 'name="version" value="2"' in response.text


@pytest.mark.parametrize("version", ["", "x", "10" * 20])
def test_a_form_without_its_version_changes_nothing(
    administrator: User, client_for: ClientFor, build: Builder, version: str
) -> None:
    user = build.user("coordinator")

    response = post(client_for(administrator), f"/users/{user.id}", {**TYPED, "version": version})

    assert response.status_code == 409


def test_a_disabled_account_is_out_at_once(administrator: User, client_for: ClientFor, build: Builder) -> None:
    user = build.user("coordinator")
    theirs, ours = client_for(user), client_for(administrator)
    before = theirs.get("/account").status_code

    post(ours, f"/users/{user.id}/disable")

    assert (before, theirs.get("/account").status_code) == (200, 302)


def test_the_last_administrator_is_told_so(administrator: User, client_for: ClientFor) -> None:
    response = post(client_for(administrator), f"/users/{administrator.id}/disable")

    assert response.status_code == 422
    assert 'class="errors__list"' in response.text


def test_sessions_end_and_invitations_go_out_again(administrator: User, client_for: ClientFor, build: Builder) -> None:
    user = build.user("coordinator")
    theirs, ours = client_for(user), client_for(administrator)

    post(ours, f"/users/{user.id}/sessions-end")
    post(ours, f"/users/{user.id}/invite")

    assert theirs.get("/account").status_code == 302
    assert reading().scalars(select(OutboxMessage.kind)).all() == ["invite"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        pytest.param("q=cem", ["Cem"], id="name"),
        pytest.param("role=observer", ["Cem"], id="role"),
        pytest.param("q=%00", [], id="NUL"),
        pytest.param("page=99999999999999999999", [], id="far page"),
        pytest.param("page=x&role=king", [], id="nonsense"),
    ],
)
def test_filters_stand_in_the_address(
    administrator: User, client_for: ClientFor, build: Builder, query: str, names: list[str]
) -> None:
    build.user("observer", name="Cem")

    response = client_for(administrator).get(f"/users?{query}")

    expected = ["Ada Klein", "Cem"] if query == "q=%00" else names
    assert (response.status_code, names_of(response.text)) == (200, expected)


@pytest.mark.parametrize("number", [10, 60])
def test_the_list_takes_five_statements(
    administrator: User, client_for: ClientFor, build: Builder, number: int
) -> None:
    for _ in range(number):
        build.user("coordinator")
    client = client_for(administrator)

    with counted(db.engine) as statements:
        client.get("/users")

    assert len(statements) == 5


def test_a_long_list_has_pages(administrator: User, client_for: ClientFor, build: Builder) -> None:
    for number in range(54):
        build.user("coordinator", name=f"Person {number:02}")
    client = client_for(administrator)

    first, second = (names_of(client.get(f"/users?role=&page={page}").text) for page in (1, 2))

    assert (len(first), len(second), second[-1]) == (50, 5, "Person 53")
