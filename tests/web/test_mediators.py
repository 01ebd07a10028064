"""Pages of the pool: people are found, entered and changed without a script, and nothing typed is lost."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.database import db
from dispatch.models import Mediator, User
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import Builder
from tests.statements import counted
from tests.web.conftest import ClientFor

TYPED: dict[str, Any] = {
    "name": "Sara Beispiel", "email": "sara@example.org", "phone": "03521 / 45 67 8", "contact_channel": "both",
    "home": "01662 Meißen", "language-0": "Dari", "language-0-level": "native", "language-0-dialects": "Hazaragi",
    "language-1": "", "language-1-level": "", "german_level": "C1", "qualification": "lay",
    "modes": ["on_site", "phone"],
    "transport": "car", "max_distance_km": "30", "weekly_hours_limit": "7,5", "ui_language": "de", "active": "1",
    "document-0": "undertaking", "document-0-seen_on": "24.11.2026", "document-1": "", "act": "save",
}  # fmt: skip


@pytest.fixture
def coordinator(build: Builder, client_for: ClientFor) -> FlaskClient:
    """A browser of the coordination, in English."""
    return client_for(build.user("coordinator", ui_language="en"))


def names_of(page: str) -> list[str]:
    return re.findall(r'class="list__name"><bdi>([^<]+)<', page)


def errors_of(page: str) -> list[str]:
    """Return the fields of the error summary."""
    summary = re.search(r'class="errors__list">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r'href="#([^"]*)"', summary[1]) if summary else []


def value_of(page: str, name: str) -> str | None:
    found = re.search(rf'name="{name}" type="[a-z]+" value="([^"]*)"', page)
    return found[1] if found else None


def people() -> list[str]:
    return list(reading().scalars(select(Mediator.name).order_by(Mediator.id)))


def test_a_person_is_entered_and_shown(coordinator: FlaskClient) -> None:
    response = post(coordinator, "/mediators/new", TYPED)

    assert (response.status_code, response.headers["Location"]) == (302, "/mediators/1")
    row = reading().scalars(select(Mediator)).one()
    assert (row.phone, row.town, row.weekly_hours_limit, row.badge_number) == ("+49352145678", "Meißen", 7.5, 1001)
    page = coordinator.get("/mediators/1").text
    assert re.search(r"<h1[^>]*>Sara Beispiel</h1>", page)
    assert "1001" in page


def test_everything_that_is_wrong_stands_on_top_and_what_was_typed_stays(coordinator: FlaskClient) -> None:
    wrong = {
        "name": "", "email": "no address", "home": "Nirgendwo", "language-0": "Klingonisch",
        "max_distance_km": "weit", "document-0-seen_on": "gestern", "german_level": "",
    }  # fmt: skip

    response = post(coordinator, "/mediators/new", TYPED | wrong)

    page = response.text
    assert response.status_code == 422
    assert set(errors_of(page)) == {
        "name", "email", "home", "language-0", "max_distance_km", "document-0-seen_on", "german_level",
    }  # fmt: skip
    kept = ("home", "language-0", "email", "language-0-dialects", "weekly_hours_limit")
    assert [value_of(page, name) for name in kept] == ["Nirgendwo", "Klingonisch", "no address", "Hazaragi", "7,5"]
    assert people() == []


def test_a_word_for_several_languages_asks_back_and_takes_the_answer(coordinator: FlaskClient) -> None:
    asked = post(coordinator, "/mediators/new", TYPED | {"language-0": "Kurdisch"})
    answered = post(coordinator, "/mediators/new", TYPED | {"language-0": "Kurdisch", "language-0-choice": "ckb"})

    choices = re.search(r'name="language-0-choice".*?</select>', asked.text, re.DOTALL)
    assert asked.status_code == 422
    assert choices is not None
    assert re.findall(r'value="([a-z]*)"', choices[0]) == ["", "kmr", "ckb"]
    assert answered.status_code == 302


def test_a_level_is_needed_at_the_row_of_its_language(coordinator: FlaskClient) -> None:
    second = {"language-1": "", "language-3": "Farsi", "language-3-level": ""}

    response = post(coordinator, "/mediators/new", TYPED | second)

    assert errors_of(response.text) == ["language-3-level"]


def test_another_row_needs_no_script_and_saves_nothing(coordinator: FlaskClient) -> None:
    response = post(coordinator, "/mediators/new", TYPED | {"act": "more-language"})

    assert (response.status_code, value_of(response.text, "language-2"), people()) == (200, "", [])
    assert value_of(response.text, "name") == "Sara Beispiel"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 300}, "name"),
        ({"remarks": "\u202ex"}, "remarks"),
        ({"contact_channel": "pigeon"}, "contact_channel"),
        ({"modes": ["flying"]}, "modes"),
        ({"experience": ["party"]}, "experience"),
        ({"weekly_hours_limit": "1e999"}, "weekly_hours_limit"),
        ({"weekly_hours_limit": "nan"}, "weekly_hours_limit"),
        ({"max_distance_km": "999999999999"}, "max_distance_km"),
        ({"organisation-0": "Nobody knows"}, "organisation-0"),
        ({"ui_language": "xx"}, "ui_language"),
        ({"document-0": "passport"}, "document-0"),
        ({"document-0-seen_on": "31.12.9999"}, "document-0-seen_on"),
        ({"language-0": "x" * 9_000}, "language-0"),
    ],
    ids=["nul", "overlong", "bidi", "channel", "mode", "setting", "infinity", "not a number", "too far", "organisation",
         "page language", "document", "far day", "overlong language"],
)  # fmt: skip
def test_bad_input_is_told_at_its_field(coordinator: FlaskClient, typed: dict[str, Any], field: str) -> None:
    response = post(coordinator, "/mediators/new", TYPED | typed)

    assert (response.status_code, field in errors_of(response.text), people()) == (422, True, [])


def test_forged_rows_are_left_out(coordinator: FlaskClient) -> None:
    forged = {"language-²": "Farsi", "language-99999": "Farsi", "language--1": "x", "document-x": "undertaking"}

    response = post(coordinator, "/mediators/new", TYPED | forged)

    assert response.status_code == 302


def test_the_form_shows_the_record_and_saves_it_unchanged(coordinator: FlaskClient) -> None:
    post(coordinator, "/mediators/new", TYPED)

    page = coordinator.get("/mediators/1/edit").text

    shown = ("name", "call_name", "phone", "home", "language-0", "max_distance_km", "version")
    assert [value_of(page, name) for name in shown[:-1]] == [
        "Sara Beispiel", "Sara", "03521 45678", "01662 Meißen", "Dari (دری)", "30",
    ]  # fmt: skip
    post(coordinator, "/mediators/1/edit", TYPED | {"version": "1", "call_name": "Sara"})
    assert reading().scalars(select(Mediator.version)).one() == 1


def test_the_second_editor_sees_both_versions(coordinator: FlaskClient) -> None:
    post(coordinator, "/mediators/new", TYPED)
    post(coordinator, "/mediators/1/edit", TYPED | {"version": "1", "name": "Sara Erste"})

    response = post(coordinator, "/mediators/1/edit", TYPED | {"version": "1", "name": "Sara Zweite"})

    compared = re.findall(r'compare__differs">([^<]*)</td><td>([^<]*)<', response.text)
    assert (response.status_code, compared) == (409, [("Sara Zweite", "Sara Erste"), ("", "Sara")])
    assert 'name="version" value="2"' in response.text
    assert people() == ["Sara Erste"]


def test_taking_somebody_out_lists_what_she_has_promised(build: Builder, coordinator: FlaskClient) -> None:
    mediator = build.mediator()
    build.appointment(build.request(state="assigned"), mediator)

    page = coordinator.get(f"/mediators/{mediator.id}/rest").text
    response = post(coordinator, f"/mediators/{mediator.id}/rest", {"version": "1"})
    again = post(coordinator, f"/mediators/{mediator.id}/rest", {"version": "1"})

    assert len(re.findall('class="list__item"', page)) == 1
    assert (response.status_code, again.status_code) == (302, 409)
    assert reading().scalars(select(Mediator.active)).all() == [False]


def test_filters_stand_in_the_address(build: Builder, coordinator: FlaskClient) -> None:
    build.mediator(name="Anna", languages=(("uk", "native"),))
    build.mediator(name="Berta", languages=(("ru", "native"),))

    page = coordinator.get("/mediators?language=uk&name=&page=1").text
    nobody = coordinator.get("/mediators?language=zz").text

    assert (names_of(page), names_of(nobody)) == (["Anna"], [])
    assert '<option value="uk" selected>' in page


@pytest.mark.parametrize(
    "query", ["page=0", "page=99999999999999999999", "page=x", "municipality=%00", "name=%27%25_", "active=x", "free=2"]
)
def test_a_strange_address_is_still_a_page(build: Builder, coordinator: FlaskClient, query: str) -> None:
    build.mediator(name="Anna")

    assert coordinator.get(f"/mediators?{query}").status_code == 200


def test_pages_follow_each_other(build: Builder, coordinator: FlaskClient) -> None:
    for number in range(51):
        build.mediator(name=f"P{number:02}", weekly=(), undertaking=False)

    first = coordinator.get("/mediators?language=prs").text
    second = coordinator.get("/mediators?language=prs&page=2").text

    assert (len(names_of(first)), names_of(second)) == (50, ["P50"])
    assert 'rel="next" href="?language=prs&amp;page=2"' in first
    assert 'rel="prev" href="?language=prs&amp;page=1"' in second


@pytest.mark.parametrize("query", ["", "?free=1&language=prs"], ids=["plain", "free this week"])
def test_the_list_takes_the_same_few_statements_for_ten_and_fifty(
    build: Builder, coordinator: FlaskClient, query: str
) -> None:
    coordinator.get("/mediators")  # the options are read once by each process
    counts = []
    for _people in (10, 40):
        for _number in range(_people):
            build.mediator(weekly=((2, 480, 720),), undertaking=False)
        with counted(db.engine) as statements:
            coordinator.get(f"/mediators{query}")
        counts.append(len(statements))

    assert counts == [6, 6]


def test_a_regional_coordinator_finds_names_languages_and_free_time_only(build: Builder, client_for: ClientFor) -> None:
    mediator = build.mediator(town="Meißen")
    client = client_for(build.user("regional_coordinator", ui_language="en"))

    page = client.get("/mediators").text

    assert names_of(page) == [mediator.name]
    assert f'href="/mediators/{mediator.id}/availability"' in page
    assert str(mediator.badge_number) not in page
    assert client.get(f"/mediators/{mediator.id}").status_code == 403


def test_a_mediator_sees_her_own_profile_and_nobody_elses(build: Builder, client_for: ClientFor) -> None:
    user: User = build.user("mediator")
    other = build.mediator()
    client = client_for(user)

    seen = [client.get(f"/mediators/{id_}").status_code for id_ in (user.mediator_id, other.id)]

    assert seen == [200, 404]
    assert client.get("/mediators").status_code == 403


def test_the_profile_names_changed_fields_and_warns_of_documents(build: Builder, coordinator: FlaskClient) -> None:
    build.mediator(undertaking=False, town="Meißen")
    post(coordinator, "/mediators/1/edit", TYPED | {"version": "1", "document-0": "", "document-0-seen_on": ""})

    page = coordinator.get("/mediators/1").text

    assert 'class="state state--bad"' in page
    assert re.search(r"Name, .*Languages", page)
