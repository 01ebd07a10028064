"""Pages on which somebody is taken out of the search, with what she has promised; and a replacement is looked for."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.services import leaving
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("leaving", __name__)

LONGEST_ID = 10


@bp.get("/mediators/<int:mediator_id>/rest")
@requires(Act.MEDIATOR_EDIT)
def rest(mediator_id: int) -> str:
    """Show what somebody has promised before she is taken out of the search."""
    return _page(mediator_id, is_leaving=True)


@bp.post("/mediators/<int:mediator_id>/rest")
@requires(Act.MEDIATOR_EDIT)
def let_go(mediator_id: int) -> Response:
    """Take somebody out of the search and look for others where that was ticked."""
    version = request.form.get("version", 0, int)
    mediator = leaving.let_go(actor(), mediator_id, version, _ticked(), clock.now())
    inform(_("%(name)s is not asked any more.", name=mediator.name))
    return redirect(url_for("mediators.show", mediator_id=mediator_id))


@bp.get("/mediators/<int:mediator_id>/replace")
@requires(Act.MEDIATOR_EDIT)
def replacing(mediator_id: int) -> str:
    """Show somebody's appointments ahead, to look for others."""
    return _page(mediator_id, is_leaving=False)


@bp.post("/mediators/<int:mediator_id>/replace")
@requires(Act.MEDIATOR_EDIT)
def replace(mediator_id: int) -> Response:
    """Look for others for the appointments that were ticked."""
    released = leaving.replace(actor(), mediator_id, _ticked(), clock.now())
    if released:
        words = ngettext(
            "For one appointment others are asked.", "For %(num)d appointments others are asked.", released
        )
        inform(words)
    else:
        inform(_("Nothing was changed."), tone="info")
    return redirect(url_for("mediators.show", mediator_id=mediator_id))


def _page(mediator_id: int, *, is_leaving: bool) -> str:
    now = clock.now()
    ties = leaving.ties(actor(), mediator_id, now)
    return render_template("mediators/rest.html", ties=ties, is_leaving=is_leaving, now=now)


def _ticked() -> set[int]:
    """Return the ids that were ticked; what is no id is nobody's."""
    typed = request.form.getlist("replace")
    return {int(one) for one in typed if one.isascii() and one.isdigit() and len(one) <= LONGEST_ID}
