"""Decide whether a request is taken at once, looked at first, or not taken at all.

The field of work, the language and the place speak first; the district's table by kind of organisation has the last
word on the field. It never looks anything up and says nothing in words.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.domain.intake_rules import Rule, Verdict
from dispatch.domain.languages import SIGN
from dispatch.domain.requests import NewRequest, ReviewReason, review_reasons
from dispatch.domain.settings import Setting

_OF_THE_FIELD = frozenset({ReviewReason.SETTING, ReviewReason.OUT_OF_SCOPE})


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a unit's request is taken: its field of work, and the row of the table that concerns the unit."""

    setting: Setting
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with its reasons for a review; `rule` is the row that speaks against the request, if one does."""

    verdict: Verdict
    reasons: tuple[ReviewReason, ...] = ()
    rule: Rule | None = None


def decide(request: NewRequest, terms: Terms, *, may_override: bool = False) -> Decision:
    """Return what becomes of a request that holds.

    A row that allows lifts the reasons that lie in the field of work, never those of language and place. A row that
    refuses becomes a look at the request for those who `may_override`, the coordination itself.
    """
    rule = terms.rule
    reasons = review_reasons(request, terms.setting)
    if rule is None:
        return _taken(reasons)
    if rule.verdict is Verdict.ALLOW:
        return _taken(reason for reason in reasons if reason not in _OF_THE_FIELD or _is_asked_by(request, reason))
    if rule.verdict is Verdict.REFUSE and not may_override:
        return Decision(Verdict.REFUSE, rule=rule)
    return Decision(Verdict.REVIEW, (*reasons, ReviewReason.RULE), rule)


def _taken(reasons: Iterable[ReviewReason]) -> Decision:
    kept = tuple(reasons)
    return Decision(Verdict.REVIEW if kept else Verdict.ALLOW, kept)


def _is_asked_by(request: NewRequest, reason: ReviewReason) -> bool:
    """Tell whether the language, not the field of work, puts the request out of scope: a sign language."""
    return reason is ReviewReason.OUT_OF_SCOPE and not SIGN.isdisjoint(request.languages)
