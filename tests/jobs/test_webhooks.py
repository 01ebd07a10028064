"""An event on its way: from an act, through one look of the jobs, to a real HTTPS server, as the docs verify it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dispatch.models import OptionChange
from dispatch.services import closing
from dispatch.services.transactions import run
from tests.appointment_cases import booked
from tests.builders import NOW, Builder
from tests.https import HOST, Planned, Receiver, receiving
from tests.jobs.conftest import Tick

DOCS = Path(__file__).resolve().parents[2] / "docs" / "webhooks.md"
SECRET = "whsec_of_a_test"


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """A program's server."""
    with receiving(tmp_path) as server:
        yield server


def verify() -> Any:
    """Return the function that docs/webhooks.md gives to those who receive."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names["event_of"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_event_reaches_a_program_signed_and_again_until_it_is_taken(
    app: Flask, build: Builder, tick: Tick, receiver: Receiver
) -> None:
    app.config["NETWORK"] = receiver.network()
    run(
        lambda session: session.add(OptionChange(topic="webhooks", version=1, values={"hosts": [HOST]}, changed_at=NOW))
    )
    user = build.user("coordinator", email="c@example.org")
    build.webhook(user, key=app.config["SECRET_KEY"], secret=SECRET, url=receiver.url, events=["request.cancelled"])
    case = booked(build)
    closing.cancel(case.office, case.request.id, "own", NOW)
    receiver.answers.append(Planned(503))

    counts = [tick(NOW), tick(NOW + timedelta(minutes=2)), tick(NOW + timedelta(minutes=3))]

    assert [(count.get("webhooks_told"), count.get("webhooks")) for count in counts] == [
        (1, 1),
        (None, 1),
        (None, None),
    ]
    first, second = receiver.heard
    assert first.headers["x-dispatch-id"] == second.headers["x-dispatch-id"] == json.loads(first.body)["id"]
    event = verify()(SECRET, second.headers, second.body, int((NOW + timedelta(minutes=2)).timestamp()))
    assert (event["type"], event["data"]["id"], event["data"]["state"]) == (
        "request.cancelled",
        case.request.id,
        "cancelled",
    )
    for headers, body, secret in (
        (second.headers, second.body + b" ", SECRET),
        (second.headers, second.body, "whsec_other"),
        ({**second.headers, "x-dispatch-timestamp": "1"}, second.body, SECRET),
    ):
        with pytest.raises(ValueError):
            verify()(secret, headers, body, int(NOW.timestamp()))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_event_is_never_posted_where_a_name_leads_inside(
    app: Flask, build: Builder, tick: Tick, receiver: Receiver
) -> None:
    app.config["NETWORK"] = receiver.network(reachable=frozenset())
    run(
        lambda session: session.add(OptionChange(topic="webhooks", version=1, values={"hosts": [HOST]}, changed_at=NOW))
    )
    build.webhook(build.user("coordinator"), key=app.config["SECRET_KEY"], url=receiver.url)
    booked(build)

    assert tick(NOW)["webhooks"] == 1
    assert receiver.lines == 0
