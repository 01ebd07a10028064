"""Describe a mediator as programs send and get her; read what they send into what the services take."""

from collections.abc import Mapping
from typing import Any

from dispatch.api import fields
from dispatch.api.fields import Schema
from dispatch.api.paging import Paging, not_given
from dispatch.api.places import HomeSchema, read_home, write_home
from dispatch.domain.candidates import Gender
from dispatch.domain.languages import Level
from dispatch.domain.mediators import ContactChannel, TypedDocument, TypedSpoken
from dispatch.domain.modes import Mode
from dispatch.domain.settings import Qualification
from dispatch.domain.travel import Transport
from dispatch.reference.phones import read_phone

TEXTS = (
    "name", "call_name", "email", "contact_channel", "call_times", "gender", "german_level", "qualification",
    "transport", "ui_language", "external_id", "remarks",
)  # fmt: skip
PLAIN = (
    "max_distance_km", "weekly_hours_limit", "night", "short_notice", "avoid_own_municipality", "share_phone",
    "share_surname", "active",
)  # fmt: skip
LISTS = ("experience", "refused_settings", "refused_organisations", "modes")


def _codes(told: str, **more: Any) -> fields.Many:
    return fields.Many(fields.Text(longest=40), metadata={"description": told}, **more)


class SpokenSchema(Schema):
    """A language she interprets."""

    code = fields.Text(required=True, longest=12, metadata={"description": "One of `/languages`."})
    level = fields.Choice(Level, required=True)
    dialects = fields.Many(fields.Text(longest=200), metadata={"description": "In plain words."})


class DocumentSchema(Schema):
    """A document that somebody of the service has seen."""

    type = fields.Text(required=True, longest=40, metadata={"description": "One of the district's types."})
    issued_on = fields.Day(allow_none=True)
    seen_on = fields.Day(required=True)
    valid_until = fields.Day(allow_none=True)


class _Parts(Schema):
    """What a mediator's record may hold beside what it must."""

    call_name = fields.Text(longest=200, metadata={"description": "What offices read; usually the first name."})
    email = fields.Text(allow_none=True, longest=254)
    phone = fields.Text(allow_none=True, longest=40, metadata={"description": "Answered as E.164."})
    contact_channel = fields.Choice(ContactChannel, metadata={"description": "How she is asked."})
    call_times = fields.Text(allow_none=True, longest=200, metadata={"description": "When to phone, in her words."})
    gender = fields.Choice(Gender, allow_none=True)
    qualification = fields.Choice(Qualification)
    experience = _codes("Codes of `/settings`.")
    refused_settings = _codes("Codes of `/settings` she does not want.")
    refused_organisations = fields.Many(fields.Id(), metadata={"description": "Organisations she does not work for."})
    transport = fields.Choice(Transport, metadata={"description": "How she travels; lift: somebody drives her."})
    max_distance_km = fields.Whole(allow_none=True, least=1, most=10_000)
    weekly_hours_limit = fields.Number(allow_none=True, most=168)
    night = fields.Flag(metadata={"description": "May be asked for talks at night."})
    short_notice = fields.Flag(metadata={"description": "May be asked shortly before."})
    avoid_own_municipality = fields.Flag(metadata={"description": "Not to be asked where she lives."})
    share_phone = fields.Flag(metadata={"description": "Offices read her number."})
    share_surname = fields.Flag(metadata={"description": "Offices read her whole name."})
    documents = fields.Many(fields.Part(DocumentSchema))
    active = fields.Flag(metadata={"description": "Can be asked."})
    ui_language = fields.Text(longest=20, metadata={"description": "In which she is written to."})
    external_id = fields.Text(allow_none=True, longest=200, metadata={"description": "Her key in another system."})
    remarks = fields.Text(allow_none=True, longest=500)


class NewMediatorSchema(_Parts):
    """A mediator to enter."""

    name = fields.Text(required=True, longest=200)
    home = fields.Part(HomeSchema, required=True)
    languages = fields.Many(fields.Part(SpokenSchema), required=True)
    german_level = fields.Choice(Level, required=True)
    modes = fields.Many(fields.Choice(Mode), required=True)


class MediatorChangeSchema(_Parts):
    """What changes; lists and `home` are replaced as a whole. `version` is the one that was read."""

    version = fields.Whole(required=True, least=1)
    name = fields.Text(longest=200)
    home = fields.Part(HomeSchema)
    languages = fields.Many(fields.Part(SpokenSchema))
    german_level = fields.Choice(Level)
    modes = fields.Many(fields.Choice(Mode))


class MediatorSchema(_Parts):
    """A mediator, as far as the reader may know her: who may only find people gets the four required fields."""

    id = fields.Id(required=True)
    name = fields.Text(required=True)
    languages = fields.Many(fields.Part(SpokenSchema), required=True)
    active = fields.Flag(required=True)
    version = fields.Whole(least=1)
    badge_number = fields.Whole(allow_none=True, metadata={"description": "What an office may ask for at the door."})
    home = fields.Part(HomeSchema)
    german_level = fields.Choice(Level)
    modes = fields.Many(fields.Choice(Mode))


class MediatorFilters(Paging):
    """What the list is narrowed to."""

    language = fields.Text(
        longest=12, load_default="", metadata={"description": "A code; of an umbrella its varieties too."}
    )
    municipality = fields.Text(
        longest=8, load_default="", metadata={"description": "A key (AGS), or `outside` for outside the district."}
    )
    active = fields.Flag(is_text=True, load_default=not_given, metadata={"description": "Left out: all."})


def read(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a body says by the fields of TypedMediator; what it does not name is left out."""
    found: dict[str, Any] = {name: body[name] or "" for name in TEXTS if name in body}
    found |= {name: body[name] for name in PLAIN if name in body}
    found |= {name: tuple(body[name]) for name in LISTS if name in body}
    if "phone" in body:
        found["phone"] = read_phone(body["phone"] or "")
    if "home" in body:
        found["home"] = read_home(body["home"])
    if "languages" in body:
        found["languages"] = tuple(
            TypedSpoken(one["code"], one["level"], tuple(one.get("dialects", ()))) for one in body["languages"]
        )
    if "documents" in body:
        found["documents"] = tuple(
            TypedDocument(one["type"], one["seen_on"], one.get("issued_on"), one.get("valid_until"))
            for one in body["documents"]
        )
    return found


def write(mediator_id: int, parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as it is answered; an empty text is null."""
    shown: dict[str, Any] = {name: value if value != "" else None for name, value in parts.items()}
    if "home" in parts:
        shown["home"] = write_home(parts["home"])
    return {"id": mediator_id, **shown}
