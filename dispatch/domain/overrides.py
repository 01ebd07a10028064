"""Decide which failing conditions a coordinator sets aside for one person, and which of that outlives a move.

It never judges a person: the failures are those of `eligibility`, each says whether it may be set aside.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dispatch.domain.eligibility import Code, Failure, codes_of
from dispatch.domain.errors import DoesNotFit
from dispatch.domain.findings import Findings


@dataclass(frozen=True, slots=True)
class OverrideOptions:
    """Option: characters that a reason may have."""

    reason: int = 500


DEFAULT = OverrideOptions()

OF_THE_PERSON = frozenset({Code.LANGUAGE, Code.GENDER, Code.MODE})
"""What is set aside of a person holds for another time and place too; the others are judged anew."""


@dataclass(frozen=True, slots=True)
class Override:
    """What is set aside, in the order of `Code`, and why."""

    codes: tuple[Code, ...]
    reason: str


def set_aside(
    failures: Sequence[Failure], asked: Collection[str], reason: str, *, options: OverrideOptions = DEFAULT
) -> Override | None:
    """Return what is set aside of `failures`; None when nothing fails, whatever was asked.

    Raises Invalid for a code that does not exist (`override`: `unknown`) or may not be set aside here
    (`not_overridable`), and for a reason that is missing or too long; DoesNotFit with every code that still fails.
    """
    findings = Findings()
    codes = frozenset(findings.members("override", Code, tuple(asked)))
    failing = {failure.code: failure for failure in failures}
    if any(code in failing and not failing[code].overridable for code in codes):
        findings.add("override", "not_overridable")
    if codes:
        text = findings.prose("reason", reason, options.reason)
        findings.require("reason", text)
    findings.raise_if_any()
    left = tuple(code for code in codes_of(tuple(failures)) if code not in codes)
    if left:
        raise DoesNotFit(left)
    return Override(codes_of(tuple(failures)), reason.strip()) if failures else None


def stored(codes: Collection[Code]) -> str:
    """Return the codes as one line, as an appointment keeps them."""
    return ",".join(codes)


def parse(line: str | None) -> tuple[Code, ...]:
    """Return the codes of such a line; none of None."""
    return tuple(Code(code) for code in line.split(",")) if line else ()


def outlives_a_move(codes: Collection[Code]) -> frozenset[Code]:
    """Return what of an earlier override still holds at another time or place."""
    return frozenset(codes) & OF_THE_PERSON
