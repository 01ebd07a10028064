"""`dispatch db move`: a whole installation goes from SQLite to PostgreSQL, or nothing of it does."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Connection, cast, create_engine, func, inspect, make_url, select, text
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import IntegrityError

from config import TestConfig
from dispatch import clock, create_app
from dispatch.database import Base, db
from dispatch.ops.schema import upgrade
from dispatch.services import demo
from tests.cli.conftest import Command

UNTIL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TABLES = {table.name: table for table in Base.metadata.sorted_tables}

T = TypeVar("T")
Target = Callable[[], str]


@pytest.fixture(scope="module")
def demonstration(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a few invented people, one of them without a parent before its child."""
    path = tmp_path_factory.mktemp("move") / "source.sqlite"
    shutil.copyfile(sqlite_template, path)
    app = create_app(TestConfig(f"sqlite:///{path}"))
    with app.app_context():
        demo.load(demo.Size(12, 40), 1, UNTIL, progress=lambda _count: None)
        db.session.remove()
        db.engine.dispose()
    _execute(f"sqlite:///{path}", *_ODDITIES, "PRAGMA wal_checkpoint(TRUNCATE)")
    return path


_ODDITIES = (
    "UPDATE organisations SET parent_id = (SELECT max(id) FROM organisations) WHERE id = 1",
    "INSERT INTO second_factors (user_id, kind, name, created_at, public_key, sign_count) "
    "SELECT min(id), 'passkey', 'Schlüssel „A“', '2026-11-22T09:30:00Z', x'00ff10', 3 FROM users",
)
"""A parent that comes after its child, and bytes."""


@pytest.fixture
def source(demonstration: Path, tmp_path: Path) -> str:
    """A copy of that installation."""
    path = tmp_path / "source.sqlite"
    shutil.copyfile(demonstration, path)
    return f"sqlite:///{path}"


@pytest.fixture
def target(pg_url: str) -> Iterator[Target]:
    """Makes PostgreSQL databases without tables."""
    names: list[str] = []

    def make() -> str:
        names.append(f"move_{uuid4().hex[:12]}")
        _execute(_beside(pg_url, "postgres"), f"CREATE DATABASE {names[-1]} TEMPLATE template0")
        return _beside(pg_url, names[-1])

    yield make
    for name in names:
        _execute(_beside(pg_url, "postgres"), f"DROP DATABASE {name} WITH (FORCE)")


def test_everything_arrives_and_reads_the_same(command: Command, source: str, target: Target) -> None:
    url = target()

    planned = json.loads(command("db", "move", source, url, "--dry-run", "--json").stdout)
    untouched = _look(url, lambda connection: inspect(connection).get_table_names())
    result = command("db", "move", source, url, "--json")
    report = json.loads(result.stdout)
    back = command("db", "move", url, f"sqlite:///{Path(str(make_url(source).database)).with_name('back.sqlite')}")

    assert (result.exit_code, planned["moved"], untouched, report["moved"]) == (0, False, [], True)
    counts = {name: facts["rows"] for name, facts in report["tables"].items()}
    assert counts == {name: facts["rows"] for name, facts in planned["tables"].items()} == _look(source, _counts)
    assert counts == _look(url, _counts)
    assert min(counts["requests"], counts["appointments"], counts["outbox"], counts["second_factors"]) >= 1
    assert _look(source, _everything) == _look(url, _everything)
    assert [line.split("\t")[2] for line in back.stdout.splitlines()] == [
        facts["checksum"] for facts in report["tables"].values()
    ]


def test_the_next_row_of_each_table_gets_a_new_key_and_the_guard_holds(
    command: Command, source: str, target: Target
) -> None:
    url = target()
    assert command("db", "move", source, url).exit_code == 0

    def next_keys(connection: Connection) -> dict[str, bool]:
        keys = {name: table.autoincrement_column for name, table in TABLES.items()}
        drawn = {
            name: connection.scalar(select(func.nextval(cast(func.pg_get_serial_sequence(name, key.name), REGCLASS))))
            for name, key in keys.items()
            if key is not None
        }
        greatest = {name: connection.scalar(select(func.max(TABLES[name].c.id))) for name in drawn}
        return {name: drawn[name] == (greatest[name] or 0) + 1 for name in drawn}

    following = _look(url, next_keys)

    assert len(following) > 25
    assert set(following.values()) == {True}
    _execute(
        url,
        "INSERT INTO organisations (name, kind, municipality, approves_mediators, answers_to_mailbox, active, version, "
        "created_at) VALUES ('Neu', 'school', '14627140', false, false, true, 1, now())",
    )
    with pytest.raises(IntegrityError, match="appointment_overlap"):
        _execute(url, _BOOK_TWICE)


_COLUMNS = ", ".join(
    column.name for column in TABLES["appointments"].columns if column.name not in {"id", "number", "uid", "slot"}
)
_BOOK_TWICE = (
    f"INSERT INTO appointments (number, uid, slot, {_COLUMNS}) SELECT 999999, 'twice', 9, {_COLUMNS} "
    "FROM appointments WHERE state = 'confirmed' LIMIT 1"
)


