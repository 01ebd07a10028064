"""The pages of webhooks: entering one, its secret once, its log, and what a pause refuses."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.models import OptionChange, OutboxMessage, User, Webhook
from dispatch.services.transactions import reading, run
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor

NEW = {"url": "https://hooks.example/new", "events": ["request.*"]}


@pytest.fixture
def user(build: Builder) -> User:
    return build.user("requester")


@pytest.fixture
def browser(user: User, client_for: ClientFor) -> FlaskClient:
    run(
        lambda session: session.add(
            OptionChange(topic="webhooks", version=1, values={"hosts": ["hooks.example"]}, changed_at=NOW)
        )
    )
    return client_for(user)


def faults(page: str) -> list[str]:
    return re.findall(r'id="([\w-]+)-error"', page)


def test_a_webhook_is_entered_and_its_secret_shown_once(browser: FlaskClient) -> None:
    entered = post(browser, "/webhooks/new", NEW)
    hook = reading().scalars(select(Webhook)).one()

    assert (entered.status_code, entered.headers["Cache-Control"]) == (200, "no-store")
    assert len(re.findall(r"<code>whsec_[\w-]{43}</code>", entered.text)) == 1
    assert "whsec_" not in browser.get(f"/webhooks/{hook.id}").text
    assert hook.url in browser.get("/webhooks").text
    assert "/webhooks" in browser.get("/account").text


def test_what_does_not_hold_is_told_at_its_field_and_kept(browser: FlaskClient) -> None:
    refused = post(browser, "/webhooks/new?lang=en", {"url": "https://evil.example/x", "events": []})

    assert (refused.status_code, faults(refused.text)) == (422, ["url", "events"])
    assert "Please ask the administration of the service" in refused.text
    assert 'value="https://evil.example/x"' in refused.text


def test_the_log_shows_what_became_of_an_event_and_sends_it_again(
    app: Flask, browser: FlaskClient, build: Builder, user: User
) -> None:
    hook = build.webhook(user, key=app.config["SECRET_KEY"])
    page = f"/webhooks/{hook.id}"
    pinged = post(browser, f"{page}/ping", follow_redirects=True).text
    row = reading().scalars(select(OutboxMessage)).one()
    run(lambda session: session.merge(OutboxMessage(id=row.id, state="failed", error="HTTP 503", attempts=9)))

    shown = browser.get(f"{page}?lang=en").text
    post(browser, f"{page}/deliveries/{row.id}")
    post(browser, f"{page}/pause")
    paused = post(browser, f"{page}/ping", follow_redirects=True).text
    reading().close()

    assert "kern-alert--success" in pinged
    assert ("Test event" in shown, "The program answered with status 503." in shown) == (True, True)
    assert reading().get_one(OutboxMessage, row.id).state == "dropped"  # sent again, and dropped by the pause
    assert "kern-alert--warning" in paused
    assert post(browser, f"{page}/delete").headers["Location"] == "/webhooks"
    assert reading().scalars(select(Webhook)).all() == []


def test_nobody_sees_anothers_webhook(app: Flask, browser: FlaskClient, build: Builder) -> None:
    foreign = build.webhook(build.user("coordinator"), key=app.config["SECRET_KEY"])

    assert browser.get(f"/webhooks/{foreign.id}").status_code == 404
    assert post(browser, f"/webhooks/{foreign.id}/secret").status_code == 404
    assert foreign.url not in browser.get("/webhooks").text
