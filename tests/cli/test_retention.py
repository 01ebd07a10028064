"""`dispatch retention run`: counts by kind, dry or in earnest."""

import json
from datetime import timedelta

from dispatch import clock
from tests.builders import Builder
from tests.cli.conftest import Command


def test_a_dry_run_says_what_the_run_will_do_and_a_second_one_does_nothing(command: Command, builder: Builder) -> None:
    builder.request(state="completed", starts_at=clock.now() - timedelta(days=40), notes="Notiz")

    results = [command("retention", "run", *words, "--json") for words in (("--dry-run",), (), ())]

    assert [result.exit_code for result in results] == [0, 0, 0]
    assert [json.loads(result.stdout)["request_details"] for result in results] == [1, 1, 0]


def test_it_prints_a_line_for_each_kind(command: Command, builder: Builder) -> None:
    assert "leavers\t0" in command("retention", "run").stdout.splitlines()
    assert command("retention", "run", "--wrong").exit_code == 2
