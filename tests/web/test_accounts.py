"""Signing in and out, mailed links and one's own account, as a browser sees them."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dispatch.domain.accounts import link_ends_at
from dispatch.models import LoginSession, Mark, OutboxMessage, User
from dispatch.services import links
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import reading, run
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor

PASSWORD = "tanzende Giraffe"
NEW = "blaue Lampe am Steg"


@pytest.fixture
def wolf(build: Builder) -> User:
    """A coordinator with a password."""
    return build.user("coordinator", email="wolf@example.org", name="Jana Wolf", password_hash=CHEAP.hash(PASSWORD))


def sign_in(client: FlaskClient, **typed: str) -> tuple[int, str | None]:
    response = post(client, "/login", {"email": "wolf@example.org", "password": PASSWORD, **typed})
    return response.status_code, response.headers.get("Location")


def link(app: Flask, purpose: str, user: User) -> str:
    key = app.config["SECRET_KEY"]
    return links.issue(purpose, user.id, key=key, now=NOW, expires_at=link_ends_at(purpose, NOW))


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("target", "location"),
    [
        pytest.param("/account", "/account", id="a page of ours"),
        pytest.param("/requests?state=open", "/requests?state=open", id="with its query"),
        pytest.param("https://evil.example/x", None, id="another site"),
        pytest.param("//evil.example/x", None, id="another site without scheme"),
        pytest.param("/\\evil.example", None, id="backslash"),
        pytest.param("", None, id="none"),
    ],
)
@pytest.mark.usefixtures("wolf")
def test_after_signing_in_one_is_where_one_wanted_to_go(client: FlaskClient, target: str, location: str | None) -> None:
    status, went = sign_in(client, next=target)

    assert status == 302
    assert went == location if location else went in {"/board", "/account"}
    assert is_in(client)


@pytest.mark.usefixtures("wolf")
def test_a_refusal_keeps_the_address_and_never_the_password(client: FlaskClient) -> None:
    response = post(client, "/login", {"email": "wolf@example.org", "password": "a wrong password"})

    assert response.status_code == 422
    assert 'value="wolf@example.org"' in response.text
    assert "a wrong password" not in response.text
    assert 'role="alert"' in response.text


@pytest.mark.usefixtures("wolf")
def test_too_many_tries_are_told_when_to_come_back(client: FlaskClient) -> None:
    for _ in range(10):
        sign_in(client, password="a wrong password")

    response = post(client, "/login", {"email": "wolf@example.org", "password": PASSWORD})

    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")


@pytest.mark.usefixtures("wolf")
def test_signing_in_begins_a_new_cookie(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["planted"] = "a secret planted before", "x"

    sign_in(client)

    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert kept["_user_id"] != "a secret planted before"
    assert "planted" not in kept


def test_signing_out_ends_the_session_at_the_server(app: Flask, wolf: User, client_for: ClientFor) -> None:
    client, copy = client_for(wolf), app.test_client()
    with client.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    with copy.session_transaction() as cookie:
        cookie["_user_id"] = stolen

    response = post(client, "/logout")

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert (is_in(client), is_in(copy)) == (False, False)


def test_a_session_left_alone_ends(wolf: User, client_for: ClientFor, the_time: time_machine.Traveller) -> None:
    client = client_for(wolf)

    the_time.shift(timedelta(hours=8))

    assert not is_in(client)


@pytest.mark.parametrize("email", ["shirin@example.org", "nobody@example.org", "office@example.org"])
@pytest.mark.parametrize("way", ["login", "reset"])
def test_asking_for_a_link_says_the_same_to_everybody(
    client: FlaskClient, build: Builder, way: str, email: str
) -> None:
    build.user("mediator", email="shirin@example.org")
    build.user("requester", email="office@example.org")

    response = post(client, f"/{way}", {"email": email, "act": "link"})

    said = response.text.replace(email, "ADDRESS").replace(response.headers["X-Request-ID"], "")
    other = post(client, f"/{way}", {"email": "other@example.org", "act": "link"})
    assert response.status_code == 200
    assert said == other.text.replace("other@example.org", "ADDRESS").replace(other.headers["X-Request-ID"], "")


def test_a_mediator_is_mailed_a_link(client: FlaskClient, build: Builder) -> None:
    build.user("mediator", email="shirin@example.org")

    post(client, "/login", {"email": "shirin@example.org", "act": "link"})

    assert reading().scalars(select(OutboxMessage.kind)).all() == ["login"]


@pytest.mark.parametrize(("purpose", "path"), [("invite", "/invite/"), ("reset", "/reset/"), ("login", "/login/")])
def test_opening_a_link_changes_nothing(
    app: Flask, client: FlaskClient, build: Builder, purpose: str, path: str
) -> None:
    token = link(app, purpose, build.user("mediator", ui_language="de"))

    for method in ("GET", "HEAD", "GET"):
        assert client.open(path + token, method=method).status_code == 200

    assert reading().scalar(select(func.count()).select_from(LoginSession)) == 0


def test_a_login_link_needs_one_tap(app: Flask, client: FlaskClient, build: Builder) -> None:
    token = link(app, "login", build.user("mediator"))

    post(client, f"/login/{token}")

    assert is_in(client)
    assert client.get(f"/login/{token}").status_code == 410


@pytest.mark.parametrize("purpose", ["invite", "reset"])
def test_a_link_lets_choose_a_password(app: Flask, client: FlaskClient, wolf: User, purpose: str) -> None:
    token = link(app, purpose, wolf)
    refused = post(client, f"/{purpose}/{token}", {"new": "kurz"})

    accepted = post(client, f"/{purpose}/{token}", {"new": NEW})

    assert (refused.status_code, accepted.status_code) == (422, 302)
    assert is_in(client)


def test_a_link_page_speaks_the_language_of_its_owner(app: Flask, client: FlaskClient, build: Builder) -> None:
    token = link(app, "invite", build.user("mediator", ui_language="ar"))

    assert 'lang="ar" dir="rtl"' in client.get(f"/invite/{token}").text


@pytest.mark.usefixtures("app")
def test_every_altered_token_gets_the_same_answer(app: Flask, client: FlaskClient, wolf: User) -> None:
    token = link(app, "reset", wolf)
    altered = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token) - 1)
    ]

    answers = [client.get(f"/reset/{each}") for each in altered]

    bodies = {answer.text.replace(answer.headers["X-Request-ID"], "") for answer in answers}
    assert ({answer.status_code for answer in answers}, len(bodies)) == ({404}, 1)


def test_a_new_password_keeps_this_browser_and_ends_others(wolf: User, client_for: ClientFor) -> None:
    here, there = client_for(wolf), client_for(wolf)

    response = post(here, "/account/password", {"old": PASSWORD, "new": NEW})

    assert response.status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_wrong_old_password_is_told_at_its_field(wolf: User, client_for: ClientFor) -> None:
    response = post(client_for(wolf), "/account/password", {"old": "wrong", "new": NEW})

    assert response.status_code == 422
    assert 'id="old-error"' in response.text


def test_other_sessions_can_be_ended(wolf: User, client_for: ClientFor) -> None:
    here, there = client_for(wolf), client_for(wolf)

    post(here, "/account/sessions-end")

    assert (is_in(here), is_in(there)) == (True, False)


def test_the_chosen_language_is_kept_with_the_account(wolf: User, client_for: ClientFor) -> None:
    client = client_for(wolf)

    response = post(client, "/language", {"lang": "ar", "next": "/account"})

    assert response.headers["Location"] == "/account"
    assert 'lang="ar" dir="rtl"' in client_for(wolf).get("/account").text


@pytest.mark.usefixtures("app")
def test_the_chosen_language_is_kept_in_the_browser_of_a_stranger(client: FlaskClient) -> None:
    post(client, "/language", {"lang": "ar", "next": "/login"})

    assert 'lang="ar" dir="rtl"' in client.get("/login").text


def make_demo(build: Builder) -> User:
    def mark(session: object) -> None:
        session.add(Mark(name="demo", value="1", at=NOW))  # type: ignore[attr-defined]

    run(mark)
    return build.user("coordinator", email="demo-coordinator@dolmetscherdienst.example")


@pytest.mark.parametrize(
    ("is_demo", "is_loopback", "is_marked", "offered"),
    [
        pytest.param(True, True, True, True, id="demonstration"),
        pytest.param(False, True, True, False, id="not asked for"),
        pytest.param(True, False, True, False, id="reached from outside"),
        pytest.param(True, True, False, False, id="a real database"),
    ],
)
def test_one_button_per_role_stands_in_a_demonstration_only(
    app: Flask, client: FlaskClient, build: Builder, is_demo: bool, is_loopback: bool, is_marked: bool, offered: bool
) -> None:
    app.config.update(DEMO=is_demo, IS_LOOPBACK=is_loopback)
    if is_marked:
        make_demo(build)
    else:
        build.user("coordinator", email="demo-coordinator@dolmetscherdienst.example")

    page = client.get("/login").text
    response = post(client, "/login/demo", {"role": "coordinator"})

    assert ('action="/login/demo"' in page) == offered
    assert (response.status_code == 302, is_in(client)) == (offered, offered)


@pytest.mark.parametrize("role", ["administrator", "system", "king", ""])
def test_no_other_role_is_to_be_had(app: Flask, client: FlaskClient, build: Builder, role: str) -> None:
    app.config.update(DEMO=True, IS_LOOPBACK=True)
    make_demo(build)

    assert post(client, "/login/demo", {"role": role}).status_code == 404
