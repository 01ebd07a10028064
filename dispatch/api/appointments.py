"""List and read appointments, and do to them what the buttons of the pages do."""

from collections.abc import Callable
from typing import Any

from dispatch import clock
from dispatch.api import appointment_schemas as schemas
from dispatch.api import examples
from dispatch.api.appointment_schemas import AppointmentFilters, AppointmentSchema, write
from dispatch.api.blueprint import Blueprint
from dispatch.api.guards import actor
from dispatch.api.on_behalf import OnBehalfSchema, on_behalf_of
from dispatch.api.paging import Page, page, page_of
from dispatch.api.places import read_home
from dispatch.domain.lifecycle import AppointmentState
from dispatch.domain.moves import TypedMove
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.programs import Scope
from dispatch.services import absences, appointment_records, appointments, arrivals, bookings, closing, moves, readings
from dispatch.services.appointment_records import AppointmentRecord, Filters

bp = Blueprint("appointments", "/appointments", description="Who comes when.", area=Scope.APPOINTMENTS)

Body = dict[str, Any]


def _sees(act: Act) -> Callable[..., None]:
    """Return what lets only those through who may do the act to the appointment."""

    def see(who: Actor, appointment_id: int) -> None:
        appointment_records.see(who, act, appointment_id)

    return see


@bp.route("", methods=["GET"])
@bp.operation(Act.APPOINTMENT_VIEW)
@bp.arguments(AppointmentFilters, location="query")
@bp.response(200, page_of(AppointmentSchema))
def index(wanted: Body) -> Page:
    """List the appointments within sight in the order of ids."""
    state = AppointmentState(wanted["state"]) if wanted["state"] else None
    filters = Filters(wanted["starts_from"], wanted["starts_until"], wanted["mediator"], state)
    found = appointment_records.after(actor(), filters, wanted["cursor"], wanted["limit"] + 1, clock.now())
    return page([write(one) for one in found], wanted["limit"], lambda one: int(one["id"]))


@bp.route("/<int:appointment_id>", methods=["GET"])
@bp.operation(Act.APPOINTMENT_VIEW, sees=_sees(Act.APPOINTMENT_VIEW))
@bp.response(200, AppointmentSchema)
def show(appointment_id: int) -> Body:
    """Read one appointment."""
    return _read(appointment_records.get(actor(), appointment_id, clock.now()))


@bp.route("/<int:appointment_id>/move", methods=["POST"])
@bp.operation(Act.APPOINTMENT_MOVE, sees=_sees(Act.APPOINTMENT_MOVE), problems=(409,))
@bp.arguments(schemas.MoveSchema, example=examples.MOVE)
@bp.response(200, AppointmentSchema)
def move(body: Body, appointment_id: int) -> Body:
    """Move it: she is asked for a new yes, or released with `search_again`. One that does not fit changes nothing."""
    moves.move(
        actor(),
        appointment_id,
        _typed_move(body),
        clock.now(),
        search_again=body["search_again"],
        version=body["version"],
        on_behalf=on_behalf_of(body),
    )
    return told(appointment_id)


@bp.route("/<int:appointment_id>/cancel", methods=["POST"])
@bp.operation(Act.APPOINTMENT_CANCEL, sees=_sees(Act.APPOINTMENT_CANCEL), problems=(409,))
@bp.arguments(schemas.CancelSchema)
@bp.response(200, AppointmentSchema)
def cancel(body: Body, appointment_id: int) -> Body:
    """Cancel it with its request; `late` tells whether that was at short notice. Twice is no fault."""
    closing.cancel_appointment(actor(), appointment_id, body["reason"], clock.now(), on_behalf=on_behalf_of(body))
    return told(appointment_id)


@bp.route("/<int:appointment_id>/confirm", methods=["POST"])
@bp.operation(Act.APPOINTMENT_CONFIRM, sees=_sees(Act.APPOINTMENT_CONFIRM), problems=(409,))
@bp.arguments(OnBehalfSchema)
@bp.response(200, AppointmentSchema)
def confirm(body: Body, appointment_id: int) -> Body:
    """Say the yes that it awaits; or, shortly before it, the mediator's word that she comes. Twice is no fault."""
    bookings.confirm(actor(), appointment_id, clock.now(), on_behalf=on_behalf_of(body))
    return told(appointment_id)