def test_a_copy_that_differs_is_noticed_and_nothing_of_it_is_kept(
    command: Command, source: str, pg_url: str, target: Target
) -> None:
    url = target()
    _migrate(url)
    _execute(
        url,
        "CREATE FUNCTION spoil() RETURNS trigger AS $$ BEGIN NEW.name = NEW.name || '.'; RETURN NEW; END $$ "
        "LANGUAGE plpgsql",
        "CREATE FUNCTION lose() RETURNS trigger AS $$ BEGIN RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER spoil BEFORE INSERT ON mediators FOR EACH ROW WHEN (NEW.id = 3) EXECUTE FUNCTION spoil()",
        "CREATE TRIGGER lose BEFORE INSERT ON reminders FOR EACH ROW WHEN (NEW.id = 1) EXECUTE FUNCTION lose()",
    )
    reminders = _look(source, _counts)["reminders"]

    result = command("db", "move", source, url)

    told = f"mediators (another content), reminders ({reminders} rows there, {reminders - 1} here)"
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        1,
        f"Error: the copy differs from the source, nothing was kept: {told}.",
    )
    assert set(_look(url, _counts).values()) == {0}


def test_a_row_that_the_target_refuses_moves_nothing(command: Command, source: str, target: Target) -> None:
    url = target()
    _execute(source, "DROP TRIGGER appointment_overlap_insert", _BOOK_TWICE)

    result = command("db", "move", source, url)

    reason = "the target refuses a row of appointments (appointment_overlap), nothing was moved."
    assert (result.exit_code, result.output.splitlines()[-1]) == (1, f"Error: {reason}")
    assert set(_look(url, _counts).values()) == {0}


def test_a_source_at_work_is_told_of(command: Command, source: str, target: Target) -> None:
    beat = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    _execute(source, f"INSERT OR REPLACE INTO marks (name, at) VALUES ('jobs', '{beat}')")

    result = command("db", "move", source, target())

    assert result.exit_code == 0
    assert result.stderr.startswith("Warning: a jobs process works on the source: stop the services, or what they")


def test_what_may_not_be_moved_is_one_line(command: Command, source: str, target: Target, tmp_path: Path) -> None:
    filled, bare, foreign = target(), f"sqlite:///{tmp_path / 'bare.sqlite'}", target()
    _migrate(filled)
    _execute(filled, "INSERT INTO marks (name, at) VALUES ('demo', now())")
    _execute(foreign, "CREATE TABLE shopping (id integer)")
    _execute(bare, "SELECT 1")

    said = [
        command("db", "move", *pair).stderr.splitlines()[-1].removeprefix("Error: ")
        for pair in (
            (source, filled),
            (source, foreign),
            (bare, target()),
            (f"sqlite:///{tmp_path / 'nowhere.sqlite'}", filled),
        )
    ]

    newest = json.loads(command("db", "current", "--json", DATABASE_URL=source).stdout)["newest"]
    assert said == [
        "the target is not empty (marks): give a database without tables.",
        f"the target has tables of version none, not of {newest}: give an empty database.",
        f"the source is at version none, not at {newest}: dispatch db upgrade.",
        "the source is not there.",
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("{source}", "{source}"), "SOURCE and TARGET are the same database."),
        (("{source}", "postgresql://a:secret@127.0.0.1/b"), "no password as an argument: give env:NAME"),
        (("{source}", "postgresql://a@127.0.0.1/b?password=secret"), "no password as an argument: give env:NAME"),
        (("{source}", "env:NOT_SET"), "env:NOT_SET is no URL of a database."),
        (("{source}", "mysql://a@127.0.0.1/b"), "a database is sqlite:////path/file.sqlite or postgresql://"),
        (("{source}", "sqlite://"), "a database is sqlite:////path/file.sqlite or postgresql://"),
        (("{source}",), "Missing argument 'TARGET'."),
    ],
)
def test_a_wrong_call_is_told_so(command: Command, source: str, words: tuple[str, ...], sentence: str) -> None:
    result = command("db", "move", *(word.format(source=source) for word in words))

    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
    assert "secret" not in result.output


def test_a_variable_may_hold_the_password(command: Command, source: str, target: Target) -> None:
    url = make_url(target()).set(password="secret").render_as_string(hide_password=False)

    result = command("db", "move", source, "env:MOVE_TARGET", "--dry-run", MOVE_TARGET=url)

    assert (result.exit_code, "requests\t" in result.stdout, "secret" in result.output) == (0, True, False)


def _beside(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _migrate(url: str) -> None:
    with create_app(TestConfig(url)).app_context():
        upgrade()
        db.engine.dispose()


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def _look(url: str, look: Callable[[Connection], T]) -> T:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return look(connection)
    finally:
        engine.dispose()


def _counts(connection: Connection) -> dict[str, int]:
    return {name: connection.scalar(select(func.count()).select_from(table)) or 0 for name, table in TABLES.items()}


def _everything(connection: Connection) -> dict[str, list[str]]:
    """Read every row, by other means than the command does."""
    rows = {name: connection.execute(select(table)).all() for name, table in TABLES.items()}
    return {name: sorted(map(repr, found)) for name, found in rows.items()}
