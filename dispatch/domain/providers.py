"""Decide whether the record of a provider holds, and which providers serve a request.

A provider is help from outside: another pool, a service by phone or video, an agency. It never decides who is asked.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.domain.findings import Findings


class ProviderKind(StrEnum):
    """What a provider is."""

    NEIGHBOURING_POOL = "neighbouring_pool"
    PHONE_SERVICE = "phone_service"
    VIDEO_SERVICE = "video_service"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class ProviderOptions:
    """Option: bounds of what may be typed, in characters and languages."""

    name: int = 120
    line: int = 200
    hint: int = 500
    languages: int = 200


DEFAULT = ProviderOptions()


@dataclass(frozen=True, slots=True)
class TypedProvider:
    """The record of a provider as typed; no language at all means every language."""

    name: str = ""
    kind: str = ""
    phone: str = ""
    email: str = ""
    url: str = ""
    hours: str = ""
    hint: str = ""
    languages: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class NewProvider:
    """The record of a provider that holds; what was left open is None or empty."""

    name: str
    kind: ProviderKind
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    hours: str | None = None
    hint: str | None = None
    languages: tuple[str, ...] = ()
    active: bool = True


def check(
    typed: TypedProvider,
    languages: Collection[str],
    *,
    taken: Collection[str] = (),
    found: Mapping[str, Iterable[str]] | None = None,
    options: ProviderOptions = DEFAULT,
) -> NewProvider:
    """Return the record if it holds; raises Invalid with the codes of each field.

    It needs a number or an address. `taken` are the names of the others, `languages` the codes there are.
    """
    findings = Findings(found)
    name = findings.line("name", typed.name, options.name)
    findings.require("name", name)
    if name in taken:
        findings.add("name", "taken")
    if len(typed.languages) > options.languages:
        findings.add("languages", "too_many")
    provider = NewProvider(
        name=name or "",
        kind=findings.required_member("kind", ProviderKind, typed.kind),
        phone=findings.phone("phone", typed.phone),
        email=findings.email("email", typed.email),
        url=findings.link("url", typed.url),
        hours=findings.line("hours", typed.hours, options.line),
        hint=findings.prose("hint", typed.hint, options.hint),
        languages=findings.codes("languages", languages, typed.languages),
        active=typed.active,
    )
    if not provider.phone and not provider.email and not findings.concerns("email"):
        findings.require("phone", None)
    findings.raise_if_any()
    return provider


def serves(spoken: Collection[str], asked: Iterable[str]) -> bool:
    """Tell whether a provider of these languages serves one of the asked ones; without any it serves all."""
    return not spoken or not set(spoken).isdisjoint(asked)
