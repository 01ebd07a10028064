"""Ask people for a request, and list whom it was put to."""

from typing import Any

from dispatch import clock
from dispatch.api import guards, offer_schemas
from dispatch.api.blueprint import Blueprint
from dispatch.api.offer_schemas import AskBody, OfferFilters, OfferSchema, PlannedSchema
from dispatch.api.paging import Page, page, page_of
from dispatch.domain.lifecycle import OfferState
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.programs import Scope
from dispatch.services import asking, offer_pages, request_access
from dispatch.services.asking import Planned

bp = Blueprint("request_offers", "/requests", area=Scope.OFFERS, description="Whom a request is put to.")


def _sees(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.OFFER_VIEW, request_id)


def _may_ask(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.OFFER_SEND, request_id)


@bp.route("/<int:request_id>/offers")
@bp.operation(Act.OFFER_VIEW, sees=_sees)
@bp.arguments(OfferFilters, location="query")
@bp.response(200, page_of(OfferSchema))
def index(query: dict[str, Any], request_id: int) -> Page:
    """List the offers of a request, of all its revisions, the oldest first."""
    state = OfferState(query["state"]) if query["state"] else None
    found = offer_pages.after(guards.actor(), query["cursor"], query["limit"] + 1, request_id=request_id, state=state)
    return page([offer_schemas.write(one) for one in found], query["limit"], lambda one: int(one["id"]))


@bp.route("/<int:request_id>/offers", methods=["POST"])
@bp.operation(Act.OFFER_SEND, sees=_may_ask, problems=(409,))
@bp.arguments(AskBody)
@bp.response(202, PlannedSchema)
def ask(body: dict[str, Any], request_id: int) -> Planned:
    """Ask the people named, or let the next wave go out: it exists after the next tick of the jobs.

    409 `does_not_fit` tells the codes of each who does not fit; then nobody is asked.
    """
    return asking.ask(guards.actor(), request_id, body["mediator_ids"], clock.now())
