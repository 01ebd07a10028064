"""Write requests as programs read them: of each no more than its reader may know."""

from typing import Any

from dispatch.domain.disclosure import Fact, Facts, Surface, reader_of, told
from dispatch.domain.permissions import Actor
from dispatch.services.request_reading import Line
from dispatch.services.request_records import Record
from dispatch.services.request_rows import fallback_modes

_SAME = (
    "created_at", "submitted_at", "case_token", "level", "accept_related", "dialect", "language_text", "protection",
    "qualification", "minor", "continuity", "consent", "last_useful_answer_at", "policy", "meeting_point",
    "wants_approval", "entered_afterwards", "cancel_reason", "unfilled_reason", "state_note",
)  # fmt: skip
_EVERYTHING: Facts = frozenset(Fact)


def line(actor: Actor, one: Line) -> dict[str, Any]:
    """Return a request of a list."""
    facts = told(Surface.LIST, one.request.protection, reader_of(actor))
    return _brief(one, facts)


def whole(actor: Actor, record: Record) -> dict[str, Any]:
    """Return one request; of another unit's no more than a list tells."""
    row = record.request
    if record.is_shown:
        return _brief(record, told(Surface.LIST, row.protection, reader_of(actor)))
    brief = _brief(record, _EVERYTHING)
    if brief["place"] is None and (row.address or row.place_note):
        brief["place"] = dict.fromkeys(("municipality", "postal_code", "town"))
    if brief["place"] is not None:
        brief["place"] |= {"address": row.address, "note": row.place_note}
    details = {name: getattr(row, name) for name in _SAME}
    people = {
        name: [person.mediator_id for person in row.people if person.relation == relation]
        for name, relation in (("preferred_mediators", "preferred"), ("exclude_mediators", "excluded"))
    }
    noted = {"reference": row.reference, "notes": row.notes} if record.has_notes else {}
    return brief | details | people | _parts(record) | noted


def _brief(one: Line | Record, facts: Facts) -> dict[str, Any]:
    row, appointment = one.request, one.appointment
    has_place = Fact.TOWN in facts and bool(row.municipality or row.postal_code)
    return {
        "id": row.id,
        "number": row.number,
        "state": row.state,
        "revision": row.revision,
        "version": row.version,
        "organisation": row.organisation_id if Fact.ORGANISATION in facts else None,
        "languages": [language.code for language in row.languages],
        "setting": row.setting if Fact.SETTING in facts else None,
        "mode": row.mode if Fact.MODE in facts else None,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "place": {name: getattr(row, name) for name in ("municipality", "postal_code", "town")} if has_place else None,
        "answer_by": row.answer_by,
        "asked": one.asked,
        "nobody_fits": row.nobody_fits_at is not None,
        "appointment": {"id": appointment.id, "state": appointment.state} if appointment else None,
    }


def _parts(record: Record) -> dict[str, Any]:
    """Return the objects and lists within a request."""
    row = record.request
    caller = {"name": row.caller_name, "phone": row.caller_phone, "email": row.caller_email}
    return {
        "fallback_modes": [mode.value for mode in fallback_modes(row)],
        "access": {"phone": row.access_phone, "url": row.access_url} if row.access_phone or row.access_url else None,
        "contact": {"name": row.contact_name, "phone": row.contact_phone} if row.contact_name else None,
        "gender": {"value": row.gender, "strict": row.gender_strict} if row.gender else None,
        "avoid_municipalities": sorted(record.avoided),
        "channel": row.intake_channel,
        "caller": caller if any(caller.values()) else None,
        "talks": [
            {
                "starts_at": talk.starts_at,
                "ends_at": talk.ends_at,
                "case_token": talk.case_token,
                "outcome": talk.outcome,
                **({"reference": talk.reference} if record.has_notes else {}),
            }
            for talk in record.talks
        ],
    }
