"""The documents as options: the table of their types, and those that a field of work demands.

A row has `rows-0-code`, `rows-0-label`, `rows-0-years`; a row left empty is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.domain.document_types import NEEDED, DocumentKind
from dispatch.domain.option_kinds import MOST_ROWS, Known, Part, Reading, Row, Widget, of_type, rows_in
from dispatch.domain.settings import DocumentType

LONGEST_LABEL = 80
MOST_YEARS = 20
_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST_CODE = 40


@dataclass(frozen=True)
class DocumentTable:
    """The types of documents: a code that stays, a name (shipped types have one), an age in years or none."""

    parts = (("code", Widget.LINE), ("label", Widget.LINE), ("years", Widget.NUMBER))

    def rows(self, name: str, form: Mapping[str, str], _known: Known) -> tuple[Row, ...]:
        places = range(min(rows_in(name, form) + 1, MOST_ROWS))
        return tuple(tuple(Part(f"{name}-{n}-{part}", widget) for part, widget in self.parts) for n in places)

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        texts: dict[str, str] = {}
        for number, row in enumerate(value):
            texts[f"{name}-{number}-code"] = str(row.code)
            texts[f"{name}-{number}-label"] = row.label
            texts[f"{name}-{number}-years"] = "" if row.years is None else str(row.years)
        return texts

    def parse(self, name: str, reading: Reading) -> tuple[DocumentKind, ...]:
        found: list[DocumentKind] = []
        for number in range(min(rows_in(name, reading.form), MOST_ROWS)):
            field = f"{name}-{number}"
            if any(reading.text(f"{field}-{part}") for part, _widget in self.parts):
                found.append(self._row(field, reading, {row.code for row in found}))
        return tuple(found)

    def _row(self, field: str, reading: Reading, there: set[str]) -> DocumentKind:
        code, findings = reading.text(f"{field}-code"), reading.findings
        label = findings.line(f"{field}-label", reading.form.get(f"{field}-label", ""), LONGEST_LABEL) or ""
        findings.require(f"{field}-code", code or None)
        if code and not _is_code(code):
            findings.add(f"{field}-code", "not_a_code")
        elif code in there:
            findings.add(f"{field}-code", "repeated")
        if code not in set(DocumentType):
            findings.require(f"{field}-label", label or None)
        return DocumentKind(code, label, reading.whole(f"{field}-years", 1, MOST_YEARS))

    def dump(self, value: Any) -> list[Any]:
        return [{"code": str(row.code), "label": row.label, "years": row.years} for row in value]

    def load(self, raw: Any) -> tuple[DocumentKind, ...]:
        """Read the rows; a table without a type on which conditions rest is refused (ValueError has_a_role)."""
        rows = tuple(
            DocumentKind(
                of_type(str, row["code"]),
                of_type(str, row["label"]),
                None if row["years"] is None else of_type(int, row["years"]),
            )
            for row in of_type(list, raw)
        )
        if len(rows) > MOST_ROWS:
            raise ValueError("more rows than a form has")
        if not {row.code for row in rows} >= NEEDED:
            raise ValueError("has_a_role")
        return rows


@dataclass(frozen=True)
class Demanded:
    """The documents that a field of work demands, of those there are, in their order."""

    def rows(self, name: str, _form: Mapping[str, str], known: Known) -> tuple[Row, ...]:
        return tuple((Part(f"{name}-{code}", Widget.FLAG),) for code in known.documents)

    def typed(self, name: str, value: Any, known: Known) -> dict[str, str]:
        codes = dict.fromkeys([*known.documents, *value])
        return {f"{name}-{code}": "1" if code in value else "" for code in codes}

    def parse(self, name: str, reading: Reading) -> tuple[str, ...]:
        codes = reading.known.documents
        there = {f"{name}-{code}" for code in codes}
        if any(text and field.startswith(f"{name}-") and field not in there for field, text in reading.form.items()):
            reading.findings.add(f"{name}-{codes[0]}", "unknown_document")
        return tuple(code for code in codes if reading.text(f"{name}-{code}") == "1")

    def dump(self, value: Any) -> list[str]:
        return [str(code) for code in value]

    def load(self, raw: Any) -> tuple[str, ...]:
        codes = tuple(dict.fromkeys(of_type(str, code) for code in of_type(list, raw)))
        if not all(_is_code(code) for code in codes):
            raise ValueError("not a code")
        return codes


def _is_code(text: str) -> bool:
    return len(text) <= _LONGEST_CODE and _CODE.fullmatch(text) is not None
