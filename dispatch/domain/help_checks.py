"""Decide whether what a resident typed holds, with everything that speaks against it at once.

Little is asked and less is needed: without a day, a place or a name somebody of the coordination asks back.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from dispatch.domain.findings import Findings
from dispatch.domain.help_requests import DEFAULT, Contact, HelpOptions, NewHelp, Timing, Topic, Way
from dispatch.domain.hours import DEFAULT as DEFAULT_HOURS
from dispatch.domain.hours import NO_HOLIDAYS, ServiceHours, service_day_after
from dispatch.domain.intervals import WallTimeRefused, to_instant, to_local
from dispatch.domain.languages import NOT_LISTED
from dispatch.domain.modes import Mode
from dispatch.domain.places import Places, TypedPlace, check_place
from dispatch.domain.requests import DEFAULT as DEFAULT_BOUNDS
from dispatch.domain.requests import RequestOptions

PLACEHOLDER_SERVICE_DAYS = 10
"""How many service days ahead stands what has no day yet: long enough for somebody to ask."""
_STARTS: Mapping[Timing, tuple[time, ...]] = {
    Timing.MORNING: (time(9),),
    Timing.AFTERNOON: (time(14),),
    Timing.EVENING: (time(17),),
    Timing.ANY: (time(10), time(14), time(17)),
}


@dataclass(frozen=True, slots=True)
class TypedHelp:
    """A request for help as typed: the day and the clock time as far as they were understood."""

    language: str = ""
    language_text: str = ""
    topic: str = ""
    timing: str = ""
    day: date | None = None
    clock: time | None = None
    mode: str = ""
    municipality: str = ""
    address: str = ""
    way: str = ""
    contact: str = ""
    phone: str = ""
    contact_person: str = ""
    call_name: str = ""
    safe_times: str = ""
    may_leave_message: bool = False
    wants_mail: bool = False


@dataclass(frozen=True, slots=True)
class HelpContext:
    """What the checks must know besides: languages, places, when people work."""

    known_languages: Set[str]
    places: Places
    zone: tzinfo
    holidays: Set[date] = NO_HOLIDAYS
    hours: ServiceHours = DEFAULT_HOURS


def check(
    typed: TypedHelp,
    context: HelpContext,
    now: datetime,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    options: HelpOptions = DEFAULT,
    bounds: RequestOptions = DEFAULT_BOUNDS,
) -> NewHelp:
    """Return what holds; raises Invalid with the codes of each field, besides those the edge `found`."""
    findings = Findings(found)
    topic = findings.required_member("topic", Topic, typed.topic)
    timing = findings.required_member("timing", Timing, typed.timing)
    mode = findings.required_member("mode", Mode, typed.mode)
    contact = _contact(findings, typed, bounds.line)
    place = TypedPlace(municipality=typed.municipality if mode is Mode.ON_SITE else "")
    address = findings.line("address", typed.address, bounds.line)
    starts_at = _start(findings, typed, timing, context, now)
    if starts_at is not None and starts_at - now > bounds.ahead:
        findings.add("starts_at", "too_far_ahead")
        starts_at = None
    checked = NewHelp(
        language=_language(findings, typed, context.known_languages),
        topic=topic,
        timing=timing,
        starts_at=starts_at or now,
        ends_at=(starts_at or now) + timedelta(minutes=options.usual_minutes),
        mode=mode,
        contact=contact,
        language_text=findings.line("language_text", typed.language_text, bounds.line)
        if typed.language == NOT_LISTED
        else None,
        place=check_place(findings, "place", place, context.places),
        address=address if topic is not Topic.DANGER and mode is Mode.ON_SITE else None,
    )
    if typed.language == NOT_LISTED:
        findings.require("language_text", checked.language_text)
    findings.raise_if_any()
    return checked


def _language(findings: Findings, typed: TypedHelp, known: Set[str]) -> str:
    findings.require("language", typed.language)
    if typed.language and typed.language != NOT_LISTED and typed.language not in known:
        findings.add("language", "unknown")
    return typed.language


def _contact(findings: Findings, typed: TypedHelp, longest: int) -> Contact:
    """Return how to reach who asked; of a way nobody is to be reached by, nothing is kept."""
    way = findings.required_member("way", Way, typed.way)
    if findings.concerns("way"):
        return Contact(way)
    person = findings.line("contact_person", typed.contact_person, longest) if way is Way.PERSON else None
    if way is Way.PERSON:
        findings.require("contact_person", person)
    read = _CONTACTS[way]
    contact = read(findings, typed)
    if typed.wants_mail and way is not Way.MAIL:
        findings.add("wants_mail", "only_by_mail")
    return Contact(
        way=way,
        contact=contact,
        contact_person=person,
        call_name=findings.line("call_name", typed.call_name, longest),
        safe_times=findings.line("safe_times", typed.safe_times, longest),
        may_leave_message=typed.may_leave_message and way is not Way.CODE,
        wants_mail=typed.wants_mail and way is Way.MAIL,
    )


def _phone(findings: Findings, typed: TypedHelp) -> str | None:
    findings.require("contact", typed.contact.strip())
    return findings.phone("contact", typed.phone)


def _mail(findings: Findings, typed: TypedHelp) -> str | None:
    findings.require("contact", typed.contact.strip())
    return findings.email("contact", typed.contact)


def _either(findings: Findings, typed: TypedHelp) -> str | None:
    return _mail(findings, typed) if "@" in typed.contact else _phone(findings, typed)


_CONTACTS: Mapping[Way, Callable[[Findings, TypedHelp], str | None]] = {
    Way.PHONE: _phone,
    Way.MAIL: _mail,
    Way.PERSON: _either,
    Way.CODE: lambda _findings, _typed: None,
}


def _start(
    findings: Findings, typed: TypedHelp, timing: Timing, context: HelpContext, now: datetime
) -> datetime | None:
    """Return when it is to begin: the typed time, else one that stands in its place; None where that is at fault."""
    if any(map(findings.concerns, ("timing", "starts_at", "start"))):
        return None
    if timing is Timing.FIXED:
        return _fixed(findings, typed, context.zone, now)
    day = typed.day or _days_ahead(to_local(now, context.zone).date(), context)
    try:
        starts = [_instant(day, clock, context.zone) for clock in _STARTS[timing]]
    except WallTimeRefused as refused:
        findings.add("starts_at", refused.code)
        return None
    ahead = next((start for start in starts if start > now), None)
    if ahead is None:
        findings.add("starts_at", "in_the_past")
    return ahead


def _fixed(findings: Findings, typed: TypedHelp, zone: tzinfo, now: datetime) -> datetime | None:
    if typed.day is None or typed.clock is None:
        findings.add("starts_at", "required")
        return None
    try:
        start = _instant(typed.day, typed.clock, zone)
    except WallTimeRefused as refused:
        findings.add("starts_at", refused.code)
        return None
    if start <= now:
        findings.add("starts_at", "in_the_past")
    return start


def _instant(day: date, clock: time, zone: tzinfo) -> datetime:
    """Return the instant of a wall time; of one that exists twice the first."""
    return to_instant(datetime.combine(day, clock), zone, fold=0)


def _days_ahead(today: date, context: HelpContext) -> date:
    day = today
    for _ in range(PLACEHOLDER_SERVICE_DAYS):
        day = service_day_after(day, holidays=context.holidays, options=context.hours)
    return day
