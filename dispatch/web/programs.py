"""Pages of the tokens with which programs call the API: one's own, made and revoked."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, messages
from dispatch.domain import programs as rules
from dispatch.domain.errors import Invalid, ProofNeeded
from dispatch.domain.permissions import Act
from dispatch.domain.programs import Scope, check_token, ends_at
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.services import programs, second_factors
from dispatch.web import guards
from dispatch.web.guards import actor, inform, requires
from dispatch.web.second_factors import prove_first

bp = Blueprint("programs", __name__)


@bp.get("/account/tokens")
@requires(Act.PROGRAM_ADMIT)
def index() -> str:
    """List the tokens that hold, and offer a new one."""
    return _page({"lasts": str(rules.LASTS_DAYS[-1])}, {})


@bp.post("/account/tokens")
@requires(Act.PROGRAM_ADMIT)
def make() -> str | Response | tuple[str, int]:
    """Make a token and show it on this page, once; who has a second factor proves it before."""
    now, lasts = clock.now(), request.form.get("lasts", "")
    try:
        second_factors.require_proof(actor(), guards.secret(), now)
    except ProofNeeded:
        return prove_first(url_for("programs.index"))
    name, scopes = request.form.get("name", ""), request.form.getlist("scopes")
    try:
        new = check_token(name, scopes, ends_at(lasts, now), now)
        secret = programs.make(actor(), _user_id(), new, now)
    except Invalid as refusal:
        errors = {field: sentences[0] for field, sentences in messages.field_sentences(refusal).items()}
        return _page({"name": name, "scopes": scopes, "lasts": lasts}, errors), 422
    return _page({"lasts": lasts}, {}, secret=secret)


@bp.post("/account/tokens/<int:token_id>/revoke")
@requires(Act.PROGRAM_ADMIT)
def revoke(token_id: int) -> Response:
    """End a token at once."""
    programs.revoke(actor(), token_id, clock.now())
    inform(_("The token is revoked. Programs that use it are refused from now on."))
    return redirect(url_for("programs.index"))


def _page(values: dict[str, object], errors: dict[str, str], *, secret: str | None = None) -> str:
    names = {scope.value: messages.label(scope) for scope in Scope}
    return render_template(
        "programs/index.html",
        rows=[(token, [names[word] for word in token.scopes]) for token in programs.tokens_of(actor(), _user_id())],
        scopes=list(names.items()),
        lasting=[(days, ngettext("%(num)d day", "%(num)d days", days)) for days in rules.LASTS_DAYS],
        values=values,
        errors=errors,
        secret=secret,
    )


def _user_id() -> int:
    user_id = actor().user_id
    assert user_id is not None
    return user_id
