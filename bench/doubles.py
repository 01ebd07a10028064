"""Goal 6: eight clients of four processes want one mediator for one slot, 200 slots, both databases: one gets her."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, make_url

from bench import world
from bench.result import Result
from config import TestConfig
from dispatch import create_app
from dispatch.database import db
from tests import postgres
from tests.builders import START, Builder
from tests.races.conftest import Crowd
from tests.races.contenders import Pool
from tests.races.test_double_booking import doubles, targets

SLOTS, BATCH = 200, 25
ACT = "book"


def results(folder: Path) -> list[Result]:
    """Return for each database how many slots were given twice, and how often nobody got one."""
    pool = Pool()
    try:
        found = _compete(pool, f"sqlite:///{folder / 'doubles.sqlite'}", "SQLite", folder)
        with postgres.server() as server:
            return found + _compete(pool, _fresh(server, "doubles"), "PostgreSQL", folder)
    finally:
        pool.close()


def _fresh(server: str, name: str) -> str:
    engine = create_engine(make_url(server).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _compete(pool: Pool, url: str, database: str, folder: Path) -> list[Result]:
    world.migrate(url, folder)
    app = create_app(TestConfig(url))
    with app.app_context():
        rows = targets(Crowd(Builder()), _hours, ACT, SLOTS)
        outcomes = [
            outcome
            for first in range(0, SLOTS, BATCH)
            for outcome in pool.compete(url, ACT, rows[first : first + BATCH])
        ]
        twice = doubles()
        db.session.remove()
        db.engine.dispose()
    unlucky = sum(outcome.count("won") != 1 for outcome in outcomes)
    name = f"same slot, {database}"
    return [
        Result(6, f"{name}: twice", twice, "slots", SLOTS, 0.0, "slots"),
        Result(6, f"{name}: not once", unlucky, "slots", SLOTS, 0.0, "slots"),
    ]


def _hours(count: int, days_later: int) -> list[datetime]:
    return [START + timedelta(days=days_later, hours=3 * place) for place in range(count)]
