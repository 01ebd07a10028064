"""Goal 10: a subscribed calendar of 500 events that nobody changed, beside an answer that is always the same.

The peer is a page of the same service that looks its link up, as every answer by a link must, and then answers with
the same bytes, or with 304, from a constant. So what is measured is what knowing that nothing changed costs.
"""

from collections.abc import Callable
from contextlib import ExitStack
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, request
from sqlalchemy.orm import Session

from config import TestConfig
from dispatch import clock, create_app
from dispatch.database import run
from dispatch.models import Appointment, Mediator, Organisation, Request
from dispatch.ops.schema import upgrade
from dispatch.services import links
from dispatch.web.guards import by_link

EVENTS = 500
LIMIT = 2.0


class Measure(NamedTuple):
    """What is measured, the peer in whose multiples it counts, and how many of these it may cost."""

    call: Callable[[], object]
    peer: Callable[[], object]
    limit: float


def measures(folder: Path) -> dict[str, Measure]:
    """Build a service with one feed in `folder` and return both ways to ask for it when nothing is new."""
    app = create_app(TestConfig(f"sqlite:///{folder / 'feed.sqlite'}"))
    constant: list[bytes] = []
    _add_fixed_page(app, constant)
    with app.app_context():
        upgrade()
        token = _fill(app.config["SECRET_KEY"])
    feed, fixed = f"/calendar/{token}.ics", f"/fixed/{token}"
    first = app.test_client().get(feed)
    constant.append(first.data)
    known = {"If-None-Match": first.headers["ETag"]}
    return {
        "feed, 304": Measure(_asking(app, feed, known), _asking(app, fixed, known), LIMIT),
        "feed, unchanged": Measure(_asking(app, feed, {}), _asking(app, fixed, {}), LIMIT),
    }


def _asking(app: Flask, path: str, headers: dict[str, str]) -> Callable[[], object]:
    client = app.test_client(use_cookies=False)
    return lambda: Context().run(client.get, path, headers=headers).data


def _add_fixed_page(app: Flask, constant: list[bytes]) -> None:
    @app.get("/fixed/<token>")
    @by_link
    def answer(token: str) -> Response:
        links.find("mediator_calendar", token, clock.now())
        if request.if_none_match:
            return Response(status=304)
        return Response(constant[0], mimetype="text/calendar")


def _fill(key: str) -> str:
    """Write a mediator with her appointments and return the token of her calendar."""
    now = clock.now().replace(minute=0, second=0)

    def use_case(session: Session) -> int:
        mediator = Mediator(name="A", call_name="A", lat=51.0, lon=13.0, created_at=now)
        unit = Organisation(name="Schule", kind="school", created_at=now)
        session.add_all((mediator, unit))
        session.flush()
        for number in range(EVENTS):
            starts_at = now + timedelta(hours=6 * number)
            times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1), "created_at": now}
            asked = Request(
                number=number, organisation_id=unit.id, state="assigned", setting="doctor", mode="phone",
                consent="known", **times,
            )  # fmt: skip
            session.add(asked)
            session.flush()
            session.add(
                Appointment(
                    number=number, request_id=asked.id, mediator_id=mediator.id, state="confirmed", mode="phone",
                    uid=f"appointment-{number}", **times,
                )
            )  # fmt: skip
        return mediator.id

    mediator_id = run(use_case)
    return links.issue("mediator_calendar", mediator_id, key=key, now=now)


def compare() -> dict[str, tuple[float, float]]:
    """Return for each measure the milliseconds of one call and how many of its peer's they are."""
    from tempfile import TemporaryDirectory

    from bench import timing

    with ExitStack() as stack:
        found = measures(Path(stack.enter_context(TemporaryDirectory())))
        calls = {name: one.call for name, one in found.items()}
        peers = {f"{name}, fixed": one.peer for name, one in found.items()}
        seconds = timing.medians(calls | peers)
    return {name: (seconds[name] * 1000, seconds[name] / seconds[f"{name}, fixed"]) for name in found}


if __name__ == "__main__":
    print(compare())
