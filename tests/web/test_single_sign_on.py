"""Signing in at a real provider on loopback and coming back, as a browser sees it."""

import warnings
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.models import AuditEntry, Identity, User
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import reading, run
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor
from tests.web.sign_on import CALLBACK, WOLF, answer, come_back, leave, sign_in, tell

pytestmark = [  # of the provider, which still uses what Authlib is about to drop
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:get_(jwt_config|audiences):DeprecationWarning"),
]

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where nothing but the cookie and the provider has a say."""


@pytest.fixture(scope="module")
def provider_url() -> Iterator[str]:
    """A provider that runs on a thread and lets everybody in as whom they name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from oidc_provider_mock import run_server_in_thread
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def provider(app: Flask, provider_url: str) -> str:
    """Let the application use the provider."""
    app.config.update(
        OIDC_ISSUER=provider_url,
        OIDC_CLIENT_ID="dispatch",
        OIDC_CLIENT_SECRET="a secret of the test",
        OIDC_NAME="Landkreis",
        OIDC_GROUPS_CLAIM="realm_access.roles",
        OIDC_ROLES="koordination=coordinator,verwaltung=administrator",
    )
    tell(provider_url, WOLF)
    return provider_url


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def causes() -> list[str]:
    rows = reading().scalars(select(AuditEntry).where(AuditEntry.act == "sign_in_failed").order_by(AuditEntry.id))
    return [row.facts["cause"] for row in rows]


def test_the_way_there_and_back_ends_where_one_wanted_to_go(client: FlaskClient) -> None:
    address = leave(client, next="/requests?state=open")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    before = client.get_cookie("session")

    response = come_back(client, answer(address))

    assert (response.status_code, response.headers["Location"]) == (302, "/requests?state=open")
    assert is_in(client)
    assert client.get_cookie("session") != before
    assert {name: asked[name] for name in ("response_type", "scope", "code_challenge_method", "redirect_uri")} == {
        "response_type": "code", "scope": "openid email profile", "code_challenge_method": "S256",
        "redirect_uri": f"http://127.0.0.1:8000{CALLBACK}",
    }  # fmt: skip
    assert len(asked["state"]) == len(asked["nonce"]) == len(asked["code_challenge"]) == 43


@ON_SQLITE
def test_opening_the_way_back_changes_nothing_until_the_button_is_pressed(client: FlaskClient) -> None:
    client.get(CALLBACK, query_string=answer(leave(client)))

    assert not is_in(client)
    assert reading().scalars(select(User)).all() == []


@ON_SQLITE
def test_who_stops_there_reads_so(client: FlaskClient) -> None:
    told = answer(leave(client), action="deny")
    with client.session_transaction() as cookie:
        told["state"] = cookie["sign_on"]["state"]  # this provider leaves it out

    response = client.get(CALLBACK, query_string=told)

    assert (response.status_code, told["error"]) == (403, "access_denied")
    assert "/login" in response.text


@ON_SQLITE
@pytest.mark.parametrize(
    "query",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"state": "{state}"}, id="no code"),
        pytest.param({"code": "x", "state": "another"}, id="another state"),
        pytest.param({"code": "x", "state": "\x00ä\ud800"}, id="nasty signs"),
        pytest.param({"error": "access_denied"}, id="an error without its state"),
    ],
)
def test_what_was_not_begun_here_leads_nowhere(client: FlaskClient, query: dict[str, str]) -> None:
    leave(client)
    with client.session_transaction() as cookie:
        known = {name: value.replace("{state}", cookie["sign_on"]["state"]) for name, value in query.items()}
    sent = {name: value.encode("utf-8", "replace") for name, value in known.items()}

    assert client.get(CALLBACK, query_string=sent).status_code == 410
    assert post(client, CALLBACK, sent).status_code in {403, 410}
    assert not is_in(client)


@ON_SQLITE
def test_the_answer_to_another_browser_leads_nowhere(app: Flask, client: FlaskClient) -> None:
    told = answer(leave(app.test_client()))

    assert client.get(CALLBACK, query_string=told).status_code == 410
    assert post(client, CALLBACK, told).status_code == 410


@ON_SQLITE
def test_a_way_ends_after_ten_minutes(client: FlaskClient, the_time: time_machine.Traveller) -> None:
    told = answer(leave(client))
    the_time.shift(timedelta(minutes=10))

    assert post(client, CALLBACK, told).status_code == 410


def test_a_code_works_once_and_for_its_own_way_only(client: FlaskClient) -> None:
    told = answer(leave(client))
    with client.session_transaction() as cookie:
        kept = cookie["sign_on"]
    assert post(client, CALLBACK, told).status_code == 302
    post(client, "/logout")
    with client.session_transaction() as cookie:
        cookie["sign_on"] = kept

    assert post(client, CALLBACK, told).status_code == 410
    assert not is_in(client)


