"""Decide what an internal note and an entry of the call log may hold."""

from dataclasses import dataclass

from dispatch.domain.calls import Outcome
from dispatch.domain.findings import Findings

LONGEST_NOTE = 1000
LONGEST_CALL_NOTE = 500


@dataclass(frozen=True, slots=True)
class CallNote:
    """A call that was made besides all tasks: what came of it, and what a colleague should know."""

    outcome: Outcome
    note: str | None


def check_note(text: str) -> str:
    """Return a note as it is stored; Invalid (`text`) when empty, too long or with control characters."""
    findings = Findings()
    note = findings.prose("text", text, LONGEST_NOTE)
    findings.require("text", note)
    findings.raise_if_any()
    assert note is not None
    return note


def check_call(outcome: str, note: str) -> CallNote:
    """Return a call as it is stored; Invalid (`outcome`, `note`)."""
    findings = Findings()
    found = findings.required_member("outcome", Outcome, outcome)
    text = findings.prose("note", note, LONGEST_CALL_NOTE)
    findings.raise_if_any()
    return CallNote(found, text)
