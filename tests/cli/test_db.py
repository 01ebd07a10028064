"""`dispatch db`: up, down, and where it stands; what cannot be done is one line and exit 1."""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.cli.conftest import Command

NEWEST = "20261123_0310"
NOWHERE = "postgresql://dispatch@127.0.0.1:1/nowhere"


def settings_of(file: Path) -> int:
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM settings")).scalar_one()
    engine.dispose()
    return int(count)


def test_an_empty_database_is_brought_to_the_newest_version_with_its_fields_of_work(
    command: Command, tmp_path: Path
) -> None:
    new = tmp_path / "folder" / "new.sqlite"
    url = f"sqlite:///{new}"

    codes = [command("db", "upgrade", DATABASE_URL=url).exit_code for _ in range(2)]

    assert codes == [0, 0]
    assert command("db", "current", DATABASE_URL=url).stdout == f"{NEWEST} (newest)\n"
    assert settings_of(new) > 40


def test_a_database_goes_back_to_nothing(command: Command) -> None:
    codes = [command("db", "downgrade", "base").exit_code]
    stands = json.loads(command("db", "current", "--json").stdout)

    assert (codes, stands) == ([0], {"current": None, "newest": NEWEST})
    assert command("db", "current").stdout == f"empty, newest is {NEWEST}\n"


def test_a_version_that_is_not_there_is_refused(command: Command) -> None:
    assert command("db", "downgrade", "19990101_0000").exit_code == 1


@pytest.mark.parametrize(
    "words", [("db", "upgrade"), ("db", "current"), ("jobs", "tick"), ("outbox", "list"), ("outbox", "retry", "1")]
)
def test_a_database_that_is_not_there_is_one_line(command: Command, words: tuple[str, ...]) -> None:
    result = command(*words, DATABASE_URL=NOWHERE)

    sentence = "Error: the database cannot be used; `dispatch check` says more (OperationalError)\n"
    assert (result.exit_code, result.output) == (1, sentence)


@pytest.mark.parametrize("words", [("outbox", "list"), ("outbox", "retry", "1")])
def test_a_database_without_tables_is_one_line(command: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    result = command(*words, DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite'}")

    assert (result.exit_code, result.output.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"DATABASE_URL": "no url"},
        {"TRUSTED_PROXIES": "many"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_configuration_that_does_not_hold_is_one_line(command: Command, changed: dict[str, str]) -> None:
    result = command("db", "current", **changed)

    assert result.exit_code == 1
    assert result.output.startswith("Error: the configuration does not hold; look at DATABASE_URL")
    assert result.output.count("\n") == 1
