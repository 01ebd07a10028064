"""Hold the words of one message in one language: the same words make its plain text and its HTML.

Which words a kind of message has stands in `for_mediators`, `for_people`, `for_offices` and
`for_accounts`.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.texts import printable
from dispatch.i18n import format_phone, formats, language_names, locale
from dispatch.i18n import gettext as _
from dispatch.services.letters import Facts
from dispatch.services.talks import Talk

_LEFT_TO_RIGHT, _BY_ITSELF, _END = "\u2066", "\u2068", "\u2069"
"""Unicode's isolates (UAX 9): plain text and subjects have no other way to keep a name or number in its own order."""


@dataclass(frozen=True)
class Action:
    """A link of the message; the first is the one thing to do."""

    label: str
    url: str


@dataclass(frozen=True)
class Text:
    """The words of a message, in the order they are read; `calendar` is the method of the entry that goes along.

    `note` says in small what the links do, `details` what else is to be known. With a `sender` of its own it stands
    in a neutral envelope, without the name of the service or anything else of it.
    """

    subject: str
    lead: tuple[str, ...]
    urgent: str | None = None
    actions: tuple[Action, ...] = ()
    note: str | None = None
    details: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    calendar: str | None = None
    sender: str | None = None


@dataclass(frozen=True)
class Sheet:
    """What the writer of a text may use: the facts, the instant, and the addresses of our pages.

    `link(purpose, subject_id)` makes the private link of a person, `page(path)` an address behind the sign-in.
    """

    facts: Facts
    now: datetime
    link: Callable[[str, int], str]
    page: Callable[[str], str]


Writer = Callable[[Sheet], Text]


def talk_of(sheet: Sheet) -> Talk:
    """Return the talk a message of this kind is always about; ValueError when its facts lack it."""
    if sheet.facts.talk is None:
        raise ValueError("this kind of message tells of a talk")
    return sheet.facts.talk


def language_of(talk: Talk) -> str:
    """Write the asked languages, with the dialect in brackets."""
    names = language_names(talk.languages)
    dialect = printable(talk.dialect or "")
    return _("%(language)s (%(dialect)s)", language=names, dialect=name_of(dialect)) if dialect else names


def day_of(talk: Talk) -> str:
    """Write the day without its year."""
    return formats().day_short(talk.starts_at)


def when_of(talk: Talk) -> str:
    """Write day and time in one line."""
    return f"{formats().day(talk.starts_at)}{locale().comma} {formats().time_range(talk.starts_at, talk.ends_at)}"


def subject(act: str, talk: Talk) -> str:
    """Write a subject: what it is, then language and day; nothing of the case."""
    return _("%(act)s: %(language)s on %(day)s", act=act, language=language_names(talk.languages), day=day_of(talk))


def until_of(instant: datetime) -> str:
    """Write the line that says until when an answer helps."""
    return _("Please answer by %(until)s.", until=formats().instant_short(instant))


def call_us(phone: str, hours: str) -> str:
    """Write how to reach the service."""
    return _("Questions? %(hours)s: %(phone)s", hours=hours, phone=phone_of(phone))


def phone_of(number: str) -> str:
    """Write a telephone number in one piece, left to right whatever surrounds it."""
    written = format_phone(number).replace(" ", "\u00a0")
    return f"{_LEFT_TO_RIGHT}{written}{_END}" if locale().direction == "rtl" else written


def name_of(name: str) -> str:
    """Write a name so that its direction does not disturb a sentence of the other direction."""
    strong = {unicodedata.bidirectional(letter) for letter in name} & {"L", "R", "AL"}
    own = {"L"} if locale().direction == "ltr" else {"R", "AL"}
    return name if strong <= own else f"{_BY_ITSELF}{name}{_END}"


def person_of(facts: Facts) -> str:
    """Write who comes, as the office may know her: shown name and badge number."""
    if facts.person is None:
        return ""
    name = name_of(facts.person.shown_name)
    if facts.person.badge_number is None:
        return name
    return _("%(name)s (badge number %(number)s)", name=name, number=facts.person.badge_number)
