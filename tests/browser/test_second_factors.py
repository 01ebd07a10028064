"""A passkey is made, asked for after the password, and asked for again before it is removed: with a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.browser.walks import COORDINATOR, PASSWORD, Walk

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FACTORS = "/account/factors"


def plug_in(page: Page) -> None:
    """Give the browser an authenticator that agrees to everything."""
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, "isUserVerified": True}})


def forget_proof(url: str) -> None:
    """Let every session be one in which the factor was proved too long ago."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET proved_at = NULL"))
    engine.dispose()


def violations(page: Page) -> list[str]:
    """Return what axe finds on a page that the crawl does not reach."""
    return [rule["id"] for rule in Axe().run(page).response["violations"]]


@ON_SQLITE
@pytest.mark.browser
def test_a_passkey_is_made_asked_for_and_removed(walk: Walk, database_url: str) -> None:
    walk.service.url = walk.service.url.replace("127.0.0.1", "localhost")  # browsers know no passkeys of numbers
    page = walk.person(COORDINATOR)
    plug_in(page)

    page.goto(walk.service.url + FACTORS)
    walk.act(page, "form:has([value=passkey]) button")
    walk.act(page, "form[data-passkey] button")
    codes, wrong = page.locator("#codes li").count(), violations(page)
    page.context.clear_cookies()
    page.goto(f"{walk.service.url}/login?lang={walk.language}&next={FACTORS}")
    page.fill("[name=email]", COORDINATOR)
    page.fill("[name=password]", PASSWORD)
    walk.act(page, "form[action='/login'] button.kern-btn--primary")
    asked = page.url
    wrong += violations(page)
    page.goto(walk.service.url + FACTORS)
    locked_out = page.url
    page.goto(asked)
    walk.act(page, "form[data-passkey] button")
    entered = page.url
    forget_proof(database_url)
    page.goto(walk.service.url + FACTORS)
    removable = page.locator("form[action$='/remove']").count()
    walk.act(page, f"form[action='{FACTORS}/unlock'] button")
    walk.act(page, "form[data-passkey] button")
    walk.act(page, "form[action$='/remove'] button")

    assert (codes, removable, page.locator("form[action$='/remove']").count()) == (10, 0, 0)
    assert ("/login/factor" in asked, "/login" in locked_out) == (True, True)
    assert entered == walk.service.url + FACTORS
    assert (wrong, walk.faults) == ([], [])
