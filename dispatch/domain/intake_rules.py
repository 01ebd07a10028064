"""Hold the rows of the district's table of intake, and decide whether a typed one holds.

A row speaks of one field of work and one kind of organisation. What it does to a request is `intake`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain.findings import Findings
from dispatch.domain.organisations import OrganisationKind

LONGEST_TEXT = 500


class Verdict(StrEnum):
    """What becomes of a request when it is sent."""

    ALLOW = "allow"
    REVIEW = "review"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table, for one field of work and one kind of organisation: why, and where else to turn."""

    verdict: Verdict
    text: str | None = None
    alternative: str | None = None


@dataclass(frozen=True, slots=True)
class TypedRule:
    """A row of the table as it was typed."""

    setting: str = ""
    kind: str = ""
    verdict: str = ""
    text: str = ""
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class NewRule:
    """A row of the table that holds."""

    setting: str
    kind: OrganisationKind
    rule: Rule


def check(typed: TypedRule, settings: Collection[str]) -> NewRule:
    """Return the row if it holds; raises Invalid: a refusal says why, and names only what the service knows."""
    findings = Findings()
    setting = findings.codes("setting", settings, (typed.setting,) if typed.setting else ())
    findings.require("setting", setting)
    verdict = findings.required_member("verdict", Verdict, typed.verdict)
    text = findings.prose("text", typed.text, LONGEST_TEXT)
    if verdict is Verdict.REFUSE:
        findings.require("text", text)
    rule = Rule(verdict, text, findings.prose("alternative", typed.alternative, LONGEST_TEXT))
    kind = findings.required_member("kind", OrganisationKind, typed.kind)
    findings.raise_if_any()
    return NewRule(setting[0], kind, rule)
