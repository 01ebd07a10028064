"""Describe offers as programs get them, and what an answer brings: no more than the mediator reads before her yes."""

from typing import Any

from dispatch.api import fields
from dispatch.api.candidates import MediatorNameSchema
from dispatch.api.fields import Schema
from dispatch.api.on_behalf import OnBehalfSchema
from dispatch.api.paging import Paging, not_given
from dispatch.domain.lifecycle import DeclineReason, OfferState, WithdrawalCause
from dispatch.domain.modes import Mode
from dispatch.domain.offers import Verdict
from dispatch.domain.settings import SettingGroup
from dispatch.messages import why_asked
from dispatch.services.offer_pages import Line, Page


class AskedTalkSchema(Schema):
    """What it is about, as far as an offer tells it; null is what it does not tell."""

    number = fields.Whole(required=True, metadata={"description": "The request's number."})
    languages = fields.Many(fields.Text(), required=True)
    dialect = fields.Text(required=True, allow_none=True)
    starts_at = fields.Instant(required=True)
    ends_at = fields.Instant(required=True)
    mode = fields.Choice(Mode, required=True, allow_none=True)
    place = fields.Text(required=True, allow_none=True, metadata={"description": "A town, or an area with its name."})
    group = fields.Choice(SettingGroup, required=True, allow_none=True)
    talks = fields.Whole(
        required=True, metadata={"description": "How many talks one after the other; 0: a single one."}
    )


class OfferSchema(Schema):
    """A request put to one mediator."""

    id = fields.Id(required=True)
    request = fields.Id(required=True)
    mediator = fields.Part(MediatorNameSchema, required=True)
    state = fields.Choice(OfferState, required=True)
    revision = fields.Whole(required=True, metadata={"description": "The revision of the request it was made for."})
    sent_at = fields.Instant(required=True)
    deadline_at = fields.Instant(required=True)
    answered_at = fields.Instant(required=True, allow_none=True)
    cause = fields.Choice(WithdrawalCause, required=True, allow_none=True)
    reason = fields.Choice(DeclineReason, required=True, allow_none=True)
    verdict = fields.Choice(Verdict, required=True, metadata={"description": "What a yes would come to now."})
    talk = fields.Part(AskedTalkSchema, required=True)
    distance_km = fields.Whole(required=True, metadata={"description": "Estimated; of sensitive cases rounded up."})
    travel_minutes = fields.Whole(required=True, allow_none=True)
    why = fields.Many(
        fields.Text(), required=True, metadata={"description": "Why she is asked, in the asked language."}
    )


class OneOfferSchema(OfferSchema):
    """An offer by itself."""

    asked = fields.Whole(required=True, metadata={"description": "How many people were asked at the same time."})
    appointment = fields.Id(
        required=True, allow_none=True, metadata={"description": "The one that her yes made, while it stands."}
    )
    awaits_office = fields.Flag(required=True, metadata={"description": "Her yes still needs that of the office."})


class OfferFilters(Paging):
    """Which offers a list holds."""

    state = fields.Choice(OfferState, load_default=not_given)


class DeclineOfferBody(OnBehalfSchema):
    """A no, with its reason if she gives one."""

    reason = fields.Choice(DeclineReason, allow_none=True, load_default=None)


class AskBody(Schema):
    """Whom to ask; without names the next wave."""

    mediator_ids = fields.Many(fields.Id(), allow_none=True, load_default=None)


class PlannedSchema(Schema):
    """Who is asked and when, in order of rank; of a wave these are whom it would ask as things stand."""

    due_at = fields.Instant(required=True)
    mediator_ids = fields.Many(fields.Id(), required=True)


def write(line: Line) -> dict[str, Any]:
    """Return an offer as it is answered."""
    talk = {name: getattr(line.talk, name) for name in AskedTalkSchema._declared_fields}
    return {
        "id": line.offer_id,
        "request": line.request_id,
        "mediator": {"id": line.mediator_id, "name": line.mediator_name},
        "state": line.state,
        "revision": line.revision,
        "sent_at": line.sent_at,
        "deadline_at": line.deadline_at,
        "answered_at": line.answered_at,
        "cause": line.cause,
        "reason": line.reason,
        "verdict": line.verdict,
        "talk": talk | {"mode": line.talk.mode or None},
        "distance_km": line.km,
        "travel_minutes": line.travel_minutes,
        "why": why_asked(line.breakdown),
    }


def write_one(shown: Page) -> dict[str, Any]:
    """Return an offer by itself."""
    more = {"asked": shown.asked, "appointment": shown.appointment_id, "awaits_office": shown.awaits_office}
    return write(shown) | more
