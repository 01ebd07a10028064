"""Ask for a second factor at sign-in, and let people look after their own.

Looking at a page changes nothing: what a browser is to sign was made by the form that led there.
"""

import textwrap
from collections.abc import Mapping
from urllib.parse import urlsplit

import segno
from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain import service
from dispatch.domain.errors import Invalid, Missing, ProofNeeded
from dispatch.domain.permissions import Act
from dispatch.domain.second_factors import FactorKind
from dispatch.i18n import gettext as _
from dispatch.messages import field_sentences, label
from dispatch.services import accounts, factor_proofs, options, passwords, second_factors, sign_in_steps
from dispatch.services.factor_proofs import Proof
from dispatch.services.passkeys import Site
from dispatch.services.passwords import Passwords
from dispatch.web import entries, guards
from dispatch.web.clients import client
from dispatch.web.entries import STEP
from dispatch.web.frame import home_of
from dispatch.web.guards import actor, inform, public, requires, safe_target

bp = Blueprint("second_factors", __name__)

Page = str | Response | tuple[str, int]

OWN_STEP = "factor_step"
"""Under which name the cookie holds the step in which who is signed in proves a factor or sets one up."""
THEN = "after_proof"
"""Where to go on after that."""
USUAL_PORTS = {"http": 80, "https": 443}


@bp.errorhandler(ProofNeeded)
def _prove_first(_refusal: ProofNeeded) -> Response:
    return prove_first(url_for("second_factors.index"))


def prove_first(then: str) -> Response:
    """Lead to where who is signed in proves a factor, or the password without one, and from there to `then`."""
    session[OWN_STEP], session[THEN] = factor_proofs.begin_confirming(actor(), clock.now()), then
    return redirect(url_for("second_factors.confirmation"))


@bp.get("/login/factor")
@public
def ask() -> Page:
    """Ask for the second factor after the first one was right."""
    return _sign_in_page({})


@bp.post("/login/factor")
@public
def prove() -> Page:
    """Let in who proves the second factor."""
    try:
        secret = factor_proofs.sign_in(session.get(STEP, ""), _proof(), clock.now(), client=client(), site=_site())
    except Missing:
        return _from_the_start()
    except Invalid as refusal:
        return _sign_in_page(_first_sentences(refusal))
    return entries.enter(secret)


@bp.get("/account/factors")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def index() -> str:
    """Show one's second factors."""
    return _index({})


@bp.post("/account/factors/unlock")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def unlock() -> Response:
    """Begin to prove the present factor, so that factors can be changed."""
    raise ProofNeeded


@bp.get("/account/factors/confirm")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def confirmation() -> Page:
    """Ask who is signed in for the present factor, or for the password while there is none."""
    return _confirm_page({})


@bp.post("/account/factors/confirm")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def confirm() -> Page:
    """Note that the present factor was proved; the session goes on under a new id."""
    now, step = clock.now(), session.get(OWN_STEP, "")
    try:
        if "old" in request.form:
            secret = factor_proofs.confirm_by_password(
                actor(), guards.secret(), _typed("old"), now, passwords=_passwords()
            )
        else:
            secret = factor_proofs.confirm(actor(), guards.secret(), step, _proof(), now, client=client(), site=_site())
    except Missing:
        return redirect(url_for("second_factors.index"))
    except Invalid as refusal:
        return _confirm_page(_first_sentences(refusal))
    then = safe_target(session.get(THEN)) or url_for("second_factors.index")
    entries.begin(secret)
    inform(_("Thank you. For five minutes you can make the change."))
    return redirect(then)


@bp.post("/account/factors")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def begin() -> Page:
    """Begin to set up a factor."""
    kind = FactorKind.PASSKEY if _typed("kind") == FactorKind.PASSKEY else FactorKind.TOTP
    try:
        session[OWN_STEP] = second_factors.begin_set_up(actor(), guards.secret(), kind, clock.now(), site=_site())
    except Invalid as refusal:
        return _index(_first_sentences(refusal)), 422
    return redirect(url_for("second_factors.new"))


@bp.get("/account/factors/new")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def new() -> Page:
    """Show what the browser or the app needs for the factor that is being set up."""
    return _new_page({})


@bp.post("/account/factors/new")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def add() -> Page:
    """Add the factor that was tried; with the first one the recovery codes are shown, this once."""
    made = second_factors.Made(session.get(OWN_STEP, ""), _typed("name"), _proof())
    try:
        codes = second_factors.add(actor(), guards.secret(), made, clock.now(), site=_site())
    except Missing:
        return _set_up_anew()
    except Invalid as refusal:
        return _new_page(_first_sentences(refusal))
    session.pop(OWN_STEP, None)
    return _codes_page(codes) if codes else _changed(_("The second factor is set up."))


@bp.post("/account/factors/<int:factor_id>/rename")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def rename(factor_id: int) -> Page:
    """Give a factor another name."""
    try:
        second_factors.rename(actor(), guards.secret(), factor_id, _typed("name"), clock.now())
    except Invalid as refusal:
        return _index(_first_sentences(refusal), renamed=factor_id), 422
    inform(_("Your changes are saved."))
    return redirect(url_for("second_factors.index"))


