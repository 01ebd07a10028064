"""Read and replace what mediators say about their time."""

from typing import Any

import marshmallow as ma

from dispatch import clock
from dispatch.api import examples, fields
from dispatch.api.appointment_schemas import AppointmentSchema, write
from dispatch.api.blueprint import Blueprint
from dispatch.api.fields import Schema
from dispatch.api.guards import actor
from dispatch.api.on_behalf import OnBehalfSchema, on_behalf_of
from dispatch.domain.availability_checks import TypedTimes, TypedWindow
from dispatch.domain.intervals import Interval
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.programs import Scope
from dispatch.services import appointment_records, availability

bp = Blueprint("availability", "/mediators", description="When the people of the pool have time.", area=Scope.MEDIATORS)


class WindowSchema(Schema):
    """A window of the usual week, in local time; validity includes both days."""

    weekday = fields.Whole(required=True, most=6, metadata={"description": "0 is Monday."})
    start = fields.Clock(required=True)
    end = fields.Clock(required=True, metadata={"description": "`24:00` is the end of the day."})
    valid_from = fields.Day(allow_none=True)
    valid_until = fields.Day(allow_none=True)


class SpanSchema(Schema):
    """A span of time; one that has ended can be neither sent nor read."""

    starts_at = fields.Instant(required=True)
    ends_at = fields.Instant(required=True)

    @ma.validates_schema(skip_on_field_errors=True)
    def _check_order(self, span: dict[str, Any], **_more: object) -> None:
        if span["ends_at"] <= span["starts_at"]:
            raise ma.ValidationError("end_before_start", "ends_at")


class NewTimesSchema(OnBehalfSchema):
    """All that a mediator says about her time; a list that is left out is empty."""

    weekly = fields.Many(fields.Part(WindowSchema), load_default=list)
    extras = fields.Many(fields.Part(SpanSchema), load_default=list, metadata={"description": "Also free then."})
    absences = fields.Many(fields.Part(SpanSchema), load_default=list, metadata={"description": "Not free then."})


class TimesSchema(Schema):
    """What a mediator said about her time; without windows nothing is known of her usual week."""

    weekly = fields.Many(fields.Part(WindowSchema), required=True)
    extras = fields.Many(fields.Part(SpanSchema), required=True)
    absences = fields.Many(fields.Part(SpanSchema), required=True)


class SavedTimesSchema(TimesSchema):
    """The times as they are now, and the appointments that lie under an absence: they stay as they are."""

    clashes = fields.Many(fields.Part(AppointmentSchema), required=True)


def _see(who: Actor, mediator_id: int) -> object:
    return availability.get(who, mediator_id, clock.now())


@bp.route("/<int:mediator_id>/availability", methods=["GET"])
@bp.operation(Act.AVAILABILITY_VIEW, sees=_see)
@bp.response(200, TimesSchema)
def show(mediator_id: int) -> dict[str, Any]:
    """Read the times of a mediator."""
    return _shown(mediator_id)


@bp.route("/<int:mediator_id>/availability", methods=["PUT"])
@bp.operation(Act.AVAILABILITY_EDIT, sees=_see)
@bp.arguments(NewTimesSchema, example=examples.TIMES)
@bp.response(200, SavedTimesSchema)
def replace(body: dict[str, Any], mediator_id: int) -> dict[str, Any]:
    """Put these times in place of all others; the version of the mediator stays."""
    now = clock.now()
    clashes = availability.replace(actor(), mediator_id, _read(body), now, on_behalf=on_behalf_of(body))
    records = appointment_records.of_ids(actor(), [clash.appointment.id for clash in clashes], now)
    return {**_shown(mediator_id), "clashes": [write(one) for one in records]}


def _read(body: dict[str, Any]) -> TypedTimes:
    return TypedTimes(
        tuple(
            TypedWindow(one["weekday"], one["start"], one["end"], one.get("valid_from"), one.get("valid_until"))
            for one in body["weekly"]
        ),
        *(tuple(Interval(one["starts_at"], one["ends_at"]) for one in body[kind]) for kind in ("extras", "absences")),
    )


def _shown(mediator_id: int) -> dict[str, Any]:
    week = availability.get(actor(), mediator_id, clock.now())
    return {
        "weekly": [
            {
                "weekday": one.weekday,
                "start": one.start_minute,
                "end": one.end_minute,
                "valid_from": one.valid_from,
                "valid_until": one.valid_until,
            }
            for one in week.weekly
        ],
        "extras": _spans(week, "extra"),
        "absences": _spans(week, "absence"),
    }


def _spans(week: availability.Week, kind: str) -> list[dict[str, Any]]:
    return [{"starts_at": one.interval.start, "ends_at": one.interval.end} for one in week.of_kind(kind)]
