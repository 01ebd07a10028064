"""Every call × role: refused without a token, without the right, and for what one may not see; from the URL map."""

import pytest
from flask import Flask

from dispatch.domain.permissions import ASSIGNABLE, Role, may
from tests.api.conftest import ProgramFor
from tests.builders import Builder
from tests.test_routes import ON_SQLITE, actor_of, calls, person, routes


@ON_SQLITE
def test_nobody_calls_without_a_token(app: Flask) -> None:
    answers = {
        (method, route.rule.rule, app.test_client().open(route.path(app), method=method).status_code)
        for method, route in calls(app, "token")
    }

    assert answers != set()
    assert {answer for answer in answers if answer[2] != 401} == set()


@ON_SQLITE
@pytest.mark.parametrize("role", ASSIGNABLE)
def test_a_program_may_what_its_user_may(app: Flask, build: Builder, program_for: ProgramFor, role: Role) -> None:
    user = person(build, role)
    program, actor = program_for(user), actor_of(user)

    wrong = {}
    for method, route in calls(app, "token"):
        answer = program.call(method, route.path(app).removeprefix("/api/v1"))
        if route.act is None or may(actor, route.act):
            expected = answer.status_code != 403
        else:
            expected = (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")
        if not expected:
            wrong[method, route.rule.rule] = answer.status_code

    assert wrong == {}


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_what_is_not_there_is_told_before_the_body_is_looked_at(
    app: Flask, build: Builder, program_for: ProgramFor, role: Role
) -> None:
    user = person(build, role)
    program, actor = program_for(user), actor_of(user)

    wrong = {}
    for method, route in calls(app, "token"):
        if route.has_id and (route.act is None or may(actor, route.act)):
            answer = program.call(method, route.path(app).removeprefix("/api/v1"))
            if (answer.status_code, answer.get_json()["code"]) != (404, "missing"):
                wrong[method, route.rule.rule] = answer.status_code

    assert wrong == {}


@ON_SQLITE
def test_what_browsers_cannot_forge_changes_by_token_only(app: Flask) -> None:
    under_api = [route for route in routes(app) if route.rule.rule.startswith("/api/")]

    assert {route.kind for route in under_api} == {"token", "public"}
    assert [route.rule.rule for route in under_api if route.kind == "public" and route.methods != {"GET"}] == []
