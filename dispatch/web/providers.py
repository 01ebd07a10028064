"""Pages of the providers: the help from outside that the service may ask."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.permissions import Act
from dispatch.domain.providers import ProviderKind, TypedProvider
from dispatch.i18n import gettext as _
from dispatch.messages import field_sentences, label, sentence
from dispatch.services import providers
from dispatch.web.forms import providers as reading
from dispatch.web.forms.choices import language_word
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("providers", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/providers")
@requires(Act.PROVIDER_VIEW)
def index() -> str:
    """List the providers with everything one needs to call them."""
    return render_template(
        "providers/index.html",
        entries=providers.every(actor()),
        languages_of=lambda row: i18n.formats().enumeration(i18n.language_name(one.code) for one in row.languages),
        ProviderKind=ProviderKind,
    )


@bp.get("/providers/new")
@requires(Act.PROVIDER_EDIT)
def new() -> str:
    """Show the form of a new provider."""
    return _form(reading.values(TypedProvider()))


@bp.post("/providers/new")
@requires(Act.PROVIDER_EDIT)
def create() -> Page:
    """Enter a provider."""
    read = reading.read(request.form)
    try:
        row = providers.create(actor(), read.typed, clock.now(), found=read.found)
    except Invalid as refusal:
        return _refused(read, refusal)
    inform(_("%(name)s is entered.", name=row.name))
    return redirect(url_for("providers.index"))


@bp.get("/providers/<int:provider_id>/edit")
@requires(Act.PROVIDER_EDIT)
def edit(provider_id: int) -> str:
    """Show the record in its form."""
    row = providers.get(actor(), provider_id)
    return _form(reading.values(providers.typed_of(row)), provider_id, row.version)


@bp.post("/providers/<int:provider_id>/edit")
@requires(Act.PROVIDER_EDIT)
def update(provider_id: int) -> Page:
    """Change a record; who was faster wins, and the other one sees both versions."""
    read, version = reading.read(request.form), request.form.get("version", 0, int)
    try:
        providers.update(actor(), provider_id, read.typed, version, clock.now(), found=read.found)
    except Invalid as refusal:
        return _refused(read, refusal, provider_id, version)
    except Stale as stale:
        return _both_versions(read, provider_id, stale)
    inform(_("Your changes are saved."))
    return redirect(url_for("providers.index"))


def _refused(
    read: reading.ReadProvider, refusal: Invalid, provider_id: int | None = None, version: int = 0
) -> tuple[str, int]:
    errors = {name: found[0] for name, found in field_sentences(refusal).items()}
    return _form(reading.typed_values(request.form), provider_id, version, errors=errors, ask=read.choices), 422


def _both_versions(read: reading.ReadProvider, provider_id: int, stale: Stale) -> tuple[str, int]:
    stored = providers.typed_of(providers.get(actor(), provider_id))
    mine, kept = _words(read.typed), _words(stored)
    compared = [(title, mine[title], kept[title]) for title in mine if mine[title] != kept[title]]
    values = reading.typed_values(request.form)
    return _form(values, provider_id, stale.current, errors={"": sentence(stale)}, compared=compared), 409


def _words(typed: TypedProvider) -> dict[str, str]:
    shown = reading.values(typed)
    return {
        _("Name"): shown["name"],
        _("Kind"): dict(_kinds()).get(typed.kind, typed.kind),
        _("Languages"): shown["languages"],
        _("Telephone"): shown["phone"],
        _("E-mail"): shown["email"],
        _("Web address"): shown["url"],
        _("When reached"): shown["hours"],
        _("Hint for the staff"): shown["hint"],
        _("In use"): _("yes") if typed.active else _("no"),
    }


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, label(kind)) for kind in ProviderKind]


def _form(
    values: Mapping[str, str],
    provider_id: int | None = None,
    version: int = 0,
    *,
    errors: Mapping[str, str] | None = None,
    ask: tuple[str, ...] = (),
    compared: list[tuple[str, str, str]] | None = None,
) -> str:
    return render_template(
        "providers/form.html",
        values=values,
        errors=errors or {},
        ask=[(code, language_word(code)) for code in ask],
        compared=compared or [],
        provider_id=provider_id,
        version=version,
        kinds=_kinds(),
    )
