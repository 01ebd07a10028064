"""Check the settings of single sign-on, and name what does not hold; the provider is not asked.

A service whose provider is down still starts: people sign in with their passwords.
"""

from flask import Flask

from dispatch.domain.single_sign_on import Entry
from dispatch.domain.single_sign_on_settings import VARIABLES, SettingFault, Settings, read_settings
from dispatch.services import single_sign_on

SENTENCES = {
    "not_an_issuer": "{variable} must be the address of the provider, at most 255 characters, without query.",
    "not_secure": "{variable} must begin with https:// (http:// on this machine only).",
    "no_openid": "{variable} must hold openid.",
    "not_a_claim": "{variable} must be the name of a claim.",
    "no_role": "{variable}, {part}: must be GROUP=ROLE.",
    "unknown_role": "{variable}, {part}: there is no such role.",
    "personal_role": "{variable}, {part}: an account of a mediator belongs to one person; no group can give it.",
    "needs_organisation": "{variable}, {part}: must be GROUP=requester:ID with the number of an organisation.",
    "needs_area": "{variable}, {part}: must be GROUP=regional_coordinator:AREA with a social area.",
    "takes_nothing": "{variable}, {part}: nothing may follow this role.",
    "twice": "{variable}, {part}: an entry before it settles this group already.",
}


def faults(app: Flask, *, deploy: bool) -> list[str]:
    """Return a sentence for each setting that does not make sense."""
    settings, found = _read(app)
    sentences = [_sentence(fault) for fault in found]
    if deploy and settings and settings.is_on_this_machine:
        sentences.append("OIDC_ISSUER must not be on this machine.")
    return sentences


def missing(app: Flask) -> list[str]:
    """Return a sentence for each organisation or area of `OIDC_ROLES` that is not there; needs the database."""
    settings, _found = _read(app)
    entries = single_sign_on.unknown_targets(settings.entries) if settings else []
    return [f"OIDC_ROLES, {entry.group}: there is no {_target(entry)}." for entry in entries]


def _target(entry: Entry) -> str:
    return f"area {entry.area}" if entry.area else f"organisation {entry.organisation_id}"


def _read(app: Flask) -> tuple[Settings | None, tuple[SettingFault, ...]]:
    return read_settings({name: app.config[name] for name in VARIABLES})


def _sentence(fault: SettingFault) -> str:
    if fault.code == "required":
        other = "another OIDC_ setting" if fault.variable == "OIDC_ISSUER" else "OIDC_ISSUER"
        return f"{fault.variable} must be set when {other} is."
    return SENTENCES[fault.code].format(variable=fault.variable, part=fault.part)
