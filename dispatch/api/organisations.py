"""Enter, list, read and change the organisations that ask, and their units."""

from collections.abc import Mapping
from typing import Any

from dispatch import clock
from dispatch.api import examples, fields
from dispatch.api.blueprint import BASE, LOCATION, Blueprint
from dispatch.api.fields import Schema
from dispatch.api.guards import actor
from dispatch.api.paging import Page, Paging, page, page_of
from dispatch.api.places import HomeSchema, read_home, write_home
from dispatch.domain.organisations import OrganisationKind, TypedOrganisation
from dispatch.domain.permissions import Act
from dispatch.domain.programs import Scope
from dispatch.reference.phones import read_phone
from dispatch.services import organisation_records, organisations
from dispatch.services.organisation_records import OrganisationRecord

PATH = "/organisations"
bp = Blueprint("organisations", PATH, description="Who asks, and their units.", area=Scope.ORGANISATIONS)

_TEXTS = ("name", "kind", "address", "contact_email", "contact_name", "default_setting")
_PLAIN = ("parent", "approves_mediators", "answers_to_mailbox", "active")


class _Parts(Schema):
    """What the record of an organisation may hold beside what it must."""

    parent = fields.Id(allow_none=True, metadata={"description": "The organisation whose unit it is."})
    home = fields.Part(HomeSchema, allow_none=True)
    address = fields.Text(allow_none=True, longest=200, metadata={"description": "Street and number."})
    phone = fields.Text(allow_none=True, longest=40, metadata={"description": "Answered as E.164."})
    contact_email = fields.Text(allow_none=True, longest=254)
    contact_name = fields.Text(allow_none=True, longest=200)
    default_setting = fields.Text(
        allow_none=True, longest=40, metadata={"description": "The field of work its requests begin with."}
    )
    approves_mediators = fields.Flag(metadata={"description": "It agrees to who comes."})
    answers_to_mailbox = fields.Flag(
        metadata={"description": "Answers go to `contact_email` and not to who sent the request."}
    )
    excluded_mediators = fields.Many(
        fields.Id(), metadata={"description": "Whom it does not want; answered to the coordination only."}
    )
    active = fields.Flag(metadata={"description": "Can book."})


class NewOrganisationSchema(_Parts):
    """An organisation or unit to enter."""

    name = fields.Text(required=True, longest=200)
    kind = fields.Choice(OrganisationKind, required=True)


class OrganisationChangeSchema(_Parts):
    """What changes; `home` and lists are replaced as a whole. `version` is the one that was read."""

    version = fields.Whole(required=True, least=1)
    name = fields.Text(longest=200)
    kind = fields.Choice(OrganisationKind)


class OrganisationSchema(NewOrganisationSchema):
    """An organisation as far as the reader may know it."""

    id = fields.Id(required=True)
    version = fields.Whole(required=True, least=1)
    parent = fields.Id(required=True, allow_none=True)
    home = fields.Part(HomeSchema, required=True, allow_none=True)
    active = fields.Flag(required=True)


@bp.route("", methods=["GET"])
@bp.operation(Act.ORGANISATION_VIEW)
@bp.arguments(Paging, location="query")
@bp.response(200, page_of(OrganisationSchema))
def index(wanted: dict[str, Any]) -> Page:
    """List the organisations within sight in the order of ids."""
    found = organisation_records.after(actor(), wanted["cursor"], wanted["limit"] + 1)
    return page([_shown(one) for one in found], wanted["limit"], lambda one: int(one["id"]))


@bp.route("", methods=["POST"])
@bp.operation(Act.ORGANISATION_CREATE)
@bp.arguments(NewOrganisationSchema, example=examples.ORGANISATION)
@bp.response(201, OrganisationSchema, headers=LOCATION)
def create(body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Enter an organisation or a unit."""
    row = organisations.create(actor(), TypedOrganisation(**_read(body)), clock.now())
    return _shown(organisation_records.get(actor(), row.id)), 201, {"Location": f"{BASE}{PATH}/{row.id}"}


@bp.route("/<int:organisation_id>", methods=["GET"])
@bp.operation(Act.ORGANISATION_VIEW, sees=organisation_records.get)
@bp.response(200, OrganisationSchema)
def show(organisation_id: int) -> dict[str, Any]:
    """Read one organisation."""
    return _shown(organisation_records.get(actor(), organisation_id))


@bp.route("/<int:organisation_id>", methods=["PATCH"])
@bp.operation(Act.ORGANISATION_EDIT, sees=organisation_records.get, problems=(409,))
@bp.arguments(OrganisationChangeSchema)
@bp.response(200, OrganisationSchema)
def change(body: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Change some fields of an organisation."""
    organisations.change(actor(), organisation_id, _read(body), body["version"], clock.now())
    return _shown(organisation_records.get(actor(), organisation_id))


def _read(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a body says by the fields of TypedOrganisation; what it does not name is left out."""
    found: dict[str, Any] = {name: body[name] or "" for name in _TEXTS if name in body}
    found |= {name: body[name] for name in _PLAIN if name in body}
    if "phone" in body:
        found["phone"] = read_phone(body["phone"] or "")
    if "home" in body:
        found["home"] = read_home(body["home"])
    if "excluded_mediators" in body:
        found["excluded_mediators"] = tuple(body["excluded_mediators"])
    return found


def _shown(record: OrganisationRecord) -> dict[str, Any]:
    shown = {name: value if value != "" else None for name, value in record.parts.items()}
    return {"id": record.id, "version": record.version, **shown, "home": write_home(record.parts["home"])}
