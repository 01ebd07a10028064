"""Bring the pool in from a file and write it into one."""

import json
from pathlib import Path
from typing import Any

import click

from dispatch import clock
from dispatch.cli.context import commanding
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import SYSTEM
from dispatch.domain.pool_words import LEFT_OUT, Kind
from dispatch.i18n import in_language
from dispatch.messages.labels import label
from dispatch.messages.pool import finding_sentence, question_sentence
from dispatch.messages.pool_fields import pool_sentence
from dispatch.services import pool, pool_reading
from dispatch.services.pool_plans import Outcome, Plan, Question, RowPlan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(main: click.Group) -> None:
    """Add the group `pool`."""
    main.add_command(pool_group)


@click.group("pool")
def pool_group() -> None:
    """Bring the pool in from a file and write it into one."""


@pool_group.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--skip-invalid", is_flag=True, help="Take the rows that can be taken; without it all or nothing.")
@click.option(
    "--answer", "answers", multiple=True, metavar="KIND:WORD=CODE",
    help="What a word of the file means, as 'language:Kurdisch=kmr', 'level:=B2' where none is stated, or '=-' to "
    "keep it as a remark. May be repeated.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_command(file: Path, *, dry_run: bool, skip_invalid: bool, answers: tuple[str, ...], as_json: bool) -> None:
    """Bring in a CSV file or a workbook (.xlsx); people are found again by number, else by e-mail and name."""
    known = dict(_answer(answer) for answer in answers)
    with commanding(), in_language("en"):
        try:
            read = pool_reading.read(_content(file))
            if dry_run:
                plan = pool.plan(SYSTEM, read, known, clock.now())
            else:
                plan = pool.carry_out(SYSTEM, read, known, clock.now(), skip_invalid=skip_invalid)
        except Invalid as invalid:
            code = invalid.errors["file"][0]
            raise click.ClickException(pool_sentence("file", code)) from invalid
        click.echo(json.dumps(_as_json(plan), ensure_ascii=False) if as_json else _as_text(plan))
    if not plan.is_applied and not dry_run:
        raise SystemExit(1)


@pool_group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_command(file: Path) -> None:
    """Write the whole pool: as a workbook if FILE ends with .xlsx, else as CSV."""
    kind = file.suffix.lower().lstrip(".")
    if kind not in {"csv", "xlsx"}:
        raise click.UsageError("FILE must end with .csv or .xlsx")
    with commanding():
        content = pool.export(SYSTEM, kind)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    click.echo(f"{file}")


def _content(file: Path) -> bytes:
    """Return what the file holds, one byte more than is read at most when it holds more."""
    try:
        with file.open("rb") as opened:
            return opened.read(pool_reading.MOST_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error


def _answer(text: str) -> tuple[tuple[Kind, str], str]:
    kind, colon, rest = text.partition(":")
    word, equals, code = rest.rpartition("=")
    if not colon or not equals or kind not in set(Kind):
        raise click.UsageError(f"--answer is KIND:WORD=CODE, not {text!r}; kinds: {', '.join(Kind)}")
    return (Kind(kind), word), code


def _as_json(plan: Plan) -> dict[str, Any]:
    return {
        "applied": plan.is_applied,
        "counts": {outcome.value: plan.count(outcome) for outcome in Outcome},
        "rows": [_row_json(row) for row in plan.rows],
        "questions": [
            {
                "kind": question.kind.value,
                "word": question.word,
                "choices": list(question.choices),
                "lines": list(question.lines),
                "optional": question.is_optional,
            }
            for question in plan.questions
        ],
    }


def _row_json(row: RowPlan) -> dict[str, Any]:
    findings = [
        {"column": finding.title, "field": finding.field, "code": finding.code, "word": finding.word}
        for finding in row.findings
    ]
    return {
        "line": row.line,
        "name": row.name,
        "outcome": row.outcome.value,
        "mediator": row.mediator_id,
        "fields": list(row.fields),
        "findings": findings,
    }


def _as_text(plan: Plan) -> str:
    lines = [line for row in plan.rows for line in _row_lines(row)]
    if plan.questions:
        lines += ["", "Words that need an answer:"]
        lines += [_question_line(question) for question in plan.questions]
    counts = ", ".join(f"{plan.count(outcome)} {label(outcome)}" for outcome in Outcome)
    done = "Done" if plan.is_applied else "Nothing was changed"
    return "\n".join([*lines, "", f"{done}: {counts}."])


def _row_lines(row: RowPlan) -> list[str]:
    changed = f" ({', '.join(row.fields)})" if row.fields else ""
    head = f"line {row.line}: {row.name}: {label(row.outcome)}{changed}"
    return [head, *(f"    {finding_sentence(finding)}" for finding in row.findings)]


def _question_line(question: Question) -> str:
    codes = question.choices or pool.codes(question.kind)
    some = ", ".join((*codes[:8], "…") if len(codes) > 8 else codes) or "words"
    where = ", ".join(str(line) for line in question.lines[:8])
    answer = f"--answer '{question.kind.value}:{question.word}=CODE'"
    optional = f" [optional, otherwise {LEFT_OUT}]" if question.is_optional else ""
    return f"    line {where}: {question_sentence(question)}  {answer}  ({some}){optional}"
