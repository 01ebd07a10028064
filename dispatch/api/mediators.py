"""Enter, find, read and change mediators."""

from dataclasses import replace
from typing import Any

from dispatch import clock
from dispatch.api import examples
from dispatch.api.blueprint import BASE, LOCATION, Blueprint
from dispatch.api.guards import actor
from dispatch.api.mediator_schemas import (
    MediatorChangeSchema,
    MediatorFilters,
    MediatorSchema,
    NewMediatorSchema,
    read,
    write,
)
from dispatch.api.paging import Page, page, page_of
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act
from dispatch.domain.programs import Scope
from dispatch.reference import languages, places
from dispatch.services import mediator_records, mediators
from dispatch.services.mediator_lists import OUTSIDE, Filters
from dispatch.services.mediator_records import MediatorRecord

PATH = "/mediators"
bp = Blueprint("mediators", PATH, description="The people of the pool.", area=Scope.MEDIATORS)


@bp.route("", methods=["GET"])
@bp.operation(Act.MEDIATOR_FIND)
@bp.arguments(MediatorFilters, location="query")
@bp.response(200, page_of(MediatorSchema))
def index(wanted: dict[str, Any]) -> Page:
    """List the pool in the order of ids."""
    _check_known(wanted)
    filters = Filters(wanted["language"], wanted["municipality"], wanted["active"])
    found = mediator_records.after(actor(), filters, wanted["cursor"], wanted["limit"] + 1)
    return page([_shown(one) for one in found], wanted["limit"], lambda one: int(one["id"]))


@bp.route("", methods=["POST"])
@bp.operation(Act.MEDIATOR_CREATE)
@bp.arguments(NewMediatorSchema, example=examples.MEDIATOR)
@bp.response(201, MediatorSchema, headers=LOCATION)
def create(body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Enter somebody into the pool."""
    typed = replace(mediators.usual(), **{"contact_channel": ""} | read(body))
    row = mediators.create(actor(), typed, clock.now())
    return _shown(mediator_records.get(actor(), row.id)), 201, {"Location": f"{BASE}{PATH}/{row.id}"}


@bp.route("/<int:mediator_id>", methods=["GET"])
@bp.operation(Act.MEDIATOR_VIEW, sees=mediator_records.get)
@bp.response(200, MediatorSchema)
def show(mediator_id: int) -> dict[str, Any]:
    """Read one record; a mediator reads her own."""
    return _shown(mediator_records.get(actor(), mediator_id))


@bp.route("/<int:mediator_id>", methods=["PATCH"])
@bp.operation(Act.MEDIATOR_EDIT, sees=mediator_records.get, problems=(409,))
@bp.arguments(MediatorChangeSchema)
@bp.response(200, MediatorSchema)
def change(body: dict[str, Any], mediator_id: int) -> dict[str, Any]:
    """Change some fields of a record; what somebody has promised stays, also when she is no longer active."""
    mediators.change(actor(), mediator_id, read(body), body["version"], clock.now())
    return _shown(mediator_records.get(actor(), mediator_id))


def _check_known(wanted: dict[str, Any]) -> None:
    """Raise Invalid for codes that stand for nothing, as a misspelt one would look like an empty pool."""
    language, municipality = wanted["language"], wanted["municipality"]
    unknown = {
        "language": language and not languages.is_known(language),
        "municipality": municipality not in ("", OUTSIDE) and not places.find_municipality(municipality),
    }
    if any(unknown.values()):
        raise Invalid({name: ("unknown",) for name, is_unknown in unknown.items() if is_unknown})


def _shown(record: MediatorRecord) -> dict[str, Any]:
    return write(record.id, record.parts)
