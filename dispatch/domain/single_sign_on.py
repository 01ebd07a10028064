"""Decide who comes in by single sign-on, and as what: from the provider's groups to one of our roles.

It never speaks with a provider, and never takes two people for one because their addresses are alike.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dispatch.domain.contacts import ContactRefused, parse_email
from dispatch.domain.errors import Kind, Refusal
from dispatch.domain.permissions import ASSIGNABLE, Role
from dispatch.domain.texts import clean_line
from dispatch.domain.users import HIGHEST_KEY, LONGEST_NAME

LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2: a subject has at most 255 ASCII characters."""


class Entry(NamedTuple):
    """A part of `OIDC_ROLES`: who is in the group has the role; requesters in a unit, regional ones for an area."""

    group: str
    role: Role
    organisation_id: int | None = None
    area: str | None = None


class EntryFault(NamedTuple):
    """What is wrong with an entry as it was written."""

    entry: str
    code: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What the provider's groups make of somebody."""

    role: Role
    organisation_id: int | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Who the provider says it is: issuer and subject; the address only if the provider has verified it."""

    issuer: str
    subject: str
    name: str
    email: str | None
    groups: frozenset[str]


class Cause(StrEnum):
    """Why somebody the provider knows does not get in."""

    DENIED = "denied"
    NO_GROUP = "no_group"
    NO_ADDRESS = "no_address"
    ADDRESS_TAKEN = "address_taken"
    INCOMPLETE = "incomplete"
    DISABLED = "disabled"
    LAST_ADMINISTRATOR = "last_administrator"
    OTHER_ROLE = "other_role"
    OTHER_ACCOUNT = "other_account"
    CONNECTED = "connected"
    ONLY_WAY = "only_way"


class SignOnFailed(Refusal):
    """Single sign-on did not lead to where it should."""


class SignOnRefused(SignOnFailed):
    """The provider knows the person, and we do not let them in; `cause` says why."""

    kind = Kind.FORBIDDEN
    code = "sign_on_refused"

    def __init__(self, cause: Cause) -> None:
        self.cause = cause
        super().__init__(cause.value)


class SignOnExpired(SignOnFailed):
    """The way back from the provider does not belong to a sign-in that was begun here, lately, and not yet used."""

    kind = Kind.GONE
    code = "sign_on_expired"


class SignOnUntrusted(SignOnFailed):
    """What the provider handed over is not what was asked for, or not signed by it."""

    kind = Kind.FORBIDDEN
    code = "sign_on_untrusted"


class ProviderUnreachable(SignOnFailed):
    """The provider does not answer, or not as agreed; nothing can be said about the person."""

    kind = Kind.BUSY
    code = "provider_unreachable"


def parse_roles(text: str) -> tuple[tuple[Entry, ...], tuple[EntryFault, ...]]:
    """Return the entries of `group=role[:organisation or area]`, in order, and what is wrong with the others.

    Commas part them, semicolons where there is one (names of groups may hold commas). Faults: no_role, unknown_role,
    personal_role (a mediator's account belongs to one person), needs_organisation, needs_area, takes_nothing, twice.
    """
    entries: list[Entry] = []
    faults: list[EntryFault] = []
    for raw in text.split(";" if ";" in text else ","):
        written = raw.strip()
        if not written:
            continue
        read = _parse_entry(written)
        if isinstance(read, Entry) and _hides(read, entries):
            read = "twice"
        if isinstance(read, Entry):
            entries.append(read)
        else:
            faults.append(EntryFault(written, read))
    return tuple(entries), tuple(faults)


def _parse_entry(written: str) -> Entry | str:
    group, _, right = written.rpartition("=")
    word, _, detail = (part.strip() for part in right.partition(":"))
    if not group.strip() or not word:
        return "no_role"
    if word not in ASSIGNABLE:
        return "unknown_role"
    role = Role(word)
    match role:
        case Role.MEDIATOR:
            return "personal_role"
        case Role.REQUESTER:
            number = int(detail) if detail.isascii() and detail.isdigit() and len(detail) <= 10 else 0
            is_key = 0 < number <= HIGHEST_KEY
            return Entry(group.strip(), role, organisation_id=number) if is_key else "needs_organisation"
        case Role.REGIONAL_COORDINATOR:
            return Entry(group.strip(), role, area=detail) if detail else "needs_area"
        case _:
            return "takes_nothing" if detail else Entry(group.strip(), role)


def _hides(new: Entry, entries: Sequence[Entry]) -> bool:
    """Tell whether an earlier entry of the group leaves this one without effect; areas add up."""
    same = [entry for entry in entries if entry.group == new.group]
    return new in same or any(not new.area or not entry.area for entry in same)


def groups_in(claims: Mapping[str, object], path: str) -> frozenset[str]:
    """Return the groups in the claim, which lies deeper where the path has dots (`realm_access.roles`).

    A claim whose whole name is the path comes first; what is neither a text nor a list of texts holds none.
    """
    found: object = claims.get(path)
    if path not in claims:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    many = [found] if isinstance(found, str) else found
    return frozenset(each for each in many if isinstance(each, str)) if isinstance(many, list) else frozenset()


def grant_of(entries: Sequence[Entry], groups: Collection[str]) -> Grant | None:
    """Return what the groups make of somebody, None when no entry names one of them.

    The first entry in the order of `OIDC_ROLES` decides: our roles are no ladder, an administrator may less than a
    coordinator in many things. Areas of a regional coordinator add up over all entries for that role.
    """
    held = [entry for entry in entries if entry.group in groups]
    if not held:
        return None
    first = held[0]
    areas = [entry.area for entry in held if entry.area] if first.role is Role.REGIONAL_COORDINATOR else []
    return Grant(first.role, first.organisation_id, tuple(dict.fromkeys(areas)))


def person_of(issuer: str, claims: Mapping[str, object], groups_claim: str) -> Person:
    """Return who the provider's claims speak of. Raises SignOnUntrusted for a subject that the standard forbids."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > LONGEST_SUBJECT or not _is_plain(subject):
        raise SignOnUntrusted
    email = _verified_address(claims)
    name = claims.get("name")
    cleaned = clean_line(name, LONGEST_NAME) if isinstance(name, str) else None
    known_as = cleaned.text if cleaned and cleaned.text and not cleaned.codes else (email or subject)
    return Person(issuer, subject, known_as[:LONGEST_NAME], email, groups_in(claims, groups_claim))


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _verified_address(claims: Mapping[str, object]) -> str | None:
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") not in (True, "true"):
        return None
    try:
        return parse_email(email)
    except ContactRefused:
        return None


def refuse_stranger(grant: Grant | None, email: str | None, *, is_taken: bool) -> Cause | None:
    """Tell why no account is made for somebody who comes for the first time; None: one is made."""
    if grant is None:
        return Cause.NO_GROUP
    if email is None:
        return Cause.NO_ADDRESS
    return Cause.ADDRESS_TAKEN if is_taken else None


def refuse_known(grant: Grant | None, *, is_active: bool, has_lost: bool) -> Cause | None:
    """Tell why somebody with an account does not get in; who `has_lost` every group and has one again does."""
    if not is_active and not has_lost:
        return Cause.DISABLED
    return Cause.NO_GROUP if grant is None else None


def refuse_link(
    grant: Grant | None, *, role: Role, organisation_id: int | None, is_others: bool, is_connected: bool
) -> Cause | None:
    """Tell why an account is not connected: connecting gives nobody another role or unit than the account has."""
    if is_others:
        return Cause.OTHER_ACCOUNT
    if is_connected:
        return Cause.CONNECTED
    if grant is None:
        return Cause.NO_GROUP
    return None if (grant.role, grant.organisation_id) == (role, organisation_id) else Cause.OTHER_ROLE
