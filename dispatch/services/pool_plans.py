"""Say of every row of a pool file what would happen: created, updated, unchanged, or why not.

It must not write; whatever cannot be decided becomes a question or a finding with line and column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.domain import mediators as mediator_rules
from dispatch.domain.availability import WeeklyWindow
from dispatch.domain.errors import Invalid
from dispatch.domain.intervals import to_local
from dispatch.domain.mediator_checks import check
from dispatch.domain.mediators import NewMediator, PoolContext, TypedMediator
from dispatch.domain.pool_columns import Header, find_header, places_by_field
from dispatch.domain.pool_files import PoolRow, interpret
from dispatch.domain.pool_words import LEFT_OUT, Kind, Problem
from dispatch.models import Mediator
from dispatch.reference.files import fold
from dispatch.reference.pool_words import Answers, FileWords
from dispatch.services import availability, local_time, mediator_rows, options, pool_people
from dispatch.services.pool_reading import PoolFile, refused


class Outcome(StrEnum):
    """What a row of the file would do, or did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a row cannot be taken: title of its column (empty = the whole row), field and code, the word in question."""

    title: str
    field: str
    code: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A word of the file that somebody must explain, with what it may mean and the lines it stands in.

    An empty word asks what to take where the file says nothing. An optional one has a good answer already.
    """

    kind: Kind
    word: str
    choices: tuple[str, ...]
    lines: tuple[int, ...]
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class RowPlan:
    """One row: what would happen to whom, in which fields; `record` and `weekly` are what would be written."""

    line: int
    name: str
    outcome: Outcome
    mediator_id: int | None = None
    fields: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    record: NewMediator | None = None
    weekly: tuple[WeeklyWindow, ...] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do, row by row; `is_applied` once it has been done."""

    header: Header
    rows: tuple[RowPlan, ...]
    questions: tuple[Question, ...]
    is_applied: bool = False

    def count(self, outcome: Outcome) -> int:
        """Return how many rows have this outcome."""
        return sum(1 for row in self.rows if row.outcome == outcome)


@dataclass(frozen=True, slots=True)
class _Pool:
    """What is on record."""

    people: pool_people.People
    weeks: Mapping[int, tuple[WeeklyWindow, ...]]
    refused: Mapping[int, tuple[int, ...]]
    context: PoolContext
    today: date


def make(session: Session, file: PoolFile, answers: Answers, now: datetime) -> Plan:
    """Return the plan of a file, with a fixed number of statements; raises Invalid (`no_header`, `no_rows`)."""
    words = FileWords(answers)
    header = find_header(file.rows, words)
    if header is None:
        raise refused("no_header")
    rows = [(line, cells) for line, cells in file.rows if line > header.line]
    if not rows:
        raise refused("no_rows")
    pool = _load(session, now)
    planner = _Planner(header, words, pool)
    return Plan(header, tuple(planner.plan(line, cells) for line, cells in rows), planner.questions())


def _load(session: Session, now: datetime) -> _Pool:
    rows = session.scalars(select(Mediator).options(*mediator_rows.LOADED)).all()
    return _Pool(
        people=pool_people.People(rows),
        weeks=availability.weeks(session),
        refused=mediator_rows.all_refused_organisations(session),
        context=mediator_rows.context(session),
        today=to_local(now, local_time.zone()).date(),
    )


class _Planner:
    """Plans row after row and remembers who was meant before and what must be asked."""

    def __init__(self, header: Header, words: FileWords, pool: _Pool) -> None:
        self._header, self._words, self._pool = header, words, pool
        self._seen: dict[object, int] = {}
        self._asked: dict[tuple[Kind, str], tuple[str, tuple[str, ...], list[int]]] = {}
        self._places = places_by_field(header)

    def plan(self, line: int, cells: Sequence[str]) -> RowPlan:
        """Return what one row would do."""
        row = interpret(self._header, cells, line, self._words, types=self._pool.context.document_types)
        name = str(row.given.get("name", ""))
        findings = [self._finding(line, problem) for problem in row.problems]
        found, code = self._pool.people.find(row.given)
        if code is not None:
            findings.append(Finding("", "", code))
        if earlier := self._repeats(found, row.given, line):
            findings.append(Finding("", "", "repeated", str(earlier)))
        record = self._record(row, found, findings) if code is None else None
        if findings or record is None:
            return RowPlan(line, name, Outcome.INVALID, found.id if found else None, findings=tuple(findings))
        return self._outcome(row, found, record)

    def questions(self) -> tuple[Question, ...]:
        """Return what must be asked, the columns nobody knows last: these are kept as remarks unless told otherwise."""
        asked = [
            Question(kind, word, choices, tuple(dict.fromkeys(lines)))
            for (kind, _key), (word, choices, lines) in self._asked.items()
        ]
        titles = (self._header.titles[place] for place in self._header.unknown)
        unknown = dict.fromkeys(title for title in titles if self._words.answer(Kind.COLUMN, title) != LEFT_OUT)
        return (
            *asked,
            *(Question(Kind.COLUMN, title, (), (self._header.line,), is_optional=True) for title in unknown),
        )

    def _record(self, row: PoolRow, found: Mediator | None, findings: list[Finding]) -> NewMediator | None:
        """Return the record the row makes, None with findings where it does not hold."""
        refused_organisations = self._pool.refused.get(found.id, ()) if found else ()
        typed = pool_people.merge(found, refused_organisations, row.given, row.kept, self._pool.today)
        typed = self._with_usual_levels(typed, row.line, findings)
        try:
            return check(typed, self._pool.context, self._pool.today, options=options.read(mediator_rules.DEFAULT))
        except Invalid as invalid:
            known = {finding.field for finding in findings}
            findings += [
                Finding(self._title(field), field, code)
                for field, codes in invalid.errors.items()
                for code in codes
                if field.partition(".")[0] not in known
            ]
            return None

    def _with_usual_levels(self, typed: TypedMediator, line: int, findings: list[Finding]) -> TypedMediator:
        """Put in the levels that were answered for languages, and German, of which the file states none."""
        if any(not spoken.level for spoken in typed.languages):
            level = self._usual(Kind.LEVEL, line, "languages", findings)
            languages = (spoken if spoken.level else spoken._replace(level=level) for spoken in typed.languages)
            typed = replace(typed, languages=tuple(languages))
        if not typed.german_level:
            typed = replace(typed, german_level=self._usual(Kind.GERMAN_LEVEL, line, "german_level", findings))
        return typed

    def _usual(self, kind: Kind, line: int, field: str, findings: list[Finding]) -> str:
        answered = self._words.answer(kind, "")
        if answered and answered != LEFT_OUT:
            return answered
        self._ask(kind, "", (), line)
        if all(finding.field != field for finding in findings):
            findings.append(Finding(self._title(field), field, "missing"))
        return ""

    def _outcome(self, row: PoolRow, found: Mediator | None, record: NewMediator) -> RowPlan:
        said = row.given.get("weekly")
        if found is None:
            return RowPlan(row.line, record.name, Outcome.CREATED, record=record, weekly=said)
        fields = mediator_rows.changes(found, record)
        weekly = said if said is not None and said != self._pool.weeks.get(found.id, ()) else None
        if weekly is not None:
            fields = (*fields, "weekly")
        outcome = Outcome.UPDATED if fields else Outcome.UNCHANGED
        return RowPlan(row.line, record.name, outcome, found.id, fields, (), record, weekly)

    def _finding(self, line: int, problem: Problem) -> Finding:
        if problem.kind is not None:
            self._ask(problem.kind, problem.word, problem.choices, line)
        column = self._header.columns[problem.column] if problem.column is not None else None
        title = self._header.titles[problem.column] if problem.column is not None else ""
        field = next((field for field, place in self._places.items() if place == problem.column), column or "")
        return Finding(title, field, problem.code, problem.word)

    def _ask(self, kind: Kind, word: str, choices: tuple[str, ...], line: int) -> None:
        self._asked.setdefault((kind, fold(word)), (word, choices, []))[2].append(line)

    def _title(self, field: str) -> str:
        place = self._places.get(field.partition(".")[0])
        return self._header.titles[place] if place is not None else ""

    def _repeats(self, found: Mediator | None, given: Mapping[str, Any], line: int) -> int | None:
        """Return the earlier line that means the same person, None when there is none."""
        email, phone = given.get("email", "").lower(), given.get("phone", "")
        keys: list[object] = [("id", found.id)] if found else []
        if not found and given.get("name"):
            keys.append(("name", fold(given["name"]), email or phone))
        if given.get("external_id"):
            keys.append(("external", given["external_id"]))
        earlier = next((self._seen[key] for key in keys if key in self._seen), None)
        for key in keys:
            self._seen.setdefault(key, line)
        return earlier
