"""Decide whether a typed request holds, with everything that speaks against it at once.

It never looks anything up (what is known is handed in) and never decides who fits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from dispatch.domain.blocks import check_talks
from dispatch.domain.candidates import Gender
from dispatch.domain.case_tokens import parse_case_token
from dispatch.domain.findings import Findings
from dispatch.domain.intervals import as_instant
from dispatch.domain.languages import NOT_LISTED, SPECIAL, Level
from dispatch.domain.modes import Mode
from dispatch.domain.places import check_place
from dispatch.domain.requests import (
    DEFAULT,
    BookingContext,
    Consent,
    Continuity,
    NewRequest,
    Policy,
    RequestOptions,
    TypedRequest,
)
from dispatch.domain.settings import GenderDemand, Protection, Qualification


class _Case(NamedTuple):
    findings: Findings
    typed: TypedRequest
    context: BookingContext
    now: datetime
    before: NewRequest | None
    options: RequestOptions


def check(
    typed: TypedRequest,
    context: BookingContext,
    now: datetime,
    *,
    before: NewRequest | None = None,
    found: Mapping[str, Iterable[str]] | None = None,
    options: RequestOptions = DEFAULT,
) -> NewRequest:
    """Return the request if every check holds; raises Invalid with the codes of each field.

    Fields are named as in the API, nested ones with a dot (`place.address`). `found` holds what the edge could
    not read. When `before` is edited, a time that did not change is not judged by `now` again.
    """
    case = _Case(Findings(found), typed, context, now, before, options)
    request = _core(case)
    request = _with_speech(case, request)
    request = _with_meeting(case, request)
    request = _with_conditions(case, request)
    request = _with_remarks(case, request)
    case.findings.raise_if_any()
    return request


def _core(case: _Case) -> NewRequest:
    """Return what no request can be without; where it is at fault something stands in its place."""
    findings, typed, _, now, _, _ = case
    modes = _modes(case)
    starts_at, ends_at = _span(case)
    protection = _protection(case)
    return NewRequest(
        organisation_id=_organisation(case),
        languages=_languages(case),
        setting=typed.setting,
        protection=protection,
        mode=modes[0],
        fallback_modes=modes[1:],
        starts_at=starts_at or now,
        ends_at=ends_at or now,
        last_useful_answer_at=_last_useful(case, starts_at),
        entered_afterwards=_is_afterwards(case, starts_at),
        consent=findings.required_member("consent", Consent, typed.consent),
        policy=Policy.MANUAL if protection is Protection.PROTECTED else _policy(case),
        talks=check_talks(findings, typed.talks, (starts_at, ends_at)),
    )


def _with_speech(case: _Case, request: NewRequest) -> NewRequest:
    findings, typed, line = case.findings, case.typed, case.options.line
    text = findings.line("language_text", typed.language_text, line)
    if NOT_LISTED in typed.languages:
        findings.require("language_text", text)
    return replace(
        request,
        level=findings.member("level", Level, typed.level),
        accept_related=typed.accept_related,
        dialect=findings.line("dialect", typed.dialect, line),
        language_text=text,
    )


def _with_meeting(case: _Case, request: NewRequest) -> NewRequest:
    findings, typed, line = case.findings, case.typed, case.options.line
    is_protected = request.protection is Protection.PROTECTED
    address = None if is_protected else findings.line("place.address", typed.address, line)
    meeting_point = findings.line("meeting_point", typed.meeting_point, line) if is_protected else None
    if Mode.ON_SITE in request.modes and not findings.concerns("mode"):
        findings.require("place", None if typed.place.is_empty else typed.place)
        if is_protected:
            findings.require("meeting_point", meeting_point)
        else:
            findings.require("place.address", address)
    name = findings.line("contact.name", typed.contact_name, line)
    if name or typed.contact_phone:
        findings.require("contact.name", name)
        findings.require("contact.phone", typed.contact_phone)
    return replace(
        request,
        place=check_place(findings, "place", typed.place, case.context.places),
        address=address,
        meeting_point=meeting_point,
        place_note=None if is_protected else findings.line("place.note", typed.place_note, line),
        access_phone=findings.phone("access.phone", typed.access_phone),
        access_url=findings.link("access.url", typed.access_url),
        contact_name=name,
        contact_phone=findings.phone("contact.phone", typed.contact_phone),
    )


def _with_conditions(case: _Case, request: NewRequest) -> NewRequest:
    findings, typed, context = case.findings, case.typed, case.context
    gender = findings.member("gender.value", Gender, typed.gender)
    setting = context.settings.get(typed.setting)
    if setting is not None and setting.gender is GenderDemand.CONDITION:
        findings.require("gender.value", gender)
    preferred = findings.people("preferred_mediators", context.mediators, typed.preferred_mediators)
    excluded = findings.people("exclude_mediators", context.mediators, typed.exclude_mediators)
    if not preferred.isdisjoint(excluded):
        findings.add("preferred_mediators", "also_excluded")
    avoided = typed.avoid_municipalities
    known = {ags for ags in avoided if context.places.place_of_municipality(ags)}
    return replace(
        request,
        gender=gender,
        gender_strict=typed.gender_strict and gender is not None,
        qualification=findings.member("qualification", Qualification, typed.qualification),
        minor=typed.minor,
        preferred_mediators=preferred,
        exclude_mediators=excluded,
        avoid_municipalities=frozenset(findings.codes("avoid_municipalities", known, avoided)),
        continuity=findings.member("continuity", Continuity, typed.continuity) or Continuity.GERN,
    )


def _with_remarks(case: _Case, request: NewRequest) -> NewRequest:
    findings, typed, options = case.findings, case.typed, case.options
    token = parse_case_token(typed.case_token)
    if token is None and typed.case_token.strip():
        findings.add("case_token", "not_a_case_token")
    return replace(
        request,
        case_token=token,
        reference=findings.line("reference", typed.reference, options.line),
        notes=findings.prose("notes", typed.notes, options.notes),
        wants_approval=typed.wants_approval,
    )


def _organisation(case: _Case) -> int:
    organisation_id = case.typed.organisation_id
    case.findings.require("organisation", organisation_id)
    if organisation_id is not None and organisation_id not in case.context.organisations:
        case.findings.add("organisation", "unknown")
    return organisation_id or 0


def _languages(case: _Case) -> tuple[str, ...]:
    findings, asked = case.findings, case.typed.languages
    findings.require("languages", asked)
    if len(asked) > case.options.languages:
        findings.add("languages", "too_many")
    known = {code for code in asked if code in SPECIAL or code in case.context.known_languages}
    return findings.codes("languages", known, asked)


def _protection(case: _Case) -> Protection:
    """Return the setting's class or the higher one asked for; never a lower one.

    Protected cases are taken down by their unit, and by the coordinators named for them.
    """
    findings, typed = case.findings, case.typed
    findings.require("setting", typed.setting)
    asked = findings.member("protection", Protection, typed.protection)
    setting = case.context.settings.get(typed.setting)
    if setting is None:
        if typed.setting:
            findings.add("setting", "unknown")
        return asked or Protection.NORMAL
    if asked is not None and not asked.covers(setting.protection):
        findings.add("protection", "below_setting")
        return setting.protection
    wanted = asked or setting.protection
    if wanted is Protection.PROTECTED and not case.context.may_protect:
        findings.add("protection", "named_only")
    return wanted


def _modes(case: _Case) -> tuple[Mode, ...]:
    findings, typed = case.findings, case.typed
    mode = findings.required_member("mode", Mode, typed.mode)
    fallbacks = findings.members("fallback_modes", Mode, typed.fallback_modes)
    if mode in fallbacks and not findings.concerns("mode"):
        findings.add("fallback_modes", "same_as_mode")
    return (mode, *fallbacks)


def _span(case: _Case) -> tuple[datetime | None, datetime | None]:
    findings, options = case.findings, case.options
    start = _instant(findings, "starts_at", case.typed.starts_at)
    end = _instant(findings, "ends_at", case.typed.ends_at)
    findings.require("starts_at", start)
    findings.require("ends_at", end)
    if start is not None and end is not None:
        if end <= start:
            findings.add("ends_at", "not_after_start")
        elif end - start < options.shortest:
            findings.add("ends_at", "span_too_short")
        elif end - start > options.longest:
            findings.add("ends_at", "span_too_long")
    return start, end


def _is_afterwards(case: _Case, start: datetime | None) -> bool:
    """Note what speaks against the start; tell whether the request is entered afterwards."""
    findings, _, context, now, before, options = case
    if start is None:
        return False
    if before is not None and before.starts_at == start:
        return before.entered_afterwards
    if start > now:
        if start - now > options.ahead:
            findings.add("starts_at", "too_far_ahead")
        return False
    if not context.may_enter_afterwards:
        findings.add("starts_at", "in_the_past")
    elif now - start > options.afterwards:
        findings.add("starts_at", "too_long_ago")
    return True


def _last_useful(case: _Case, start: datetime | None) -> datetime | None:
    """Return by when the office must know; what is entered afterwards has no such instant."""
    findings, typed, _, now, before, _ = case
    instant = _instant(findings, "last_useful_answer_at", typed.last_useful_answer_at)
    is_kept = before is not None and before.last_useful_answer_at == instant
    if instant is None or start is None or (start <= now and not is_kept):
        return None
    if instant > start:
        findings.add("last_useful_answer_at", "after_start")
    elif instant <= now and not is_kept:
        findings.add("last_useful_answer_at", "in_the_past")
    return instant


def _policy(case: _Case) -> Policy:
    kept = case.before.policy if case.before else Policy.WAVES
    policy = case.findings.member("policy", Policy, case.typed.policy) or kept
    if policy is not kept and not case.context.may_choose_policy:
        case.findings.add("policy", "not_allowed")
    return policy


def _instant(findings: Findings, name: str, value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.microsecond:
        findings.add(name, "not_whole_seconds")
        return None
    try:
        return as_instant(value)
    except OverflowError:
        findings.add(name, "out_of_calendar")
        return None
