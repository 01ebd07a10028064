"""A write happens inside `run` or not at all, whole or not at all, and a database that refuses is understood."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import TestConfig
from dispatch import create_app
from dispatch.database import db
from dispatch.domain.errors import AlreadyTaken, Busy, DoubleBooked
from dispatch.models import Mark
from dispatch.services.transactions import reading, run
from tests.builders import NOW, START, Builder


def _add_mark(session: Session) -> None:
    session.add(Mark(name="probe", value="1", at=NOW))


def _marks() -> int:
    return reading().scalar(select(func.count()).select_from(Mark)) or 0


def test_what_a_use_case_adds_is_committed(app: Flask) -> None:
    run(_add_mark)

    assert _marks() == 1


def test_a_use_case_that_raises_leaves_nothing(app: Flask) -> None:
    def use_case(session: Session) -> None:
        _add_mark(session)
        session.flush()
        raise KeyError

    with pytest.raises(KeyError):
        run(use_case)

    assert _marks() == 0


def test_a_row_added_outside_run_is_refused_at_its_flush(app: Flask) -> None:
    _add_mark(reading())

    with pytest.raises(RuntimeError, match=r"inside database\.run only"):
        reading().commit()

    reading().rollback()
    assert _marks() == 0


def test_a_statement_that_writes_outside_run_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match=r"inside database\.run only"):
        reading().execute(update(Mark).values(value="2"))


def test_run_inside_run_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="take the session instead"):
        run(lambda _session: run(_add_mark))

    run(_add_mark)
    assert _marks() == 1


class _Deadlock(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(("failures", "done"), [(0, True), (1, True), (2, True), (3, False)])
def test_a_deadlock_is_tried_three_times_in_all(app: Flask, failures: int, done: bool) -> None:
    tries: list[int] = []

    def use_case(session: Session) -> None:
        _add_mark(session)
        tries.append(1)
        if len(tries) <= failures:
            raise OperationalError("UPDATE", {}, _Deadlock())

    if done:
        run(use_case)
    else:
        with pytest.raises(Busy):
            run(use_case)

    assert (len(tries), _marks()) == (min(failures + 1, 3), int(done))


def test_an_overlap_becomes_double_booked(app: Flask, build: Builder) -> None:
    mediator = build.mediator()
    build.appointment(build.request(), mediator)
    request = build.request(starts_at=START + timedelta(minutes=30))
    row = build.appointment(request, build.mediator(), state="cancelled")

    def use_case(session: Session) -> None:
        found = session.get_one(type(row), row.id)
        found.mediator_id, found.state = mediator.id, "confirmed"

    with pytest.raises(DoubleBooked):
        run(use_case)


def test_a_second_live_appointment_of_one_request_becomes_already_taken(app: Flask, build: Builder) -> None:
    request = build.request()
    build.appointment(request, build.mediator())
    row = build.appointment(request, build.mediator(), state="cancelled")

    def use_case(session: Session) -> None:
        session.get_one(type(row), row.id).state = "confirmed"

    with pytest.raises(AlreadyTaken):
        run(use_case)


@pytest.fixture
def impatient(tmp_path: Path) -> Flask:
    """An application on SQLite that waits one second for the write lock."""
    from dispatch.ops.schema import upgrade

    application = create_app(TestConfig(f"sqlite:///{tmp_path / 'busy.sqlite'}", SQLITE_BUSY_SECONDS=1))
    with application.app_context():
        upgrade()
        db.engine.dispose()
    return application


def test_a_lock_held_beyond_the_waiting_time_becomes_busy_and_reading_goes_on(impatient: Flask) -> None:
    path = impatient.config["DATABASE_URL"].removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with impatient.app_context():
        with pytest.raises(Busy):
            run(_add_mark)
        assert _marks() == 0
        other.execute("ROLLBACK")
        run(_add_mark)
        assert _marks() == 1
        db.engine.dispose()
    other.close()
