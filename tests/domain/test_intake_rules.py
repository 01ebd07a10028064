"""What becomes of a request when it is sent: taken, looked at first, refused; and which rows of the table hold."""

from dataclasses import replace
from typing import Any

import pytest

from dispatch.domain.errors import Invalid
from dispatch.domain.intake_rules import NewRule, Rule, TypedRule, Verdict, check
from dispatch.domain.intake_verdicts import Decision, Terms, decide
from dispatch.domain.organisations import OrganisationKind
from dispatch.domain.requests import ReviewReason
from dispatch.domain.settings import SETTINGS
from tests.domain.bookings import request
from tests.domain.pool import PLACES

DOCTOR = SETTINGS["doctor"]
REVIEWED = replace(DOCTOR, review=True)
COURT = SETTINGS["court"]
DRESDEN = PLACES.find_place(postal_code="01067")
ALLOW, REVIEW = Rule(Verdict.ALLOW), Rule(Verdict.REVIEW)
REFUSE = Rule(Verdict.REFUSE, "Das Landesamt stellt selbst jemanden.", "Landesamt, 0351 000 1")
SETTING, LANGUAGE, SCOPE, PLACE, RULE, _ = ReviewReason


@pytest.mark.parametrize(
    ("changes", "setting", "rule", "verdict", "reasons"),
    [
        ({}, DOCTOR, None, Verdict.ALLOW, ()),
        ({}, REVIEWED, None, Verdict.REVIEW, (SETTING,)),
        ({}, REVIEWED, ALLOW, Verdict.ALLOW, ()),
        ({}, COURT, ALLOW, Verdict.ALLOW, ()),
        ({"languages": ("und",)}, DOCTOR, None, Verdict.REVIEW, (LANGUAGE,)),
        ({"languages": ("mis",)}, DOCTOR, ALLOW, Verdict.REVIEW, (LANGUAGE,)),
        ({"languages": ("gsg",)}, DOCTOR, ALLOW, Verdict.REVIEW, (SCOPE,)),
        ({"place": DRESDEN}, REVIEWED, ALLOW, Verdict.REVIEW, (PLACE,)),
        ({}, DOCTOR, REVIEW, Verdict.REVIEW, (RULE,)),
        ({"languages": ("und",)}, REVIEWED, REVIEW, Verdict.REVIEW, (SETTING, LANGUAGE, RULE)),
        ({}, DOCTOR, REFUSE, Verdict.REFUSE, ()),
        ({"languages": ("und",)}, COURT, REFUSE, Verdict.REFUSE, ()),
    ],
    ids=[
        "no rule", "setting", "allowed setting", "allowed court", "not known", "not listed stays", "sign stays",
        "place stays", "rule", "all at once", "refused", "refused before all else",
    ],
)  # fmt: skip
def test_the_table_has_the_last_word_on_the_field_of_work(
    changes: dict[str, Any], setting: Any, rule: Rule | None, verdict: Verdict, reasons: tuple[ReviewReason, ...]
) -> None:
    decision = decide(request(**changes), Terms(setting, rule))

    assert (decision.verdict, decision.reasons) == (verdict, reasons)
    assert decision.rule == (None if rule in (None, ALLOW) else rule)


def test_the_coordination_enters_what_an_office_is_refused_for_a_look() -> None:
    assert decide(request(), Terms(DOCTOR, REFUSE), may_override=True) == Decision(Verdict.REVIEW, (RULE,), REFUSE)


TYPED = TypedRule("court", "school", "refuse", " Das Gericht stellt selbst jemanden. ", "")


def test_a_rule_is_kept_as_it_was_typed() -> None:
    rule = Rule(Verdict.REFUSE, "Das Gericht stellt selbst jemanden.")

    assert check(TYPED, SETTINGS) == NewRule("court", OrganisationKind.SCHOOL, rule)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"setting": ""}, {"setting": ("required",)}),
        ({"setting": "witchcraft"}, {"setting": ("unknown",)}),
        ({"kind": ""}, {"kind": ("required",)}),
        ({"kind": "castle"}, {"kind": ("unknown",)}),
        ({"verdict": ""}, {"verdict": ("required",)}),
        ({"verdict": "maybe"}, {"verdict": ("unknown",)}),
        ({"text": "  "}, {"text": ("required",)}),
        ({"text": "x" * 501}, {"text": ("too_long",)}),
        ({"alternative": "\x00"}, {"alternative": ("control_characters",)}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_rule_that_does_not_hold_is_refused(changes: dict[str, str], errors: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid) as refused:
        check(replace(TYPED, **changes), SETTINGS)

    assert refused.value.errors == errors
