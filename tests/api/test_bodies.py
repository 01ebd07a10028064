"""What a call brings: read strictly, told field by field; a repeat under a key gets the first answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.test import TestResponse

from dispatch.api import fields
from dispatch.api.blueprint import Blueprint
from dispatch.api.fields import Schema
from dispatch.domain.errors import AlreadyTaken
from dispatch.domain.permissions import Act
from dispatch.domain.programs import REPEAT_LEASE
from dispatch.models import ApiToken
from dispatch.services import repeats
from dispatch.services.transactions import reading
from dispatch.web.guards import csrf
from tests.api.conftest import Program, ProgramFor
from tests.builders import NOW, Builder


class Inner(Schema):
    day = fields.Day()


class Thing(Schema):
    word = fields.Text(required=True, longest=10)
    number = fields.Whole(least=1, most=300)
    at = fields.Instant()
    kind = fields.Choice(("red", "blue"))
    flag = fields.Flag()
    inner = fields.Part(Inner)
    many = fields.Many(fields.Id(), most=2)


@pytest.fixture
def made() -> list[dict[str, Any]]:
    """What the call was given, one entry for each time it was really made."""
    return []


@pytest.fixture
def program(app: Flask, build: Builder, program_for: ProgramFor, made: list[dict[str, Any]]) -> Iterator[Program]:
    """A program of an office, and a call `POST /things` that takes a Thing."""
    bp = Blueprint("things", "/things", description="Things of a test.")

    @bp.route("", methods=["POST"])
    @bp.operation(Act.REQUEST_CREATE, problems=(409,))
    @bp.arguments(Thing)
    @bp.response(201, Thing)
    def create(body: dict[str, Any]) -> Any:
        made.append(body)
        if body["word"] == "taken":
            raise AlreadyTaken
        return body, 201, {"Location": f"/api/v1/things/{len(made)}"}

    @bp.route("/everything", methods=["POST"])
    @bp.operation(Act.REQUEST_CREATE)
    @bp.response(204)
    def clear() -> None:
        made.append({})

    app.register_blueprint(bp)
    csrf.exempt(bp)
    yield program_for(build.user())
    csrf._exempt_blueprints.remove(bp)  # it outlives the application


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"word": ["required"]}),
        ({"word": None}, {"word": ["required"]}),
        ({"word": 5}, {"word": ["wrong_type"]}),
        ({"word": "x" * 11}, {"word": ["too_long"]}),
        ({"word": "a\x00b"}, {"word": ["control_characters"]}),
        ({"word": "a\ud800"}, {"word": ["control_characters"]}),
        ({"word": "a", "more": 1}, {"more": ["unknown_field"]}),
        ({"word": "a", "number": "5"}, {"number": ["wrong_type"]}),
        ({"word": "a", "number": True}, {"number": ["wrong_type"]}),
        ({"word": "a", "number": 1.5}, {"number": ["wrong_type"]}),
        ({"word": "a", "number": 301}, {"number": ["out_of_range"]}),
        ({"word": "a", "number": 1e308}, {"number": ["out_of_range"]}),
        ({"word": "a", "at": "2026-11-24T10:00:00"}, {"at": ["not_an_instant"]}),
        ({"word": "a", "at": "2026-11-24T10:00:00.5Z"}, {"at": ["not_an_instant"]}),
        ({"word": "a", "at": "0001-01-01T00:00:00+14:00"}, {"at": ["not_an_instant"]}),
        ({"word": "a", "at": 5}, {"at": ["wrong_type"]}),
        ({"word": "a", "kind": "green"}, {"kind": ["unknown"]}),
        ({"word": "a", "flag": "true"}, {"flag": ["wrong_type"]}),
        ({"word": "a", "inner": {"day": "2026-02-30"}}, {"inner.day": ["not_a_day"]}),
        ({"word": "a", "inner": []}, {"inner": ["wrong_type"]}),
        ({"word": "a", "many": [1, 0]}, {"many.1": ["out_of_range"]}),
        ({"word": "a", "many": [1, 2, 3]}, {"many": ["too_many"]}),
        ([], {"": ["wrong_type"]}),
    ],
)  # fmt: skip
def test_each_field_that_does_not_hold_is_told_by_its_code(
    program: Program, made: list[dict[str, Any]], body: object, errors: dict[str, list[str]]
) -> None:
    answer = program.post("/things", body)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid")
    assert answer.get_json()["errors"] == errors
    assert made == []


def test_what_holds_is_taken_and_a_whole_number_may_be_written_with_a_point(program: Program) -> None:
    body = {"word": "ä", "number": 205.0, "at": "2026-11-24T10:00:00+01:00", "inner": {"day": "2026-11-24"}}

    answer = program.post("/things", body)

    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/things/1")
    assert answer.get_json() == {**body, "number": 205, "at": "2026-11-24T09:00:00Z"}


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        (b"{", "application/json", (400, "malformed")),
        (b"\xff", "application/json", (400, "malformed")),
        (b'{"word": NaN}', "application/json", (400, "malformed")),
        (b'{"number": ' + b"9" * 5000 + b"}", "application/json", (400, "malformed")),
        (b"[" * 100_000, "application/json", (400, "too_deep")),
        (b'{"word": "a", "word": "b"}', "application/json", (400, "doubled_field")),
        (b'{"\\ud800": 1}', "application/json", (400, "malformed")),
        (b'{"inner": {"\\u0000": 1}}', "application/json", (400, "malformed")),
        (b'{"word": "a"}', "text/plain", (415, "not_json")),
        (b'{"word": "a"}', "application/json; charset=latin-1", (415, "not_json")),
        (b"word=a", "application/x-www-form-urlencoded", (415, "not_json")),
        (b'{"word": "' + b"x" * 600_000 + b'"}', "application/json", (413, "too_large")),
    ],
    ids=[
        "broken",
        "no UTF-8",
        "NaN",
        "endless number",
        "deep",
        "doubled",
        "surrogate",
        "NUL",
        "text",
        "charset",
        "form",
        "large",
    ],
)
def test_what_is_no_json_object_of_ours_is_refused_before_it_is_understood(
    program: Program, made: list[dict[str, Any]], raw: bytes, kind: str, expected: tuple[int, str]
) -> None:
    answer = program.client.post(
        "/api/v1/things", data=raw, content_type=kind, headers={"Authorization": f"Bearer {program.secret}"}
    )

    assert (answer.status_code, answer.get_json()["code"]) == expected
    assert made == []


@pytest.mark.parametrize(
    ("body", "expected", "times"),
    [(None, 204, 1), ({}, 204, 1), ({"word": "a"}, 422, 0)],
    ids=["none", "empty", "some"],
)
def test_a_call_that_needs_no_body_takes_none(
    program: Program, made: list[dict[str, Any]], body: object, expected: int, times: int
) -> None:
    assert program.post("/things/everything", body).status_code == expected
    assert len(made) == times


def test_a_body_that_was_compressed_is_not_taken_for_a_plain_one(program: Program) -> None:
    answer = program.call("POST", "/things", {"word": "a"}, **{"Content-Encoding": "gzip"})

    assert (answer.status_code, answer.get_json()["code"]) == (415, "not_json")


def test_a_repeat_under_the_same_key_gets_the_first_answer(program: Program, made: list[dict[str, Any]]) -> None:
    first, again = (program.post("/things", {"word": "a"}, key="k-1") for _ in range(2))
    other = program.post("/things", {"word": "a"}, key="k-2")

    assert [answer.headers["Location"][-1] for answer in (first, again, other)] == ["1", "1", "2"]
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert [answer.headers.get("Idempotent-Replayed") for answer in (first, again)] == [None, "true"]
    assert len(made) == 2


def test_a_key_is_for_one_call_only_and_free_again_where_nothing_was_done(
    program: Program, made: list[dict[str, Any]]
) -> None:
    refused = program.post("/things", {"word": "taken"}, key="k")
    done = program.post("/things", {"word": "a"}, key="k")
    another = program.post("/things", {"word": "b"}, key="k")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "already_taken")
    assert done.status_code == 201
    assert (another.status_code, another.get_json()["code"]) == (422, "idempotency_key_reused")


def test_the_key_of_one_program_is_none_of_anothers(
    program: Program, build: Builder, program_for: ProgramFor, made: list[dict[str, Any]]
) -> None:
    other = program_for(build.user(email="other@example.org"))

    for one in (program, other):
        one.post("/things", {"word": "a"}, key="k")

    assert len(made) == 2


def test_while_the_first_call_under_a_key_is_at_work_a_second_waits_and_takes_over_when_it_died(
    program: Program, made: list[dict[str, Any]], the_time: Traveller
) -> None:
    sent = b'{"word":"a"}'
    token_id = reading().scalars(select(ApiToken.id)).one()
    repeats.begin(token_id, "k", b"\0".join((b"POST", b"/api/v1/things?", sent)), NOW)

    def call() -> TestResponse:
        headers = {"Authorization": f"Bearer {program.secret}", "Idempotency-Key": "k"}
        return program.client.post("/api/v1/things", data=sent, content_type="application/json", headers=headers)

    waits = call()
    the_time.shift(REPEAT_LEASE.total_seconds())

    assert (waits.status_code, waits.get_json()["code"], waits.headers["Retry-After"]) == (
        409, "idempotency_key_at_work", "1",
    )  # fmt: skip
    assert (call().status_code, len(made)) == (201, 1)
