"""Pages for everybody: three doors, the languages of the pool, and what the law asks to be said."""

import re

import pytest
from flask.testing import FlaskClient

from dispatch.database import db
from dispatch.domain.permissions import Actor, Role
from dispatch.services import option_changes
from tests.builders import NOW, Builder
from tests.statements import counted
from tests.web.conftest import ClientFor


def languages_of(page: str) -> list[tuple[str, str]]:
    return re.findall(r'lang="(\w+)">[^<]*</bdi></span> <span class="langs__n">(\d+)<', page)


def test_the_start_names_languages_of_five_speakers_and_counts_the_others(client: FlaskClient, build: Builder) -> None:
    for _ in range(5):
        build.mediator(languages=(("ar", "native"), ("prs", "C1")), weekly=())
    build.mediator(languages=(("ar", "native"), ("uk", "native")), weekly=())
    build.mediator(languages=(("ti", "native"),), weekly=(), active=False)

    page = client.get("/?lang=en").text

    assert languages_of(page) == [("ar", "6"), ("prs", "5")]
    assert "1 more language on request." in page
    assert "ti" not in dict(languages_of(page))


def test_an_empty_pool_names_no_language(client: FlaskClient) -> None:
    page = client.get("/").text

    assert languages_of(page) == []
    assert 'class="langs"' not in page


@pytest.mark.parametrize("people", [1, 12])
def test_the_start_takes_two_statements(client: FlaskClient, build: Builder, people: int) -> None:
    for _ in range(people):
        build.mediator(weekly=())

    with counted(db.engine) as statements:
        client.get("/")

    assert len(statements) == 2


def doors(page: str) -> list[str]:
    return re.findall(r'class="door__link" href="([^"]+)"', page)


@pytest.mark.parametrize(
    ("role", "mediators_door"),
    [
        pytest.param("mediator", "/appointments", id="mediator"),
        pytest.param("administrator", "/users", id="administrator"),
        pytest.param("observer", "/account", id="observer"),
    ],
)
def test_the_doors_lead_where_the_reader_may_go(
    build: Builder, client_for: ClientFor, role: str, mediators_door: str
) -> None:
    found = doors(client_for(build.user(role)).get("/").text)

    assert found[1:] == ["tel:+493521000140", mediators_door]


@pytest.mark.parametrize("path", ["/impressum", "/datenschutz", "/barrierefreiheit"])
@pytest.mark.parametrize("tag", ["de", "ar", "en"])
def test_what_the_law_asks_is_there_in_every_language(client: FlaskClient, path: str, tag: str) -> None:
    response = client.get(f"{path}?lang={tag}")

    assert response.status_code == 200
    assert "koordination@dolmetscherdienst.example" in response.text


@pytest.mark.parametrize(
    ("tag", "days", "months"),
    [
        ("de", "bis 14 Tage nach ihrem Ende", "bis 6 Monate nach dessen letztem Termin"),
        ("en", "until 14 days after its end", "until 6 months after its last appointment"),
        ("ar", "حتى 14 يومًا بعد نهايته", "حتى 6 أشهر بعد آخر موعد لها"),
    ],
)
def test_the_periods_are_those_in_force(client: FlaskClient, tag: str, days: str, months: str) -> None:
    administrator = Actor(None, Role.ADMINISTRATOR)
    form = {**option_changes.sheet(administrator, "retention").typed, "detail_days": "14"}
    option_changes.save(administrator, "retention", form, 0, NOW)

    page = client.get(f"/datenschutz?lang={tag}").text

    assert [days in page, months in page] == [True, True]


def test_no_page_points_to_what_is_not_built(client: FlaskClient) -> None:
    page = client.get("/").text

    assert [path for path in ("/help-request", "/join", "/leichte-sprache", "/statistics") if path in page] == []
