"""Every call of the description, tried with what it allows and with what it forbids, by every role and by nobody.

schemathesis makes the cases out of the description alone; each is answered with a status, headers and a body that the
description tells of, and what it forbids is refused.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from dispatch.domain.permissions import SYSTEM
from dispatch.domain.programs import NewToken
from dispatch.services import programs
from tests.builders import NOW, Builder
from tests.faults import world as worlds

ALWAYS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
FORBIDDEN = [*ALWAYS, checks.negative_data_rejection]
"""What must hold of each answer. That values of the right form are taken is not among it: what they mean decides."""
EXAMPLES = {GenerationMode.POSITIVE: 4, GenerationMode.NEGATIVE: 3}
ROWS = 12
"""Ids up to here are drawn, so that many calls meet a row."""


@pytest.fixture
def callers(app: Flask, build: Builder) -> dict[str, dict[str, str]]:
    """The headers with which each role calls, in a service that has one thing of every kind; nobody has none."""
    world = worlds.make(app, build)
    found: dict[str, dict[str, str]] = {"nobody": {}}
    for role, user in {**world.people, "observer": build.user("observer")}.items():
        secret = programs.make(SYSTEM, user.id, NewToken("schemathesis", frozenset(), None), NOW)
        found[role] = {"Authorization": f"Bearer {secret}"}
    return found


def operations(app: Flask) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    for result in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        assert isinstance(result, Ok), result.err()
        yield result.ok()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "forbidden"])
def test_every_case_of_the_description_is_answered_as_it_says(
    app: Flask, callers: dict[str, dict[str, str]], mode: GenerationMode
) -> None:
    trial = Trial(callers, mode)
    for operation in operations(app):
        trial.of(operation)

    assert trial.failed == []
    assert trial.answered[401] > 0


class Trial:
    """Calls of one mode, the statuses they were answered with, and what was said against the answers."""

    def __init__(self, callers: dict[str, dict[str, str]], mode: GenerationMode) -> None:
        self.callers, self.mode = callers, mode
        self.failed: list[str] = []
        self.answered: Counter[int] = Counter()

    def of(self, operation: APIOperation[Any, Any, Any, Any]) -> None:
        """Try one operation with a number of cases."""

        @settings(
            max_examples=EXAMPLES[self.mode],
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=self.mode), st.integers(1, ROWS))
        def tried(case: Case[Any], number: int) -> None:
            if self.mode is GenerationMode.POSITIVE and case.path_parameters:
                case.path_parameters = dict.fromkeys(case.path_parameters, number)
            for role in self.callers:
                self.call(case, role)

        tried()

    def call(self, case: Case[Any], role: str) -> None:
        """Call once and hold the answer against the description."""
        answer = case.call(headers=self.callers[role])
        self.answered[answer.status_code] += 1
        is_allowed = self.mode is GenerationMode.POSITIVE or role == "nobody"
        try:
            case.validate_response(answer, checks=ALWAYS if is_allowed else FORBIDDEN)
        except FailureGroup as group:
            self.failed += [f"{role} {case.method} {case.path}: {one}" for one in group.exceptions]
