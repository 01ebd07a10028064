"""Decide who may do what to which thing: one table for pages, API, jobs and commands.

It never loads the thing. What lies outside an actor's scope does not exist for them: callers raise Missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain.acts import Act
from dispatch.domain.errors import Forbidden, Missing

__all__ = [
    "ASSIGNABLE", "SHARED", "SYSTEM", "TABLE", "Act", "Actor", "Role", "Scope", "Subject", "bearer", "is_shown", "may",
    "reaches_protected", "require", "scope",
]  # fmt: skip


class Role(StrEnum):
    """What an actor is; the last two are no people's accounts."""

    REQUESTER = "requester"
    MEDIATOR = "mediator"
    COORDINATOR = "coordinator"
    REGIONAL_COORDINATOR = "regional_coordinator"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"
    LINK = "link"


ASSIGNABLE = tuple(role for role in Role if role not in {Role.SYSTEM, Role.LINK})
"""The roles a person's account may have."""


class Scope(StrEnum):
    """How far an act reaches; `led_unit`: if one leads it; `this`: a link's thing, `of_this` or its appointment."""

    ALL = "all"
    OWN_AREA = "own_area"
    OWN_UNIT = "own_unit"
    LED_UNIT = "led_unit"
    OWN = "own"
    THIS = "this"
    OF_THIS = "of_this"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user with the unit, pool entry and social areas of their role, a job, or a link's bearer.

    `link` names the one thing a link is for: its word and id. `seen_ids`: units that granted a wider sight, which is
    `SHARED` and nothing `private`. `handles_protected`: named for protected cases, which do not exist for others.
    """

    user_id: int | None
    role: Role
    organisation_ids: frozenset[int] = frozenset()
    mediator_id: int | None = None
    areas: frozenset[str] = frozenset()
    link: tuple[str, int] | None = None
    seen_ids: frozenset[int] = frozenset()
    leads_unit: bool = False
    handles_protected: bool = False


SYSTEM = Actor(None, Role.SYSTEM)
"""Jobs and commands."""


def bearer(subject: str, subject_id: int, *, mediator_id: int | None = None) -> Actor:
    """Return who holds a mailed link: an offer's or appointment's mediator, a request's office; no other thing."""
    return Actor(None, Role.LINK, mediator_id=mediator_id, link=(subject, subject_id))


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose a thing is, as far as it has such: unit, mediator, social area, user; `key`: its word and id.

    What is `private` stays with its unit, whatever sight was granted: the protected and what was never sent.
    `request_id`: the request an appointment is for. `is_protected`: it belongs to a protected case.
    """

    organisation_id: int | None = None
    mediator_id: int | None = None
    area: str | None = None
    user_id: int | None = None
    key: tuple[str, int] | None = None
    request_id: int | None = None
    is_private: bool = False
    is_protected: bool = False


_ALL, _AREA, _UNIT, _LED, _OWN, _THIS, _OF = Scope
_NO = None
# Columns in the order of Role:
#   requester, mediator, coordinator, regional coordinator, observer, administrator, system, link
_ROWS: Mapping[Act, tuple[Scope | None, ...]] = {
    Act.REQUEST_VIEW:               (_UNIT, _NO,  _ALL, _AREA, _NO,  _NO,  _ALL, _NO),
    Act.REQUEST_VIEW_NOTES:         (_UNIT, _NO,  _ALL, _NO,   _NO,  _NO,  _NO,  _NO),
    Act.REQUEST_CREATE:             (_UNIT, _NO,  _ALL, _AREA, _NO,  _NO,  _ALL, _NO),
    Act.REQUEST_ENTER_AFTERWARDS:   (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _ALL, _NO),
    Act.REQUEST_CHOOSE_POLICY:      (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _ALL, _NO),
    Act.REQUEST_EDIT:               (_UNIT, _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.REQUEST_CANCEL:             (_UNIT, _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _THIS),
    Act.REQUEST_REVIEW:             (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _NO,  _NO),
    Act.REQUEST_REOPEN:             (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.REQUEST_CLOSE_UNFILLED:     (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _ALL, _NO),
    Act.REQUEST_ASSIGN:             (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.CANDIDATE_VIEW:             (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _ALL, _NO),
    Act.OFFER_VIEW:                 (_NO,   _OWN, _ALL, _AREA, _NO,  _NO,  _ALL, _THIS),
    Act.OFFER_SEND:                 (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _ALL, _NO),
    Act.OFFER_ANSWER:               (_NO,   _OWN, _ALL, _AREA, _NO,  _NO,  _NO,  _THIS),
    Act.APPOINTMENT_VIEW:           (_UNIT, _OWN, _ALL, _AREA, _NO,  _NO,  _ALL, _THIS),
    Act.APPOINTMENT_CONFIRM:        (_UNIT, _OWN, _ALL, _AREA, _NO,  _NO,  _NO,  _OF),
    Act.APPOINTMENT_DECLINE:        (_UNIT, _OWN, _ALL, _AREA, _NO,  _NO,  _NO,  _OF),
    Act.APPOINTMENT_MOVE:           (_UNIT, _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.APPOINTMENT_CANCEL:         (_UNIT, _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.APPOINTMENT_HAND_BACK:      (_NO,   _OWN, _ALL, _AREA, _NO,  _NO,  _NO,  _THIS),
    Act.APPOINTMENT_SAY_LATE:       (_NO,   _OWN, _ALL, _AREA, _NO,  _NO,  _NO,  _THIS),
    Act.APPOINTMENT_STEP_BACK:      (_NO,   _OWN, _ALL, _AREA, _NO,  _NO,  _NO,  _THIS),
    Act.APPOINTMENT_RECORD_ABSENCE: (_UNIT, _OWN, _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.MEDIATOR_FIND:              (_NO,   _NO,  _ALL, _ALL,  _NO,  _NO,  _ALL, _NO),
    Act.MEDIATOR_VIEW:              (_NO,   _OWN, _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.MEDIATOR_VIEW_DOCUMENTS:    (_NO,   _OWN, _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.MEDIATOR_CREATE:            (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.MEDIATOR_EDIT:              (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.MEDIATOR_CONFIRM_DATA:      (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _NO,  _THIS),
    Act.AVAILABILITY_VIEW:          (_NO,   _OWN, _ALL, _ALL,  _NO,  _NO,  _ALL, _NO),
    Act.AVAILABILITY_EDIT:          (_NO,   _OWN, _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.POOL_IMPORT:                (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.POOL_EXPORT:                (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.ORGANISATION_VIEW:          (_UNIT, _NO,  _ALL, _AREA, _NO,  _ALL, _ALL, _NO),
    Act.ORGANISATION_CREATE:        (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.ORGANISATION_EDIT:          (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.BOARD_VIEW:                 (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.MESSAGE_VIEW:               (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.MESSAGE_RETRY:              (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.USER_VIEW:                  (_NO,   _NO,  _NO,  _NO,   _NO,  _ALL, _ALL, _NO),
    Act.USER_CREATE:                (_NO,   _NO,  _NO,  _NO,   _NO,  _ALL, _ALL, _NO),
    Act.USER_EDIT:                  (_NO,   _NO,  _NO,  _NO,   _NO,  _ALL, _ALL, _NO),
    Act.USER_DISABLE:               (_NO,   _NO,  _NO,  _NO,   _NO,  _ALL, _ALL, _NO),
    Act.AUDIT_VIEW:                 (_NO,   _NO,  _NO,  _NO,   _NO,  _ALL, _ALL, _NO),
    Act.REQUEST_CLAIM:              (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.REQUEST_OVERRIDE:           (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.CALL_VIEW:                  (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _ALL, _NO),
    Act.CALL_RECORD:                (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.NOTE_VIEW:                  (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _NO,  _NO),
    Act.NOTE_WRITE:                 (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _NO,  _NO),
    Act.DUTY_VIEW:                  (_NO,   _NO,  _ALL, _ALL,  _NO,  _ALL, _ALL, _NO),
    Act.DUTY_EDIT:                  (_NO,   _NO,  _ALL, _NO,   _NO,  _ALL, _NO,  _NO),
    Act.NEED_NOTE:                  (_NO,   _NO,  _ALL, _ALL,  _NO,  _NO,  _NO,  _NO),
    Act.PROVIDER_VIEW:              (_NO,   _NO,  _ALL, _ALL,  _NO,  _ALL, _ALL, _NO),
    Act.PROVIDER_EDIT:              (_NO,   _NO,  _ALL, _NO,   _NO,  _ALL, _NO,  _NO),
    Act.REFERRAL_MAKE:              (_NO,   _NO,  _ALL, _AREA, _NO,  _NO,  _NO,  _NO),
    Act.OPTION_VIEW:                (_NO,   _NO,  _ALL, _NO,   _NO,  _ALL, _ALL, _NO),
    Act.OPTION_EDIT:                (_NO,   _NO,  _NO,  _NO,   _NO,  _ALL, _ALL, _NO),
    Act.SIGHT_GRANT:                (_NO,   _NO,  _ALL, _NO,   _NO,  _ALL, _NO,  _NO),
    Act.MEMBER_VIEW:                (_UNIT, _NO,  _ALL, _NO,   _NO,  _ALL, _ALL, _NO),
    Act.MEMBER_INVITE:              (_LED,  _NO,  _ALL, _NO,   _NO,  _ALL, _ALL, _NO),
    Act.MEMBER_DISABLE:             (_LED,  _NO,  _ALL, _NO,   _NO,  _ALL, _ALL, _NO),
    Act.MEMBER_SET_LEADING:         (_NO,   _NO,  _ALL, _NO,   _NO,  _ALL, _ALL, _NO),
    Act.UNIT_SET_DEFAULTS:          (_LED,  _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.UNIT_BAR:                   (_LED,  _NO,  _ALL, _NO,   _NO,  _NO,  _NO,  _NO),
    Act.ACCOUNT_VIEW:               (_OWN,  _OWN, _OWN, _OWN,  _OWN, _OWN, _NO,  _NO),
    Act.ACCOUNT_EDIT:               (_OWN,  _OWN, _OWN, _OWN,  _OWN, _OWN, _NO,  _NO),
    Act.PROGRAM_ADMIT:              (_OWN,  _OWN, _OWN, _OWN,  _OWN, _ALL, _ALL, _NO),
    Act.WEBHOOK_MANAGE:             (_OWN,  _NO,  _OWN, _OWN,  _NO,  _ALL, _ALL, _NO),
    Act.FEED_VIEW:                  (_UNIT, _OWN, _ALL, _NO,   _NO,  _NO,  _NO,  _THIS),
    Act.CALENDAR_GIVE:              (_NO,   _OWN, _ALL, _NO,   _NO,  _NO,  _NO,  _THIS),
    Act.RESIDENT_VIEW:              (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _NO,  _NO),
    Act.RESIDENT_SETTLE:            (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.APPLICANT_VIEW:             (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _NO,  _NO),
    Act.APPLICANT_EDIT:             (_NO,   _NO,  _ALL, _NO,   _NO,  _NO,  _ALL, _NO),
    Act.FEEDBACK_VIEW:              (_NO,   _NO,  _ALL, _NO,   _NO,  _ALL, _NO,  _NO),
    Act.FEEDBACK_SETTLE:            (_NO,   _NO,  _ALL, _NO,   _NO,  _ALL, _NO,  _NO),
}  # fmt: skip

TABLE: Mapping[Act, Mapping[Role, Scope]] = {
    act: {role: reach for role, reach in zip(Role, row, strict=True) if reach} for act, row in _ROWS.items()
}
"""Act × role → scope; a pair that is missing is refused."""

SHARED = frozenset({Act.REQUEST_VIEW, Act.APPOINTMENT_VIEW})
"""To what a granted sight reaches besides the own unit: looking, and nothing else."""


def scope(actor: Actor, act: Act) -> Scope | None:
    """Return how far the act reaches for this actor, None when it is refused; for lists and menus."""
    reach = TABLE[act].get(actor.role)
    return None if reach is Scope.LED_UNIT and not actor.leads_unit else reach


def may(actor: Actor, act: Act, subject: Subject | None = None) -> bool:
    """Tell whether the actor may do the act to the subject; without one, to anything at all."""
    reach = scope(actor, act)
    if reach is None:
        return False
    if subject is None or (act in SHARED and is_shown(actor, subject)):
        return True
    return _REACHES[reach](actor, subject) and (not subject.is_protected or reaches_protected(actor, reach))


def reaches_protected(actor: Actor, reach: Scope) -> bool:
    """Tell whether protected cases exist for this actor: the own unit, the person, jobs, and the coordinators named."""
    is_named = actor.role is Role.SYSTEM or (actor.role is Role.COORDINATOR and actor.handles_protected)
    return is_named or reach not in (Scope.ALL, Scope.OWN_AREA)


def is_shown(actor: Actor, subject: Subject) -> bool:
    """Tell whether the subject is another unit's, which the actor may look at because a wider sight was granted."""
    return subject.organisation_id in actor.seen_ids - actor.organisation_ids and not subject.is_private


