"""Decide what request becomes of what a resident asks, and what of it may be told to whom.

A request for help is a request like any other, with a way to reach who asked that must endanger nobody. It never goes
to mediators before somebody of the coordination has completed it. What was typed is judged by `help_checks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.domain.accounts import Limit
from dispatch.domain.case_tokens import ALPHABET
from dispatch.domain.lifecycle import OPEN_REQUEST, RequestState
from dispatch.domain.modes import Mode
from dispatch.domain.places import Place
from dispatch.domain.requests import Consent, NewRequest, Policy
from dispatch.domain.settings import GenderDemand, Protection, Setting


class Topic(StrEnum):
    """What it is about, in words that everybody has; `danger` is violence or danger."""

    EDUCATION = "education"
    HEALTH = "health"
    AUTHORITY = "authority"
    WORK = "work"
    COUNSELLING = "counselling"
    LEISURE = "leisure"
    DANGER = "danger"


class Timing(StrEnum):
    """How firm the time is: `fixed` is a day and a clock time, all else a wish that somebody must settle."""

    FIXED = "fixed"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ANY = "any"


class Way(StrEnum):
    """How to reach who asked; with `code` nobody is to reach them, they ask again themselves."""

    PHONE = "phone"
    MAIL = "mail"
    PERSON = "person"
    CODE = "code"


class Progress(StrEnum):
    """All that the code tells of a request."""

    LOOKED_AT = "looked_at"
    SEARCHING = "searching"
    FOUND = "found"
    CLOSED = "closed"


class OpenPoint(StrEnum):
    """What must be settled before others are asked."""

    TIME = "time"
    PLACE = "place"
    GENDER = "gender"


@dataclass(frozen=True)
class HelpOptions:
    """Option: what stands in a mail that must tell nobody anything, where the quick exit leads, and limits.

    An empty `mail_subject` is the shipped one in the reader's language. `most_per_hour` is for one network, behind
    which a whole house may live.
    """

    unit_name: str = "Privatpersonen"
    sender_name: str = "Service"
    mail_subject: str = ""
    exit_address: str = "https://www.dwd.de/"
    usual_minutes: int = 60
    most_per_hour: int = 10


DEFAULT = HelpOptions()

SETTING_OF: Mapping[Topic, str] = {
    Topic.EDUCATION: "schooling_advice",
    Topic.HEALTH: "doctor",
    Topic.AUTHORITY: "help_with_forms",
    Topic.WORK: "vocational_advice",
    Topic.COUNSELLING: "migration_counselling",
    Topic.LEISURE: "volunteer_initiative",
    Topic.DANGER: "domestic_violence",
}
"""The general field of work of each topic; the coordination names the right one."""

STATUS_LIMIT = Limit(30, timedelta(hours=1))
MAIL_LIMIT = Limit(3, timedelta(hours=1))
"""How many confirmations go to one address, whoever typed it."""
REPEATS = timedelta(hours=1)
"""How long the same form sent again, as after a lost answer, shows its code again."""
CODE_LETTERS = 10
_GROUP = 5
_DASHES = str.maketrans(dict.fromkeys(" -‐‑‒–—−_.", None))
MAIL = "help_request_received"
"""The kind of the mail that confirms a request for help."""
TOLD = frozenset(
    {
        "request_assigned", "request_refused", "request_cancelled", "request_unfilled", "request_outside",
        "approval_wanted", "appointment_moved", "appointment_handed_back", "appointment_stepped_back",
        "appointment_running_late", "appointment_replaced",
    }
)  # fmt: skip
"""What changes something for who asked; that it arrived, that it takes time and that it comes soon is not said."""
_STATES: Mapping[RequestState, Progress] = {
    RequestState.DRAFT: Progress.LOOKED_AT,
    RequestState.IN_REVIEW: Progress.LOOKED_AT,
    RequestState.SUBMITTED: Progress.SEARCHING,
    RequestState.SEARCHING: Progress.SEARCHING,
    RequestState.ASSIGNED: Progress.SEARCHING,
}


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach who asked, as far as they said; nothing of it is needed."""

    way: Way
    contact: str | None = None
    contact_person: str | None = None
    call_name: str | None = None
    safe_times: str | None = None
    may_leave_message: bool = False
    wants_mail: bool = False


@dataclass(frozen=True, slots=True)
class NewHelp:
    """A request for help that holds: instants are UTC; `address` is None where it would endanger somebody."""

    language: str
    topic: Topic
    timing: Timing
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    contact: Contact
    language_text: str | None = None
    place: Place | None = None
    address: str | None = None


def as_request(new: NewHelp, setting: Setting, organisation_id: int) -> NewRequest:
    """Return the request it becomes; what a protected case needs is settled by the coordination."""
    protection = Protection.PROTECTED if new.topic is Topic.DANGER else setting.protection
    is_protected = protection is Protection.PROTECTED
    return NewRequest(
        organisation_id=organisation_id,
        languages=(new.language,),
        setting=setting.code,
        protection=protection,
        mode=new.mode,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        consent=Consent.CRISIS if new.topic is Topic.DANGER else Consent.KNOWN,
        language_text=new.language_text,
        place=new.place,
        address=None if is_protected else new.address,
        policy=Policy.MANUAL if is_protected else Policy.WAVES,
    )


def open_points(request: NewRequest, timing: Timing, setting: Setting) -> tuple[OpenPoint, ...]:
    """Return what must still be settled before the request is released, in the order of the form."""
    is_there = request.place is not None and bool(request.address or request.meeting_point)
    found = {
        OpenPoint.TIME: timing is not Timing.FIXED,
        OpenPoint.PLACE: Mode.ON_SITE in request.modes and not is_there,
        OpenPoint.GENDER: setting.gender is GenderDemand.CONDITION and request.gender is None,
    }
    return tuple(point for point, holds in found.items() if holds)


def progress_of(state: RequestState, *, is_certain: bool) -> Progress:
    """Return what the code tells; `is_certain`: somebody has said yes and it holds."""
    if state not in OPEN_REQUEST and state is not RequestState.DRAFT:
        return Progress.CLOSED
    return Progress.FOUND if state is RequestState.ASSIGNED and is_certain else _STATES[state]


def is_told(message: str, way: Way | None) -> bool:
    """Tell whether somebody of the coordination should tell who asked, by the way they named; None: it was erased."""
    return way is not None and way is not Way.CODE and message in TOLD


def code_of(digest: bytes) -> str:
    """Return the code that a digest of at least sixteen bytes stands for, as people write it."""
    number = int.from_bytes(digest)
    letters = ""
    for _ in range(CODE_LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def parse_code(typed: str) -> str | None:
    """Return a typed code in its one form, whatever its case and dashes; None if it cannot be one."""
    letters = typed.strip().upper().translate(_DASHES)
    if len(letters) != CODE_LETTERS or not set(letters) <= set(ALPHABET):
        return None
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"