@bp.route("/<int:appointment_id>/decline", methods=["POST"])
@bp.operation(Act.APPOINTMENT_DECLINE, sees=_sees(Act.APPOINTMENT_DECLINE), problems=(409,))
@bp.arguments(schemas.DeclineSchema)
@bp.response(200, AppointmentSchema)
def decline(body: Body, appointment_id: int) -> Body:
    """Say no to what it awaits; the search begins anew. Twice is no fault."""
    other_person, on_behalf = body["other_person"], on_behalf_of(body)
    appointments.decline(actor(), appointment_id, clock.now(), other_person=other_person, on_behalf=on_behalf)
    return told(appointment_id)


@bp.route("/<int:appointment_id>/hand-back", methods=["POST"])
@bp.operation(Act.APPOINTMENT_HAND_BACK, sees=_sees(Act.APPOINTMENT_HAND_BACK), problems=(409,))
@bp.arguments(OnBehalfSchema)
@bp.response(200, AppointmentSchema)
def hand_back(body: Body, appointment_id: int) -> Body:
    """Give back what she cannot keep; somebody else is looked for at once. Twice is no fault."""
    appointments.hand_back(actor(), appointment_id, clock.now(), on_behalf=on_behalf_of(body))
    return told(appointment_id)


@bp.route("/<int:appointment_id>/late", methods=["POST"])
@bp.operation(Act.APPOINTMENT_SAY_LATE, sees=_sees(Act.APPOINTMENT_SAY_LATE), problems=(409,))
@bp.arguments(schemas.LateSchema)
@bp.response(200, AppointmentSchema)
def late(body: Body, appointment_id: int) -> Body:
    """Tell the office that she will be late; who is late is coming."""
    arrivals.running_late(actor(), appointment_id, body["minutes"], clock.now(), on_behalf=on_behalf_of(body))
    return told(appointment_id)


@bp.route("/<int:appointment_id>/step-back", methods=["POST"])
@bp.operation(Act.APPOINTMENT_STEP_BACK, sees=_sees(Act.APPOINTMENT_STEP_BACK), problems=(409,))
@bp.arguments(OnBehalfSchema)
@bp.response(200, AppointmentSchema)
def step_back(body: Body, appointment_id: int) -> Body:
    """Let her go who knows the person: she is not asked for this case again. Twice is no fault."""
    appointments.step_back(actor(), appointment_id, clock.now(), on_behalf=on_behalf_of(body))
    return told(appointment_id)


@bp.route("/<int:appointment_id>/absent", methods=["POST"])
@bp.operation(Act.APPOINTMENT_RECORD_ABSENCE, sees=_sees(Act.APPOINTMENT_RECORD_ABSENCE), problems=(409,))
@bp.arguments(schemas.AbsentSchema)
@bp.response(200, AppointmentSchema)
def absent(body: Body, appointment_id: int) -> Body:
    """Record after its end who was not there; a mediator speaks of the client only."""
    absences.set_absent(actor(), appointment_id, body["side"], clock.now(), on_behalf=on_behalf_of(body))
    return told(appointment_id)


def _typed_move(body: Body) -> TypedMove:
    place = body["place"]
    return TypedMove(
        body["starts_at"],
        body["ends_at"],
        place=None if place is None else read_home(place),
        address=(place or {}).get("address") or "",
        place_note=(place or {}).get("note") or "",
        meeting_point=body["meeting_point"] or "",
    )


def told(appointment_id: int) -> Body:
    """Answer the appointment as it is after an act."""
    return _read(appointment_records.told(actor(), appointment_id, clock.now()))


def _read(record: AppointmentRecord) -> Body:
    """Answer an appointment with its details, which is noted where the case is not an ordinary one."""
    readings.note(actor(), ("appointment", record.line.appointment_id), record.protection, clock.now())
    return write(record)