@bp.post("/account/factors/<int:factor_id>/remove")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def remove(factor_id: int) -> Page:
    """Remove a factor."""
    try:
        second_factors.remove(actor(), guards.secret(), factor_id, clock.now())
    except Invalid as refusal:
        return _index(_first_sentences(refusal)), 422
    return _changed(_("The second factor is removed."))


@bp.post("/account/factors/codes")
@requires(Act.ACCOUNT_EDIT, before_factor=True)
def renew_codes() -> str:
    """Make new recovery codes and show them, this once."""
    key = current_app.config["SECRET_KEY"]
    return _codes_page(second_factors.renew_codes(actor(), guards.secret(), clock.now(), key=key))


def _sign_in_page(errors: Mapping[str, str]) -> Page:
    question = factor_proofs.ask(session.get(STEP, ""), sign_in_steps.SIGN_IN, clock.now(), site=_site())
    if question is None:
        return _from_the_start()
    target = safe_target(request.values.get("next")) or ""
    page = render_template("second_factors/sign_in.html", passkey=question.passkey, errors=errors, target=target)
    return (page, 422) if errors else page


def _from_the_start() -> Response:
    account = guards.signed_in()
    if account:
        return redirect(home_of(account.role))
    session.pop(STEP, None)
    inform(_("That took too long. Please sign in again."), tone="info")
    return redirect(url_for("accounts.login", next=safe_target(request.values.get("next"))))


def _confirm_page(errors: Mapping[str, str]) -> Page:
    question = factor_proofs.ask(session.get(OWN_STEP, ""), sign_in_steps.CONFIRM, clock.now(), site=_site())
    own = guards.signed_in()
    if question is None or own is None or question.user_id != own.user_id:
        return redirect(url_for("second_factors.index"))
    page = render_template(
        "second_factors/confirm.html",
        question=question,
        passkey=question.passkey,
        own=own,
        errors=errors,
        has_password=accounts.has_password(own.user_id),
    )
    return (page, 422) if errors else page


def _new_page(errors: Mapping[str, str]) -> Page:
    found = second_factors.find_set_up(actor(), session.get(OWN_STEP, ""), clock.now(), site=_site())
    if found is None:
        return _set_up_anew()
    is_passkey = found.kind is FactorKind.PASSKEY
    name = _typed("name") if request.method == "POST" else label(found.kind)
    page = render_template(
        "second_factors/new.html",
        found=found,
        is_passkey=is_passkey,
        picture=None if is_passkey else segno.make(found.address, error="m").svg_data_uri(scale=5, light="#fff"),
        groups=textwrap.wrap(found.shared_secret, 4),
        values={"name": name},
        errors=errors,
    )
    return (page, 422) if errors else page


def _set_up_anew() -> Response:
    inform(_("That took too long. Please begin again."), tone="info")
    return redirect(url_for("second_factors.index"))


def _index(errors: Mapping[str, str], *, renamed: int | None = None) -> str:
    own, now = guards.signed_in(), clock.now()
    assert own is not None
    return render_template(
        "second_factors/index.html",
        own=own,
        overview=second_factors.overview(actor(), guards.secret(), now),
        is_required=second_factors.is_missing(own),
        knows_passkeys=_site().host is not None,
        others=len(accounts.list_sessions(own.user_id, guards.secret(), now)) - 1,
        errors=errors,
        renamed=renamed,
        typed=_typed("name"),
    )


def _codes_page(codes: tuple[str, ...]) -> str:
    own = guards.signed_in()
    assert own is not None
    return render_template("second_factors/codes.html", codes=codes, home=home_of(own.role))


def _changed(sentence: str) -> Response:
    inform(sentence)
    return redirect(url_for("second_factors.index"))


def _site() -> Site:
    """Return where browsers reach us; on one's own machine passkeys work under the name localhost."""
    config, address = current_app.config, urlsplit(current_app.config["BASE_URL"])
    host = "localhost" if config["IS_LOOPBACK"] else address.hostname or ""
    port = "" if address.port in {None, USUAL_PORTS.get(address.scheme)} else f":{address.port}"
    is_here = urlsplit(request.host_url).hostname == host and not host.replace(".", "").isdigit() and ":" not in host
    name = options.read(service.DEFAULT).name
    return Site(config["SECRET_KEY"], name, host if is_here else None, f"{address.scheme}://{host}{port}")


def _proof() -> Proof:
    return Proof(_typed("code"), _typed("passkey"))


def _typed(field: str) -> str:
    return request.form.get(field, "")


def _first_sentences(refusal: Invalid) -> dict[str, str]:
    return {field: sentences[0] for field, sentences in field_sentences(refusal).items()}


def _passwords() -> Passwords:
    return passwords.CHEAP if current_app.config["ARGON2_CHEAP"] else passwords.STRONG
