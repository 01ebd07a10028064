"""Second factors as a browser sees them: at sign-in, where one is required, and at the administration."""

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dispatch import clock
from dispatch.domain.permissions import SYSTEM
from dispatch.domain.second_factors import FactorRule
from dispatch.models import SecondFactor, User
from dispatch.services import accounts, option_changes, sealing
from dispatch.services.factor_proofs import SEALED_FOR
from dispatch.services.passwords import CHEAP
from dispatch.services.transactions import reading, run
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor

PASSWORD = "tanzende Giraffe"
SHARED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def wolf(app: Flask, build: Builder) -> User:
    """A coordinator with a password and an app for one-time codes."""
    user = build.user("coordinator", email="wolf@example.org", password_hash=CHEAP.hash(PASSWORD))
    sealed = sealing.seal(SHARED, app.config["SECRET_KEY"], purpose=SEALED_FOR)
    row = SecondFactor(user_id=user.id, kind="totp", name="Telefon", created_at=NOW, sealed_secret=sealed)
    run(lambda session: session.add(row))
    return user


def location(client: FlaskClient, path: str) -> str | None:
    return client.get(path).headers.get("Location")


def require_one() -> None:
    option_changes.save(SYSTEM, "second_factors", {"staff": FactorRule.REQUIRED}, 0, NOW)


@pytest.mark.usefixtures("wolf")
def test_the_code_leads_from_the_password_to_the_page_that_was_wanted(client: FlaskClient) -> None:
    right = pyotp.TOTP(SHARED).at(clock.now())

    first = post(client, "/login", {"email": "wolf@example.org", "password": PASSWORD, "next": "/calls"})
    between = location(client, "/calls")
    wrong = post(client, "/login/factor?next=/calls", {"code": "000000"})
    second = post(client, "/login/factor", {"code": right, "next": "/calls"})

    assert (first.headers["Location"], between) == ("/login/factor?next=/calls", "/login?next=/calls")
    assert (wrong.status_code, 'id="code-error"' in wrong.text, "000000" in wrong.text) == (422, True, False)
    assert (second.headers["Location"], client.get("/calls").status_code) == ("/calls", 200)


def test_without_a_first_factor_there_is_no_second_step(client: FlaskClient) -> None:
    shown, sent = location(client, "/login/factor"), post(client, "/login/factor", {"code": "123456"})

    assert (shown, sent.headers["Location"]) == ("/login", "/login")


def test_staff_get_nowhere_without_the_factor_that_is_required(build: Builder, client_for: ClientFor) -> None:
    require_one()
    staff, office = client_for(build.user("coordinator")), client_for(build.user("requester"))

    away = {path: location(staff, path) for path in ("/board", "/account", "/requests")}
    part = staff.get("/board", headers={"HX-Request": "true"})

    assert set(away.values()) == {"/account/factors"}
    assert (part.status_code, part.headers["HX-Refresh"]) == (204, "true")
    assert "Ihr Konto braucht einen zweiten Faktor" in staff.get("/account/factors").text
    assert (location(office, "/requests"), location(office, "/account")) == (None, None)
    assert post(staff, "/logout").headers["Location"] == "/"


def test_who_has_proved_a_factor_goes_on(build: Builder, wolf: User, app: Flask, client_for: ClientFor) -> None:
    require_one()
    elsewhere = build.user("coordinator")
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = run(lambda session: accounts.begin_session(session, elsewhere.id, NOW, is_proved=True))

    assert (location(client_for(wolf), "/board"), location(browser, "/board")) == (None, None)


def test_a_change_asks_for_the_factor_and_leads_back(wolf: User, client_for: ClientFor) -> None:
    client = client_for(wolf)

    refused = post(client, "/account/factors/codes")
    asked = client.get("/account/factors/confirm").text
    proved = post(client, "/account/factors/confirm", {"code": pyotp.TOTP(SHARED).at(clock.now())})
    made = post(client, "/account/factors/codes")

    assert (refused.status_code, refused.headers["Location"]) == (302, "/account/factors/confirm")
    assert ('name="code"' in asked, 'name="old"' in asked) == (True, False)
    assert (proved.headers["Location"], made.text.count("<li><bdi")) == ("/account/factors", 10)


def test_a_token_that_asks_for_no_factor_is_made_only_after_one(wolf: User, client_for: ClientFor) -> None:
    client, typed = client_for(wolf), {"name": "Klinik", "lasts": "90"}

    refused = post(client, "/account/tokens", typed)
    proved = post(client, "/account/factors/confirm", {"code": pyotp.TOTP(SHARED).at(clock.now())})
    made = post(client, "/account/tokens", typed)

    assert refused.headers["Location"] == "/account/factors/confirm"
    assert (proved.headers["Location"], made.status_code) == ("/account/tokens", 200)


def test_the_administration_removes_the_factors_on_the_page_of_the_account(
    wolf: User, build: Builder, client_for: ClientFor
) -> None:
    admin = client_for(build.user("administrator"))
    offered = f"/users/{wolf.id}/factors-reset" in admin.get(f"/users/{wolf.id}").text

    post(admin, f"/users/{wolf.id}/factors-reset")

    assert (offered, reading().scalar(select(func.count()).select_from(SecondFactor))) == (True, 0)
