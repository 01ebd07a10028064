"""Throttles: a limit holds over a sliding window, for each bucket alone, and in every process."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from dispatch.domain.accounts import Limit
from dispatch.domain.errors import Throttled
from dispatch.models import Attempt
from dispatch.services import throttles
from dispatch.services.transactions import reading, run
from tests.builders import NOW

LIMIT = Limit(3, timedelta(minutes=10))
HERE = throttles.bucket("try", "here")
THERE = throttles.bucket("try", "there")


def take(now: datetime, *buckets: str, limit: Limit = LIMIT) -> None:
    run(lambda session: throttles.take(session, dict.fromkeys(buckets or (HERE,), limit), now))


def tries() -> int:
    return reading().scalar(select(func.count()).select_from(Attempt)) or 0


@pytest.mark.usefixtures("app")
def test_a_full_bucket_opens_when_its_oldest_try_leaves_the_window() -> None:
    for minutes in (0, 4, 8):
        take(NOW + timedelta(minutes=minutes))

    with pytest.raises(Throttled) as refused:
        take(NOW + timedelta(minutes=9))
    take(NOW + timedelta(minutes=10))

    assert refused.value.until == NOW + timedelta(minutes=10)


@pytest.mark.usefixtures("app")
def test_a_refused_try_does_not_count() -> None:
    for _ in range(3):
        take(NOW)
    for seconds in range(1, 20):
        with pytest.raises(Throttled):
            take(NOW + timedelta(seconds=seconds))

    take(NOW + LIMIT.span)

    assert tries() == 1


@pytest.mark.usefixtures("app")
def test_one_full_bucket_of_several_counts_nothing() -> None:
    for _ in range(3):
        take(NOW, HERE)

    with pytest.raises(Throttled):
        take(NOW, THERE, HERE)

    assert tries() == 3


@pytest.mark.usefixtures("app")
def test_a_rightful_try_is_given_back() -> None:
    for _ in range(3):
        take(NOW, HERE)
    take(NOW, THERE)

    run(lambda session: throttles.give_back(session, HERE, THERE))

    assert tries() == 2


@pytest.mark.usefixtures("app")
def test_a_bucket_does_not_show_what_is_throttled() -> None:
    bucket = throttles.bucket("sign_in", "shirin@example.org")

    assert len(bucket) == 64
    assert "shirin" not in bucket


def test_parallel_tries_cannot_pass_together(app: Flask) -> None:
    passed: list[int] = []

    def try_once(number: int) -> None:
        with app.app_context():
            try:
                take(NOW)
            except Throttled:
                return
            passed.append(number)

    threads = [threading.Thread(target=try_once, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == 3
