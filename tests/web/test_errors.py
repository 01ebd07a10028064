"""Error pages: the right status, in the reader's language, with a number to name and without a trace."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import abort

from dispatch.domain import errors
from dispatch.i18n import LOCALES, locale_of
from dispatch.models import Mediator
from dispatch.services.transactions import reading
from dispatch.web.guards import public
from tests.builders import NOW

STATUSES = (400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)


def refuse(refusal: Exception) -> Callable[[], str]:
    def view() -> str:
        raise refusal

    return public(view)


@pytest.fixture
def say(app: Flask, client: FlaskClient) -> Callable[[Callable[[], str]], tuple[int, str, dict[str, str]]]:
    """Answer a request with a view of the test's own; returns status, body and headers."""

    def ask(view: Callable[[], str]) -> tuple[int, str, dict[str, str]]:
        bp = Blueprint("errors_of_a_test", __name__)
        bp.add_url_rule("/of-a-test", "view", view)
        app.register_blueprint(bp)
        response = client.get("/of-a-test")
        return response.status_code, response.text, dict(response.headers)

    return ask


Say = Callable[[Callable[[], str]], tuple[int, str, dict[str, str]]]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        pytest.param(errors.Invalid({"x": ("required",)}), 422, id="invalid"),
        pytest.param(errors.Forbidden(), 403, id="forbidden"),
        pytest.param(errors.Missing(), 404, id="missing"),
        pytest.param(errors.MoveRefused("request", "draft", "assigned"), 409, id="move refused"),
        pytest.param(errors.Stale(1, 2), 409, id="stale"),
        pytest.param(errors.AlreadyTaken(), 409, id="already taken"),
        pytest.param(errors.DoubleBooked(), 409, id="double booked"),
        pytest.param(errors.NoLongerFits(("conflict",)), 409, id="no longer fits"),
        pytest.param(errors.OfferClosed("taken"), 410, id="offer closed"),
        pytest.param(errors.LinkExpired(), 410, id="link expired"),
        pytest.param(errors.AlreadyStarted(), 409, id="already started"),
        pytest.param(errors.Throttled(NOW + timedelta(minutes=2)), 429, id="throttled"),
        pytest.param(errors.Busy(), 503, id="busy"),
        pytest.param(RuntimeError("a secret detail"), 500, id="unexpected"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refusal_has_its_status_and_its_page(say: Say, refusal: Exception, status: int) -> None:
    answered, body, headers = say(refuse(refusal))

    assert answered == status
    assert f"{status}-{headers['X-Request-ID']}" in body
    assert re.findall("secret detail|Traceback|RuntimeError", body) == []


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [
        pytest.param(errors.Throttled(NOW + timedelta(minutes=2)), "120", id="throttled"),
        pytest.param(errors.Busy(), "5", id="busy"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_has_to_wait_is_told_how_long(say: Say, refusal: Exception, seconds: str) -> None:
    assert say(refuse(refusal))[2]["Retry-After"] == seconds


@pytest.mark.parametrize("tag", [locale.tag for locale in LOCALES])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_status_has_its_page_in_every_language(app: Flask, client: FlaskClient, tag: str) -> None:
    bp = Blueprint("errors_of_a_test", __name__)

    @bp.get("/status/<int:status>")
    @public
    def show(status: int) -> str:
        abort(status)

    app.register_blueprint(bp)

    answers = {status: client.get(f"/status/{status}?lang={tag}") for status in STATUSES}

    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in STATUSES}
    assert {f'<html lang="{locale_of(tag).lang}"' in answer.text for answer in answers.values()} == {True}
    assert len({re.search(r"<h1[^>]*>(.*?)</h1>", answer.text)[1] for answer in answers.values()}) == len(STATUSES)  # type: ignore[index]


@pytest.mark.parametrize(
    "value",
    [pytest.param(2**31, id="int"), pytest.param(2**63, id="bigint"), pytest.param(10**30, id="beyond everything")],
)
def test_a_number_beyond_the_database_is_no_fault_of_ours(say: Say, value: int) -> None:
    def view() -> str:
        return str(reading().scalar(select(Mediator.id).where(Mediator.id == value)))

    assert say(public(view))[0] in {200, 400}


def test_a_character_beyond_the_database_is_no_fault_of_ours(say: Say) -> None:
    def view() -> str:
        return str(reading().scalar(select(Mediator.id).where(Mediator.name == "x\x00y")))

    assert say(public(view))[0] in {200, 400}


@pytest.mark.usefixtures("app")
def test_a_body_beyond_the_limit_is_refused(client: FlaskClient) -> None:
    assert client.post("/login", data={"email": "x" * 5_000_000}).status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
@pytest.mark.usefixtures("app")
def test_an_unknown_host_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400
