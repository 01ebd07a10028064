"""Decide whether the typed record of a mediator holds, with everything that speaks against it at once.

It never looks anything up (what is known is handed in) and never decides whom she fits.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from dispatch.domain.candidates import Document, Gender
from dispatch.domain.contacts import is_phone
from dispatch.domain.findings import Findings
from dispatch.domain.languages import Level, Spoken
from dispatch.domain.mediators import (
    DEFAULT,
    ContactChannel,
    MediatorOptions,
    NewMediator,
    PoolContext,
    SeenDocument,
    TypedDocument,
    TypedMediator,
)
from dispatch.domain.modes import Mode
from dispatch.domain.places import Place, check_place
from dispatch.domain.settings import Qualification
from dispatch.domain.travel import Transport

_YEARS = range(1950, 2200)


class _Case(NamedTuple):
    findings: Findings
    typed: TypedMediator
    context: PoolContext
    today: date
    options: MediatorOptions


class _Nowhere:
    """Stands for a home at fault until Invalid is raised."""

    ags: str | None = None
    postal_code: str | None = None
    town = ""
    social_area: str | None = None
    lat = lon = 0.0


def check(
    typed: TypedMediator,
    context: PoolContext,
    today: date,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    options: MediatorOptions = DEFAULT,
) -> NewMediator:
    """Return the record if every check holds; raises Invalid with the codes of each field.

    Fields are named as in the API, nested ones with a dot (`home.town`), parts of a list with their place from
    0 (`languages.1.level`). `found` holds what the edge could not read. Without a limit the usual one is kept.
    """
    case = _Case(Findings(found), typed, context, today, options)
    findings = case.findings
    email, phone, channel = _contact(case)
    name = _name(case)
    mediator = NewMediator(
        name=name,
        call_name=findings.line("call_name", typed.call_name, options.name) or name.partition(" ")[0],
        contact_channel=channel,
        email=email,
        phone=phone,
        call_times=findings.line("call_times", typed.call_times, options.line),
        gender=findings.member("gender", Gender, typed.gender),
        home=_home(case),
        languages=_languages(case),
        german_level=findings.required_member("german_level", Level, typed.german_level),
        qualification=findings.member("qualification", Qualification, typed.qualification) or Qualification.LAY,
        experience=frozenset(findings.codes("experience", context.settings, typed.experience)),
        refused_settings=_refused_settings(case),
        refused_organisations=_refused_organisations(case),
        modes=_modes(case),
        transport=findings.member("transport", Transport, typed.transport) or Transport.PUBLIC,
        max_distance_km=_distance(case),
        weekly_hours_limit=_weekly_hours(case),
        night=typed.night,
        short_notice=typed.short_notice,
        avoid_own_municipality=typed.avoid_own_municipality,
        share_phone=typed.share_phone,
        share_surname=typed.share_surname,
        documents=_documents(case),
        active=typed.active,
        ui_language=_ui_language(case),
        external_id=findings.line("external_id", typed.external_id, options.line),
        remarks=findings.prose("remarks", typed.remarks, options.remarks),
    )
    findings.raise_if_any()
    return mediator


def _refused_organisations(case: _Case) -> frozenset[int]:
    refused = case.typed.refused_organisations
    return case.findings.people("refused_organisations", case.context.organisations, refused)


def _name(case: _Case) -> str:
    name = case.findings.line("name", case.typed.name, case.options.name)
    case.findings.require("name", name)
    return name or ""


def _contact(case: _Case) -> tuple[str | None, str | None, ContactChannel]:
    """Return how she is reached; the channel must have what it needs."""
    findings, typed = case.findings, case.typed
    email = findings.email("email", typed.email)
    if typed.phone and not is_phone(typed.phone):
        findings.add("phone", "not_a_phone")
    default = ContactChannel.MAIL if typed.email.strip() else ContactChannel.PHONE
    channel = findings.member("contact_channel", ContactChannel, typed.contact_channel) or default
    if channel is not ContactChannel.PHONE:
        findings.require("email", email)
    if channel is not ContactChannel.MAIL:
        findings.require("phone", typed.phone)
    return email, typed.phone or None, channel


def _home(case: _Case) -> Place:
    case.findings.require("home", None if case.typed.home.is_empty else case.typed.home)
    return check_place(case.findings, "home", case.typed.home, case.context.places) or _Nowhere()


def _languages(case: _Case) -> tuple[Spoken, ...]:
    findings, typed = case.findings, case.typed.languages
    findings.require("languages", typed)
    if len(typed) > case.options.languages:
        findings.add("languages", "too_many")
    _check_codes(case)
    return tuple(
        Spoken(
            language.code,
            findings.required_member(f"languages.{place}.level", Level, language.level),
            _dialects(case, f"languages.{place}.dialects", language.dialects),
        )
        for place, language in enumerate(typed)
    )


def _check_codes(case: _Case) -> None:
    """Note each language that is not known or stands before already."""
    codes = [language.code for language in case.typed.languages]
    for place, code in enumerate(codes):
        if code not in case.context.known_languages:
            case.findings.add(f"languages.{place}.code", "unknown")
        elif code in codes[:place]:
            case.findings.add(f"languages.{place}.code", "repeated")


def _dialects(case: _Case, name: str, typed: tuple[str, ...]) -> tuple[str, ...]:
    words = (case.findings.line(name, word, case.options.line) for word in typed)
    kept = tuple(dict.fromkeys(word for word in words if word))
    if len(", ".join(kept)) > case.options.line:
        case.findings.add(name, "too_long")
    return kept


def _refused_settings(case: _Case) -> frozenset[str]:
    findings, typed = case.findings, case.typed
    if not set(typed.refused_settings).isdisjoint(typed.experience):
        findings.add("refused_settings", "also_experience")
    return frozenset(findings.codes("refused_settings", case.context.settings, typed.refused_settings))


def _modes(case: _Case) -> tuple[Mode, ...]:
    modes = case.findings.members("modes", Mode, case.typed.modes)
    case.findings.require("modes", modes)
    return modes


def _distance(case: _Case) -> int:
    km = case.typed.max_distance_km
    if km is None:
        return case.options.usual_km
    if not 1 <= km <= case.options.furthest_km:
        case.findings.add("max_distance_km", "out_of_range")
    return km


def _weekly_hours(case: _Case) -> float | None:
    hours = case.typed.weekly_hours_limit
    if hours is not None and not 0 < hours <= case.options.most_weekly_hours:
        case.findings.add("weekly_hours_limit", "out_of_range")
    return hours


def _documents(case: _Case) -> tuple[SeenDocument, ...]:
    """Check every document; of one type only one is seen on one day."""
    seen: set[tuple[str, date | None]] = set()
    for place, typed in enumerate(case.typed.documents):
        if (typed.type, typed.seen_on) in seen:
            case.findings.add(f"documents.{place}.seen_on", "repeated")
        seen.add((typed.type, typed.seen_on))
    return tuple(_document(case, f"documents.{place}", typed) for place, typed in enumerate(case.typed.documents))


def _document(case: _Case, name: str, typed: TypedDocument) -> SeenDocument:
    """Check one document: issued, then seen, not in the future; it does not end before it begins."""
    findings, seen_on = case.findings, typed.seen_on or case.today
    types = case.context.document_types
    findings.require(f"{name}.type", typed.type or None)
    if typed.type and typed.type not in types.codes:
        findings.add(f"{name}.type", "unknown")
    findings.require(f"{name}.seen_on", typed.seen_on)
    for part, day in (("issued_on", typed.issued_on), ("valid_until", typed.valid_until), ("seen_on", seen_on)):
        if day is not None and day.year not in _YEARS:
            findings.add(f"{name}.{part}", "out_of_calendar")
    if seen_on > case.today:
        findings.add(f"{name}.seen_on", "in_the_future")
    if typed.issued_on is not None and typed.issued_on > seen_on:
        findings.add(f"{name}.issued_on", "after_seen")
    if typed.valid_until is not None and typed.issued_on is not None and typed.valid_until < typed.issued_on:
        findings.add(f"{name}.valid_until", "before_issued")
    if types.must_be_dated(typed.type):
        findings.require(f"{name}.issued_on", typed.issued_on)
    return SeenDocument(Document(typed.type, typed.issued_on, typed.valid_until), seen_on)


def _ui_language(case: _Case) -> str:
    language = case.typed.ui_language or case.options.ui_language
    if language not in case.context.ui_languages:
        case.findings.add("ui_language", "unknown")
    return language
