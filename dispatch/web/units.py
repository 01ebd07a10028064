"""Acts on a unit's page: its members, what it may look at, and whom it does not want."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n
from dispatch.domain.errors import Invalid
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.services import bars, members, sights
from dispatch.services.members import TypedMember
from dispatch.web import organisation_sheets
from dispatch.web.guards import actor, inform, requires

bp = Blueprint("units", __name__)

Page = Response | tuple[str, int]
LONGEST_ID = 10


@bp.post("/organisations/<int:organisation_id>/members")
@requires(Act.MEMBER_INVITE)
def invite(organisation_id: int) -> Page:
    """Create an account for a member and mail the invitation."""
    form = request.form
    language = i18n.normalise(form.get("ui_language", "")) or ""
    typed = TypedMember(form.get("name", ""), form.get("email", ""), language)
    try:
        members.invite(actor(), organisation_id, typed, clock.now())
    except Invalid as refusal:
        return organisation_sheets.refused(organisation_id, "invite", refusal)
    inform(_("The account is there, and an invitation is on its way to %(email)s.", email=typed.email))
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/members/<int:user_id>/invite")
@requires(Act.MEMBER_INVITE)
def invite_again(organisation_id: int, user_id: int) -> Response:
    """Mail another invitation."""
    members.invite_again(actor(), organisation_id, user_id, clock.now())
    inform(_("A new invitation is on its way."))
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/members/<int:user_id>/disable")
@requires(Act.MEMBER_DISABLE)
def disable(organisation_id: int, user_id: int) -> Page:
    """Let a member in no more, from this moment on."""
    try:
        members.set_active(actor(), organisation_id, user_id, False, clock.now())
    except Invalid as refusal:
        return organisation_sheets.refused(organisation_id, "disable", refusal)
    inform(_("The account is disabled, and all its sessions have ended."))
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/members/<int:user_id>/enable")
@requires(Act.MEMBER_DISABLE)
def enable(organisation_id: int, user_id: int) -> Response:
    """Let a member in again."""
    members.set_active(actor(), organisation_id, user_id, True, clock.now())
    inform(_("The account can be used again."))
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/members/<int:user_id>/leading")
@requires(Act.MEMBER_SET_LEADING)
def set_leading(organisation_id: int, user_id: int) -> Response:
    """Let a member look after the others of the unit, or no longer."""
    members.set_leading(actor(), organisation_id, user_id, request.form.get("leads") == "1", clock.now())
    inform(_("Your changes are saved."))
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/sights")
@requires(Act.SIGHT_GRANT)
def grant_sight(organisation_id: int) -> Page:
    """Let the unit look at another's requests and appointments."""
    try:
        sights.grant(actor(), organisation_id, _key(request.form.get("sees", "")), clock.now())
    except Invalid as refusal:
        return organisation_sheets.refused(organisation_id, "sight", refusal)
    inform(_("The unit may look at these requests from now on."))
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/sights/<int:sees_id>/revoke")
@requires(Act.SIGHT_GRANT)
def revoke_sight(organisation_id: int, sees_id: int) -> Response:
    """Take a granted sight back."""
    sights.revoke(actor(), organisation_id, sees_id, clock.now())
    inform(_("The unit no longer sees these requests."))
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/bars/<int:mediator_id>")
@requires(Act.UNIT_BAR)
def set_barred(organisation_id: int, mediator_id: int) -> Page:
    """Have somebody not asked for the unit any more, or again."""
    is_barred = request.form.get("barred") == "1"
    try:
        bars.set_barred(actor(), organisation_id, mediator_id, is_barred, clock.now())
    except Invalid as refusal:
        return organisation_sheets.refused(organisation_id, "bar", refusal)
    inform(_("This person is not asked for the unit any more.") if is_barred else _("This person can be asked again."))
    return _back(organisation_id)


def _back(organisation_id: int) -> Response:
    return redirect(url_for("organisations.show", organisation_id=organisation_id))


def _key(text: str) -> int | None:
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0
