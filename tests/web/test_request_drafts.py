"""Drafts of a new request: kept with gaps or without, found again, thrown away, forgotten once sent."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from dispatch.database import db
from dispatch.models import FormDraft, Request, User
from dispatch.services.transactions import reading
from tests.browsing import post
from tests.builders import Builder
from tests.web.conftest import ClientFor
from tests.web.test_request_form import TYPED


@pytest.fixture
def office(build: Builder) -> User:
    """Who asks for a school."""
    return build.user()


def test_a_draft_that_holds_is_a_row_of_the_unit(office: User, client_for: ClientFor) -> None:
    client = client_for(office)
    saved = post(client, "/requests/new", {**TYPED, "act": "draft"})
    row = reading().scalars(select(Request)).one()
    version = row.version

    post(client, f"/requests/{row.id}/edit", {**TYPED, "nonce": "another-nonce-012", "version": version})

    db.session.close()
    assert saved.headers["Location"] == f"/requests/{row.id}"
    assert reading().scalars(select(Request.state)).all() == ["submitted"]


def test_a_draft_with_gaps_is_kept_for_its_writer_and_found_again(office: User, client_for: ClientFor) -> None:
    client = client_for(office)
    saved = post(client, "/requests/new", {"act": "draft", "language": "Tigrinya", "notes": "Eingang hinten"})

    page = client.get("/requests/new").text
    sent = post(client, "/requests/new", {**TYPED, "kept": "1"})

    assert (saved.status_code, saved.headers["Location"]) == (302, "/requests")
    assert ('value="Tigrinya"' in page, "Eingang hinten" in page, 'name="kept" value="1"' in page) == (True,) * 3
    assert sent.status_code == 302
    assert reading().scalar(select(func.count(FormDraft.id))) == 0


@pytest.mark.parametrize("act", ["send", "draft"])
def test_what_a_script_kept_while_typing_is_forgotten_once_stored(
    office: User, client_for: ClientFor, act: str
) -> None:
    client = client_for(office)
    post(client, "/drafts/requests/new", {"notes": "Eingang hinten"})

    refused = post(client, "/requests/new", {**TYPED, "act": act, "kept": "1", "language": "", "setting": ""})
    stored = post(client, "/requests/new", {**TYPED, "act": act, "kept": "1"})

    assert refused.status_code == (422 if act == "send" else 302)
    assert (stored.status_code, reading().scalar(select(func.count(FormDraft.id)))) == (302, 0)


def test_a_refused_form_remembers_that_it_is_kept_and_does_not_call_itself_found(
    office: User, client_for: ClientFor
) -> None:
    client = client_for(office)
    post(client, "/drafts/requests/new", {"notes": "Eingang hinten"})

    refused = post(client, "/requests/new", {**TYPED, "day": "", "kept": "1"}).text

    assert re.findall(r'name="kept" value="(.*?)"', refused.partition("<main")[2]) == ["1"]
    assert ('value="anew"' in refused, 'value="anew"' in client.get("/requests/new").text) == (False, True)
    assert reading().scalar(select(func.count(FormDraft.id))) == 1


def test_what_was_kept_can_be_thrown_away(office: User, client_for: ClientFor) -> None:
    client = client_for(office)
    post(client, "/requests/new", {"act": "draft", "language": "Tigrinya"})

    post(client, "/requests/new", {"act": "anew"})

    assert 'value="Tigrinya"' not in client.get("/requests/new").text


def test_a_lost_session_loses_nothing(app: Flask, office: User, client_for: ClientFor) -> None:
    response = post(app.test_client(), "/requests/new", TYPED)

    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/login")
    assert reading().scalar(select(func.count(FormDraft.id))) == 1
