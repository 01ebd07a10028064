"""Two workers are one service: what one has done holds in the other, and both finish what they have begun.

The parts of the service share nothing but the database; each test asks both workers by a line of its own.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from config import TestConfig
from dispatch import clock, create_app
from dispatch.database import db
from dispatch.domain.permissions import Actor, Role
from dispatch.services import option_changes
from dispatch.services.passwords import CHEAP
from tests.builders import Builder
from tests.ops.family import children, living
from tests.ops.visitors import Visitor, lines_to_each
from tests.processes import STOP_SECONDS, Service, wait_for

pytestmark = pytest.mark.race

ADMINISTRATOR = Actor(None, Role.ADMINISTRATOR)
OLD, NEW = "+493521000140", "+493521000141"
PASSWORD = "vier Birnen im Schnee"


@pytest.fixture
def beside(served: Service) -> Iterator[Flask]:
    """An application on the database of the service: one more process beside its workers."""
    app = create_app(TestConfig(served.database_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def lines(served: Service) -> Iterator[list[HTTPConnection]]:
    """An open line to each worker."""
    with lines_to_each(served) as found:
        yield found


@pytest.fixture
def email(beside: Flask) -> str:
    """The address of somebody who knows PASSWORD."""
    email = f"{uuid4().hex}@example.org"
    Builder().user("requester", email=email, password_hash=CHEAP.hash(PASSWORD))
    return email


def sign_in(line: HTTPConnection, email: str, password: str = PASSWORD) -> tuple[Visitor, int]:
    visitor = Visitor()
    answer = visitor.post(line, "/login", {"email": email, "password": password}, page="/login")
    return visitor, answer.status


def test_an_option_holds_in_every_worker_from_the_next_page_on(
    beside: Flask, lines: list[HTTPConnection], email: str
) -> None:
    visitor, _status = sign_in(lines[0], email)
    before = [OLD in visitor.get(line, "/account").text for line in lines]
    sheet = option_changes.sheet(ADMINISTRATOR, "service")
    typed = {**sheet.typed, "phone": NEW}

    option_changes.save(ADMINISTRATOR, "service", typed, sheet.version, clock.now())

    pages = [asks.get(line, path).text for line in lines for asks, path in ((visitor, "/account"), (Visitor(), "/"))]
    assert before == [True, True]
    assert [NEW in page for page in pages] == [True] * 4


def test_a_session_ended_in_one_worker_is_ended_in_the_other(lines: list[HTTPConnection], email: str) -> None:
    visitor, status = sign_in(lines[0], email)
    lives = [visitor.get(line, "/account").status for line in lines]
    kept = dict(visitor.cookies)

    visitor.post(lines[0], "/logout", {}, page="/account")
    visitor.cookies = kept

    assert (status, lives) == (302, [200, 200])
    assert [visitor.get(line, "/account").status for line in lines] == [302, 302]


def test_tries_are_counted_across_the_workers(lines: list[HTTPConnection], email: str) -> None:
    tries = [sign_in(line, email, "three pears in the snow")[1] for _ in range(6) for line in lines]

    assert tries == [422] * 10 + [429] * 2


def _lock_sqlite(service: Service) -> Callable[[], None]:
    holder = sqlite3.connect(service.database_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    return holder.close


def _lock_postgresql(service: Service) -> Callable[[], None]:
    holder = psycopg.connect(service.database_url)
    holder.execute("LOCK TABLE marks IN ACCESS EXCLUSIVE MODE")
    return holder.close


def test_told_to_stop_every_worker_answers_what_has_begun(served: Service) -> None:
    main, statuses = served.process, list[int]()
    family = children(main.pid, "")
    with lines_to_each(served) as lines:
        lock = _lock_sqlite if served.database_url.startswith("sqlite") else _lock_postgresql
        let_go = lock(served)
        asking = [threading.Thread(target=lambda line=line: statuses.append(ready(line))) for line in lines]
        for one in asking:
            one.start()
        time.sleep(0.7)
        main.terminate()
        time.sleep(0.7)
        let_go()
        for one in asking:
            one.join(20)
    code = main.wait(STOP_SECONDS)

    assert (statuses, code, len(family) >= 3) == ([200, 200], 0, True)
    wait_for(lambda: living(family) == [], seconds=10, what="the end of its processes")


def ready(line: HTTPConnection) -> int:
    return Visitor().get(line, "/readyz").status
