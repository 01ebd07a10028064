"""Acts by which somebody of the coordination says who looks after a request, or takes an alarm."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, messages
from dispatch.domain.errors import AlreadyClaimed
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.services import alarms, claims
from dispatch.web import request_sheets
from dispatch.web.guards import actor, inform, requires, safe_target

bp = Blueprint("claims", __name__)

Page = str | Response | tuple[str, int]


@bp.post("/requests/<int:request_id>/claim")
@requires(Act.REQUEST_CLAIM)
def claim(request_id: int) -> Page:
    """Look after a request; who comes second reads who has it, and may take it over openly."""
    taken_from = request.form.get("taken_from", type=int)
    try:
        claims.claim(actor(), request_id, clock.now(), taken_from=taken_from)
    except AlreadyClaimed as refusal:
        inform(messages.sentence(refusal), tone="warning")
        return request_sheets.show(request_id), 409
    inform(_("You look after this request now. Your colleagues see it."))
    return redirect(_back(request_id))


@bp.post("/requests/<int:request_id>/release")
@requires(Act.REQUEST_CLAIM)
def release(request_id: int) -> Response:
    """Give one's claim back."""
    claims.release(actor(), request_id, clock.now())
    inform(_("You no longer look after this request."))
    return redirect(_back(request_id))


@bp.post("/alarms/<int:alarm_id>/take")
@requires(Act.REQUEST_CLAIM)
def take(alarm_id: int) -> Response:
    """Take an alarm, so that nobody else is written to about it."""
    alarms.take(actor(), alarm_id, clock.now())
    inform(_("The alarm is yours. Nobody else is written to about it."))
    return redirect(safe_target(request.form.get("next")) or url_for("duty.index"))


def _back(request_id: int) -> str:
    return safe_target(request.form.get("next")) or url_for("requests.show", request_id=request_id)
