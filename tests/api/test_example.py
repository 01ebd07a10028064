"""The example client books and waits, over HTTP, as a stranger would run it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from dispatch import jobs
from dispatch.database import db
from dispatch.domain.permissions import bearer
from dispatch.models import Offer, Request
from dispatch.services import answers
from tests.api.conftest import ProgramFor
from tests.builders import NOW, Builder

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
LONGEST_SECONDS = 30


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application behind a real server on this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def start(address: str, token: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(EXAMPLES / "book.py"), address, str(EXAMPLES / "request.json")],
        env={**os.environ, "DISPATCH_TOKEN": token, "DISPATCH_POLL_SECONDS": "0.2"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_example_books_and_tells_who_comes(
    app: Flask, address: str, build: Builder, program_for: ProgramFor
) -> None:
    mediator = build.mediator()
    client = start(address, program_for(build.user()).secret)
    assert client.stdout is not None

    booked = client.stdout.readline()
    jobs.tick(app, NOW)
    offer = db.session().scalars(select(Offer)).one()
    answers.accept(bearer("offer", offer.id, mediator_id=mediator.id), offer.id, NOW)
    told, said = client.communicate(timeout=LONGEST_SECONDS)

    assert (client.returncode, said) == (0, "")
    made = db.session().scalars(select(Request)).one()
    assert booked == f"Request {made.number}: submitted, answer by {made.answer_by:%Y-%m-%dT%H:%M:%SZ}\n"
    assert told.splitlines() == [
        f"Request {made.number}: assigned",
        f"{mediator.name.split()[0]} comes on 2026-12-08T09:00:00Z (confirmed)",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_example_of_the_description_is_taken(app: Flask, build: Builder, program_for: ProgramFor) -> None:
    mediator, office = build.mediator(badge_number=7), build.user()
    coordinator = program_for(build.user("coordinator"))
    appointment = build.appointment(build.request(state="assigned"), mediator)
    ids = {"mediator_id": mediator.id, "appointment_id": appointment.id}
    answers = {}
    for path, operations in app.test_client().get("/api/v1/openapi.json").get_json()["paths"].items():
        for method in operations.keys() & {"post", "put"}:
            body = operations[method].get("requestBody", {}).get("content", {}).get("application/json", {})
            if "example" in body:
                caller = program_for(office) if path == "/api/v1/requests" else coordinator
                here = path.removeprefix("/api/v1").format_map(ids)
                answers[here] = caller.call(method.upper(), here, body["example"]).status_code

    assert sorted(answers.values()) == [200, 200, 201, 201, 201]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_example_says_what_is_wrong(address: str) -> None:
    _told, said = start(address, "gdd_nothing").communicate(timeout=LONGEST_SECONDS)

    assert said.startswith("token_not_valid: ")
