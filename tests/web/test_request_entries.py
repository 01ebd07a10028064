"""Every bad entry of a request's form is told at its field with 422, is kept, and leaves no row, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from dispatch.database import db
from dispatch.models import User
from tests.browsing import post
from tests.builders import Builder
from tests.web.conftest import ClientFor
from tests.web.test_request_form import TYPED, count, faults


@pytest.fixture
def office(build: Builder) -> User:
    """Who asks for a school."""
    return build.user()


BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing at all": (dict.fromkeys(TYPED, ""), ["language", "setting", "day", "mode", "consent"]),
    "unknown language": ({"language": "Qwrtz"}, ["language"]),
    "ambiguous language": ({"language": "Kurdisch"}, ["language"]),
    "NUL in the language": ({"language": "Da\x00ri"}, ["language"]),
    "unknown municipality": ({"place": "Qwrtz"}, ["place"]),
    "unknown postal code": ({"place": "99999"}, ["place"]),
    "ambiguous place": ({"place": "Dresden"}, ["place"]),
    "no address": ({"address": ""}, ["address"]),
    "end before start": ({"length": "8:00"}, ["length"]),
    "25 hours": ({"length": "1500"}, ["length"]),
    "one minute": ({"length": "1"}, ["length"]),
    "a word for a length": ({"length": "lang"}, ["length"]),
    "missing hour": ({"day": "28.3.2027", "start": "2:30"}, ["day"]),
    "doubled hour": ({"day": "31.10.2027", "start": "2:30"}, ["day"]),
    "past day": ({"day": "23.11.2026"}, ["day"]),
    "first year": ({"day": "01.01.0001"}, ["day"]),
    "last year": ({"day": "31.12.9999", "start": "23:59"}, ["day"]),
    "401 days ahead": ({"day": "31.12.2027"}, ["day"]),
    "no such day": ({"day": "31.02.2027"}, ["day"]),
    "a day in words": ({"day": "morgen"}, ["day"]),
    "answer after the start": ({"latest": "02.12.2026, 13:00"}, ["latest"]),
    "answer in words": ({"latest": "bald"}, ["latest"]),
    "overlong notes": ({"notes": "ä" * 501}, ["notes"]),
    "overlong address": ({"address": "x" * 201}, ["address"]),
    "NUL in the notes": ({"notes": "a\x00b"}, ["notes"]),
    "control in the address": ({"address": "Schulstraße\x1b[2J 4"}, ["address"]),
    "line break in the reference": ({"reference": "AZ\r\nBcc: x@evil.example"}, ["reference"]),
    "bidi control in the contact": ({"contact_name": "Sekre\u202etariat"}, ["contact_name"]),
    "bidi isolate in the notes": ({"notes": "a\u2066b"}, ["notes"]),
    "no number": ({"contact_phone": "Sekretariat"}, ["contact_phone"]),
    "a number without name": ({"contact_name": ""}, ["contact_name"]),
    "a link of another kind": ({"access_url": "javascript:alert(1)"}, ["access_url"]),
    "unknown setting": ({"setting": "x' OR 1=1--"}, ["setting"]),
    "protected setting": ({"setting": "crisis_talk"}, ["meeting_point"]),
    "lowered protection": ({"setting": "psychosocial", "protection": "normal"}, ["protection"]),
    "unknown mode": ({"mode": "telepathy"}, ["mode"]),
    "unknown consent": ({"consent": "maybe"}, ["consent"]),
    "unknown gender": ({"gender": "any"}, ["gender"]),
    "no case code": ({"case_token": "12"}, ["case_token"]),
    "the case of nobody": ({"case_token": "K7Q-4MX"}, ["case_token"]),
    "a policy of the coordination": ({"policy": "direct"}, ["policy"]),
    "somebody it never met": ({"preferred": ["1", "99999999999999999999", "x"]}, ["preferred"]),
    "a municipality that is none": ({"avoided": ["'; drop table requests"]}, ["avoided"]),
}  # fmt: skip

GROUPED = {"length": "day"}
"""Day, beginning and length have one message in common."""

SHOWN_NOWHERE = {"policy", "preferred"}
"""Fields that this office's form does not have: their fault stands in the summary alone."""


@pytest.mark.parametrize(("typed", "expected"), BAD.values(), ids=BAD)
def test_every_bad_entry_is_told_at_its_field_and_kept(
    office: User, client_for: ClientFor, typed: dict[str, Any], expected: list[str]
) -> None:
    response = post(client_for(office), "/requests/new", {**TYPED, **typed})

    assert response.status_code == 422
    assert faults(response.text) == [GROUPED.get(name, name) for name in expected if name not in SHOWN_NOWHERE]
    assert [name for name in expected if f'href="#{name}"' not in response.text] == []
    kept = [value for value in typed.values() if isinstance(value, str) and len(value) > 3]
    selects = {"setting", "mode", "consent", "gender", "policy"}
    if not selects.intersection(typed):
        assert [value for value in kept if str(escape(value)) not in response.text] == []
    assert count() == 0


@pytest.fixture
def locked(app: Flask) -> Iterator[None]:
    """Another process holds SQLite's write lock; the pages wait for one second only."""
    engine = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as holder:
        holder.execute(text("BEGIN IMMEDIATE"))
        yield
        holder.execute(text("ROLLBACK"))
    engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL locks rows, not the database
def test_a_locked_database_answers_503_and_nothing_is_lost(
    office: User, client_for: ClientFor, request: pytest.FixtureRequest
) -> None:
    client = client_for(office)
    request.getfixturevalue("locked")
    with db.engine.connect() as connection:
        connection.execute(text("PRAGMA busy_timeout=200"))

    response: TestResponse = post(client, "/requests/new", TYPED)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert count() == 0
