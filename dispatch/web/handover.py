"""The handover list: one page, made to be printed, with what a deputy must know."""

from flask import Blueprint, render_template

from dispatch import clock
from dispatch.domain.permissions import Act
from dispatch.services import handover
from dispatch.web.guards import actor, requires

bp = Blueprint("handover", __name__)


@bp.get("/handover")
@requires(Act.BOARD_VIEW)
def show() -> str:
    """Show what is open for the coming days, and what was noted in the last ones."""
    now = clock.now()
    return render_template("handover/show.html", sheet=handover.sheet(actor(), now), now=now)
