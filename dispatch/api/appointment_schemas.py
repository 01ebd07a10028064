"""Describe appointments as programs get them and what acts upon them bring."""

from typing import Any

from dispatch.api import fields
from dispatch.api.fields import Schema
from dispatch.api.on_behalf import OnBehalfSchema
from dispatch.api.paging import Paging, not_given
from dispatch.api.places import HomeSchema
from dispatch.api.request_schemas import AccessSchema, ContactSchema
from dispatch.domain.lifecycle import AppointmentState, Awaits, CancelReason
from dispatch.domain.modes import Mode
from dispatch.services.absences import SIDES
from dispatch.services.appointment_records import AppointmentRecord
from dispatch.services.arrivals import LONGEST_DELAY_MINUTES
from dispatch.services.meeting_places import Where

REASONS = tuple(reason for reason in CancelReason if reason is not CancelReason.REFUSED)


class MeetingPlaceSchema(Schema):
    """A place, null what is not told: of sensitive cases an area before her yes, of protected ones a meeting point."""

    municipality = fields.Text(required=True, allow_none=True, metadata={"description": "Its official key (AGS)."})
    postal_code = fields.Text(required=True, allow_none=True)
    town = fields.Text(required=True, allow_none=True)
    area = fields.Text(required=True, allow_none=True, metadata={"description": "The social area."})
    address = fields.Text(required=True, allow_none=True)
    note = fields.Text(required=True, allow_none=True)
    meeting_point = fields.Text(required=True, allow_none=True)


class WhoComesSchema(Schema):
    """The mediator as this reader may know her: offices read what she is called, and her number if she shares it."""

    id = fields.Id(required=True)
    name = fields.Text(required=True)
    badge_number = fields.Whole(required=True, allow_none=True)
    phone = fields.Text(required=True, allow_none=True)


class AppointmentSchema(Schema):
    """An appointment, null what is not told to this reader; lists tell less than the appointment by itself."""

    id = fields.Id(required=True)
    number = fields.Whole(required=True, metadata={"description": "What people call it by."})
    request = fields.Id(required=True)
    mediator = fields.Part(WhoComesSchema, required=True, allow_none=True)
    state = fields.Choice(AppointmentState, required=True)
    awaits = fields.Choice(Awaits, required=True, allow_none=True, metadata={"description": "Whose yes it waits for."})
    answer_by = fields.Instant(required=True, allow_none=True, metadata={"description": "Until when that is awaited."})
    mode = fields.Choice(Mode, required=True, allow_none=True)
    starts_at = fields.Instant(required=True)
    ends_at = fields.Instant(required=True)
    place = fields.Part(MeetingPlaceSchema, required=True, allow_none=True)
    contact = fields.Part(ContactSchema, required=True, allow_none=True)
    access = fields.Part(AccessSchema, required=True, allow_none=True)
    late = fields.Flag(
        required=True, metadata={"description": "It was cancelled, moved or handed back at short notice."}
    )
    late_minutes = fields.Whole(
        required=True, allow_none=True, metadata={"description": "By how many minutes she says she will be late."}
    )
    version = fields.Whole(required=True, least=1)


class AppointmentFilters(Paging):
    """What the list is narrowed to; an offset's `+` is written `%2B` in an address."""

    starts_from = fields.Instant(
        data_key="from", load_default=not_given, metadata={"description": "What begins then or later."}
    )
    starts_until = fields.Instant(
        data_key="to", load_default=not_given, metadata={"description": "What begins before."}
    )
    mediator = fields.Id(is_text=True, load_default=not_given)
    state = fields.Choice(AppointmentState, load_default=not_given)


class NewPlaceSchema(HomeSchema):
    """Another place; the address is needed on site unless the case is protected."""

    address = fields.Text(allow_none=True, longest=200, metadata={"description": "Street and number."})
    note = fields.Text(allow_none=True, longest=200, metadata={"description": "How to find it."})


class MoveSchema(OnBehalfSchema):
    """A new time; without `place` the place stays."""

    starts_at = fields.Instant(required=True)
    ends_at = fields.Instant(required=True)
    place = fields.Part(NewPlaceSchema, allow_none=True, load_default=None)
    meeting_point = fields.Text(
        allow_none=True, load_default=None, longest=200, metadata={"description": "With a place of a protected case."}
    )
    search_again = fields.Flag(
        load_default=False, metadata={"description": "Let the mediator go and look for somebody who is free then."}
    )
    version = fields.Whole(least=1, load_default=None, metadata={"description": "If given, another one is `stale`."})


class CancelSchema(OnBehalfSchema):
    """Why it is not needed any more."""

    reason = fields.Choice(REASONS, required=True)


class DeclineSchema(OnBehalfSchema):
    """A no; `other_person` is that of an office that was asked to agree to who comes."""

    other_person = fields.Flag(load_default=False)


class LateSchema(OnBehalfSchema):
    """By how many minutes she will be late."""

    minutes = fields.Whole(required=True, least=1, most=LONGEST_DELAY_MINUTES)


class AbsentSchema(OnBehalfSchema):
    """Who was not there; none: all came after all."""

    side = fields.Choice(SIDES, required=True)


def write(record: AppointmentRecord) -> dict[str, Any]:
    """Return an appointment as it is answered."""
    line, person = record.line, record.line.person
    who = {"id": record.mediator_id, "name": person.name, "badge_number": person.badge_number, "phone": person.phone}
    return {
        "id": line.appointment_id,
        "number": line.number,
        "request": line.request_id,
        "mediator": who if person.name else None,
        "state": line.state,
        "awaits": record.awaits,
        "answer_by": record.answer_by,
        "mode": line.talk.mode or None,
        "starts_at": line.talk.starts_at,
        "ends_at": line.talk.ends_at,
        "place": record.place._asdict() if record.place else None,
        "contact": _contact(line.where),
        "access": _access(line.where),
        "late": record.late,
        "late_minutes": record.late_minutes,
        "version": record.version,
    }


def _contact(where: Where | None) -> dict[str, Any] | None:
    if where is None or not (where.contact_name or where.contact_phone):
        return None
    return {"name": where.contact_name, "phone": where.contact_phone}


def _access(where: Where | None) -> dict[str, Any] | None:
    if where is None or not (where.access_phone or where.access_url):
        return None
    return {"phone": where.access_phone, "url": where.access_url}
