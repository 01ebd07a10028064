"""Say why somebody was asked, what makes up a score, and what exactly speaks against somebody.

The codes and numbers come from the domain; who may read them is decided by the page.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from dispatch.domain.candidates import Declined, Gender
from dispatch.domain.conflicts import ClashKind
from dispatch.domain.eligibility import Code, Failure
from dispatch.domain.languages import Level, Match
from dispatch.domain.modes import Mode
from dispatch.domain.ranking import Criterion
from dispatch.domain.settings import Qualification
from dispatch.i18n import formats, language_name, ngettext
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.messages.document_names import document_name
from dispatch.messages.labels import label
from dispatch.messages.matching_labels import EXCLUDED

AT_MOST = 3
"""How many reasons a mediator reads."""
_STRONG = 0.5
"""A criterion is named as a reason from half of its points on."""


def why_asked(breakdown: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what spoke for the mediator, strongest first, at most three sentences in her language.

    `breakdown` is that of an offer: criterion, points, most, facts.
    """
    strong = [part for part in breakdown if part["points"] >= _STRONG * part["most"] > 0]
    strong.sort(key=lambda part: -part["points"])
    sentences = (_reason_for_her(Criterion(part["criterion"]), part["facts"]) for part in strong)
    return list(sentences)[:AT_MOST]


def _reason_for_her(criterion: Criterion, facts: Mapping[str, Any]) -> str:
    if criterion is Criterion.LANGUAGE:
        return _language_of_hers(facts)
    if criterion is Criterion.CONTINUITY and facts.get("same") == "case":
        return _("You have interpreted for this case before.")
    return str(_REASONS_FOR_HER[criterion])


def _language_of_hers(facts: Mapping[str, Any]) -> str:
    language = language_name(facts["spoken"])
    if Match(facts["match"]).is_related:
        return _("You speak %(language)s, which is close to it.", language=language)
    if facts["level"] == Level.NATIVE:
        return _("%(language)s is your first language.", language=language)
    return _("You speak %(language)s well.", language=language)


def part_reason(criterion: Criterion, facts: Mapping[str, Any]) -> str:
    """Return in a few words why a criterion brought so many points, for the coordinator."""
    return _PARTS[criterion](facts)


def _continuity_part(facts: Mapping[str, Any]) -> str:
    words = {"case": _("was there for this case"), "unit": _("was at this office before")}
    return words.get(facts["same"], _("has not been at this office yet"))


def _wishes_part(facts: Mapping[str, Any]) -> str:
    return _("%(met)s of %(wishes)s wishes met", met=facts["met"], wishes=facts["wishes"])


def _way_part(facts: Mapping[str, Any]) -> str:
    km, limit = formats().number(facts["km"]), formats().number(facts["limit_km"])
    return _("%(km)s of at most %(limit)s km", km=km, limit=limit)


def _fair_share_part(facts: Mapping[str, Any]) -> str:
    own, usual = (formats().number(facts[name] / 60) for name in ("minutes", "usual_minutes"))
    return _("%(own)s h in 90 days, %(usual)s h on average", own=own, usual=usual)


def _experience_part(facts: Mapping[str, Any]) -> str:
    return ngettext("%(num)d time in this field", "%(num)d times in this field", facts["times"])


def _bundling_part(facts: Mapping[str, Any]) -> str:
    if facts["same_place"]:
        return _("another appointment in the same place")
    return _("no other appointment in the same place")


def _language_part(facts: Mapping[str, Any]) -> str:
    if not facts:
        return _("does not speak it")
    words = [label(Level(facts["level"]))]
    if Match(facts["match"]).is_related:
        words.append(_("related language"))
    if facts["preference"] > 1:
        words.append(_("choice %(number)s of the office", number=facts["preference"]))
    if facts["dialect_missing"]:
        words.append(_("without the dialect"))
    return formats().enumeration(words)


def detail(failure: Failure) -> str:
    """Return what exactly speaks against somebody, beyond the condition's own name; empty when nothing is known."""
    say = _DETAILS.get(failure.code)
    return say(failure.facts) if say else ""


