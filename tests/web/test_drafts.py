"""Drafts: what was typed survives a lost session, comes back to its writer only, and never holds a secret."""

from datetime import timedelta

import pytest
import time_machine
from flask import Blueprint, Flask, Response, jsonify
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dispatch.domain.permissions import Act
from dispatch.models import FormDraft, User
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import reading
from dispatch.web import drafts
from dispatch.web.guards import requires
from tests.browsing import post, token_of
from tests.builders import Builder
from tests.web.conftest import ClientFor

PASSWORD = "tanzende Giraffe"
FORM = "/form-of-a-test"


@pytest.fixture
def form(app: Flask) -> None:
    """A page with a form of its own: it shows what is kept, and forgets it when sent."""
    bp = Blueprint("form_of_a_test", __name__)

    @bp.get(FORM)
    @requires(Act.ACCOUNT_VIEW)
    def show() -> Response:
        kept = drafts.take()
        return jsonify(dict(kept.lists()) if kept else None)

    @bp.post(FORM)
    @requires(Act.ACCOUNT_EDIT)
    def send() -> str:
        drafts.forget()
        return "sent"

    @bp.post("/act-of-a-test")
    @requires(Act.ACCOUNT_EDIT)
    def act() -> str:
        return "done"

    app._got_first_request = False
    app.register_blueprint(bp)


@pytest.fixture
def wolf(build: Builder) -> User:
    """A coordinator with a password."""
    return build.user("coordinator", email="wolf@example.org", password_hash=CHEAP.hash(PASSWORD))


def enter(client: FlaskClient, location: str, email: str = "wolf@example.org") -> str:
    page = client.get(location).text
    target = page.partition('name="next" value="')[2].partition('"')[0]
    typed = {"email": email, "password": PASSWORD, "next": target}
    return str(post(client, "/login", typed).headers["Location"])


def rows() -> int:
    return reading().scalar(select(func.count()).select_from(FormDraft)) or 0


@pytest.mark.usefixtures("form")
def test_a_form_sent_after_the_session_ended_is_there_after_signing_in(
    wolf: User, client_for: ClientFor, the_time: time_machine.Traveller
) -> None:
    client = client_for(wolf)
    the_time.shift(timedelta(hours=9))

    lost = post(client, FORM, {"day": "1.12.2026", "wishes": ["a", "b"], "nonce": "7", "password": "x"})
    back = enter(client, lost.headers["Location"])

    assert back == FORM
    assert client.get(back).json == {"day": ["1.12.2026"], "wishes": ["a", "b"]}


@pytest.mark.usefixtures("form")
def test_what_was_sent_is_forgotten(wolf: User, client_for: ClientFor) -> None:
    client = client_for(wolf)
    post(client, f"/drafts{FORM}", {"day": "1.12.2026"})

    kept = client.get(FORM).json
    post(client, FORM, {"day": "1.12.2026"})

    assert (kept, client.get(FORM).json) == ({"day": ["1.12.2026"]}, None)


@pytest.mark.usefixtures("form")
def test_saving_again_replaces(wolf: User, client_for: ClientFor) -> None:
    client = client_for(wolf)

    for day in ("1.12.2026", "2.12.2026"):
        post(client, f"/drafts{FORM}", {"day": day})

    assert (client.get(FORM).json, rows()) == ({"day": ["2.12.2026"]}, 1)


@pytest.mark.usefixtures("form")
def test_somebody_else_in_the_same_browser_does_not_see_it(
    wolf: User, build: Builder, client_for: ClientFor, the_time: time_machine.Traveller
) -> None:
    build.user("coordinator", email="fuchs@example.org", password_hash=CHEAP.hash(PASSWORD))
    client = client_for(wolf)
    the_time.shift(timedelta(hours=9))

    lost = post(client, FORM, {"day": "1.12.2026"})
    enter(client, lost.headers["Location"], "fuchs@example.org")

    assert client.get(FORM).json is None


@pytest.mark.usefixtures("form")
def test_an_act_without_a_page_leads_back_to_the_page_before(client: FlaskClient) -> None:
    response = post(client, "/act-of-a-test", {"x": "1"}, headers={"Referer": "http://localhost/requests/5"})

    assert response.headers["Location"] == "/login?next=/requests/5"
    assert rows() == 0


@pytest.mark.usefixtures("wolf")
def test_a_password_is_never_kept(client: FlaskClient) -> None:
    post(client, "/account/password", {"old": "a secret", "new": "another secret"})

    assert rows() == 0


@pytest.mark.usefixtures("form")
def test_a_form_beyond_all_measure_is_not_kept(wolf: User, client: FlaskClient, client_for: ClientFor) -> None:
    stray = post(client, FORM, {"notes": "x" * 70_000})
    saved = post(client_for(wolf), f"/drafts{FORM}", {"notes": "x" * 70_000})

    assert (stray.status_code, saved.status_code, rows()) == (302, 413, 0)


@pytest.mark.usefixtures("form")
def test_one_place_keeps_thirty_stray_forms_an_hour(app: Flask) -> None:
    for _ in range(32):
        assert post(app.test_client(), FORM, {"day": "1"}).status_code == 302

    assert rows() == 30


@pytest.mark.usefixtures("form")
def test_a_stray_form_is_lost_after_half_a_day(
    wolf: User, client: FlaskClient, the_time: time_machine.Traveller
) -> None:
    lost = post(client, FORM, {"day": "1"})
    the_time.shift(timedelta(hours=12))

    enter(client, lost.headers["Location"])

    assert wolf.id
    assert client.get(FORM).json is None


@pytest.mark.usefixtures("form")
def test_a_form_without_its_token_is_kept_when_our_own_page_sent_it(client: FlaskClient) -> None:
    response = client.post(FORM, data={"day": "1"}, headers={"Sec-Fetch-Site": "same-origin"})

    assert (response.status_code, response.headers["Location"]) == (302, f"/login?next={FORM}")
    assert rows() == 1


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_forged_form_is_refused_and_not_kept(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.post(FORM, data={"day": "1"}, headers=headers)

    assert (response.status_code, rows()) == (400, 0)


@pytest.mark.usefixtures("form")
def test_a_script_saves_with_the_token_in_a_header(wolf: User, client_for: ClientFor) -> None:
    client = client_for(wolf)

    response = client.post(f"/drafts{FORM}", data={"day": "1"}, headers={"X-CSRFToken": token_of(client)})

    assert (response.status_code, client.get(FORM).json) == (204, {"day": ["1"]})
