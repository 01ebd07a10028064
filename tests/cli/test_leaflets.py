"""The command that writes what is to be printed into a folder."""

import json
from pathlib import Path

from tests.cli.conftest import Command


def test_the_sheets_of_a_language_are_written(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "to print" / "ti"

    result = command("leaflets", str(folder), "--language", "ti", "--json", BASE_URL="https://dolmetscher.example")

    rows = json.loads(result.stdout)
    assert (result.exit_code, [row["file"] for row in rows]) == (0, ["leaflet-ti.pdf", "card-ti.pdf", "cards-ti.pdf"])
    assert {path.name: path.stat().st_size for path in folder.iterdir()} == {row["file"]: row["bytes"] for row in rows}
    assert {(row["kind"], row["language"]) for row in rows} == {("leaflet", "ti"), ("card", "ti"), ("cards", "ti")}


def test_a_language_without_pages_is_a_wrong_word(command: Command, tmp_path: Path) -> None:
    assert command("leaflets", str(tmp_path), "--language", "xx").exit_code == 2


def test_a_folder_that_is_none_is_told(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = command("leaflets", str(tmp_path / "file" / "below"), "--language", "en")

    assert (result.exit_code, "cannot be written" in result.stderr) == (1, True)
