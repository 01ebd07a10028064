"""Say who fits a request and why, person by person, and group those who cannot: the words of the candidates page.

It decides nothing: order, score and failures are the ranking's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.domain.availability import Answer
from dispatch.domain.eligibility import Code
from dispatch.domain.languages import Level, Match, pairings
from dispatch.domain.lifecycle import AppointmentState, OfferState
from dispatch.domain.modes import Mode
from dispatch.domain.ranking import FULL, Score
from dispatch.domain.travel import Transport
from dispatch.i18n import format_phone, formats, language_name
from dispatch.i18n import gettext as _
from dispatch.i18n import pgettext as _p
from dispatch.messages.labels import label
from dispatch.messages.matching import detail, part_reason
from dispatch.messages.refusals import reason
from dispatch.services.asked import Asked
from dispatch.services.candidates import Person
from dispatch.services.matching import Fitting, Judged

_POINTS = FULL / 100
_WAY_ICONS = {
    Transport.CAR: "directions-car",
    Transport.PUBLIC: "directions-bus",
    Transport.BICYCLE: "pedal-bike",
    Transport.LIFT: "directions-car",
}
_MODE_ICONS = {Mode.PHONE: "call", Mode.VIDEO: "videocam"}
_GROUP_ICONS: Mapping[Code, str] = {
    Code.UNDERTAKING: "block",
    Code.LANGUAGE: "translate",
    Code.QUALIFICATION: "how-to-reg",
    Code.GENDER: "person",
    Code.MODE: "videocam",
    Code.AVAILABILITY: "event-busy",
    Code.CONFLICT: "directions",
    Code.DISTANCE: "route",
    Code.EXCLUDED: "block",
    Code.LIMIT: "alarm",
    Code.REACHABLE: "running-with-errors",
    Code.DECLINED: "do-not-disturb-on",
    Code.INACTIVE: "person",
}
"""Also the order in which the groups stand: who is not in the pool any more comes last."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody of a group: her name, and what exactly speaks against her.

    `may_be_waived`: a coordinator may set all of it aside.
    """

    mediator_id: int
    name: str
    words: str
    may_be_waived: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The people who fail one condition first; who fails several stands in one group and names the others."""

    code: Code
    name: str
    icon: str
    people: tuple[Refused, ...]


def card(asked: Asked, one: Fitting) -> dict[str, Any]:
    """Return what `rank.person` shows of somebody who fits, all of it in words."""
    person, mediator = one.person, one.person.mediator
    return {
        "id": mediator.id,
        "name": mediator.name,
        "languages": _languages(asked, person),
        "plus": _plus(person, one.score),
        "score": one.score.total / _POINTS,
        "parts": [
            {
                "name": label(part.criterion),
                "points": part.points / _POINTS,
                "weight": part.most / _POINTS,
                "why": part_reason(part.criterion, part.facts),
            }
            for part in one.score.parts
        ],
        "way": _way(person),
        "time": (person.candidate.availability.value, _time(person)),
        "week": _week(person),
        "last": _last(person),
        "phone": format_phone(mediator.phone) if mediator.phone else None,
        "phone_uri": mediator.phone,
        "phone_note": None if person.has_mail else _("ask by phone only"),
        "pickable": person.asked in (None, OfferState.WITHDRAWN),
        "has_mail": person.has_mail,
    }


def groups(unfit: Iterable[Judged]) -> list[Group]:
    """Group people by the first condition that fails; being inactive comes before every other one."""
    found: dict[Code, list[Refused]] = {}
    for one in unfit:
        first, *others = one.failures
        words = [detail(first), *(reason(failure.code) for failure in others)]
        if first.code is Code.DECLINED and one.person.no_reason:
            words.insert(0, label(one.person.no_reason))
        refused = Refused(
            one.person.mediator.id,
            one.person.mediator.name,
            formats().series((word for word in words if word), apart=True),
            all(failure.overridable for failure in one.failures),
        )
        found.setdefault(first.code, []).append(refused)
    return [Group(code, reason(code), icon, tuple(found[code])) for code, icon in _GROUP_ICONS.items() if code in found]


