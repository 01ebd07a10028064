"""Decide which accounts make sense: each role with the unit, pool entry or areas it works for, and nothing else.

It never looks a thing up: whether a unit exists or an address is taken is the service's to know.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dispatch.domain.areas import AreaSpan, TypedArea, check_areas
from dispatch.domain.contacts import ContactRefused, parse_email
from dispatch.domain.findings import Findings
from dispatch.domain.permissions import ASSIGNABLE, Role

LONGEST_NAME = 200
HIGHEST_KEY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TypedUser:
    """An account as typed, all text but the days of areas; empty is nothing."""

    email: str = ""
    name: str = ""
    role: str = ""
    organisation_id: str = ""
    mediator_id: str = ""
    areas: tuple[TypedArea, ...] = ()
    ui_language: str = ""
    handles_protected: bool = False


@dataclass(frozen=True, slots=True)
class CheckedUser:
    """An account as it is stored; only what the role needs is filled."""

    email: str
    name: str
    role: Role
    organisation_id: int | None
    mediator_id: int | None
    areas: tuple[AreaSpan, ...]
    ui_language: str | None
    handles_protected: bool = False


def check_user(
    typed: TypedUser,
    *,
    areas: Collection[str],
    today: date,
    ended: Collection[AreaSpan] = (),
    found: Mapping[str, Iterable[str]] | None = None,
) -> CheckedUser:
    """Return the account; `areas` are the social areas there are, `ended` those the account has had.

    Raises Invalid: `email` required, not_an_address, mixed_script, control_characters; `name` required, too_long,
    control_characters; `role` required, unknown; `organisation_id` and `mediator_id` required by the role, unknown;
    areas as `check_areas`; and what the edge `found`, for areas only where the role has such.
    """
    is_regional = typed.role == Role.REGIONAL_COORDINATOR
    findings = Findings(found if is_regional else None)
    name = findings.line("name", typed.name, LONGEST_NAME)
    findings.require("name", name)
    email = _address(findings, typed.email)
    role = findings.member("role", Role, typed.role)
    if role is None or role not in ASSIGNABLE:
        findings.add("role", "unknown" if typed.role else "required")
        role = Role.OBSERVER  # asks for nothing more, so that nothing more is said against the form
    checked = CheckedUser(
        email,
        name or "",
        role,
        _key(findings, "organisation_id", typed.organisation_id) if role is Role.REQUESTER else None,
        _key(findings, "mediator_id", typed.mediator_id) if role is Role.MEDIATOR else None,
        check_areas(findings, typed.areas, known=areas, today=today, ended=ended) if is_regional else (),
        typed.ui_language or None,
        typed.handles_protected and role is Role.COORDINATOR,
    )
    findings.raise_if_any()
    return checked


def _address(findings: Findings, typed: str) -> str:
    if not typed.strip():
        findings.add("email", "required")
        return ""
    try:
        return parse_email(typed)
    except ContactRefused as refused:
        findings.add("email", refused.code)
        return ""


def _key(findings: Findings, field: str, typed: str) -> int | None:
    if not typed:
        findings.add(field, "required")
        return None
    key = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(HIGHEST_KEY)) else 0
    if not 0 < key <= HIGHEST_KEY:
        findings.add(field, "unknown")
        return None
    return key
