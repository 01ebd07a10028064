"""Decide what a reader's report may hold: about a barrier, or about a wrong translation.

It never knows who writes: an address is kept only if somebody wants an answer.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from dispatch.domain.accounts import Limit
from dispatch.domain.findings import Findings


class FeedbackKind(StrEnum):
    """What is reported."""

    ACCESSIBILITY = "accessibility"
    TRANSLATION = "translation"


_OF_CLIENT = Limit(5, timedelta(hours=1))
_OF_ALL = Limit(200, timedelta(hours=24))


@dataclass(frozen=True)
class FeedbackOptions:
    """How long a report may be, how many one client and everybody together may send."""

    longest: int = 2000
    of_client: Limit = _OF_CLIENT
    of_all: Limit = _OF_ALL


DEFAULT = FeedbackOptions()


@dataclass(frozen=True, slots=True)
class TypedFeedback:
    """A report as it was typed; `page` is a path of our own or none, `language` the one it is about."""

    kind: FeedbackKind
    text: str
    reply_to: str
    page: str | None
    language: str


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """A report as it is stored."""

    kind: FeedbackKind
    text: str
    reply_to: str | None
    page: str | None
    language: str


def check(typed: TypedFeedback, options: FeedbackOptions = DEFAULT) -> NewFeedback:
    """Return the report; Invalid (`report`, `reply_to`)."""
    findings = Findings()
    text = findings.prose("report", typed.text, options.longest)
    findings.require("report", text)
    reply_to = findings.email("reply_to", typed.reply_to)
    findings.raise_if_any()
    return NewFeedback(typed.kind, text or "", reply_to, typed.page, typed.language)
