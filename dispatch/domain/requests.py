"""Decide what a request is, what sends it to review and what raises its revision.

There is no field for a client's name. Whether typed values hold is decided by `request_checks`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.domain.blocks import PlannedTalk, TypedTalk
from dispatch.domain.candidates import Gender
from dispatch.domain.intervals import Interval
from dispatch.domain.languages import SIGN, SPECIAL, Level
from dispatch.domain.modes import Mode
from dispatch.domain.places import Place, Places, TypedPlace, is_inside
from dispatch.domain.settings import Protection, Qualification, Setting


class Policy(StrEnum):
    """How a mediator is found."""

    WAVES = "waves"
    MANUAL = "manual"
    DIRECT = "direct"


class Continuity(StrEnum):
    """Whether the office would like somebody who came before; only `gern` counts."""

    GERN = "gern"
    EGAL = "egal"
    LIEBER_NICHT = "lieber_nicht"


class Consent(StrEnum):
    """The person knows and agrees, or that cannot be settled in a crisis."""

    KNOWN = "known"
    CRISIS = "crisis"


class ReviewReason(StrEnum):
    """Why a coordinator looks at a request before anybody is asked."""

    SETTING = "setting"
    LANGUAGE = "language"
    OUT_OF_SCOPE = "out_of_scope"
    PLACE_OUTSIDE = "place_outside"
    RULE = "rule"
    RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """Option: bounds of a request's time, and of what may be typed (characters, languages)."""

    shortest: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(hours=24)
    ahead: timedelta = timedelta(days=400)
    afterwards: timedelta = timedelta(days=14)
    line: int = 200
    notes: int = 500
    languages: int = 5


DEFAULT = RequestOptions()


@dataclass(frozen=True, slots=True)
class TypedRequest:
    """A request as it was typed or posted: instants aware, phone numbers E.164, codes still unchecked."""

    organisation_id: int | None = None
    languages: tuple[str, ...] = ()
    level: str = ""
    accept_related: bool = False
    dialect: str = ""
    language_text: str = ""
    setting: str = ""
    protection: str = ""
    mode: str = ""
    fallback_modes: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: TypedPlace = field(default_factory=TypedPlace)
    address: str = ""
    place_note: str = ""
    access_phone: str = ""
    access_url: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    gender: str = ""
    gender_strict: bool = False
    qualification: str = ""
    minor: bool = False
    case_token: str = ""
    continuity: str = ""
    preferred_mediators: tuple[int, ...] = ()
    exclude_mediators: tuple[int, ...] = ()
    avoid_municipalities: tuple[str, ...] = ()
    consent: str = ""
    last_useful_answer_at: datetime | None = None
    reference: str = ""
    notes: str = ""
    policy: str = ""
    talks: tuple[TypedTalk, ...] = ()
    meeting_point: str = ""
    wants_approval: bool = False


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request that holds; what was left open is None or empty, instants are UTC."""

    organisation_id: int
    languages: tuple[str, ...]
    setting: str
    protection: Protection
    mode: Mode
    starts_at: datetime
    ends_at: datetime
    consent: Consent
    level: Level | None = None
    accept_related: bool = False
    dialect: str | None = None
    language_text: str | None = None
    fallback_modes: tuple[Mode, ...] = ()
    place: Place | None = None
    address: str | None = None
    place_note: str | None = None
    access_phone: str | None = None
    access_url: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    gender: Gender | None = None
    gender_strict: bool = False
    qualification: Qualification | None = None
    minor: bool = False
    case_token: str | None = None
    continuity: Continuity = Continuity.GERN
    preferred_mediators: frozenset[int] = frozenset()
    exclude_mediators: frozenset[int] = frozenset()
    avoid_municipalities: frozenset[str] = frozenset()
    last_useful_answer_at: datetime | None = None
    reference: str | None = None
    notes: str | None = None
    policy: Policy = Policy.WAVES
    entered_afterwards: bool = False
    talks: tuple[PlannedTalk, ...] = ()
    meeting_point: str | None = None
    wants_approval: bool = False

    @property
    def interval(self) -> Interval:
        """The wished time."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The wanted mode, then the fallbacks."""
        return (self.mode, *self.fallback_modes)


@dataclass(frozen=True, slots=True)
class BookingContext:
    """What the checks must know: codes of languages, settings, places; units and people the actor may name.

    `known_languages` is without the special codes. What a coordinator alone may do is false by default.
    """

    known_languages: Collection[str]
    settings: Mapping[str, Setting]
    places: Places
    organisations: Collection[int]
    mediators: Collection[int] = frozenset()
    may_enter_afterwards: bool = False
    may_choose_policy: bool = False
    may_protect: bool = False


_CONDITIONS = (
    "starts_at", "ends_at", "place", "address", "mode", "fallback_modes", "languages", "level", "accept_related",
    "dialect", "language_text", "setting", "protection", "qualification", "minor", "exclude_mediators",
    "avoid_municipalities", "meeting_point",
)  # fmt: skip


def without_notes(request: NewRequest) -> NewRequest:
    """Return a request without what its office wrote for those alone who may read it: notes and references."""
    talks = tuple(replace(talk, reference=None) for talk in request.talks)
    return replace(request, notes=None, reference=None, talks=talks)


def with_notes_of(before: NewRequest, typed: NewRequest) -> NewRequest:
    """Return what somebody typed who could not see notes and references, with those that stood there before."""
    kept = [talk.reference for talk in before.talks]
    kept += [talk.reference for talk in typed.talks[len(kept) :]]
    talks = tuple(replace(talk, reference=reference) for talk, reference in zip(typed.talks, kept, strict=False))
    return replace(typed, notes=before.notes, reference=before.reference, talks=talks)


def changes_of_revision(before: NewRequest, after: NewRequest) -> tuple[str, ...]:
    """Return the fields whose change raises the revision: time, place, mode, language, conditions.

    The gender counts where it is or was a condition; reference, notes, contact and wishes never count.
    """
    changed = [name for name in _CONDITIONS if getattr(before, name) != getattr(after, name)]
    if _gender_condition(before) != _gender_condition(after):
        changed.append("gender")
    return tuple(changed)


def review_reasons(request: NewRequest, setting: Setting) -> tuple[ReviewReason, ...]:
    """Return what about the request itself wants a look, in the order of `ReviewReason`; empty = nothing.

    The last word has the district's table (`intake`).
    """
    asked = set(request.languages)
    found = {
        ReviewReason.SETTING: setting.review,
        ReviewReason.LANGUAGE: not asked.isdisjoint(SPECIAL),
        ReviewReason.OUT_OF_SCOPE: not setting.in_scope or not asked.isdisjoint(SIGN),
        ReviewReason.PLACE_OUTSIDE: request.place is not None and not is_inside(request.place),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def _gender_condition(request: NewRequest) -> Gender | None:
    return request.gender if request.gender_strict else None
