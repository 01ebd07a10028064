"""Book, list, read and change requests."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import request

from dispatch import clock
from dispatch.api import examples, fields, guards, request_objects
from dispatch.api.blueprint import BASE, KEY_HEADER, LOCATION, Blueprint
from dispatch.api.on_behalf import on_behalf_of
from dispatch.api.paging import Page, Paging, not_given, page, page_of
from dispatch.api.request_bodies import NewRequestBody, RequestChange, given, typed, typed_caller
from dispatch.api.request_schemas import RequestLineSchema, RequestSchema
from dispatch.domain import intake as intakes
from dispatch.domain import request_checks
from dispatch.domain.errors import Invalid
from dispatch.domain.intake import Intake
from dispatch.domain.lifecycle import RequestState
from dispatch.domain.permissions import Act, Actor
from dispatch.domain.programs import Scope
from dispatch.domain.requests import DEFAULT, BookingContext, NewRequest
from dispatch.reference import languages, places
from dispatch.services import (
    booking_contexts,
    options,
    readings,
    request_access,
    request_changes,
    request_reading,
    request_records,
    requests,
)
from dispatch.services.audit import OnBehalf
from dispatch.services.request_reading import Filters

bp = Blueprint("requests", "/requests", area=Scope.REQUESTS, description="What is needed: booked, listed, changed.")


class RequestFilters(Paging):
    """Which requests a list holds."""

    state = fields.Choice(RequestState, load_default=not_given)
    language = fields.Text(
        longest=12, load_default="", metadata={"description": "The code of a language that is asked for."}
    )
    starts_from = fields.Instant(
        data_key="from", load_default=not_given, metadata={"description": "What begins then or later."}
    )
    starts_until = fields.Instant(
        data_key="to", load_default=not_given, metadata={"description": "What begins before."}
    )


@bp.route("", methods=["POST"])
@bp.operation(Act.REQUEST_CREATE, problems=(404, 409))
@bp.arguments(NewRequestBody, example=examples.REQUEST)
@bp.response(201, RequestSchema, headers=LOCATION)
def create(body: dict[str, Any]) -> Any:
    """Book: send a request.

    It is in review, or somebody is looked for. 422 `not_taken`: the district does not take such requests.
    """
    actor, now = guards.actor(), clock.now()
    on_behalf = on_behalf_of(body)
    asked = typed(body, guards.program().account.organisation_id)
    people = {*asked.preferred_mediators, *asked.exclude_mediators}
    context = booking_contexts.context_for(actor, asked.organisation_id, names_people=bool(people), people=people)
    new, intake = _checked(body, context, on_behalf)
    request_id = requests.submit(
        actor, new, _nonce(), now, on_behalf=on_behalf, setting=context.settings[new.setting], intake=intake
    )
    return show_to(actor, request_id), 201, {"Location": f"{BASE}/requests/{request_id}"}


@bp.route("")
@bp.operation(Act.REQUEST_VIEW)
@bp.arguments(RequestFilters, location="query")
@bp.response(200, page_of(RequestLineSchema))
def index(query: dict[str, Any]) -> Page:
    """List the requests within sight, the oldest first; drafts only to their unit, unless asked for."""
    if query["language"] and not languages.is_known(query["language"]):
        raise Invalid({"language": ("unknown",)})
    actor, state = guards.actor(), query["state"]
    filters = Filters(
        state=RequestState(state) if state else None,
        language=query["language"],
        starts_from=query["starts_from"],
        starts_until=query["starts_until"],
    )
    found = request_reading.after(actor, filters, query["cursor"], query["limit"] + 1)
    shown = page(found, query["limit"], lambda one: one.request.id)
    return {"items": [request_objects.line(actor, one) for one in found[: query["limit"]]], "next": shown["next"]}


def _sees(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.REQUEST_VIEW, request_id)


def _may_edit(actor: Actor, request_id: int) -> None:
    request_access.look(actor, Act.REQUEST_EDIT, request_id)


@bp.route("/<int:request_id>")
@bp.operation(Act.REQUEST_VIEW, sees=_sees)
@bp.response(200, RequestSchema)
def show(request_id: int) -> dict[str, Any]:
    """Read a request."""
    return show_to(guards.actor(), request_id, has_acted=False)


@bp.route("/<int:request_id>", methods=["PATCH"])
@bp.operation(Act.REQUEST_EDIT, sees=_may_edit, problems=(409,))
@bp.arguments(RequestChange)
@bp.response(200, RequestSchema)
def edit(body: dict[str, Any], request_id: int) -> dict[str, Any]:
    """Change a request that is open.

    What raises the revision withdraws open offers and begins the search anew; of an assigned request it is
    refused with `move_instead`: move its appointment.
    """
    actor = guards.actor()
    on_behalf = on_behalf_of(body)
    request_changes.change(actor, request_id, body["version"], given(body), clock.now(), on_behalf=on_behalf)
    return show_to(actor, request_id)


def show_to(actor: Actor, request_id: int, *, has_acted: bool = True) -> dict[str, Any]:
    """Return a request as this reader may know it, and note who read of a case that is not normal."""
    record = request_records.record_of(actor, request_id, has_acted=has_acted)
    answer = request_objects.whole(actor, record)
    readings.note(actor, ("request", request_id), record.request.protection, clock.now())
    return answer


def _checked(
    body: Mapping[str, Any], context: BookingContext, on_behalf: OnBehalf | None
) -> tuple[NewRequest, Intake | None]:
    """Return the request and who asked, if both hold; raises Invalid with all that speaks against them."""
    errors: dict[str, tuple[str, ...]] = {}
    new = intake = None
    asked = typed(body, guards.program().account.organisation_id)
    try:
        new = request_checks.check(asked, context, clock.now(), options=options.read(DEFAULT))
    except Invalid as refusal:
        errors |= refusal.errors
    caller = body.get("caller")
    if caller and on_behalf is None:
        errors["caller"] = ("not_allowed",)
    try:
        intake = intakes.check(typed_caller(caller), places) if caller else None
    except Invalid as refusal:
        errors |= {name.replace("_", ".", 1): codes for name, codes in refusal.errors.items()}
    if new is None or errors:
        raise Invalid(errors)
    return new, intake


def _nonce() -> str:
    """Return what tells a repeated booking from another: made of the program's own key where it sent one."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return secrets.token_urlsafe(18)
    call = f"{guards.program().token_id}\0{key}\0".encode() + request.get_data(cache=True)
    return sha256(call).hexdigest()
