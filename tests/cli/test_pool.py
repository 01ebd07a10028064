"""Commands for the pool: a file is looked at or brought in, whole or in part, and written out again."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from dispatch.cli import main
from dispatch.models import Mediator
from dispatch.services.transactions import reading
from tests.builders import NOW, Builder

SAMPLE = str(Path(__file__).parent.parent / "data" / "pool_cp1252.csv")


@pytest.fixture(autouse=True)
def installation(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on the application of the test."""
    monkeypatch.setattr("dispatch.cli.context.application", lambda: app)
    monkeypatch.setattr("dispatch.clock.now", lambda: NOW)


@pytest.fixture
def kurdish(tmp_path: Path) -> str:
    """A file with one row that can be taken and one that asks back."""
    path = tmp_path / "liste.csv"
    people_ = ["Anna;Dari C1;Riesa;a@example.org;C1", "Berta;Kurdisch C1;Riesa;b@example.org;C1"]
    path.write_text("\n".join(["Name;Sprachen;Ort;E-Mail;Deutsch", *people_]), "utf-8")
    return str(path)


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["pool", *words])


def loaded(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def people() -> int:
    return reading().scalar(select(func.count()).select_from(Mediator)) or 0


def test_a_dry_run_says_what_would_happen_row_by_row(kurdish: str) -> None:
    result = call("import", kurdish, "--dry-run", "--json")

    found = loaded(result)
    assert (result.exit_code, people(), found["applied"]) == (0, 0, False)
    assert [(row["line"], row["outcome"]) for row in found["rows"]] == [(2, "created"), (3, "invalid")]
    assert found["rows"][1]["findings"] == [
        {"column": "Sprachen", "field": "languages", "code": "ambiguous", "word": "Kurdisch"}
    ]
    assert found["questions"] == [
        {"kind": "language", "word": "Kurdisch", "choices": ["kmr", "ckb"], "lines": [3], "optional": False}
    ]


def test_text_names_line_column_and_how_to_answer(kurdish: str) -> None:
    text = call("import", kurdish, "--dry-run").stdout

    wanted = ("line 3: Berta", "Sprachen", "--answer 'language:Kurdisch=CODE'", "kmr, ckb")
    assert [word for word in wanted if word not in text] == []


def test_a_file_is_brought_in_and_again_without_a_change() -> None:
    first, again = call("import", SAMPLE, "--json"), call("import", SAMPLE, "--json")

    assert (first.exit_code, loaded(first)["counts"]["created"]) == (0, 4)
    assert (again.exit_code, loaded(again)["counts"]) == (0, {"created": 0, "updated": 0, "unchanged": 4, "invalid": 0})


@pytest.mark.parametrize(
    ("words", "code", "number"),
    [([], 1, 0), (["--skip-invalid"], 0, 1), (["--answer", "language:Kurdisch=ckb"], 0, 2)],
    ids=["all or nothing", "the rest", "answered"],
)
def test_rows_that_cannot_be_taken(kurdish: str, words: list[str], code: int, number: int) -> None:
    assert (call("import", kurdish, *words).exit_code, people()) == (code, number)


@pytest.mark.parametrize("name", ["pool.csv", "pool.XLSX"])
def test_an_export_can_be_brought_in_again(build: Builder, tmp_path: Path, name: str) -> None:
    build.mediator(town="Meißen")
    path = str(tmp_path / name)

    written = call("export", path)
    read = call("import", path, "--json")

    assert (written.exit_code, loaded(read)["counts"]["unchanged"]) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["import", "/nowhere.csv"], 2),
        (["import", SAMPLE, "--answer", "Kurdisch=kmr"], 2),
        (["import", SAMPLE, "--answer", "salary:x=1"], 2),
        (["import", __file__], 1),
        (["export", "/tmp/pool.ods"], 2),
        (["export", "/nowhere/pool.csv"], 1),
    ],
    ids=["no file", "answer without kind", "unknown kind", "no list", "other kind of file", "no folder"],
)
def test_what_cannot_be_done_is_told_by_the_exit_code(words: list[str], code: int) -> None:
    result = call(*words)

    assert (result.exit_code, result.output != "", "Traceback" in result.output) == (code, True, False)
