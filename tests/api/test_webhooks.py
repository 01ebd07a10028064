"""Webhooks by program: the whole life of one, its secret told once, and its log."""

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.models import IdempotencyKey, OptionChange, User
from dispatch.services.transactions import reading, run
from tests.api.conftest import Program, ProgramFor
from tests.builders import NOW, Builder

NEW = {"url": "https://hooks.example/a", "events": ["request.assigned", "appointment.*"]}


@pytest.fixture
def user(build: Builder) -> User:
    return build.user("coordinator")


@pytest.fixture
def program(user: User, program_for: ProgramFor) -> Program:
    values = {"hosts": ["hooks.example"]}
    run(lambda session: session.add(OptionChange(topic="webhooks", version=1, values=values, changed_at=NOW)))
    return program_for(user)


def test_a_webhook_lives_from_its_entry_to_its_removal(program: Program, user: User) -> None:
    made = program.post("/webhooks", NEW)
    hook = made.get_json()
    path = f"/webhooks/{hook['id']}"
    changed = program.patch(path, {"version": 1, "events": ["request.*"]})
    stale = program.patch(path, {"version": 1, "active": False})
    renewed = program.post(f"{path}/secret").get_json()
    paused = program.patch(path, {"version": 3, "active": False})

    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1{path}")
    secret = hook.pop("secret")
    assert hook == {
        **NEW, "id": hook["id"], "user": user.id, "active": True, "version": 1, "created_at": "2026-11-24T09:00:00Z",
    }  # fmt: skip
    assert secret.startswith("whsec_")
    assert (changed.get_json()["events"], changed.get_json()["secret"]) == (["request.*"], None)
    assert (stale.status_code, stale.get_json()["code"], stale.get_json()["version"]) == (409, "stale", 2)
    assert renewed["secret"] not in (None, secret)
    assert paused.get_json()["active"] is False
    assert program.post(f"{path}/ping").get_json()["errors"] == {"": ["paused"]}
    assert [one["id"] for one in program.get("/webhooks").get_json()["items"]] == [hook["id"]]
    assert program.call("DELETE", path).status_code == 204
    assert program.get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"url": "http://hooks.example/"}, {"url": ["not_https"]}),
        ({"url": "https://127.0.0.1/"}, {"url": ["not_a_name"]}),
        ({"url": "https://elsewhere.example/"}, {"url": ["host_not_allowed"]}),
        ({"events": ["request.born"]}, {"events.0": ["unknown"]}),
        ({"events": []}, {"events": ["required"]}),
        ({"secret": "mine"}, {"secret": ["unknown_field"]}),
    ],
)
def test_what_does_not_hold_is_told_by_field(
    program: Program, change: dict[str, object], errors: dict[str, list[str]]
) -> None:
    answer = program.post("/webhooks", NEW | change)

    assert (answer.status_code, answer.get_json()["errors"]) == (422, errors)


def test_a_repeat_gets_the_same_webhook_without_the_secret_which_is_kept_nowhere(program: Program) -> None:
    first, again = (program.post("/webhooks", NEW, key="k").get_json() for _ in range(2))

    assert (again["id"], again["secret"]) == (first["id"], None)
    assert first["secret"] not in str(reading().scalar(select(IdempotencyKey.body)))


def test_the_log_is_listed_in_pages_and_sends_an_event_again(
    app: Flask, program: Program, build: Builder, user: User
) -> None:
    hook = build.webhook(user, key=app.config["SECRET_KEY"])
    path = f"/webhooks/{hook.id}"
    ids = [program.post(f"{path}/ping").get_json()["id"] for _ in range(3)]

    first = program.get(f"{path}/deliveries?limit=2").get_json()
    rest = program.get(f"{path}/deliveries?limit=2&cursor={first['next']}").get_json()
    again = program.post(f"{path}/deliveries/{ids[0]}/resend")

    assert [one["id"] for one in (*first["items"], *rest["items"])] == ids[::-1]
    assert rest["next"] is None
    assert (again.status_code, again.get_json()["state"], again.get_json()["type"]) == (202, "queued", "ping")
    assert program.post(f"/webhooks/{hook.id}/deliveries/999999/resend").status_code == 404
