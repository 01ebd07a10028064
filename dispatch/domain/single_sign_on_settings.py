"""Decide whether the settings of single sign-on make sense; it never asks the provider."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from dispatch.domain.single_sign_on import Entry, parse_roles

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_ISSUER = 255
NEEDED = ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_ROLES")
VARIABLES = ("OIDC_ISSUER", *NEEDED, "OIDC_NAME", "OIDC_SCOPES", "OIDC_GROUPS_CLAIM")


@dataclass(frozen=True, slots=True)
class Settings:
    """How one provider is reached, and what its groups mean here; `name` is the word people know it by."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scopes: str
    groups_claim: str
    entries: tuple[Entry, ...]

    @property
    def is_on_this_machine(self) -> bool:
        """Tell whether the provider runs on loopback, where nothing is encrypted."""
        return (urlsplit(self.issuer).hostname or "") in LOOPBACK


class SettingFault(NamedTuple):
    """A variable, what is wrong with it, and the part of its value that is."""

    variable: str
    code: str
    part: str = ""


def read_settings(values: Mapping[str, str]) -> tuple[Settings | None, tuple[SettingFault, ...]]:
    """Return the settings, None where single sign-on is off or at fault, and the faults.

    Codes: required, not_an_issuer, not_secure, no_openid, not_a_claim, and those of `parse_roles`.
    """
    issuer = values.get("OIDC_ISSUER", "")
    entries, wrong = parse_roles(values.get("OIDC_ROLES", ""))
    if not issuer:
        is_begun = any(values.get(name) for name in NEEDED)
        return None, (SettingFault("OIDC_ISSUER", "required"),) if is_begun else ()
    faults = [
        *_faults_of_issuer(issuer),
        *(SettingFault(name, "required") for name in NEEDED if not values.get(name)),
        *(SettingFault("OIDC_ROLES", fault.code, fault.entry) for fault in wrong),
        *_faults_of_words(values),
    ]
    if faults:
        return None, tuple(faults)
    settings = Settings(
        issuer,
        values["OIDC_CLIENT_ID"],
        values["OIDC_CLIENT_SECRET"],
        values.get("OIDC_NAME") or (urlsplit(issuer).hostname or ""),
        values["OIDC_SCOPES"],
        values["OIDC_GROUPS_CLAIM"],
        entries,
    )
    return settings, ()


def is_secure(address: str, *, on_this_machine: bool) -> bool:
    """Tell whether the provider may be asked at this address: https; without it on loopback only."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and on_this_machine and host in LOOPBACK)


def _faults_of_issuer(issuer: str) -> Iterable[SettingFault]:
    try:
        parts = urlsplit(issuer)
        is_address = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        is_address = False
    if not is_address or len(issuer) > LONGEST_ISSUER:
        yield SettingFault("OIDC_ISSUER", "not_an_issuer")
    elif not is_secure(issuer, on_this_machine=True):
        yield SettingFault("OIDC_ISSUER", "not_secure")


def _faults_of_words(values: Mapping[str, str]) -> Iterable[SettingFault]:
    if "openid" not in values.get("OIDC_SCOPES", "").split():
        yield SettingFault("OIDC_SCOPES", "no_openid")
    if not all(values.get("OIDC_GROUPS_CLAIM", "").split(".")):
        yield SettingFault("OIDC_GROUPS_CLAIM", "not_a_claim")
