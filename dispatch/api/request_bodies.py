"""Read the bodies of requests: what is given becomes the fields of a TypedRequest, the domain checks them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dispatch.api import fields
from dispatch.api.fields import Schema
from dispatch.api.on_behalf import OnBehalfSchema
from dispatch.domain.blocks import TypedTalk
from dispatch.domain.candidates import Gender
from dispatch.domain.intake import TypedIntake
from dispatch.domain.languages import Level
from dispatch.domain.modes import Mode
from dispatch.domain.places import TypedPlace
from dispatch.domain.requests import Consent, Continuity, Policy, TypedRequest
from dispatch.domain.settings import Protection, Qualification
from dispatch.reference.phones import read_phone
from dispatch.services.blocks import end_of

_TEXTS = (
    "level", "dialect", "language_text", "setting", "protection", "mode", "qualification", "case_token", "continuity",
    "consent", "reference", "notes", "policy", "meeting_point",
)  # fmt: skip
_LISTS = ("languages", "fallback_modes", "preferred_mediators", "exclude_mediators", "avoid_municipalities")
_SAME = ("starts_at", "ends_at", "last_useful_answer_at", "accept_related", "minor", "wants_approval")
_TOWN = ("municipality", "postal_code", "town")


class PlaceBody(Schema):
    """Where to meet: a municipality of the district, or a postal code with its town; `address` and `note` there."""

    municipality = fields.Text(allow_none=True, metadata={"description": "Its official key (AGS)."})
    postal_code = fields.Text(allow_none=True)
    town = fields.Text(allow_none=True)
    address = fields.Text(allow_none=True, metadata={"description": "Required on site, unless the case is protected."})
    note = fields.Text(allow_none=True)


class AccessBody(Schema):
    """How a talk on the phone or by video is reached."""

    phone = fields.Text(allow_none=True)
    url = fields.Text(allow_none=True)


class ContactBody(Schema):
    """Whom of the office the mediator asks for: both or none."""

    name = fields.Text(allow_none=True)
    phone = fields.Text(allow_none=True)


class GenderBody(Schema):
    """The gender wished for; `strict`: it is a condition."""

    value = fields.Choice(Gender, allow_none=True)
    strict = fields.Flag()


class TalkBody(Schema):
    """One of several short talks, one after the other."""

    minutes = fields.Whole(required=True, least=1, most=1440)
    reference = fields.Text(allow_none=True)
    case_token = fields.Text(allow_none=True, metadata={"description": "Only for the follow-up of a case."})


class CallerBody(Schema):
    """Who asked for the office, and how to answer: for coordinators who take a request down."""

    name = fields.Text(allow_none=True)
    phone = fields.Text(allow_none=True)
    email = fields.Text(allow_none=True)


class _RequestFields(OnBehalfSchema):
    """What a request may hold, whether it is made or changed."""

    languages = fields.Many(fields.Text(), metadata={"description": "Codes in order of preference."})
    level = fields.Choice(Level, allow_none=True, metadata={"description": "If not that of the setting."})
    accept_related = fields.Flag(metadata={"description": "Close languages serve too."})
    dialect = fields.Text(allow_none=True)
    language_text = fields.Text(allow_none=True, metadata={"description": "Names a language that has no code."})
    setting = fields.Text(metadata={"description": "A code of GET /settings."})
    protection = fields.Choice(Protection, allow_none=True, metadata={"description": "If higher than the setting's."})
    mode = fields.Choice(Mode)
    fallback_modes = fields.Many(fields.Choice(Mode))
    starts_at = fields.Instant()
    ends_at = fields.Instant()
    place = fields.Part(PlaceBody, allow_none=True, metadata={"description": "Required on site."})
    access = fields.Part(AccessBody, allow_none=True)
    contact = fields.Part(ContactBody, allow_none=True)
    gender = fields.Part(GenderBody, allow_none=True)
    qualification = fields.Choice(
        Qualification, allow_none=True, metadata={"description": "If higher than the setting's."}
    )
    minor = fields.Flag(metadata={"description": "A minor without a guardian in the room."})
    continuity = fields.Choice(Continuity, allow_none=True)
    exclude_mediators = fields.Many(fields.Id())
    preferred_mediators = fields.Many(fields.Id())
    avoid_municipalities = fields.Many(
        fields.Text(), metadata={"description": "Who lives in one of these (AGS) is not asked."}
    )
    consent = fields.Choice(Consent)
    last_useful_answer_at = fields.Instant(
        allow_none=True, metadata={"description": "By when an answer must be there to be of use."}
    )
    reference = fields.Text(allow_none=True, metadata={"description": "The office's own, without names."})
    notes = fields.Text(allow_none=True, metadata={"description": "At most 500 characters, without names."})
    policy = fields.Choice(Policy, allow_none=True, metadata={"description": "Chosen by coordinators."})
    meeting_point = fields.Text(allow_none=True, metadata={"description": "The neutral place of a protected case."})
    wants_approval = fields.Flag(metadata={"description": "The office agrees to who comes first."})
    talks = fields.Many(fields.Part(TalkBody), metadata={"description": "None of it: a single talk."})


class RequestChange(_RequestFields):
    """What to change of a request: fields that are left out stay, null empties one.

    Of an object within it the members that are given change; a place is named anew by any of municipality, postal
    code and town.
    """

    version = fields.Whole(required=True, least=1, metadata={"description": "The version that was read."})
    organisation = fields.Id(metadata={"description": "A request stays with its unit."})


class NewRequestBody(_RequestFields):
    """A request; there is no field for a client's name."""

    organisation = fields.Id(metadata={"description": "Who asks; the unit of the token's user if left out."})
    languages = fields.Many(fields.Text(), required=True, metadata={"description": "Codes in order of preference."})
    setting = fields.Text(required=True, metadata={"description": "A code of GET /settings."})
    mode = fields.Choice(Mode, required=True)
    starts_at = fields.Instant(required=True)
    ends_at = fields.Instant(
        metadata={"description": "Required, but for a block of `talks`: it ends where the last one does."}
    )
    consent = fields.Choice(Consent, required=True, metadata={"description": "`known`: the person knows and agrees."})
    case_token = fields.Text(allow_none=True, metadata={"description": "The code of an earlier request of this case."})
    caller = fields.Part(CallerBody, allow_none=True, metadata={"description": "Only with `on_behalf`."})


