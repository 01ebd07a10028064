"""Act upon requests: assign, cancel, reopen, decide what waits for a look."""

from typing import Any

from dispatch import clock
from dispatch.api import appointments, fields, guards
from dispatch.api.appointment_schemas import AppointmentSchema
from dispatch.api.blueprint import Blueprint
from dispatch.api.fields import Schema
from dispatch.api.on_behalf import OnBehalfSchema, on_behalf_of
from dispatch.api.request_schemas import CancelledSchema, RequestSchema
from dispatch.api.requests import show_to
from dispatch.domain.eligibility import Code
from dispatch.domain.lifecycle import CancelReason
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.programs import Scope
from dispatch.services import assignments, closing, request_access, reviews
from dispatch.services.closing import Cancelled

bp = Blueprint("request_acts", "/requests", area=Scope.REQUESTS, description="What is done to requests.")

_REASONS = tuple(reason for reason in CancelReason if reason is not CancelReason.REFUSED)


class CancelRequestBody(OnBehalfSchema):
    """Why it is not needed any more."""

    reason = fields.Choice(_REASONS, required=True)


class ReopenBody(Schema):
    """How to go on."""

    search_again = fields.Flag(
        load_default=False, metadata={"description": "Let be who was to come, and look for somebody anew."}
    )


class ReviewBody(Schema):
    """The decision; a refusal needs its reason, which the office reads."""

    accept = fields.Flag(required=True)
    reason = fields.Text(allow_none=True, load_default=None)


class AssignBody(OnBehalfSchema):
    """Whom to give it to; `on_behalf` that she has said yes already."""

    mediator_id = fields.Id(required=True)
    override = fields.Many(
        fields.Choice(Code), load_default=(), metadata={"description": "Conditions that fail and are set aside."}
    )
    reason = fields.Text(allow_none=True, load_default=None, metadata={"description": "Why; required with `override`."})


def _may_assign(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.REQUEST_ASSIGN, request_id)


def _may_cancel(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.REQUEST_CANCEL, request_id)


def _may_reopen(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.REQUEST_REOPEN, request_id)


def _may_review(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.REQUEST_REVIEW, request_id)


@bp.route("/<int:request_id>/assign", methods=["POST"])
@bp.operation(Act.REQUEST_ASSIGN, sees=_may_assign, problems=(409,))
@bp.arguments(AssignBody)
@bp.response(200, AppointmentSchema)
def assign(body: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Give a request to one mediator: confirmed where she has said yes, else proposed to her.

    409 `does_not_fit` with the codes of every condition that fails and was not set aside.
    """
    appointment_id = assignments.assign(
        guards.actor(), request_id, body["mediator_id"], clock.now(),
        on_behalf=on_behalf_of(body), override=body["override"], reason=body["reason"] or "",
    )  # fmt: skip
    return appointments.told(appointment_id)


@bp.route("/<int:request_id>/cancel", methods=["POST"])
@bp.operation(Act.REQUEST_CANCEL, sees=_may_cancel, problems=(409,))
@bp.arguments(CancelRequestBody)
@bp.response(200, CancelledSchema)
def cancel(body: dict[str, Any], request_id: int) -> Cancelled:
    """Cancel a request and its appointment. Twice is no fault."""
    return closing.cancel(guards.actor(), request_id, body["reason"], clock.now(), on_behalf=on_behalf_of(body))


@bp.route("/<int:request_id>/reopen", methods=["POST"])
@bp.operation(Act.REQUEST_REOPEN, sees=_may_reopen, problems=(409,))
@bp.arguments(ReopenBody)
@bp.response(200, RequestSchema)
def reopen(body: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Undo a cancellation, or look again for what stayed unfilled.

    Who was to come is asked anew. 409 `conflict`: she is booked by now; `already_started`: its start has passed.
    """
    closing.reopen(guards.actor(), request_id, clock.now(), search_again=body["search_again"])
    return show_to(guards.actor(), request_id)


@bp.route("/<int:request_id>/review", methods=["POST"])
@bp.operation(Act.REQUEST_REVIEW, sees=_may_review, problems=(409,))
@bp.arguments(ReviewBody)
@bp.response(200, RequestSchema)
def review(body: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Release a request into the search, or refuse it; a refusal counts as demand."""
    actor = guards.actor()
    reviews.review(actor, request_id, clock.now(), accept=body["accept"], reason=body["reason"] or "")
    return show_to(actor, request_id)
