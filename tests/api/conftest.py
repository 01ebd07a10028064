"""Fixtures of the API's tests: programs with a token, the time of the builders."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch import clock
from dispatch.domain.permissions import SYSTEM
from dispatch.domain.programs import NewToken, Scope
from dispatch.models import User
from dispatch.services import programs
from tests.api import conformance
from tests.builders import NOW


class Program:
    """A program that calls with one token; `key` is its `Idempotency-Key`."""

    def __init__(self, client: FlaskClient, secret: str) -> None:
        self.client, self.secret = client, secret

    def call(
        self, method: str, path: str, body: object = None, *, key: str | None = None, **headers: str
    ) -> TestResponse:
        """Call `/api/v1` + path; a body is sent as JSON. The answer must be one that the description tells of."""
        sent = {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en", **headers}
        if key is not None:
            sent["Idempotency-Key"] = key
        more: dict[str, Any] = {} if body is None else {"json": body}
        answer = self.client.open(f"/api/v1{path}", method=method, headers=sent, **more)
        conformance.check(self.client.application, method, f"/api/v1{path}", answer)
        return answer

    def get(self, path: str) -> TestResponse:
        """Call GET."""
        return self.call("GET", path)

    def post(self, path: str, body: object = None, *, key: str | None = None) -> TestResponse:
        """Call POST."""
        return self.call("POST", path, body, key=key)

    def patch(self, path: str, body: object) -> TestResponse:
        """Call PATCH."""
        return self.call("PATCH", path, body)

    def put(self, path: str, body: object) -> TestResponse:
        """Call PUT."""
        return self.call("PUT", path, body)


ProgramFor = Callable[..., Program]


@pytest.fixture(autouse=True)
def the_time() -> Iterator[time_machine.Traveller]:
    """Every call happens at NOW; `the_time.move_to(…)` and `.shift(…)` go elsewhere."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def program_for(app: Flask) -> ProgramFor:
    """Make a program that acts as a user; without scopes it does all that the user may."""

    def make(user: User, *scopes: Scope) -> Program:
        new = NewToken("A program", frozenset(scopes), None)
        return Program(app.test_client(), programs.make(SYSTEM, user.id, new, clock.now()))

    return make
