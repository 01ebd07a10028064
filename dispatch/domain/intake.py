"""Decide whether what the coordination notes about who asked holds, and what a look at the pool need not wait for.

Whether the request itself holds is decided by `request_checks`; it never decides who fits.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.domain import organisations, request_checks
from dispatch.domain.eligibility import Code
from dispatch.domain.errors import Invalid
from dispatch.domain.findings import Findings
from dispatch.domain.organisations import NewOrganisation, OrganisationContext, TypedOrganisation
from dispatch.domain.places import Places
from dispatch.domain.requests import DEFAULT, BookingContext, Consent, NewRequest, RequestOptions, TypedRequest

UNSTORED = 0
"""The key of an organisation, or a request, that has no row yet: no row has it."""


@dataclass(frozen=True, slots=True)
class TypedIntake:
    """Who asked, as typed; phone numbers are E.164. `organisation` is one not yet known, None for one of the list."""

    caller_name: str = ""
    caller_phone: str = ""
    caller_email: str = ""
    organisation: TypedOrganisation | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Who asked, as far as it holds; an `organisation` is entered together with the request."""

    caller_name: str | None = None
    caller_phone: str | None = None
    caller_email: str | None = None
    organisation: NewOrganisation | None = None


def check(
    typed: TypedIntake,
    places: Places,
    *,
    is_chosen: bool = False,
    options: RequestOptions = DEFAULT,
) -> Intake:
    """Return who asked if it holds; raises Invalid.

    Fields of an organisation not yet known begin with `office.`; it needs a name, a kind and a number to call back.
    `either` stands at its name when one of the list `is_chosen` besides.
    """
    findings = Findings()
    intake = Intake(
        caller_name=findings.line("caller_name", typed.caller_name, options.line),
        caller_phone=findings.phone("caller_phone", typed.caller_phone),
        caller_email=findings.email("caller_email", typed.caller_email),
    )
    if typed.organisation is not None:
        if is_chosen:
            findings.add("office.name", "either")
        intake = replace(intake, organisation=_organisation(findings, typed.organisation, places))
    findings.raise_if_any()
    return intake


def check_for_matching(
    typed: TypedRequest,
    context: BookingContext,
    now: datetime,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    options: RequestOptions = DEFAULT,
) -> NewRequest:
    """Return what a look at the pool needs of a request that is still being typed; raises Invalid for what it lacks.

    Agreement, contact, remarks and the organisation may be missing or wrong: none of them decides who fits, but for
    the people an organisation bars, who are known as soon as it is.
    """
    unit = typed.organisation_id or UNSTORED
    if unit not in context.organisations:
        unit = UNSTORED
    filled = replace(
        typed,
        organisation_id=unit,
        address=typed.address.strip() or "?",
        consent=Consent.KNOWN.value,
        last_useful_answer_at=None,
        place_note="",
        access_phone="",
        access_url="",
        contact_name="",
        contact_phone="",
        reference="",
        notes="",
    )
    known = replace(context, organisations={unit})
    new = request_checks.check(
        filled, known, now, found=_without(found or {}, "last_useful_answer_at"), options=options
    )
    return new if typed.address.strip() else replace(new, address=None)


def fails_most(failures: Iterable[Iterable[Code]]) -> Code | None:
    """Return the condition that most people fail, of several the first in the order of `Code`; None without people."""
    counted = Counter(code for codes in failures for code in set(codes))
    order = list(Code)
    return min(counted, key=lambda code: (-counted[code], order.index(code)), default=None)


def _without(found: Mapping[str, Iterable[str]], name: str) -> dict[str, Iterable[str]]:
    return {field: codes for field, codes in found.items() if field != name}


def _organisation(findings: Findings, typed: TypedOrganisation, places: Places) -> NewOrganisation | None:
    nothing_yet = OrganisationContext(parents={}, resting=(), own=None, settings=(), mediators=(), places=places)
    found = {} if typed.phone else {"phone": ("required",)}
    try:
        return organisations.check(typed, nothing_yet, found=found)
    except Invalid as refusal:
        for field, codes in refusal.errors.items():
            findings.add(f"office.{field}", *codes)
        return None
