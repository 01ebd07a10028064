"""What a mediator's phone may keep for reading offline: which pages, for how long, and nobody else's."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from dispatch.domain.accounts import DEFAULT
from dispatch.models import User
from dispatch.web.files import SHELF
from tests.appointment_cases import Case, booked
from tests.builders import START, Builder
from tests.web.conftest import ClientFor

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("app"),
]

IDLE = int(DEFAULT.session_idle.total_seconds())
ROLES = ("mediator", "coordinator", None)


def plain_paths(app: Flask) -> list[str]:
    """Return the addresses of all pages that need nothing to be filled in."""
    return [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]


@pytest.fixture
def case(build: Builder) -> Case:
    return booked(build)


@pytest.mark.parametrize("role", ROLES)
def test_only_week_and_offers_of_a_mediator_may_be_kept(
    app: Flask, build: Builder, case: Case, client: FlaskClient, client_for: ClientFor, role: str | None
) -> None:
    whose = {"mediator_id": case.mediator.id} if role == "mediator" else {}
    reader = client_for(build.user(role, **whose)) if role else client

    kept = {path for path in plain_paths(app) if "X-Offline" in reader.get(path).headers}

    assert kept == ({"/appointments", "/offers", "/offline"} if role == "mediator" else set())


@pytest.mark.parametrize(
    ("protection", "path", "is_kept"),
    [
        pytest.param("normal", "", True, id="her appointment"),
        pytest.param("sensitive", "", False, id="one whose reading is noted"),
        pytest.param("protected", "", False, id="a protected one"),
        pytest.param("normal", "/hand-back", False, id="before an act"),
        pytest.param("normal", "/calendar.ics", False, id="its entry for a calendar"),
    ],
)
def test_a_mediator_keeps_the_page_of_her_own_appointment(
    build: Builder, client_for: ClientFor, protection: str, path: str, is_kept: bool
) -> None:
    case = booked(build, protection=protection)
    her = client_for(build.user("mediator", mediator_id=case.mediator.id))

    answer = her.get(f"/appointments/{case.appointment.id}{path}")

    assert (answer.status_code, "X-Offline" in answer.headers) == (200, is_kept)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_week_names_what_may_be_fetched_ahead(build: Builder, client_for: ClientFor) -> None:
    case = booked(build)
    later = START + timedelta(days=1)
    booked(build, protection="sensitive", mediator=case.mediator, starts_at=later, ends_at=later + timedelta(hours=1))
    her = client_for(build.user("mediator", mediator_id=case.mediator.id))

    links = re.findall(r'<a href="(/appointments/\d+)" data-keep>', her.get("/appointments").text)

    assert links == [f"/appointments/{case.appointment.id}"]


def test_a_copy_lasts_as_long_as_the_session(
    build: Builder, case: Case, client_for: ClientFor, the_time: time_machine.Traveller
) -> None:
    her = client_for(build.user("mediator", mediator_id=case.mediator.id))
    first = her.get("/appointments").headers["X-Offline"]
    the_time.shift(timedelta(minutes=4))
    unused = her.get("/appointments").headers["X-Offline"]
    the_time.shift(timedelta(minutes=4))
    used = her.get("/appointments").headers["X-Offline"]

    assert [int(seconds) for seconds in (first, unused, used)] == [IDLE, IDLE - 240, IDLE]


def test_each_session_has_a_mark_of_its_own(
    build: Builder, case: Case, client: FlaskClient, client_for: ClientFor
) -> None:
    user: User = build.user("mediator", mediator_id=case.mediator.id)
    first, second, desk = client_for(user), client_for(user), client_for(build.user("coordinator"))

    marks = [one.get(path).headers["X-Session-Mark"] for path in ("/", "/account") for one in (first, second, desk)]

    assert marks[:3] == marks[3:]
    assert len(set(marks)) == 3
    assert (marks[2], client.get("/").headers["X-Session-Mark"]) == ("none", "none")
    assert all(re.fullmatch("[0-9a-f]{16}", mark) for mark in marks[:2])


def test_the_worker_is_always_asked_for_anew_and_looks_after_every_page(client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")

    assert answer.text == (SHELF / "js/worker.js").read_text()
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_the_manifest_is_in_the_readers_language(client: FlaskClient, language: str, direction: str) -> None:
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": language})
    described = answer.get_json()

    assert answer.content_type == "application/manifest+json"
    assert (described["lang"], described["dir"]) == (language, direction)
    assert (described["start_url"], described["scope"], described["display"]) == ("/appointments", "/", "standalone")
    assert [(icon["sizes"], icon["purpose"]) for icon in described["icons"]] == [
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    assert {client.get(icon["src"]).content_type for icon in described["icons"]} == {"image/png"}


@pytest.mark.parametrize(
    ("role", "path", "is_app"),
    [
        pytest.param("mediator", "/appointments", True, id="a mediator's week"),
        pytest.param("mediator", "/", False, id="the start page"),
        pytest.param("coordinator", "/appointments", False, id="the coordination's week"),
        pytest.param("requester", "/appointments", False, id="an office's appointments"),
    ],
)
def test_only_a_mediators_pages_are_an_app(
    build: Builder, case: Case, client_for: ClientFor, role: str, path: str, is_app: bool
) -> None:
    whose = {"mediator_id": case.mediator.id} if role == "mediator" else {}
    text = client_for(build.user(role, **whose)).get(path).text

    parts = ('rel="manifest"', "js/offline.js", 'id="offline"')
    assert [part in text for part in parts] == [is_app] * 3
    assert ("css/board.css" in text) == (role != "mediator")
    assert "htmx.min.js" not in text
