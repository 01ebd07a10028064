"""The table of intake: what happens to a request for a field of work by a kind of organisation."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.errors import Invalid
from dispatch.domain.intake_rules import TypedRule, Verdict
from dispatch.domain.organisations import OrganisationKind
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.messages import field_sentences, label, setting_name
from dispatch.services import intake_rules, settings
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("intake_rules", __name__)

Page = str | Response | tuple[str, int]
FIELDS = ("setting", "kind", "verdict", "text", "alternative")


@bp.get("/intake-rules")
@requires(Act.OPTION_VIEW)
def index() -> str:
    """Show the table, and the form for a row: empty, or the one that the address names."""
    return _page(_chosen())


@bp.post("/intake-rules")
@requires(Act.OPTION_EDIT)
def save() -> Page:
    """Write a row, in place of the one there was."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        intake_rules.save(actor(), TypedRule(**typed), clock.now())
    except Invalid as refusal:
        return _page(typed, {name: found[0] for name, found in field_sentences(refusal).items()}), 422
    inform(_("The rule is saved. It holds for requests sent from now on."))
    return redirect(url_for("intake_rules.index"))


@bp.post("/intake-rules/remove")
@requires(Act.OPTION_EDIT)
def remove() -> Response:
    """Take a row out of the table."""
    intake_rules.remove(actor(), request.form.get("setting", ""), request.form.get("kind", ""), clock.now())
    inform(_("The rule is removed. Requests sent from now on are taken as the field of work says."))
    return redirect(url_for("intake_rules.index"))


def _chosen() -> dict[str, str]:
    """Return the row that the address names, as its form shows it; an empty form asks for a look."""
    wanted = (request.args.get("setting", ""), request.args.get("kind", ""))
    for row, _number in intake_rules.entries(actor(), clock.now()):
        if (row.setting, row.organisation_kind) == wanted:
            texts = {"verdict": row.verdict, "text": row.text or "", "alternative": row.alternative or ""}
            return {"setting": row.setting, "kind": row.organisation_kind, **texts}
    return {"verdict": Verdict.REVIEW.value}


def _page(values: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "intake_rules/index.html",
        entries=intake_rules.entries(actor(), clock.now()),
        values=values,
        errors=errors or {},
        settings=[(one.code, setting_name(one.code)) for one in settings.all_settings()],
        kinds=[(kind.value, label(kind)) for kind in OrganisationKind],
        verdicts=[(verdict.value, label(verdict)) for verdict in Verdict],
        Verdict=Verdict,
    )