def objections(asked: Asked, one: Judged) -> dict[str, Any]:
    """Return what the page of an assignment shows of somebody who does not fit: each condition and what it lacks.

    `waivable` and `fixed` are triples of code, condition and what exactly; the latter nobody may set aside.
    """
    person, mediator = one.person, one.person.mediator
    waivable: list[tuple[str, str, str]] = []
    fixed: list[tuple[str, str, str]] = []
    for failure in one.failures:
        words = (failure.code.value, reason(failure.code), detail(failure))
        (waivable if failure.overridable else fixed).append(words)
    return {
        "id": mediator.id,
        "name": mediator.name,
        "languages": _languages(asked, person),
        "way": _way(person),
        "time": ("", _("free") if person.candidate.availability is Answer.YES else ""),
        "phone": format_phone(mediator.phone) if mediator.phone else None,
        "phone_uri": mediator.phone,
        "has_mail": person.has_mail,
        "waivable": waivable,
        "fixed": fixed,
    }


def _languages(asked: Asked, person: Person) -> str:
    """Name the languages by which she serves the request, then her German."""
    serving = {
        pairing.spoken.code: pairing.spoken for pairing in pairings(asked.wanted.serving, person.candidate.spoken)
    }
    words = [_spoken(language_name(spoken.code), spoken.level) for spoken in serving.values()]
    german = _spoken(language_name("de"), person.candidate.german_level)
    return formats().series([*words, german])


def _spoken(name: str, level: Level) -> str:
    return _p("candidates", "%(language)s %(level)s", language=name, level=label(level))


def _plus(person: Person, score: Score) -> tuple[str, str] | None:
    """Name the one thing more that matters about her: asked already, needs a call, knows the case, related only."""
    if person.asked in (OfferState.OPEN, OfferState.EXPIRED):
        return "schedule", _("asked, no answer yet") if person.asked is OfferState.OPEN else _("asked, let it lapse")
    if not person.has_mail:
        return "call", _("no e-mail: please call")
    if person.history.same_case:
        return "history", _("knows this case")
    if any(Match(str(part.facts["match"])).is_related for part in score.parts if "match" in part.facts):
        return "swap-horiz", _("related language")
    return ("history", _("was at this office before")) if person.history.same_unit else None


def _way(person: Person) -> tuple[str, str, str | None]:
    if person.mode is not Mode.ON_SITE:
        return _MODE_ICONS[person.mode], label(person.mode), None
    transport = Transport(person.mediator.transport)
    km = _("%(km)s km", km=formats().number(person.distance_km))
    way = _("%(minutes)s min, %(transport)s", minutes=person.way_minutes, transport=label(transport))
    return _WAY_ICONS[transport], km, way


def _time(person: Person) -> str:
    return _("free") if person.candidate.availability is Answer.YES else _("times unknown")


def _week(person: Person) -> tuple[str, str]:
    """Return the hours of the fullest week that the request touches, and her limit."""
    minutes = max(person.candidate.minutes_by_week.values(), default=0)
    hours = _("%(hours)s h", hours=_hours(minutes))
    limit = person.candidate.limit_minutes
    return hours, _("of %(hours)s", hours=_hours(limit)) if limit is not None else _("no limit")


def _hours(minutes: int) -> str:
    return formats().number(minutes / 60, 1 if minutes % 60 else 0)


def _last(person: Person) -> tuple[str, str]:
    if person.last_contact is None:
        return _("never yet"), _("in the pool since %(day)s", day=formats().day_brief(person.mediator.created_at))
    at, kind, state = person.last_contact
    words = label(OfferState(state)) if kind == "offer" else label(AppointmentState(state))
    return formats().day_brief(at), words
