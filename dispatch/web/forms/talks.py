"""Read and fill the fields of a block: how many talks, how long each, and a line for each with reference and code."""

import re
from collections.abc import Sequence
from datetime import timedelta

from werkzeug.datastructures import MultiDict

from dispatch.domain import blocks
from dispatch.domain.blocks import PlannedTalk, TypedTalk
from dispatch.domain.case_tokens import parse_case_token
from dispatch.services import options

NAMES = ("talks", "talk_minutes", "talk_lines")
_COLUMNS = re.compile(r"[\t;|]")
_NUMBER = re.compile(r"\d{1,4}")


def read_talks(form: MultiDict[str, str], found: dict[str, tuple[str, ...]]) -> tuple[TypedTalk, ...]:
    """Return the talks that were typed, none for a single one; what cannot be read is noted in `found`.

    A line holds a reference and, after a tab, semicolon or bar, the case code of a follow-up: two columns of a
    spreadsheet. Without a number the lines are counted.
    """
    lines = [line.strip() for line in form.get("talk_lines", "").splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    count = _number(form, "talks", "talks", found)
    count = count if count is not None else len(lines)
    if count <= 1 and len(lines) <= 1:
        return ()
    if len(lines) > count:
        found["talks.lines"] = ("more_lines_than_talks",)
    if count > options.read(blocks.DEFAULT).most:
        found["talks"] = ("too_many",)
        return ()
    minutes = _number(form, "talk_minutes", "talks.minutes", found)
    if minutes is None:
        found.setdefault("talks.minutes", ("required",))
        return ()
    lines += [""] * (count - len(lines))
    return tuple(TypedTalk(minutes, *_columns(line)) for line in lines[:count])


def talk_values(talks: Sequence[PlannedTalk]) -> dict[str, str]:
    """Return how a block stands in the form."""
    if not talks:
        return dict.fromkeys(NAMES, "")
    minutes = (talks[0].ends_at - talks[0].starts_at) // timedelta(minutes=1)
    lines = "\n".join("; ".join(filter(None, (talk.reference, talk.case_token))) for talk in talks)
    return {"talks": str(len(talks)), "talk_minutes": str(minutes), "talk_lines": lines}


def _columns(line: str) -> tuple[str, str]:
    """Part a line into reference and case code; what stands after the last mark is a code only if it can be one."""
    reference, *rest = ["", line] if parse_case_token(line) else _COLUMNS.split(line)
    if rest and (parse_case_token(rest[-1]) or not rest[-1].strip()):
        return " ".join([reference, *rest[:-1]]).strip(), rest[-1].strip()
    return " ".join([reference, *rest]).strip(), ""


def _number(form: MultiDict[str, str], name: str, field: str, found: dict[str, tuple[str, ...]]) -> int | None:
    typed = form.get(name, "").strip()
    if not typed:
        return None
    if not _NUMBER.fullmatch(typed):
        found[field] = ("not_a_number",)
        return None
    return int(typed)