@ON_SQLITE
def test_a_token_of_another_way_is_not_believed(client: FlaskClient) -> None:
    told = answer(leave(client))
    with client.session_transaction() as cookie:
        cookie["sign_on"] = {**cookie["sign_on"], "nonce": "of another way"}

    assert post(client, CALLBACK, told).status_code == 403
    assert causes() == ["sign_on_untrusted"]


@ON_SQLITE
def test_another_issuer_does_not_answer_for_ours(client: FlaskClient) -> None:
    assert client.get(CALLBACK, query_string=answer(leave(client)) | {"iss": "https://evil.example"}).status_code == 403


@ON_SQLITE
def test_a_provider_that_is_down_is_said_to_be_and_passwords_still_work(app: Flask, client: FlaskClient) -> None:
    app.config["OIDC_ISSUER"] = "http://127.0.0.1:1"

    assert post(client, "/login/sso").status_code == 503
    assert client.get("/login").status_code == 200


def test_without_a_group_no_account_is_made(client: FlaskClient, provider: str) -> None:
    tell(provider, {**WOLF, "realm_access": {"roles": ["kantine"]}})

    assert sign_in(client).status_code == 403
    assert (causes(), reading().scalars(select(User)).all()) == (["no_group"], [])


def test_losing_the_group_ends_the_sessions_of_every_device(app: Flask, client: FlaskClient, provider: str) -> None:
    sign_in(client)
    tell(provider, {**WOLF, "realm_access": {}})

    response = sign_in(app.test_client())

    assert response.status_code == 403
    assert not is_in(client)


def test_an_account_with_the_address_is_connected_by_its_owner_alone(
    client: FlaskClient, client_for: ClientFor, build: Builder
) -> None:
    user = build.user("coordinator", email="wolf@example.org", password_hash="x")
    assert sign_in(client).status_code == 403
    assert causes() == ["address_taken"]

    owner = client_for(user)
    response = come_back(owner, answer(leave(owner, "/account/sso")))

    assert response.headers["Location"] == "/account"
    assert sign_in(client).status_code == 302
    assert "/account/sso/remove" in owner.get("/account").text
    assert post(owner, "/account/sso/remove").status_code == 302
    assert reading().scalars(select(Identity)).all() == []


@ON_SQLITE
def test_connecting_and_disconnecting_ask_who_is_there(
    client_for: ClientFor, build: Builder, the_time: time_machine.Traveller
) -> None:
    owner = client_for(build.user("coordinator", password_hash=CHEAP.hash("tanzende Giraffe")))
    the_time.shift(timedelta(minutes=5))

    asked = [post(owner, path).headers["Location"] for path in ("/account/sso/remove", "/account/sso")]
    proved = post(owner, "/account/factors/confirm", {"old": "tanzende Giraffe"})

    assert (asked, proved.headers["Location"]) == (["/account/factors/confirm"] * 2, "/account")
    assert leave(owner, "/account/sso")


@ON_SQLITE
def test_a_way_to_connect_ends_with_the_session_that_began_it(client_for: ClientFor, build: Builder) -> None:
    owner = client_for(build.user("coordinator"))
    told = answer(leave(owner, "/account/sso"))
    with owner.session_transaction() as cookie:
        cookie.pop("_user_id")

    assert post(owner, CALLBACK, told).status_code == 410
    assert reading().scalars(select(Identity)).all() == []


@ON_SQLITE
def test_without_a_password_the_connection_stays(client: FlaskClient) -> None:
    sign_in(client)

    assert "/account/sso/remove" not in client.get("/account").text
    assert post(client, "/account/sso/remove").status_code == 403


def test_a_disabled_account_stays_out(client: FlaskClient, build: Builder, provider: str) -> None:
    user = build.user("coordinator", active=False)
    run(lambda session: session.add(Identity(user_id=user.id, issuer=provider, subject="wolf", created_at=NOW)))

    assert sign_in(client).status_code == 403
    assert causes() == ["disabled"]


@ON_SQLITE
def test_signing_out_here_offers_the_way_out_there(client: FlaskClient, provider: str) -> None:
    sign_in(client)

    page = post(client, "/logout", follow_redirects=True)

    assert f'href="{provider}/oauth2/end_session?client_id=dispatch&amp;post_logout_redirect_uri=' in page.text
    assert not is_in(client)


@ON_SQLITE
def test_without_a_provider_there_is_no_such_page(app: Flask, client: FlaskClient) -> None:
    app.config["OIDC_ISSUER"] = ""

    assert "/login/sso" not in client.get("/login").text
    assert [client.get(CALLBACK).status_code, post(client, CALLBACK).status_code] == [404, 404]
    assert post(client, "/login/sso").status_code == 404