def _undertaking(facts: Mapping[str, Any]) -> str:
    return _("ended on %(day)s", day=_day(facts["ended_on"])) if "ended_on" in facts else _("none on record")


def _language(facts: Mapping[str, Any]) -> str:
    if facts["cause"] == "not_spoken":
        return _("speaks a related language only")
    levels = {"level": label(Level(facts["level"])), "wanted": label(Level(facts["wanted"]))}
    if facts["cause"] == "german_level":
        return _("German %(level)s, %(wanted)s needed", **levels)
    return _("%(level)s, %(wanted)s needed", **levels)


def _qualification(facts: Mapping[str, Any]) -> str:
    words = [document_name(code) for code in facts.get("documents", ())]
    if "wanted" in facts:
        words.insert(0, label(Qualification(facts["wanted"])))
    return _("missing: %(words)s", words=formats().enumeration(words))


def _gender(facts: Mapping[str, Any]) -> str:
    return _("wanted: %(word)s", word=label(Gender(facts["wanted"])))


def _mode(facts: Mapping[str, Any]) -> str:
    return _("wanted: %(word)s", word=label(Mode(facts["wanted"])))


def _conflict(facts: Mapping[str, Any]) -> str:
    if facts["cause"] == ClashKind.OVERLAP:
        return _("another appointment at this time")
    return _(
        "the way takes %(needed)s minutes, %(gap)s are left", needed=facts["needed_minutes"], gap=facts["gap_minutes"]
    )


def _distance(facts: Mapping[str, Any]) -> str:
    km, limit = formats().number(facts["km"]), formats().number(facts["limit_km"])
    return _("%(km)s km, at most %(limit)s", km=km, limit=limit)


def _excluded(facts: Mapping[str, Any]) -> str:
    return formats().series((EXCLUDED[cause] for cause in facts["causes"]), apart=True)


def _limit(facts: Mapping[str, Any]) -> str:
    hours, limit = (formats().number(facts[name] / 60, 1) for name in ("minutes", "limit_minutes"))
    return _("%(hours)s hours in that week, at most %(limit)s", hours=hours, limit=limit)


def _reachable(facts: Mapping[str, Any]) -> str:
    left = max(0, facts["left_minutes"])
    return _("the way takes %(way)s minutes, %(left)s are left", way=facts["way_minutes"], left=left)


def _declined(facts: Mapping[str, Any]) -> str:
    return _("does not want this case at all") if facts["cause"] == Declined.REQUEST else ""


def _day(day: date) -> str:
    return formats().day(datetime.combine(day, time(12), tzinfo=formats().zone))


_DETAILS = {
    Code.UNDERTAKING: _undertaking,
    Code.LANGUAGE: _language,
    Code.QUALIFICATION: _qualification,
    Code.GENDER: _gender,
    Code.MODE: _mode,
    Code.CONFLICT: _conflict,
    Code.DISTANCE: _distance,
    Code.EXCLUDED: _excluded,
    Code.LIMIT: _limit,
    Code.REACHABLE: _reachable,
    Code.DECLINED: _declined,
}

_PARTS = {
    Criterion.LANGUAGE: _language_part,
    Criterion.CONTINUITY: _continuity_part,
    Criterion.WISHES: _wishes_part,
    Criterion.WAY: _way_part,
    Criterion.FAIR_SHARE: _fair_share_part,
    Criterion.EXPERIENCE: _experience_part,
    Criterion.BUNDLING: _bundling_part,
}

_REASONS_FOR_HER = {
    Criterion.CONTINUITY: _l("You have interpreted for this office before."),
    Criterion.WISHES: _l("You are what the office wished for."),
    Criterion.WAY: _l("It is not far for you."),
    Criterion.FAIR_SHARE: _l("Others have had more appointments than you lately."),
    Criterion.EXPERIENCE: _l("You have experience with such talks."),
    Criterion.BUNDLING: _l("You have another appointment in the same place on that day."),
}
