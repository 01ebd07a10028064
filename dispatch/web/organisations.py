"""Pages of the organisations that ask and of their units."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.organisations import OrganisationKind, TypedOrganisation
from dispatch.domain.permissions import Act
from dispatch.i18n import formats
from dispatch.i18n import gettext as _
from dispatch.messages import label, sentence, setting_name
from dispatch.messages.pool_fields import pool_sentences
from dispatch.services import organisation_lists, organisations, settings
from dispatch.services.organisation_lists import Filters
from dispatch.web import organisation_sheets
from dispatch.web.forms import organisations as reading
from dispatch.web.forms.pool_values import home_word, told_apart
from dispatch.web.guards import actor, inform, requires
from dispatch.web.paging import as_word, page_links, page_number

bp = Blueprint("organisations", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/organisations")
@requires(Act.ORGANISATION_VIEW)
def index() -> str:
    """List organisations as the tree they are; filters stand in the address."""
    args = request.args
    filters = Filters(
        name=as_word(args.get("name", "")),
        kind=as_word(args.get("kind", "")),
        active={"all": None, "resting": False}.get(args.get("active", ""), True),
        page=page_number(),
    )
    found = organisation_lists.find(actor(), filters)
    return render_template(
        "organisations/index.html",
        found=found,
        filters=filters,
        kinds=_kinds(),
        pages=page_links(found.page, found.pages, found.total, organisation_lists.PAGE),
    )


@bp.get("/organisations/<int:organisation_id>")
@requires(Act.ORGANISATION_VIEW)
def show(organisation_id: int) -> str:
    """Show one organisation with its units, its members, its sights and whom it does not want."""
    return organisation_sheets.show(organisation_id)


@bp.get("/organisations/new")
@requires(Act.ORGANISATION_CREATE)
def new() -> str:
    """Show the form of a new organisation, or of a unit of the one in the address."""
    return _form(reading.values(organisations.begin(actor(), request.args.get("parent", None, int)), {}))


@bp.post("/organisations/new")
@requires(Act.ORGANISATION_CREATE)
def create() -> Page:
    """Enter an organisation."""
    if _wants_rows():
        return _form(reading.values_of(request.form))
    read = _read()
    try:
        row = organisations.create(actor(), read.typed, clock.now(), found=read.found)
    except Invalid as invalid:
        return _refused(read, invalid)
    inform(_("%(name)s is entered.", name=row.name))
    return redirect(url_for("organisations.show", organisation_id=row.id))


@bp.get("/organisations/<int:organisation_id>/edit")
@requires(Act.ORGANISATION_EDIT)
def edit(organisation_id: int) -> str:
    """Show the record in its form."""
    detail = organisations.detail(actor(), organisation_id)
    values = reading.values(organisations.typed_of(detail), _people())
    return _form(values, organisation_id, detail.organisation.version)


@bp.post("/organisations/<int:organisation_id>/edit")
@requires(Act.ORGANISATION_EDIT)
def update(organisation_id: int) -> Page:
    """Change a record; who was faster wins, and the other one sees both versions."""
    version = request.form.get("version", 0, int)
    if _wants_rows():
        return _form(reading.values_of(request.form), organisation_id, version)
    read = _read()
    try:
        organisations.update(actor(), organisation_id, read.typed, version, clock.now(), found=read.found)
    except Invalid as invalid:
        return _refused(read, invalid, organisation_id, version)
    except Stale as stale:
        return _both_versions(read, organisation_id, stale)
    inform(_("Your changes are saved."))
    return redirect(url_for("organisations.show", organisation_id=organisation_id))


@bp.get("/organisations/<int:organisation_id>/defaults")
@requires(Act.UNIT_SET_DEFAULTS)
def defaults(organisation_id: int) -> str:
    """Show what the unit's requests begin with."""
    detail = organisations.detail(actor(), organisation_id)
    values = reading.values(organisations.typed_of(detail), {})
    return _defaults_form(values, organisation_id, detail.organisation.version)


