"""Decide what the cells of a row say of a person's documents: the days they name, or only that they are there.

Whether a document counts is decided by `eligibility`; whether it is new by whoever merges it into a record.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from dispatch.domain.pool_columns import Column
from dispatch.domain.pool_words import Kind, Reading

Cells = Mapping[Column, list[tuple[int, str]]]
"""The cells of a row that say something, by what their columns hold, each with its column from 0."""


class GivenDocument(NamedTuple):
    """What a file says of a document: only that it is there, or its days."""

    type: str
    seen_on: date | None = None
    issued_on: date | None = None
    valid_until: date | None = None


def first(cells: Cells, column: Column) -> tuple[int, str] | None:
    """Return the first cell of a column with its place, None when the row says nothing there."""
    return cells[column][0] if column in cells else None


def read_documents(reading: Reading, cells: Cells) -> None:
    """Read what the file says of each document: its days, or only that it is there.

    Without its day of issue a document does not count where its age matters; what is said of it, or of a type that
    the district has removed, is kept as a remark.
    """
    found = []
    for kind, main, other, until, is_seen in _DOCUMENTS:
        given = _main_day(reading, cells, main)
        beside, end = (_day(reading, cells, column) for column in (other, until))
        if given is None and beside is None and end is None:
            continue
        day = given if isinstance(given, date) else None
        seen_on, issued_on = (day, beside) if is_seen else (beside, day)
        if kind not in reading.types.codes or (issued_on is None and reading.types.must_be_dated(kind)):
            reading.kept += [cell for column in (main, other, until) if (cell := first(cells, column))]
            continue
        found.append(GivenDocument(kind, seen_on, issued_on, end))
    if found:
        reading.given["documents"] = tuple(found)


_DOCUMENTS = (
    ("undertaking", Column.UNDERTAKING, Column.UNDERTAKING_ISSUED, Column.UNDERTAKING_UNTIL, True),
    (
        "conduct_certificate", Column.CONDUCT_CERTIFICATE, Column.CONDUCT_CERTIFICATE_SEEN,
        Column.CONDUCT_CERTIFICATE_UNTIL, False,
    ),
    ("measles_proof", Column.MEASLES_PROOF, Column.MEASLES_PROOF_ISSUED, Column.MEASLES_PROOF_UNTIL, True),
)  # fmt: skip
"""For each type: the column of its main day, of its other day, of its end; whether the main day is that of seeing."""


def _main_day(reading: Reading, cells: Cells, column: Column) -> date | bool | None:
    """Return the day, True for a mere yes, None for no and nothing."""
    found = first(cells, column)
    if found is None:
        return None
    says = reading.words.code(Kind.YES_NO, found[1])
    if says in {"yes", "no"}:
        return says == "yes" or None
    if any(sign.isdigit() for sign in found[1]):
        return reading.day(*found)
    reading.code(Kind.YES_NO, *found)
    return None


def _day(reading: Reading, cells: Cells, column: Column) -> date | None:
    found = first(cells, column)
    return reading.day(*found) if found else None
