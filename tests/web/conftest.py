"""Fixtures of the page tests: browsers with a live session, CSRF kept on, the time of the builders."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.database import run
from dispatch.models import User
from dispatch.services import accounts
from tests.builders import NOW

ClientFor = Callable[[User], FlaskClient]


@pytest.fixture(autouse=True)
def the_time() -> Iterator[time_machine.Traveller]:
    """Every page test happens at NOW; `the_time.move_to(…)` and `.shift(…)` go elsewhere."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of nobody."""
    return app.test_client()


@pytest.fixture
def client_for(app: Flask) -> ClientFor:
    """Make a browser in which the user is signed in, without going through the login page."""

    def make(user: User) -> FlaskClient:
        def use_case(session: Session) -> str:
            return accounts.begin_session(session, user.id, clock.now())

        secret = run(use_case)
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = secret
            cookie["_fresh"] = True
            cookie.permanent = True
        return browser

    return make
