"""Every route: one rule each, guarded by the permission table, without a hole for forged forms or foreign ids.

The cases are generated from the URL map, so that a new route is tested on the day it appears.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, Rule

from dispatch.database import db, run
from dispatch.domain.accounts import MAILED_LINKS, link_ends_at
from dispatch.domain.permissions import ASSIGNABLE, Act, Actor, Role, may
from dispatch.models import User
from dispatch.services import accounts, links
from dispatch.web.guards import csrf
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.statements import counted

KINDS = {"requires", "public", "by_link", "traceless", "token"}
OWN_ORIGIN = ("by_link", "traceless")  # kinds of pages that know a form of theirs by where it comes from
LINK_PATHS = ("/o/", "/a/", "/r/", "/m/", "/calendar/", "/help-request", "/join")
OUT_OF_RANGE = (0, 2**31, 2**63, 10**30)
NO_ROW = 999_999_999
"""A key like any other. An empty form may be told what is missing (422): that says nothing of the row."""
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Rights and methods do not depend on the kind of database."""


class Route(NamedTuple):
    """One rule of the map with its view's own rule: who may use it, and for which act."""

    rule: Rule
    kind: str
    act: Act | None

    @property
    def methods(self) -> set[str]:
        return (self.rule.methods or set()) - {"HEAD", "OPTIONS"}

    @property
    def has_id(self) -> bool:
        return any(type(converter).__name__ == "IdConverter" for converter in self.rule._converters.values())

    def path(self, app: Flask, number: int = NO_ROW, text: str = "nothing") -> str:
        """Build an address: every id is `number`, every other part `text`."""
        values: dict[str, int | str] = {
            name: number if type(converter).__name__ == "IdConverter" else _one_of(converter, text)
            for name, converter in self.rule._converters.items()
        }
        return app.url_map.bind("localhost").build(self.rule.endpoint, values)


def _one_of(converter: BaseConverter, text: str) -> str:
    return sorted(converter.items)[0] if isinstance(converter, AnyConverter) else text


def routes(app: Flask) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            kind, act = getattr(app.view_functions[rule.endpoint], "rule", ("none", None))
            yield Route(rule, kind, act)


def calls(app: Flask, kind: str) -> Iterator[tuple[str, Route]]:
    return ((method, route) for route in routes(app) if route.kind == kind for method in sorted(route.methods))


