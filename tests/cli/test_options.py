"""Commands for the options: one file out, one file in, as a whole or not at all."""

import json
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.cli.conftest import Command


def versions(file: Path) -> int:
    with create_engine(f"sqlite:///{file}").connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM option_changes")).scalar() or 0)


def test_what_is_exported_and_edited_is_taken_as_a_whole(command: Command, file: Path, tmp_path: Path) -> None:
    path = tmp_path / "options.json"
    command("options", "export", str(path))
    content = json.loads(path.read_text("utf-8"))
    content["topics"]["travel"]["factor"] = 1.2
    path.write_text(json.dumps(content), "utf-8")

    looked = command("options", "import", "--dry-run", str(path))
    unsaved = versions(file)
    taken = command("options", "import", str(path))

    assert (looked.exit_code, looked.stdout, unsaved) == (0, "travel\tfactor\t1,3\t1,2\n", 0)
    assert (taken.exit_code, versions(file)) == (0, 1)


def test_a_file_with_a_fault_changes_nothing(command: Command, file: Path, tmp_path: Path) -> None:
    path = tmp_path / "options.json"
    command("options", "export", str(path))
    content = json.loads(path.read_text("utf-8"))
    content["topics"]["travel"]["factor"] = 1.2
    content["topics"]["waves"]["rows"][1]["above_minutes"] = 300
    path.write_text(json.dumps(content), "utf-8")

    result = command("options", "import", str(path))

    assert (result.exit_code, versions(file)) == (1, 0)
    assert "waves.rows: This leaves a gap" in result.stderr
