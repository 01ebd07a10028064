"""Every call: who calls, how often, what it may bring, and how it is told what is wrong."""

import pytest
from flask import Flask
from time_machine import Traveller
from werkzeug.test import TestResponse

from dispatch.domain.permissions import SYSTEM
from dispatch.models import OptionChange
from dispatch.services import programs
from dispatch.services.transactions import run
from tests.api.conftest import Program, ProgramFor
from tests.builders import NOW, Builder


def told(answer: TestResponse) -> tuple[int, str, str]:
    body = answer.get_json(force=True)
    assert answer.content_type == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    return answer.status_code, body["code"], str(body["status"])


@pytest.mark.parametrize(
    "header",
    ["", "Basic eDp5", "Bearer", "Bearer ", "Bearer gdd_nobody"],
    ids=["none", "basic", "bare", "empty", "unknown"],
)
def test_without_a_valid_token_nobody_calls(app: Flask, header: str) -> None:
    answer = app.test_client().get("/api/v1/languages", headers={"Authorization": header} if header else {})

    assert told(answer)[0] == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="dispatch"')
    assert "Set-Cookie" not in answer.headers


def test_a_program_reads_in_the_language_it_asks_for(app: Flask, build: Builder, program_for: ProgramFor) -> None:
    program = program_for(build.user())

    names = {
        tag: {
            one["code"]: one["name"]
            for one in program.call("GET", "/languages", **{"Accept-Language": tag}).get_json()["items"]
        }
        for tag in ("de", "en", "ar")
    }

    assert {tag: found["ti"] for tag, found in names.items()} == {"de": "Tigrinya", "en": "Tigrinya", "ar": "التغرينية"}


def test_problems_are_told_in_the_asked_language_under_the_same_code(app: Flask) -> None:
    answers = [
        app.test_client().get("/api/v1/languages", headers={"Accept-Language": tag}).get_json() for tag in ("de", "ar")
    ]

    assert [answer["code"] for answer in answers] == ["token_required", "token_required"]
    assert len({answer["title"] for answer in answers}) == 2


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nothing", (404, "missing", "404")),
        ("DELETE", "/languages", (405, "method_not_allowed", "405")),
        ("GET", "/languages?colour=red", (422, "invalid", "422")),
    ],
    ids=["unknown address", "unknown method", "unknown argument"],
)
def test_what_is_not_there_is_a_problem_and_no_page(
    build: Builder, program_for: ProgramFor, method: str, path: str, expected: tuple[int, str, str]
) -> None:
    assert told(program_for(build.user()).call(method, path)) == expected


def test_calls_of_a_minute_are_counted_and_the_next_minute_begins_anew(
    app: Flask, build: Builder, program_for: ProgramFor, the_time: Traveller
) -> None:
    few = OptionChange(topic="programs", version=1, values={"calls_per_minute": 3}, changed_at=NOW)
    run(lambda session: session.add(few))
    program = program_for(build.user())
    other_process = Program(app.test_client(), program.secret)

    answers = [one.get("/languages") for one in (program, other_process, program, program)]
    app.extensions.pop("api_tickets")  # what one process took counts for all
    late = other_process.get("/languages")
    the_time.shift(60)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert told(late) == (429, "rate_limited", "429")
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert program.get("/languages").status_code == 200


def test_a_token_that_was_revoked_calls_nothing(build: Builder, program_for: ProgramFor) -> None:
    user = build.user()
    program = program_for(user)
    token = programs.tokens_of(SYSTEM, user.id)[0]

    before = program.get("/languages").status_code
    programs.revoke(SYSTEM, token.id, NOW)

    assert (before, program.get("/languages").status_code) == (200, 401)
    assert programs.tokens_of(SYSTEM, user.id) == []


def test_the_description_names_every_call_once_with_its_scopes_and_says_whom_to_ask(app: Flask) -> None:
    whole = app.test_client().get("/api/v1/openapi.json").get_json()
    calls = {
        one["operationId"]: one
        for path in whole["paths"].values()
        for method, one in path.items()
        if method != "parameters"
    }

    assert len(calls) == sum(len(path.keys() - {"parameters"}) for path in whole["paths"].values())
    assert calls["requests_create"]["security"] == [{"token": ["requests"]}]
    assert calls["offers_index"]["security"] == [{"token": ["read"]}, {"token": ["offers"]}]
    assert calls["reference_languages"]["security"] == [{"token": []}]
    assert {"400", "409", "413", "415"} <= calls["webhooks_ping"]["responses"].keys()
    assert whole["info"]["contact"]["url"].endswith("/impressum")
    answers = whole["components"]["responses"]
    assert "WWW-Authenticate" in answers["UNAUTHORIZED"]["headers"]
    assert "Retry-After" in answers["TOO_MANY_REQUESTS"]["headers"]
    assert "idempotency_key_at_work" in whole["components"]["schemas"]["Problem"]["properties"]["code"]["examples"]


def test_every_argument_is_bounded_and_its_default_a_value_it_may_have(app: Flask) -> None:
    whole = app.test_client().get("/api/v1/openapi.json").get_json()
    schemas = [
        one["schema"]
        for path in whole["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for one in operation.get("parameters", ())
        if one["in"] == "query"
    ]

    unbounded = [one for one in schemas if one["type"] == "string" and not {"maxLength", "enum", "format"} & one.keys()]
    assert [one for one in schemas if "null" in one["type"] or one.get("default", "") is None] == []
    assert unbounded == []
    assert [one["maxLength"] for one in schemas if one.get("maxLength", 0) > 100] == []
