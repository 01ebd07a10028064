"""Pages of the pool: find mediators, look at one, enter and change her record, let her rest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.intervals import to_local
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.messages import sentence
from dispatch.messages.pool_fields import pool_sentences
from dispatch.services import leaving, local_time, mediator_lists, mediators
from dispatch.services.mediator_lists import Filters
from dispatch.web import mediator_forms as forms
from dispatch.web import mediator_sheets
from dispatch.web.forms import mediators as reading
from dispatch.web.guards import actor, inform, requires
from dispatch.web.paging import as_word, page_links, page_number

bp = Blueprint("mediators", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/mediators")
@requires(Act.MEDIATOR_FIND)
def index() -> str:
    """List the pool by name; filters stand in the address."""
    filters = _filters()
    found = mediator_lists.find(actor(), filters, clock.now())
    return render_template(
        "mediators/index.html",
        found=found,
        filters=filters,
        choices=forms.list_choices(),
        now_words=forms.filter_words(filters),
        pages=page_links(found.page, found.pages, found.total, mediator_lists.PAGE),
    )


@bp.get("/mediators/<int:mediator_id>")
@requires(Act.MEDIATOR_VIEW)
def show(mediator_id: int) -> str:
    """Show one mediator with everything the service knows of her work."""
    return mediator_sheets.show(mediator_id)


@bp.get("/mediators/new")
@requires(Act.MEDIATOR_CREATE)
def new() -> str:
    """Show the form of a new record."""
    return _form(reading.values(mediators.usual(), {}))


@bp.post("/mediators/new")
@requires(Act.MEDIATOR_CREATE)
def create() -> Page:
    """Enter a person into the pool."""
    if _wants_rows():
        return _form(reading.values_of(request.form))
    read = _read()
    try:
        mediator = mediators.create(actor(), read.typed, clock.now(), found=read.found)
    except Invalid as invalid:
        return _refused(read, invalid)
    inform(
        _("%(name)s is in the pool now, with badge number %(badge)s.", name=mediator.name, badge=mediator.badge_number)
    )
    return redirect(url_for("mediators.show", mediator_id=mediator.id))


@bp.get("/mediators/<int:mediator_id>/edit")
@requires(Act.MEDIATOR_EDIT)
def edit(mediator_id: int) -> str:
    """Show the record in its form."""
    typed, version = mediators.get_typed(actor(), mediator_id)
    return _form(reading.values(typed, forms.organisation_names()), mediator_id, version)


@bp.post("/mediators/<int:mediator_id>/edit")
@requires(Act.MEDIATOR_EDIT)
def update(mediator_id: int) -> Page:
    """Change a record; who was faster wins, and the other one sees both versions."""
    version = request.form.get("version", 0, int)
    if _wants_rows():
        return _form(reading.values_of(request.form), mediator_id, version)
    read = _read()
    typed = read.typed
    leaves = not typed.active and leaving.is_tied(actor(), mediator_id, clock.now())
    if leaves:
        typed = replace(typed, active=True)
    try:
        mediators.update(actor(), mediator_id, typed, version, clock.now(), found=read.found)
    except Invalid as invalid:
        return _refused(read, invalid, mediator_id, version)
    except Stale as stale:
        return _both_versions(read, mediator_id, stale)
    inform(_("Your changes are saved."))
    if leaves:
        inform(_("Please look at what this person has promised before we stop asking."), tone="info")
        return redirect(url_for("leaving.rest", mediator_id=mediator_id))
    return redirect(url_for("mediators.show", mediator_id=mediator_id))


@bp.post("/mediators/<int:mediator_id>/activate")
@requires(Act.MEDIATOR_EDIT)
def activate(mediator_id: int) -> Response:
    """Bring somebody back into the search."""
    version = request.form.get("version", 0, int)
    mediator = mediators.set_active(actor(), mediator_id, version, clock.now(), active=True)
    inform(_("%(name)s can be asked again.", name=mediator.name))
    return redirect(url_for("mediators.show", mediator_id=mediator_id))


def _filters() -> Filters:
    """Read the filters of the address; what is no language and no municipality matches nobody."""
    args = request.args
    return Filters(
        language=as_word(args.get("language", "")),
        municipality=as_word(args.get("municipality", "")),
        active={"all": None, "resting": False}.get(args.get("active", ""), True),
        name=as_word(args.get("name", "")),
        free_this_week=args.get("free") == "1",
        page=page_number(),
    )


def _read() -> reading.ReadMediator:
    today = to_local(clock.now(), local_time.zone()).date()
    names = {name: organisation_id for organisation_id, name in forms.organisation_names().items()}
    return reading.read(request.form, names, today)


def _wants_rows() -> bool:
    return request.form.get("act", "").startswith("more-")


def _refused(
    read: reading.ReadMediator, invalid: Invalid, mediator_id: int | None = None, version: int = 0
) -> tuple[str, int]:
    errors = read.fields_of(pool_sentences(invalid))
    return _form(reading.values_of(request.form), mediator_id, version, errors=errors, ask=read.ask), 422


def _both_versions(read: reading.ReadMediator, mediator_id: int, stale: Stale) -> tuple[str, int]:
    stored, _version = mediators.get_typed(actor(), mediator_id)
    compared = forms.differences(read.typed, stored)
    errors = {"": sentence(stale)}
    values = reading.values_of(request.form)
    return _form(values, mediator_id, stale.current, errors=errors, compared=compared), 409


def _form(
    values: Mapping[str, Any],
    mediator_id: int | None = None,
    version: int = 0,
    *,
    errors: Mapping[str, str] | None = None,
    ask: Mapping[str, Any] | None = None,
    compared: list[tuple[str, str, str]] | None = None,
) -> str:
    return render_template(
        "mediators/form.html",
        values=values,
        errors=errors or {},
        ask=ask or {},
        compared=compared or [],
        mediator_id=mediator_id,
        version=version,
        choices=forms.choices(),
    )