@bp.post("/organisations/<int:organisation_id>/defaults")
@requires(Act.UNIT_SET_DEFAULTS)
def set_defaults(organisation_id: int) -> Page:
    """Change what the unit's requests begin with; who was faster wins, and the other one looks again."""
    version = request.form.get("version", 0, int)
    read = reading.read(request.form, {})
    values = reading.values_of(request.form)
    try:
        organisations.set_defaults(actor(), organisation_id, read.typed, version, clock.now(), found=read.found)
    except Invalid as invalid:
        errors = read.fields_of(pool_sentences(invalid))
        return _defaults_form(values, organisation_id, version, errors=errors, ask=read.ask), 422
    except Stale as stale:
        return _defaults_form(values, organisation_id, stale.current, errors={"": sentence(stale)}), 409
    inform(_("Your changes are saved."))
    return redirect(url_for("organisations.show", organisation_id=organisation_id))


def _defaults_form(
    values: Mapping[str, Any],
    organisation_id: int,
    version: int,
    *,
    errors: Mapping[str, str] | None = None,
    ask: Mapping[str, Any] | None = None,
) -> str:
    return render_template(
        "organisations/defaults.html",
        values=values,
        errors=errors or {},
        ask=ask or {},
        organisation_id=organisation_id,
        version=version,
        name=organisations.detail(actor(), organisation_id).organisation.name,
        settings=_settings(),
    )


def _wants_rows() -> bool:
    return request.form.get("act", "").startswith("more-")


def _people() -> dict[int, str]:
    """Return everybody of the pool by id, told apart by badge number."""
    found = organisations.mediators_to_exclude(actor())
    words = told_apart((one.id, one.name, str(one.badge_number or one.id)) for one in found)
    return {id_: word for word, id_ in words.items()}


def _read() -> reading.ReadOrganisation:
    return reading.read(request.form, {word: id_ for id_, word in _people().items()})


def _refused(
    read: reading.ReadOrganisation, invalid: Invalid, organisation_id: int | None = None, version: int = 0
) -> tuple[str, int]:
    errors = read.fields_of(pool_sentences(invalid))
    return _form(reading.values_of(request.form), organisation_id, version, errors=errors, ask=read.ask), 422


def _both_versions(read: reading.ReadOrganisation, organisation_id: int, stale: Stale) -> tuple[str, int]:
    stored = organisations.typed_of(organisations.detail(actor(), organisation_id))
    mine, kept = _words(read.typed), _words(stored)
    compared = [(title, mine[title], kept[title]) for title in mine if mine[title] != kept[title]]
    errors = {"": sentence(stale)}
    values = reading.values_of(request.form)
    return _form(values, organisation_id, stale.current, errors=errors, compared=compared), 409


def _words(typed: TypedOrganisation) -> dict[str, str]:
    people = _people()
    kinds = dict(_kinds())
    return {
        _("Name"): typed.name,
        _("Kind"): kinds.get(typed.kind, typed.kind),
        _("Place"): home_word(typed.home),
        _("Address"): typed.address,
        _("Contact person"): typed.contact_name,
        _("Telephone"): typed.phone,
        _("E-mail of the office"): typed.contact_email,
        _("Usual field of work"): setting_name(typed.default_setting) if typed.default_setting else "",
        _("Agrees to who comes"): _yes(typed.approves_mediators),
        _("Answers go to the office"): _yes(typed.answers_to_mailbox),
        _("Not to be asked"): formats().series(people.get(id_, "") for id_ in typed.excluded_mediators),
        _("Can book"): _yes(typed.active),
    }


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _settings() -> list[tuple[str, str]]:
    return [(one.code, setting_name(one.code)) for one in settings.all_settings() if one.in_scope]


def _kinds() -> list[tuple[str, str]]:
    return [(str(kind), label(kind)) for kind in OrganisationKind]


def _form(
    values: Mapping[str, Any],
    organisation_id: int | None = None,
    version: int = 0,
    *,
    errors: Mapping[str, str] | None = None,
    ask: Mapping[str, Any] | None = None,
    compared: list[tuple[str, str, str]] | None = None,
) -> str:
    return render_template(
        "organisations/form.html",
        values=values,
        errors=errors or {},
        ask=ask or {},
        compared=compared or [],
        organisation_id=organisation_id,
        version=version,
        kinds=_kinds(),
        parents=[
            (one.id, "– " * one.depth + one.name)
            for one in organisation_lists.possible_parents(actor(), organisation_id)
        ],
        settings=_settings(),
        people=[(word, word) for word in _people().values()],
    )
