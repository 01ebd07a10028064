"""Acts on a request besides its form: what the coordination decides, and what an office reads before it cancels."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.database import db
from dispatch.models import Request, User
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import NOW, Builder
from tests.web.conftest import ClientFor


@pytest.fixture
def office(build: Builder) -> User:
    """Who asks for a school."""
    return build.user()


def state_of(row: Request) -> str:
    db.session.close()
    return reading().scalars(select(Request.state).where(Request.id == row.id)).one()


ACTS: dict[str, tuple[dict[str, Any], str, dict[str, str], str]] = {
    "release": ({"state": "in_review", "review_reasons": "setting"}, "review", {"decision": "accept"}, "submitted"),
    "refuse": (
        {"state": "in_review", "review_reasons": "setting"},
        "review",
        {"decision": "refuse", "reason": "Bitte beim Gericht"},
        "cancelled",
    ),
    "give up": ({"state": "searching"}, "unfilled", {"reason": "nobody_free"}, "unfilled"),
    "reopen": ({"state": "unfilled", "closed_at": NOW}, "reopen", {}, "searching"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "act", "typed", "state"), ACTS.values(), ids=ACTS)
def test_the_coordination_decides(
    build: Builder, client_for: ClientFor, values: dict[str, Any], act: str, typed: dict[str, str], state: str
) -> None:
    row = build.request(**values)

    response = post(client_for(build.user("coordinator")), f"/requests/{row.id}/{act}", typed)

    assert (response.status_code, response.headers["Location"]) == (302, f"/requests/{row.id}")
    assert state_of(row) == state


REFUSED: dict[str, tuple[str, str, dict[str, str], list[str]]] = {
    "refuse without reason": ("in_review", "review", {"decision": "refuse"}, ["reason"]),
    "refuse with an overlong reason": ("in_review", "review", {"decision": "refuse", "reason": "x" * 501}, ["reason"]),
    "no decision": ("in_review", "review", {"decision": "x"}, []),
    "give up without reason": ("searching", "unfilled", {"note": "Wir suchten lange"}, ["reason"]),
    "give up under review": ("in_review", "unfilled", {"note": "Wir suchten lange"}, ["unfilled-reason"]),
    "give up with control characters": ("searching", "unfilled", {"reason": "too_far", "note": "a\x0bb"}, ["note"]),
}


@pytest.mark.parametrize(("state", "act", "typed", "fields"), REFUSED.values(), ids=REFUSED)
def test_a_refused_decision_shows_the_page_again_with_what_was_typed(
    build: Builder, client_for: ClientFor, state: str, act: str, typed: dict[str, str], fields: list[str]
) -> None:
    row = build.request(state=state, review_reasons="setting")

    response = post(client_for(build.user("coordinator")), f"/requests/{row.id}/{act}", typed)

    assert (response.status_code, state_of(row)) == (422, state)
    assert re.findall(r'id="([\w-]+)-error"', response.text) == fields
    assert typed.get("note", typed.get("reason", "")) in response.text
    assert len(re.findall(r'id="reason"', response.text)) <= 1


@pytest.mark.parametrize("act", ["review", "unfilled", "reopen"])
def test_an_office_does_not_decide(build: Builder, office: User, client_for: ClientFor, act: str) -> None:
    row = build.request(organisation_id=office.organisation_id, state="in_review")

    response = post(client_for(office), f"/requests/{row.id}/{act}", {"decision": "accept", "reason": "other"})

    assert (response.status_code, state_of(row)) == (403, "in_review")


def test_what_can_no_longer_be_done_is_told_with_409(build: Builder, client_for: ClientFor) -> None:
    row = build.request(state="completed", closed_at=NOW)

    response = post(client_for(build.user("coordinator")), f"/requests/{row.id}/reopen")

    assert (response.status_code, state_of(row)) == (409, "completed")


def test_the_late_rule_is_shown_before_a_cancellation(build: Builder, office: User, client_for: ClientFor) -> None:
    soon = build.request(organisation_id=office.organisation_id, state="assigned", starts_at=NOW + timedelta(hours=20))
    build.appointment(soon, build.mediator())
    client = client_for(office)

    asked = client.get(f"/requests/{soon.id}/cancel")
    refused = post(client, f"/requests/{soon.id}/cancel", {})
    cancelled = post(client, f"/requests/{soon.id}/cancel", {"reason": "own"})

    assert asked.text.count("kern-alert--warning") == 1
    assert (refused.status_code, re.findall(r'id="(\w+)-error"', refused.text)) == (422, ["reason"])
    assert (cancelled.status_code, state_of(soon)) == (302, "cancelled")


def test_a_request_whose_mediator_is_taken_is_opened_again_by_a_search(build: Builder, client_for: ClientFor) -> None:
    row, mediator = build.request(state="cancelled", cancel_reason="own", closed_at=NOW), build.mediator()
    build.appointment(row, mediator, state="cancelled", ended_at=NOW)
    build.appointment(build.request(state="assigned"), mediator)
    client = client_for(build.user("coordinator"))

    refused = post(client, f"/requests/{row.id}/reopen")
    found = post(client, f"/requests/{row.id}/reopen", {"search_again": "1"})

    assert (refused.status_code, 'name="search_again" value="1"' in refused.text) == (409, True)
    assert (found.status_code, state_of(row)) == (302, "searching")