def given(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a body gives as fields of a TypedRequest."""
    found: dict[str, Any] = {name: body[name] for name in _SAME if name in body}
    found |= {name: body[name] or "" for name in _TEXTS if name in body}
    found |= {name: tuple(body[name]) for name in _LISTS if name in body}
    if "organisation" in body:
        found["organisation_id"] = body["organisation"]
    if "talks" in body:
        found["talks"] = tuple(
            TypedTalk(talk["minutes"], talk.get("reference") or "", talk.get("case_token") or "")
            for talk in body["talks"]
        )
    return found | _members(body) | _town(body)


def typed(body: Mapping[str, Any], organisation_id: int | None) -> TypedRequest:
    """Return the request that a body describes; `organisation_id` is who asks if it does not say."""
    request = TypedRequest(**{"organisation_id": organisation_id} | given(body))
    if request.talks and request.starts_at and "ends_at" not in body:
        return replace(request, ends_at=end_of(request.starts_at, request.talks))
    return request


def typed_caller(body: Mapping[str, Any] | None) -> TypedIntake:
    """Return who asked for the office."""
    caller = body or {}
    return TypedIntake(
        caller_name=caller.get("name") or "",
        caller_phone=read_phone(caller.get("phone") or ""),
        caller_email=caller.get("email") or "",
    )


def _members(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the objects within the body give; null empties all of one."""
    found: dict[str, Any] = {}
    for name, member, target, empty in _WITHIN:
        if name in body and (body[name] is None or member in body[name]):
            value: Any = (body[name] or {}).get(member) or empty
            found[target] = read_phone(value) if member == "phone" else value
    return found


def _town(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the place if the body names one anew, or none."""
    if "place" not in body:
        return {}
    place = body["place"]
    if place is None:
        return {"place": TypedPlace()}
    is_named = any(name in place for name in _TOWN)
    return {"place": TypedPlace(*(place.get(name) or "" for name in _TOWN))} if is_named else {}


_WITHIN = (
    ("place", "address", "address", ""),
    ("place", "note", "place_note", ""),
    ("access", "phone", "access_phone", ""),
    ("access", "url", "access_url", ""),
    ("contact", "name", "contact_name", ""),
    ("contact", "phone", "contact_phone", ""),
    ("gender", "value", "gender", ""),
    ("gender", "strict", "gender_strict", False),
)
"""Objects within a body, their members, the fields of a TypedRequest these become, and what stands for none."""
