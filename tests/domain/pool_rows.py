"""Rows of pool files in short, for the tests of their words."""

from collections.abc import Mapping, Sequence
from typing import Any

from dispatch.domain.pool_columns import read_header
from dispatch.domain.pool_files import PoolRow, interpret
from dispatch.reference.pool_words import Answers, FileWords

Given = Mapping[str, Any]


def row(heads: Sequence[str], cells: Sequence[str], answers: Answers | None = None) -> PoolRow:
    """Read one row under these heads."""
    words = FileWords(answers)
    return interpret(read_header(heads, 1, words), cells, 2, words)


def given(head: str, cell: str) -> Given:
    """Return what one cell says; it must be understood."""
    found = row([head], [cell])
    assert found.problems == ()
    return found.given
