"""Pages on which administrators look after accounts."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n
from dispatch.domain.errors import Invalid, Stale
from dispatch.domain.permissions import ASSIGNABLE, Act, Role
from dispatch.domain.users import TypedUser
from dispatch.i18n import gettext as _
from dispatch.messages import label, sentence
from dispatch.services import second_factors, user_areas, user_pages, users
from dispatch.web.forms import users as forms
from dispatch.web.guards import actor, inform, requires
from dispatch.web.paging import page_number

bp = Blueprint("users", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/users")
@requires(Act.USER_VIEW)
def index() -> str:
    """List accounts by name; filters stand in the address."""
    query, role = request.args.get("q", ""), request.args.get("role", "")
    number = page_number()
    listed, total = user_pages.list_users(actor(), query=query, role=role, page=number)
    return render_template(
        "users/index.html",
        listed=listed,
        total=total,
        query=query,
        role=role,
        roles=_roles(),
        pages=_pages(number, total),
    )


@bp.get("/users/new")
@requires(Act.USER_CREATE)
def new() -> str:
    """Show the form of a new account."""
    typed = TypedUser(role=request.args.get("role", ""), mediator_id=request.args.get("mediator_id", ""))
    return _form(forms.values(typed), None)


@bp.post("/users/new")
@requires(Act.USER_CREATE)
def create() -> Page:
    """Create an account; its owner is invited by mail."""
    now = clock.now()
    if _wants_row():
        return _form(forms.values_of(request.form), None)
    read = forms.read(request.form, user_areas.today(now))
    try:
        users.create(actor(), read.typed, now, found=read.found)
    except Invalid as refusal:
        return _form(forms.values_of(request.form), None, errors=forms.errors_of(refusal)), 422
    inform(_("The account is there, and an invitation is on its way to %(email)s.", email=read.typed.email))
    return redirect(url_for("users.index"))


@bp.get("/users/<int:user_id>")
@requires(Act.USER_VIEW)
def show(user_id: int) -> str:
    """Show one account in its form."""
    details = user_pages.get_user(actor(), user_id, clock.now())
    return _form(forms.values(details.typed), details)


@bp.post("/users/<int:user_id>")
@requires(Act.USER_EDIT)
def edit(user_id: int) -> Page:
    """Change an account; who was faster wins, and the other one sees both versions."""
    now, values = clock.now(), forms.values_of(request.form)
    details = user_pages.get_user(actor(), user_id, now)
    if _wants_row():
        return _form(values, details)
    read = forms.read(request.form, user_areas.today(now))
    try:
        users.edit(actor(), user_id, read.typed, request.form.get("version", 0, int), now, found=read.found)
    except Invalid as refusal:
        return _form(values, details, errors=forms.errors_of(refusal)), 422
    except Stale as stale:
        details = user_pages.get_user(actor(), user_id, now)
        return _form(values, details, errors={"": sentence(stale)}, typed=read.typed), 409
    inform(_("Your changes are saved."))
    return redirect(url_for("users.show", user_id=user_id))


@bp.post("/users/<int:user_id>/disable")
@requires(Act.USER_DISABLE)
def disable(user_id: int) -> Page:
    """Let nobody in by this account any more, from this moment on."""
    return _switch(user_id, False, _("The account is disabled, and all its sessions have ended."))


@bp.post("/users/<int:user_id>/enable")
@requires(Act.USER_DISABLE)
def enable(user_id: int) -> Page:
    """Let the owner of this account in again."""
    return _switch(user_id, True, _("The account can be used again."))


@bp.post("/users/<int:user_id>/sessions-end")
@requires(Act.USER_EDIT)
def end_sessions(user_id: int) -> Response:
    """End every session of an account."""
    users.end_sessions(actor(), user_id, clock.now())
    inform(_("All sessions of this account have ended."))
    return redirect(url_for("users.show", user_id=user_id))


@bp.post("/users/<int:user_id>/factors-reset")
@requires(Act.USER_EDIT)
def reset_factors(user_id: int) -> Response:
    """Remove the second factors of somebody who lost them."""
    second_factors.reset(actor(), user_id, clock.now())
    inform(_("All second factors of this account are removed, and all its sessions have ended."))
    return redirect(url_for("users.show", user_id=user_id))


@bp.post("/users/<int:user_id>/invite")
@requires(Act.USER_EDIT)
def invite(user_id: int) -> Response:
    """Mail another invitation."""
    users.invite_again(actor(), user_id, clock.now())
    inform(_("A new invitation is on its way."))
    return redirect(url_for("users.show", user_id=user_id))


def _switch(user_id: int, active: bool, done: str) -> Page:
    try:
        users.set_active(actor(), user_id, active, clock.now())
    except Invalid as refusal:
        details = user_pages.get_user(actor(), user_id, clock.now())
        return _form(forms.values(details.typed), details, errors=forms.errors_of(refusal)), 422
    inform(done)
    return redirect(url_for("users.show", user_id=user_id))


def _wants_row() -> bool:
    return request.form.get("act", "") == "more-area"


def _form(
    values: Mapping[str, Any],
    details: user_pages.Details | None,
    *,
    errors: Mapping[str, str] | None = None,
    typed: TypedUser | None = None,
) -> str:
    choices = user_pages.choices(actor(), besides=details.id if details else None)
    return render_template(
        "users/form.html",
        values=values,
        errors=errors or {},
        details=details,
        roles=_roles(),
        choices=choices,
        languages=[(entry.tag, entry.own_name) for entry in i18n.LOCALES],
        compared=_compared(typed, details.typed, choices) if typed and details else [],
    )


def _compared(typed: TypedUser, stored: TypedUser, choices: user_pages.Choices) -> list[tuple[str, str, str]]:
    units = {str(key): name for key, name in choices.organisations}
    people = {str(key): name for key, name in choices.mediators}
    roles = dict(_roles())

    def words(user: TypedUser) -> tuple[str, ...]:
        unit, person = units.get(user.organisation_id, ""), people.get(user.mediator_id, "")
        return user.email, user.name, roles.get(user.role, ""), unit, person, forms.area_words(user)

    fields = (_("E-mail address"), _("Name"), _("Role"), _("Organisation"), _("Person of the pool"), _("Areas"))
    return list(zip(fields, words(typed), words(stored), strict=True))


def _roles() -> list[tuple[str, str]]:
    return [(role.value, label(Role(role))) for role in ASSIGNABLE]


def _pages(number: int, total: int) -> dict[str, str | None]:
    def address(page: int) -> str:
        kept = {name: value for name, value in request.args.items() if name in {"q", "role"}}
        return f"{url_for('users.index')}?{urlencode({**kept, 'page': page})}"

    first, last = (number - 1) * user_pages.PAGE_SIZE + 1, min(number * user_pages.PAGE_SIZE, total)
    return {
        "previous": address(number - 1) if number > 1 else None,
        "next": address(number + 1) if last < total else None,
        "where": _("%(first)d–%(last)d of %(total)d", first=first, last=last, total=total),
    }
