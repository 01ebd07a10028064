"""The morning's mail to the coordinators: when, to whom, once, with which numbers; on both databases."""

from collections.abc import Mapping
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.database import db, run
from dispatch.models import OutboxMessage, User, UserArea
from dispatch.services import digest
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder
from tests.domain.times import at

MORNING = at("2026-11-24 08:00")
CREATED = MORNING - timedelta(days=3)


def told() -> list[tuple[str, Mapping[str, Any]]]:
    """Return recipient and numbers of every digest."""
    db.session.remove()
    wanted = select(OutboxMessage).where(OutboxMessage.kind == "digest").order_by(OutboxMessage.id)
    return [(row.recipient, row.params) for row in reading().scalars(wanted)]


def coordinator(build: Builder, **values: Any) -> User:
    return build.user("coordinator", created_at=CREATED, **values)


def test_each_active_coordinator_gets_one_a_day(build: Builder) -> None:
    one, two = coordinator(build), coordinator(build, ui_language="ar")
    coordinator(build, active=False)
    for role in ("requester", "mediator", "observer", "administrator"):
        build.user(role, created_at=CREATED)

    sent = [digest.send_due(MORNING), digest.send_due(MORNING), digest.send_due(MORNING + timedelta(hours=7))]

    assert sent == [2, 0, 0]
    assert [recipient for recipient, _numbers in told()] == [one.email, two.email]


@pytest.mark.parametrize(
    ("instant", "sent"),
    [
        pytest.param("2026-11-24 07:59", 0, id="before the service begins"),
        pytest.param("2026-11-24 08:00", 1, id="at its first minute"),
        pytest.param("2026-11-24 15:59", 1, id="late after an outage, still that day"),
        pytest.param("2026-11-24 16:00", 0, id="the day is over"),
        pytest.param("2026-11-28 09:00", 0, id="Saturday"),
        pytest.param("2026-11-18 09:00", 0, id="Buß- und Bettag"),
    ],
)
def test_it_goes_out_in_the_service_hours_of_a_service_day(build: Builder, instant: str, sent: int) -> None:
    coordinator(build, email="c@example.org").created_at = CREATED
    run(lambda session: session.query(User).update({"created_at": at("2026-11-01 09:00")}))

    assert digest.send_due(at(instant)) == sent


def test_past_days_are_not_made_up_for(build: Builder) -> None:
    coordinator(build)

    sent = [digest.send_due(MORNING), digest.send_due(MORNING + timedelta(days=2)), digest.send_due(MORNING)]

    assert sent == [1, 1, 0]
    assert len(told()) == 2


def test_who_begins_during_the_day_gets_the_first_one_tomorrow(build: Builder) -> None:
    build.user("coordinator", created_at=MORNING + timedelta(hours=1))

    sent = [digest.send_due(MORNING + timedelta(hours=2)), digest.send_due(MORNING + timedelta(days=1))]

    assert sent == [0, 1]


def test_it_counts_tasks_the_day_and_what_is_open_within_sight(build: Builder) -> None:
    coordinator(build, email="all@example.org")
    regional = build.user("regional_coordinator", email="riesa@example.org", created_at=CREATED)
    run(
        lambda session: session.add(
            UserArea(user_id=regional.id, social_area="Riesa", valid_from=CREATED.date())
        )
    )  # fmt: skip
    build.request(state="searching", nobody_fits_at=NOW)
    build.request(state="searching", municipality="14627230")
    taken = build.request(state="assigned", starts_at=NOW)
    build.appointment(taken, build.mediator())

    digest.send_due(MORNING)

    assert told() == [
        ("all@example.org", {"calls": 0, "tasks": 1, "today": 1, "open": 2}),
        ("riesa@example.org", {"calls": 0, "tasks": 0, "today": 0, "open": 1}),
    ]


def test_processes_that_look_at_the_same_instant_write_one_mail(app: Flask, build: Builder) -> None:
    coordinator(build)
    coordinator(build)
    start, sent = Barrier(4), list[int]()

    def look() -> None:
        with app.app_context():
            start.wait()
            sent.append(digest.send_due(MORNING))
            db.session.remove()

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sum(sent), len(told())) == (2, 2)
