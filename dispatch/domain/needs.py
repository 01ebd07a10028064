"""Decide whether a line of need without a request holds: somebody needed an interpreter and nobody asked for one.

It has no field for a name, and knows nothing of requests.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dispatch.domain.findings import Findings
from dispatch.domain.languages import NOT_LISTED, SPECIAL
from dispatch.domain.organisations import OrganisationKind


class Origin(StrEnum):
    """How a need came to be counted: the table of intake refused it, or the staff noted it."""

    REFUSED = "refused"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class NeedOptions:
    """Option: bounds of what may be noted: days back and ahead, minutes, characters; hours a refusal counts once."""

    back: timedelta = timedelta(days=365)
    ahead: timedelta = timedelta(days=400)
    longest_minutes: int = 24 * 60
    line: int = 200
    counted_once: timedelta = timedelta(hours=1)


DEFAULT = NeedOptions()


@dataclass(frozen=True, slots=True)
class TypedNeed:
    """A line of need as typed: the codes of the languages that were understood, the day if it could be read."""

    languages: tuple[str, ...] = ()
    language_text: str = ""
    day: date | None = None
    setting: str = ""
    kind: str = ""
    municipality: str = ""
    minutes: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class NewNeed:
    """A line of need that holds."""

    language: str
    day: date
    language_text: str | None = None
    setting: str | None = None
    kind: OrganisationKind | None = None
    municipality: str | None = None
    minutes: int | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class NeedContext:
    """What the check must know: codes of languages, fields of work and municipalities."""

    languages: Collection[str]
    settings: Collection[str]
    municipalities: Collection[str]


def check(
    typed: TypedNeed,
    context: NeedContext,
    today: date,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    options: NeedOptions = DEFAULT,
) -> NewNeed:
    """Return the line if it holds; raises Invalid with the codes of each field, those of the edge among them."""
    findings = Findings(found)
    language = _language(findings, typed, context)
    text = findings.line("language_text", typed.language_text, options.line) if language == NOT_LISTED else None
    need = NewNeed(
        language=language,
        language_text=text,
        day=_day(findings, typed.day, today, options),
        setting=_code(findings, "setting", typed.setting, context.settings),
        kind=findings.member("kind", OrganisationKind, typed.kind),
        municipality=_code(findings, "municipality", typed.municipality, context.municipalities),
        minutes=_minutes(findings, typed.minutes, options),
        why=findings.line("why", typed.why, options.line),
    )
    findings.raise_if_any()
    return need


def _language(findings: Findings, typed: TypedNeed, context: NeedContext) -> str:
    findings.require("languages", typed.languages)
    if len(typed.languages) > 1:
        findings.add("languages", "one_only")
    known = {code for code in typed.languages if code in SPECIAL or code in context.languages}
    return next(iter(findings.codes("languages", known, typed.languages)), "")


def _day(findings: Findings, day: date | None, today: date, options: NeedOptions) -> date:
    findings.require("day", day)
    if day is not None and not today - options.back <= day <= today + options.ahead:
        findings.add("day", "out_of_range")
    return day or today


def _code(findings: Findings, field: str, typed: str, known: Collection[str]) -> str | None:
    return next(iter(findings.codes(field, known, (typed,) if typed else ())), None)


def _minutes(findings: Findings, typed: str, options: NeedOptions) -> int | None:
    text = typed.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        findings.add("minutes", "not_a_number")
        return None
    if not 0 < int(text) <= options.longest_minutes:
        findings.add("minutes", "out_of_range")
        return None
    return int(text)
