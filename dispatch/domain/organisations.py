"""Decide whether the typed record of an organisation or one of its units holds.

It never decides who may see or book for it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dispatch.domain.findings import Findings
from dispatch.domain.places import Place, Places, TypedPlace, check_place
from dispatch.domain.units import may_hang


class OrganisationKind(StrEnum):
    """What an organisation is, as far as statistics tell them apart."""

    OFFICE = "office"
    MUNICIPALITY = "municipality"
    SCHOOL = "school"
    DAYCARE = "daycare"
    PRACTICE = "practice"
    CLINIC = "clinic"
    HEALTH_OFFICE = "health_office"
    JOBCENTER = "jobcenter"
    EMPLOYMENT_AGENCY = "employment_agency"
    EMPLOYER = "employer"
    COUNSELLING = "counselling"
    YOUTH_WELFARE = "youth_welfare"
    COURSE_PROVIDER = "course_provider"
    ACCOMMODATION = "accommodation"
    CHARITY = "charity"
    ASSOCIATION = "association"
    VOLUNTEER_GROUP = "volunteer_group"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OrganisationOptions:
    """Option: bounds of what may be typed, in characters."""

    name: int = 120
    line: int = 200


DEFAULT = OrganisationOptions()


@dataclass(frozen=True, slots=True)
class TypedOrganisation:
    """The record of an organisation as typed; `parent` is the id of the organisation whose unit it is."""

    name: str = ""
    kind: str = ""
    parent: int | None = None
    home: TypedPlace = field(default_factory=TypedPlace)
    address: str = ""
    phone: str = ""
    contact_email: str = ""
    contact_name: str = ""
    default_setting: str = ""
    approves_mediators: bool = False
    answers_to_mailbox: bool = False
    excluded_mediators: tuple[int, ...] = ()
    active: bool = True


DEFAULTS = (
    "home", "address", "phone", "contact_email", "contact_name", "default_setting", "approves_mediators",
    "answers_to_mailbox",
)  # fmt: skip
"""Fields of a typed record with which the unit's requests begin: what who leads the unit may change."""


def with_defaults(typed: TypedOrganisation, other: TypedOrganisation) -> TypedOrganisation:
    """Return a record with the defaults of the other one."""
    return replace(typed, **{name: getattr(other, name) for name in DEFAULTS})


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """The record of an organisation that holds; what was left open is None or empty."""

    name: str
    kind: OrganisationKind
    parent: int | None = None
    home: Place | None = None
    address: str | None = None
    phone: str | None = None
    contact_email: str | None = None
    contact_name: str | None = None
    default_setting: str | None = None
    approves_mediators: bool = False
    answers_to_mailbox: bool = False
    excluded_mediators: frozenset[int] = frozenset()
    active: bool = True


@dataclass(frozen=True, slots=True)
class OrganisationContext:
    """What the checks must know: the tree of units, and which settings, people and places there are.

    `parents` has every unit with its parent, `resting` those that cannot book; `own` is the one that is edited.
    """

    parents: Mapping[int, int | None]
    resting: Collection[int]
    own: int | None
    settings: Collection[str]
    mediators: Collection[int]
    places: Places


def check(
    typed: TypedOrganisation,
    context: OrganisationContext,
    *,
    found: Mapping[str, Iterable[str]] | None = None,
    options: OrganisationOptions = DEFAULT,
) -> NewOrganisation:
    """Return the record if every check holds; raises Invalid with the codes of each field.

    At `parent`: unknown, own_ancestor, resting (one that cannot book gets no further units).
    """
    findings = Findings(found)
    name = findings.line("name", typed.name, options.name)
    findings.require("name", name)
    _check_parent(findings, typed.parent, context)
    organisation = NewOrganisation(
        name=name or "",
        kind=findings.required_member("kind", OrganisationKind, typed.kind),
        parent=typed.parent,
        home=check_place(findings, "home", typed.home, context.places),
        address=findings.line("address", typed.address, options.line),
        phone=findings.phone("phone", typed.phone),
        contact_email=findings.email("contact_email", typed.contact_email),
        contact_name=findings.line("contact_name", typed.contact_name, options.line),
        default_setting=_setting(findings, typed.default_setting, context.settings),
        approves_mediators=typed.approves_mediators,
        answers_to_mailbox=typed.answers_to_mailbox,
        excluded_mediators=findings.people("excluded_mediators", context.mediators, typed.excluded_mediators),
        active=typed.active,
    )
    if organisation.answers_to_mailbox:
        findings.require("contact_email", organisation.contact_email)
    findings.raise_if_any()
    return organisation


def _check_parent(findings: Findings, parent: int | None, context: OrganisationContext) -> None:
    before = context.parents.get(context.own) if context.own else None
    if parent is None or parent == before:
        return
    if parent not in context.parents:
        findings.add("parent", "unknown")
    elif context.own is not None and not may_hang(context.own, parent, context.parents):
        findings.add("parent", "own_ancestor")
    elif parent in context.resting:
        findings.add("parent", "resting")


def _setting(findings: Findings, typed: str, known: Collection[str]) -> str | None:
    kept = findings.codes("default_setting", known, (typed,) if typed else ())
    return kept[0] if kept else None
