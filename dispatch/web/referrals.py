"""Acts on a request that look for help outside: put it to a provider, record what became of it."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act
from dispatch.domain.referrals import ReferralState
from dispatch.i18n import gettext as _
from dispatch.services import outside
from dispatch.web import request_sheets
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("referrals", __name__)

Page = Response | tuple[str, int]


@bp.post("/requests/<int:request_id>/referrals")
@requires(Act.REFERRAL_MAKE)
def ask(request_id: int) -> Page:
    """Put a request to a provider, by mail or by telephone."""
    provider_id = request.form.get("provider", 0, int)
    try:
        outside.ask(actor(), request_id, provider_id, request.form.get("channel", ""), clock.now())
    except Invalid as refusal:
        return request_sheets.refused(request_id, "outside", refusal)
    inform(_("It is recorded whom you asked."))
    return _back(request_id)


@bp.post("/requests/<int:request_id>/referrals/<int:referral_id>")
@requires(Act.REFERRAL_MAKE)
def settle(request_id: int, referral_id: int) -> Page:
    """Record what became of asking a provider."""
    try:
        state = outside.settle(actor(), request_id, referral_id, request.form.get("outcome", ""), clock.now())
    except Invalid as refusal:
        return request_sheets.refused(request_id, "outside", refusal)
    if state is ReferralState.AGREED:
        inform(_("The search has ended; the office and everybody asked are told."))
    else:
        inform(_("It is recorded."))
    return _back(request_id)


def _back(request_id: int) -> Response:
    return redirect(url_for("requests.show", request_id=request_id) + "#outside-h")