@pytest.fixture(autouse=True)
def the_time() -> Iterator[None]:
    """Everything happens at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


def browser_of(app: Flask, user: User) -> FlaskClient:
    secret = run(lambda session: accounts.begin_session(session, user.id, NOW))
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = secret
    return browser


def ask(browser: FlaskClient, method: str, path: str) -> tuple[int, str]:
    response = post(browser, path) if method == "POST" else browser.open(path, method=method)
    return response.status_code, response.headers.get("Location", "")


def follow(browser: FlaskClient, method: str, path: str) -> int:
    """Return the status at which one ends up: an incomplete form may lead back to the page of the thing."""
    status, location = ask(browser, method, path)
    return browser.get(location).status_code if status == 302 else status


def actor_of(user: User) -> Actor:
    return accounts.describe(db.session(), user, None, NOW).actor


def person(build: Builder, role: Role) -> User:
    user = build.user(role.value)
    if role is Role.REGIONAL_COORDINATOR:
        build.area(user, "Meißen", NOW.date() - timedelta(days=1))
    return user


@ON_SQLITE
def test_every_route_has_exactly_one_rule(app: Flask) -> None:
    assert {route.rule.endpoint for route in routes(app) if route.kind not in KINDS} == set()


@ON_SQLITE
def test_only_link_pages_are_exempt_from_the_token_of_forms(app: Flask) -> None:
    exempt = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if f"{view.__module__}.{view.__name__}" in csrf._exempt_views
    }
    by_link = {route.rule.endpoint for route in routes(app) if route.kind in OWN_ORIGIN}
    elsewhere = {route.rule.rule for route in routes(app) if route.rule.endpoint in exempt}
    assert exempt == by_link
    guarded_by_token = {
        route.rule.endpoint.partition(".")[0]
        for route in routes(app)
        if route.kind == "token" or "POST" in route.methods
    }
    assert {blueprint.name for blueprint in csrf._exempt_blueprints} - guarded_by_token == {"api_docs"}
    assert {blueprint.name for blueprint in csrf._exempt_blueprints if not blueprint.name.startswith("api_")} == set()
    assert {path for path in elsewhere if not path.startswith(LINK_PATHS)} == set()


@ON_SQLITE
def test_a_form_without_its_token_is_refused(app: Flask, build: Builder) -> None:
    staff = (person(build, role) for role in (Role.COORDINATOR, Role.ADMINISTRATOR))
    browsers = [app.test_client(), *(browser_of(app, one) for one in staff)]

    answers = {
        (route.rule.rule, browser.post(route.path(app)).status_code)
        for browser in browsers
        for kind in ("requires", "public")
        for method, route in calls(app, kind)
        if method == "POST"
    }

    assert {answer for answer in answers if answer[1] != 400} == set()


@ON_SQLITE
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no word of where it comes from"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="another host of the site"),
        pytest.param({"Origin": "https://evil.example"}, id="another origin"),
        pytest.param({"Origin": "null"}, id="hidden origin"),
    ],
)
def test_a_link_page_takes_forms_of_its_own_pages_only(app: Flask, headers: dict[str, str]) -> None:
    client = app.test_client()

    posts = (route for kind in OWN_ORIGIN for method, route in calls(app, kind) if method == "POST")
    answers = {(route.rule.rule, client.post(route.path(app), headers=headers).status_code) for route in posts}

    assert {answer for answer in answers if answer[1] != 403} == set()


@ON_SQLITE
def test_strangers_sign_in_first(app: Flask) -> None:
    client = app.test_client()

    answers = {
        (method, route.rule.rule, status, location.partition("?")[0])
        for method, route in calls(app, "requires")
        for status, location in [ask(client, method, route.path(app))]
    }

    assert {answer for answer in answers if answer[2:] != (302, "/login")} == set()


@ON_SQLITE
@pytest.mark.parametrize("role", ASSIGNABLE)
def test_a_role_gets_where_the_permission_table_lets_it(app: Flask, build: Builder, role: Role) -> None:
    user = person(build, role)
    browser, actor = browser_of(app, user), actor_of(user)

    wrong = {}
    for method, route in calls(app, "requires"):
        assert route.act is not None
        status, location = ask(browser, method, route.path(app))
        is_let_in = status not in {401, 403} and not location.startswith("/login")
        if is_let_in != may(actor, route.act) or status >= 500:
            wrong[method, route.rule.rule] = status

    assert wrong == {}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.REQUESTER, Role.MEDIATOR])
def test_an_id_that_no_row_has_is_no_page(app: Flask, build: Builder, role: Role) -> None:
    user = person(build, role)
    browser, actor = browser_of(app, user), actor_of(user)

    wrong = {}
    for method, route in calls(app, "requires"):
        if not route.has_id or route.act is None or not may(actor, route.act):
            continue
        for number in (*OUT_OF_RANGE, NO_ROW):
            status = follow(browser, method, route.path(app, number))
            if status not in ({404, 422} if number == NO_ROW else {404}):
                wrong[method, route.rule.rule, number] = status

    assert wrong == {}


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.MEDIATOR])
def test_what_belongs_to_others_does_not_exist(app: Flask, build: Builder, role: Role) -> None:
    make_world(app, build)
    user = person(build, role)
    browser, actor = browser_of(app, user), actor_of(user)

    wrong = {}
    for method, route in calls(app, "requires"):
        if route.has_id and route.act and may(actor, route.act):
            foreign = ask(browser, method, route.path(app, 1))
            if foreign != ask(browser, method, route.path(app)) or foreign[0] not in {404, 422}:
                wrong[method, route.rule.rule] = foreign

    assert wrong == {}


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_looking_at_a_page_writes_nothing(app: Flask, build: Builder, role: Role) -> None:
    tokens = make_world(app, build)
    browser = browser_of(app, person(build, role))

    written, failed = [], {}
    for route in routes(app):
        if "GET" not in route.methods:
            continue
        text = next((token for start, token in tokens.items() if route.rule.rule.startswith(start)), "nothing")
        path = route.path(app, 1, text)
        for method in ("GET", "HEAD"):
            with counted(db.engine) as statements:
                status = browser.open(path, method=method).status_code
            written += [(path, each) for each in statements if not each.lstrip().upper().startswith(("SELECT", "WITH"))]
            if status >= 500 and not path.startswith(("/healthz", "/readyz")):
                failed[method, path] = status

    assert (written, failed) == ([], {})


@ON_SQLITE
def test_other_methods_are_refused(app: Flask) -> None:
    client = app.test_client()

    answers = {
        (method, route.rule.rule, client.open(route.path(app), method=method).status_code)
        for route in routes(app) if route.kind != "token"
        for method in ("PUT", "DELETE", "PATCH", "TRACE")
    }  # fmt: skip

    assert {answer for answer in answers if answer[2] != 405} == set()


@ON_SQLITE
def test_a_refused_method_names_those_that_work(app: Flask) -> None:
    response = app.test_client().put("/login")

    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def make_world(app: Flask, build: Builder) -> dict[str, str]:
    """One thing of every kind, each with id 1 or more; returns tokens by the beginning of their pages."""
    owner = build.user("requester")
    assert owner.organisation_id is not None
    mediator = build.mediator()
    request = build.request(organisation_id=owner.organisation_id, created_by_id=owner.id)
    assigned = build.request(organisation_id=owner.organisation_id, state="assigned")
    offer = build.offer(request, mediator)
    appointment = build.appointment(assigned, mediator)

    def token(purpose: str, subject_id: int) -> str:
        ends_at = link_ends_at(purpose, NOW) if purpose in MAILED_LINKS else None
        return links.issue(purpose, subject_id, key=app.config["SECRET_KEY"], now=NOW, expires_at=ends_at)

    return {
        "/o/": token("offer", offer.id),
        "/a/": token("appointment", appointment.id),
        "/calendar/": token("mediator_calendar", mediator.id),
        "/join/": token("applicant", build.applicant().id),
        **{f"/{purpose}/": token(purpose, owner.id) for purpose in MAILED_LINKS},
    }
