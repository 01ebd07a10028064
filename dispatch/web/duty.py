"""Pages of duty: who of the coordination is there, who is away and who stands in."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.duty import TypedAbsence
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.messages import field_sentences
from dispatch.services import alarms, duty
from dispatch.web.forms import duty as forms
from dispatch.web.guards import actor, inform, may_do, requires

bp = Blueprint("duty", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/duty")
@requires(Act.DUTY_VIEW)
def index() -> str:
    """Show who is there today, who is away from now on, and the form for an absence."""
    return _page({}, {})


@bp.post("/duty")
@requires(Act.DUTY_EDIT)
def add() -> Page:
    """Enter an absence."""
    try:
        duty.add(actor(), _typed(), clock.now())
    except Invalid as refusal:
        return _page(request.form, _first(refusal)), 422
    inform(_("The absence is entered."))
    return redirect(url_for("duty.index"))


@bp.get("/duty/<int:absence_id>")
@requires(Act.DUTY_EDIT)
def show(absence_id: int) -> str:
    """Show one absence in its form."""
    return _form(absence_id, forms.values_of(duty.get(actor(), absence_id)), {})


@bp.post("/duty/<int:absence_id>")
@requires(Act.DUTY_EDIT)
def change(absence_id: int) -> Page:
    """Change an absence."""
    try:
        duty.change(actor(), absence_id, _typed(), clock.now())
    except Invalid as refusal:
        return _form(absence_id, request.form, _first(refusal)), 422
    inform(_("The absence is changed."))
    return redirect(url_for("duty.index"))


@bp.post("/duty/<int:absence_id>/end")
@requires(Act.DUTY_EDIT)
def end(absence_id: int) -> Response:
    """End an absence today, or take out one that has not begun."""
    duty.end(actor(), absence_id, clock.now())
    inform(_("The absence is over."))
    return redirect(url_for("duty.index"))


def _typed() -> TypedAbsence:
    return forms.read(request.form, clock.now())


def _page(values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    now = clock.now()
    return render_template(
        "duty/index.html",
        plan=duty.plan(actor(), now),
        waiting=alarms.open_alarms(actor()) if may_do(Act.BOARD_VIEW) else [],
        values=values,
        errors=errors,
        now=now,
    )


def _form(absence_id: int, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    found = duty.get(actor(), absence_id)
    plan = duty.plan(actor(), clock.now())
    return render_template("duty/form.html", absence_id=found.id, plan=plan, values=values, errors=errors)


def _first(refusal: Invalid) -> dict[str, str]:
    return {field: sentences[0] for field, sentences in field_sentences(refusal).items()}
