"""The command that loads a demonstration: what it makes, what it refuses, with which exit code."""

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from dispatch.cli import main
from dispatch.database import db
from dispatch.models import Mediator, Request
from dispatch.services.transactions import reading
from tests.builders import Builder
from tests.domain.times import at

SMALL = ["demo", "load", "--mediators", "4", "--requests", "6"]


@pytest.fixture
def runner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Run commands on the application of the test."""
    monkeypatch.setattr("dispatch.cli.context.application", lambda: app)
    return CliRunner()


def submitted() -> list[object]:
    db.session.remove()
    return list(reading().scalars(select(Request.submitted_at).order_by(Request.id)))


def test_it_loads_as_many_as_are_asked_for(runner: CliRunner) -> None:
    result = runner.invoke(main, [*SMALL, "--until", "2026-11-24"])

    assert (result.exit_code, result.exception) == (0, None)
    assert reading().scalar(select(func.count(Mediator.id))) == 4
    assert len(submitted()) == 6


def test_a_day_makes_the_same_as_before(runner: CliRunner) -> None:
    runner.invoke(main, [*SMALL, "--until", "2026-11-24"])
    before = submitted()

    runner.invoke(main, [*SMALL, "--until", "2026-11-24"])

    assert submitted() == before
    assert max(instant for instant in before if instant) <= at("2026-11-24 10:00")  # type: ignore[type-var,operator]


def test_it_refuses_a_database_of_real_people(runner: CliRunner, build: Builder) -> None:
    build.mediator()

    result = runner.invoke(main, SMALL)

    assert result.exit_code == 1
    assert result.output.strip().endswith("this database holds real people; demo data needs an empty one.")
    assert reading().scalar(select(func.count(Mediator.id))) == 1


@pytest.mark.parametrize("wrong", [["--mediators", "0"], ["--requests", "-1"], ["--until", "soon"], ["--seed", "x"]])
def test_a_wrong_option_is_a_fault_of_usage(runner: CliRunner, wrong: list[str]) -> None:
    assert runner.invoke(main, ["demo", "load", *wrong]).exit_code == 2
