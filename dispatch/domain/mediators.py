"""Hold what the record of a mediator is, typed and checked; the checks themselves are `mediator_checks`.

It never decides whom she fits.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from dispatch.domain import document_types
from dispatch.domain.candidates import Document, Gender
from dispatch.domain.document_types import DocumentTypes
from dispatch.domain.languages import Level, Spoken
from dispatch.domain.modes import Mode
from dispatch.domain.places import Place, Places, TypedPlace
from dispatch.domain.settings import Qualification
from dispatch.domain.travel import Transport


class ContactChannel(StrEnum):
    """How the service reaches a mediator."""

    MAIL = "mail"
    PHONE = "phone"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class MediatorOptions:
    """Option: bounds of what may be typed (characters, kilometres, hours a week) and what is assumed."""

    name: int = 120
    line: int = 200
    remarks: int = 500
    languages: int = 20
    furthest_km: int = 500
    usual_km: int = 40
    most_weekly_hours: float = 60
    share_phone: bool = False
    ui_language: str = "de"


DEFAULT = MediatorOptions()


class TypedSpoken(NamedTuple):
    """A language as typed: its code, its level, words for dialects."""

    code: str
    level: str
    dialects: tuple[str, ...] = ()


class TypedDocument(NamedTuple):
    """A document as typed; the dates are read by the edge."""

    type: str
    seen_on: date | None
    issued_on: date | None = None
    valid_until: date | None = None


class SeenDocument(NamedTuple):
    """A document and the day on which somebody of the service saw it."""

    document: Document
    seen_on: date


@dataclass(frozen=True, slots=True)
class TypedMediator:
    """A mediator's record as it was typed, posted or imported: the phone number E.164, codes unchecked."""

    name: str = ""
    call_name: str = ""
    email: str = ""
    phone: str = ""
    contact_channel: str = ""
    call_times: str = ""
    gender: str = ""
    home: TypedPlace = field(default_factory=TypedPlace)
    languages: tuple[TypedSpoken, ...] = ()
    german_level: str = ""
    qualification: str = ""
    experience: tuple[str, ...] = ()
    refused_settings: tuple[str, ...] = ()
    refused_organisations: tuple[int, ...] = ()
    modes: tuple[str, ...] = ()
    transport: str = ""
    max_distance_km: int | None = None
    weekly_hours_limit: float | None = None
    night: bool = False
    short_notice: bool = False
    avoid_own_municipality: bool = False
    share_phone: bool = False
    share_surname: bool = False
    documents: tuple[TypedDocument, ...] = ()
    active: bool = True
    ui_language: str = ""
    external_id: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class NewMediator:
    """A mediator's record that holds; what was left open is None or empty. `call_name` is what offices see."""

    name: str
    call_name: str
    contact_channel: ContactChannel
    home: Place
    languages: tuple[Spoken, ...]
    german_level: Level
    modes: tuple[Mode, ...]
    email: str | None = None
    phone: str | None = None
    call_times: str | None = None
    gender: Gender | None = None
    qualification: Qualification = Qualification.LAY
    experience: frozenset[str] = frozenset()
    refused_settings: frozenset[str] = frozenset()
    refused_organisations: frozenset[int] = frozenset()
    transport: Transport = Transport.PUBLIC
    max_distance_km: int = DEFAULT.usual_km
    weekly_hours_limit: float | None = None
    night: bool = False
    short_notice: bool = False
    avoid_own_municipality: bool = False
    share_phone: bool = False
    share_surname: bool = False
    documents: tuple[SeenDocument, ...] = ()
    active: bool = True
    ui_language: str = DEFAULT.ui_language
    external_id: str | None = None
    remarks: str | None = None


@dataclass(frozen=True, slots=True)
class PoolContext:
    """What the checks must know: codes of languages and settings, places, units, locales that may be kept."""

    known_languages: Collection[str]
    settings: Collection[str]
    places: Places
    organisations: Collection[int]
    ui_languages: Collection[str]
    document_types: DocumentTypes = document_types.DEFAULT
