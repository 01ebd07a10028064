"""List and read offers, and take the answers of who was asked."""

from typing import Any

from dispatch import clock
from dispatch.api import appointments, guards, offer_schemas
from dispatch.api.appointment_schemas import AppointmentSchema
from dispatch.api.blueprint import Blueprint
from dispatch.api.offer_schemas import DeclineOfferBody, OfferFilters, OfferSchema, OneOfferSchema
from dispatch.api.on_behalf import OnBehalfSchema, on_behalf_of
from dispatch.api.paging import Page, page, page_of
from dispatch.domain.errors import OfferClosed
from dispatch.domain.lifecycle import DeclineReason, OfferState, WithdrawalCause
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.programs import Scope
from dispatch.services import answers, offer_pages

bp = Blueprint("offers", "/offers", area=Scope.OFFERS, description="Who was asked, and what they say.")


def _sees(actor: Actor, offer_id: int) -> None:
    offer_pages.look(actor, Act.OFFER_VIEW, offer_id)


def _may_answer(actor: Actor, offer_id: int) -> None:
    offer_pages.look(actor, Act.OFFER_ANSWER, offer_id)


@bp.route("")
@bp.operation(Act.OFFER_VIEW)
@bp.arguments(OfferFilters, location="query")
@bp.response(200, page_of(OfferSchema))
def index(query: dict[str, Any]) -> Page:
    """List offers, the oldest first: a mediator's own, or those within the coordination's sight."""
    state = OfferState(query["state"]) if query["state"] else None
    found = offer_pages.after(guards.actor(), query["cursor"], query["limit"] + 1, state=state)
    return page([offer_schemas.write(one) for one in found], query["limit"], lambda one: int(one["id"]))


@bp.route("/<int:offer_id>")
@bp.operation(Act.OFFER_VIEW, sees=_sees)
@bp.response(200, OneOfferSchema)
def show(offer_id: int) -> dict[str, Any]:
    """Read an offer."""
    return offer_schemas.write_one(offer_pages.show(guards.actor(), offer_id))


@bp.route("/<int:offer_id>/accept", methods=["POST"])
@bp.operation(Act.OFFER_ANSWER, sees=_may_answer, problems=(409, 410))
@bp.arguments(OnBehalfSchema)
@bp.response(200, AppointmentSchema)
def accept(body: dict[str, Any], offer_id: int) -> dict[str, Any]:
    """Say yes: the answer is the appointment. Twice is no fault, and a late yes counts while somebody is looked for.

    409 `already_taken`, `no_longer_fits` with its codes; 410 `offer_closed` with its cause.
    """
    given = answers.accept(guards.actor(), offer_id, clock.now(), on_behalf=on_behalf_of(body))
    if given.appointment_id is None:
        raise OfferClosed(WithdrawalCause.CLOSED)
    return appointments.told(given.appointment_id)


@bp.route("/<int:offer_id>/decline", methods=["POST"])
@bp.operation(Act.OFFER_ANSWER, sees=_may_answer, problems=(409, 410))
@bp.arguments(DeclineOfferBody)
@bp.response(200, OneOfferSchema)
def decline(body: dict[str, Any], offer_id: int) -> dict[str, Any]:
    """Say no, which has no disadvantages. Twice is no fault, and may add a reason."""
    because = DeclineReason(body["reason"]) if body["reason"] else None
    actor = guards.actor()
    answers.decline(actor, offer_id, clock.now(), reason=because, on_behalf=on_behalf_of(body))
    return offer_schemas.write_one(offer_pages.show(actor, offer_id))
