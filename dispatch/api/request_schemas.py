"""Describe what programs are answered about requests.

What a reader may not know is left out; what is empty is null.
"""

from dispatch.api import fields
from dispatch.api.fields import Schema
from dispatch.domain.blocks import TalkOutcome
from dispatch.domain.candidates import Gender
from dispatch.domain.languages import Level
from dispatch.domain.lifecycle import AppointmentState, CancelReason, RequestState, UnfilledReason
from dispatch.domain.modes import Mode
from dispatch.domain.requests import Consent, Continuity, Policy
from dispatch.domain.settings import Protection, Qualification
from dispatch.services.appointment_access import CHANNELS


class PlaceSchema(Schema):
    """Where to meet; address and note are left out for readers who may not know them, as in lists."""

    municipality = fields.Text(required=True, allow_none=True, metadata={"description": "Its official key (AGS)."})
    postal_code = fields.Text(required=True, allow_none=True)
    town = fields.Text(required=True, allow_none=True)
    address = fields.Text(allow_none=True)
    note = fields.Text(allow_none=True)


class AccessSchema(Schema):
    """How a talk on the phone or by video is reached."""

    phone = fields.Text(required=True, allow_none=True)
    url = fields.Text(required=True, allow_none=True)


class ContactSchema(Schema):
    """Whom of the office the mediator asks for."""

    name = fields.Text(required=True, allow_none=True)
    phone = fields.Text(required=True, allow_none=True)


class GenderSchema(Schema):
    """The gender wished for; `strict`: it is a condition."""

    value = fields.Choice(Gender, required=True)
    strict = fields.Flag(required=True)


class TalkSchema(Schema):
    """One of several short talks; its reference is left out for readers who may not know it."""

    starts_at = fields.Instant(required=True)
    ends_at = fields.Instant(required=True)
    case_token = fields.Text(required=True, allow_none=True)
    outcome = fields.Choice(TalkOutcome, required=True, allow_none=True)
    reference = fields.Text(allow_none=True)


class CallerSchema(Schema):
    """Who asked for the office, where the coordination took the request down."""

    name = fields.Text(required=True, allow_none=True)
    phone = fields.Text(required=True, allow_none=True)
    email = fields.Text(required=True, allow_none=True)


class LiveAppointmentSchema(Schema):
    """The appointment that a request has; GET /appointments/{id} tells the rest."""

    id = fields.Id(required=True)
    state = fields.Choice(AppointmentState, required=True)


class RequestLineSchema(Schema):
    """A request as a list tells it: little of sensitive cases, hardly anything of protected ones."""

    id = fields.Id(required=True)
    number = fields.Whole(required=True)
    state = fields.Choice(RequestState, required=True)
    revision = fields.Whole(
        required=True, metadata={"description": "Rises when time, place, mode, language or a condition changes."}
    )
    version = fields.Whole(required=True, metadata={"description": "Send it with every PATCH."})
    organisation = fields.Id(required=True, allow_none=True)
    languages = fields.Many(fields.Text(), required=True)
    setting = fields.Text(required=True, allow_none=True)
    mode = fields.Choice(Mode, required=True, allow_none=True)
    starts_at = fields.Instant(required=True)
    ends_at = fields.Instant(required=True)
    place = fields.Part(PlaceSchema, required=True, allow_none=True)
    answer_by = fields.Instant(
        required=True, allow_none=True, metadata={"description": "By when the office has an answer, as promised."}
    )
    asked = fields.Whole(required=True, metadata={"description": "How many people were asked for this revision."})
    nobody_fits = fields.Flag(required=True, metadata={"description": "Nobody of the pool fits so far."})
    appointment = fields.Part(LiveAppointmentSchema, required=True, allow_none=True)


class RequestSchema(RequestLineSchema):
    """A request. Of another unit's, granted to look at, everything that is not required is left out.

    `reference` and `notes` are left out for everybody who may not read them.
    """

    created_at = fields.Instant()
    submitted_at = fields.Instant(allow_none=True)
    case_token = fields.Text(allow_none=True, metadata={"description": "Joins the requests of one case of a unit."})
    level = fields.Choice(Level, allow_none=True)
    accept_related = fields.Flag()
    dialect = fields.Text(allow_none=True)
    language_text = fields.Text(allow_none=True)
    protection = fields.Choice(Protection)
    fallback_modes = fields.Many(fields.Choice(Mode))
    access = fields.Part(AccessSchema, allow_none=True)
    contact = fields.Part(ContactSchema, allow_none=True)
    gender = fields.Part(GenderSchema, allow_none=True)
    qualification = fields.Choice(Qualification, allow_none=True)
    minor = fields.Flag()
    continuity = fields.Choice(Continuity)
    exclude_mediators = fields.Many(fields.Id())
    preferred_mediators = fields.Many(fields.Id())
    avoid_municipalities = fields.Many(fields.Text())
    consent = fields.Choice(Consent)
    last_useful_answer_at = fields.Instant(allow_none=True)
    policy = fields.Choice(Policy)
    meeting_point = fields.Text(allow_none=True)
    wants_approval = fields.Flag()
    entered_afterwards = fields.Flag()
    talks = fields.Many(fields.Part(TalkSchema), metadata={"description": "Empty: a single talk."})
    channel = fields.Choice(CHANNELS, allow_none=True, metadata={"description": "Over which it was taken down."})
    caller = fields.Part(CallerSchema, allow_none=True)
    cancel_reason = fields.Choice(CancelReason, allow_none=True)
    unfilled_reason = fields.Choice(UnfilledReason, allow_none=True)
    state_note = fields.Text(allow_none=True, metadata={"description": "What the coordination says of its end."})
    reference = fields.Text(allow_none=True)
    notes = fields.Text(allow_none=True)


class CancelledSchema(Schema):
    """What a cancellation came to; `late`: it counts as one at short notice."""

    state = fields.Choice(RequestState, required=True)
    late = fields.Flag(required=True)