def require(actor: Actor, act: Act, subject: Subject | None = None) -> None:
    """Raise Forbidden when the role never may, Missing when the subject lies outside the actor's scope."""
    if not may(actor, act, subject):
        raise Missing if may(actor, act) else Forbidden


def _is_own(actor: Actor, subject: Subject) -> bool:
    if subject.mediator_id is not None:
        return subject.mediator_id == actor.mediator_id
    return subject.user_id is not None and subject.user_id == actor.user_id


def _is_this(actor: Actor, subject: Subject) -> bool:
    return subject.key is not None and subject.key == actor.link and subject.mediator_id == actor.mediator_id


def _is_of_this(actor: Actor, subject: Subject) -> bool:
    return _is_this(actor, subject) or (not subject.is_protected and actor.link == ("request", subject.request_id))


_REACHES: Mapping[Scope, Callable[[Actor, Subject], bool]] = {
    Scope.ALL: lambda _actor, _subject: True,
    Scope.OWN_AREA: lambda actor, subject: subject.area is not None and subject.area in actor.areas,
    Scope.OWN_UNIT: lambda actor, subject: subject.organisation_id in actor.organisation_ids,
    Scope.LED_UNIT: lambda actor, subject: subject.organisation_id in actor.organisation_ids,
    Scope.OWN: _is_own,
    Scope.THIS: _is_this,
    Scope.OF_THIS: _is_of_this,
}
