"""Fixtures of the races: processes to run them in, and rows made many at a time."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from dispatch.database import run
from dispatch.models import Appointment, Mediator, Request, RequestLanguage
from tests.builders import NOW, START, Builder
from tests.races.contenders import Pool

HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Four processes for all races of this run."""
    processes = Pool()
    yield processes
    processes.close()


class Crowd:
    """Many requests of one unit and their appointments with one mediator, by phone, an hour each."""

    def __init__(self, build: Builder) -> None:
        self.mediator: Mediator = build.mediator()
        self._organisation_id = build.organisation().id

    def requests(self, starts: list[datetime], state: str) -> list[int]:
        """Insert one request for each start and return their ids in that order."""
        rows = [
            {
                "number": 10_000 + place, "organisation_id": self._organisation_id, "state": state,
                "setting": "parent_talk", "mode": "phone", "starts_at": start, "ends_at": start + HOUR,
                "consent": "known", "case_token": "K7Q-4MX", "created_at": NOW, "submitted_at": NOW,
            }
            for place, start in enumerate(starts)
        ]  # fmt: skip
        ids = self._insert(Request, rows)
        spoken = [{"request_id": row, "position": 0, "code": "prs"} for row in ids]
        run(lambda session: session.execute(insert(RequestLanguage), spoken))
        return ids

    def appointments(self, request_ids: list[int], starts: list[datetime], state: str, **values: Any) -> list[int]:
        """Insert one appointment for each request and return their ids in that order."""
        rows = [
            {
                "number": 10_000 + place, "request_id": request_id, "mediator_id": self.mediator.id, "state": state,
                "mode": "phone", "starts_at": start, "ends_at": start + HOUR, "uid": f"race-{place}",
                "created_at": NOW, "confirmed_at": NOW, **values,
            }
            for place, (request_id, start) in enumerate(zip(request_ids, starts, strict=True))
        ]  # fmt: skip
        return self._insert(Appointment, rows)

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> list[int]:
        statement = insert(table).returning(table.id, sort_by_parameter_order=True)
        return run(lambda session: list(session.scalars(statement, rows)))


@pytest.fixture
def crowd(build: Builder) -> Crowd:
    """One unit and one mediator, with as many requests between them as a race wants."""
    return Crowd(build)


@pytest.fixture
def hours() -> Callable[[int, int], list[datetime]]:
    """Return so many starts, three hours apart, beginning so many days after START."""

    def make(count: int, days_later: int = 0) -> list[datetime]:
        return [START + timedelta(days=days_later) + 3 * place * HOUR for place in range(count)]

    return make
