"""Sign in and out, set a password by a mailed link, look after one's own account.

Mailed links act by POST only: a mail scanner that opens them changes nothing.
"""

from collections.abc import Mapping

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n
from dispatch.domain import second_factors
from dispatch.domain.errors import Invalid, Missing
from dispatch.domain.permissions import Act
from dispatch.i18n import gettext as _
from dispatch.messages import field_sentences
from dispatch.services import account_links, accounts, passwords, sign_ins
from dispatch.services.passwords import Passwords
from dispatch.web import demo_login, drafts, entries, guards, single_sign_on
from dispatch.web.clients import client
from dispatch.web.frame import home_of
from dispatch.web.guards import actor, inform, public, requires, safe_target

bp = Blueprint("accounts", __name__)

Page = str | Response | tuple[str, int]


@bp.get("/login")
@public
def login() -> Page:
    """Show the form for address and password."""
    account = guards.signed_in()
    if account:
        return redirect(safe_target(request.args.get("next")) or home_of(account.role))
    return _login_form({})


@bp.post("/login")
@public
def sign_in() -> Page:
    """Let in who knows the password, or mail a link to sign in without one."""
    if request.form.get("act") == "link":
        account_links.request_login(_typed("email"), clock.now(), client=client())
        return render_template("accounts/sent.html", email=_typed("email"), kind="login")
    try:
        entry = sign_ins.sign_in(
            _typed("email"), _typed("password"), clock.now(), client=client(), passwords=_passwords()
        )
    except Invalid as refusal:
        return _login_form(_first_sentences(refusal)), 422
    return entries.go_on(entry)


@bp.post("/login/demo")
@public
def sign_in_demo() -> Response:
    """Let in as one of the invented people of a demonstration; there is no such page anywhere else."""
    return entries.enter(demo_login.begin(_typed("role")))


@bp.route("/login/<token>", methods=["GET", "POST"])
@public
def login_link(token: str) -> Page:
    """Show a button that signs in; the button does."""
    if request.method == "POST":
        return entries.go_on(account_links.redeem_login(token, clock.now(), client=client()))
    invited = _invited("login", token)
    return render_template("accounts/login_link.html", invited=invited)


@bp.post("/logout")
@public
def logout() -> Response:
    """End the session, and let the browser forget what it kept of it."""
    way_out = single_sign_on.way_out()
    guards.end()
    if way_out is None:
        inform(_("You have signed out."))
    response = redirect(way_out or url_for("public.start"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/invite/<token>", methods=["GET", "POST"])
@public
def invite(token: str) -> Page:
    """Let an invited person choose a password."""
    return _password_by_link("invite", token)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Page:
    """Let a person who forgot the password choose a new one."""
    return _password_by_link("reset", token)


@bp.get("/reset")
@public
def forgotten() -> str:
    """Ask for the address to mail a link to."""
    return render_template("accounts/reset.html")


@bp.post("/reset")
@public
def request_reset() -> str:
    """Mail a link if there is such an account, and say the same in either case."""
    account_links.request_reset(_typed("email"), clock.now(), client=client())
    return render_template("accounts/sent.html", email=_typed("email"), kind="reset")


@bp.get("/account")
@requires(Act.ACCOUNT_VIEW)
def account() -> str:
    """Show one's own account: language, password, sessions."""
    return _account_page({})


@bp.post("/account/password")
@requires(Act.ACCOUNT_EDIT)
def change_password() -> Page:
    """Set a new password; every other session ends, this one goes on under a new id."""
    try:
        secret = sign_ins.change_password(actor(), _typed("old"), _typed("new"), clock.now(), passwords=_passwords())
    except Invalid as refusal:
        return _account_page(_first_sentences(refusal)), 422
    entries.begin(secret)
    inform(_("Your new password is set. All other sessions have ended."))
    return redirect(url_for("accounts.account"))


@bp.post("/account/sessions-end")
@requires(Act.ACCOUNT_EDIT)
def end_sessions() -> Response:
    """End the other sessions of the account."""
    accounts.end_other_sessions(actor(), guards.secret(), clock.now())
    inform(_("All other sessions have ended."))
    return redirect(url_for("accounts.account"))


@bp.post("/language")
@public
def language() -> Response:
    """Keep the language that was chosen: with the account if there is one, else in this browser."""
    chosen = i18n.normalise(_typed("lang"))
    response = redirect(safe_target(_typed("next")) or url_for("public.start"))
    if chosen is None:
        raise Missing
    if guards.signed_in():
        accounts.keep_language(actor(), chosen)
        response.delete_cookie(i18n.COOKIE)
    else:
        i18n.keep_in_browser(response, chosen)
    return response


def _password_by_link(purpose: str, token: str) -> Page:
    invited = _invited(purpose, token)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            entry = account_links.redeem(
                purpose, token, _typed("new"), clock.now(), client=client(), passwords=_passwords()
            )
        except Invalid as refusal:
            errors = _first_sentences(refusal)
        else:
            done, waiting = _("Your password is set. You are signed in."), _("Your password is set.")
            return entries.go_on(entry, done, waiting=waiting)
    page = render_template("accounts/password.html", invited=invited, purpose=purpose, errors=errors)
    return (page, 422) if errors else page


def _invited(purpose: str, token: str) -> account_links.Invited:
    """Find whose link it is, and go on in that person's language."""
    invited = account_links.find_invited(purpose, token, clock.now(), client=client())
    g.link_locale = invited.ui_language
    i18n.choose_again()
    return invited


def _login_form(errors: Mapping[str, str]) -> str:
    return render_template(
        "accounts/login.html",
        values={"email": _typed("email")},
        errors=errors,
        target=safe_target(request.values.get("next")) or "",
        has_draft=drafts.stray() is not None,
        demo_roles=demo_login.roles(),
    )


def _account_page(errors: Mapping[str, str]) -> str:
    own = guards.signed_in()
    assert own is not None
    sessions = accounts.list_sessions(own.user_id, guards.secret(), clock.now())
    return render_template(
        "accounts/account.html",
        own=own,
        errors=errors,
        has_password=accounts.has_password(own.user_id),
        sign_on=single_sign_on.panel(own),
        is_factor_advised=not own.has_factor and second_factors.is_advised(own.role),
        languages=[(entry.tag, entry.own_name) for entry in i18n.LOCALES],
        session_rows=[_session_row(each) for each in sessions],
    )


def _session_row(each: accounts.OpenSession) -> tuple[str, str, str]:
    device = _("this device") if each.is_this else _("another device")
    return i18n.format_instant(each.began_at), i18n.format_instant(each.seen_at), device


def _typed(field: str) -> str:
    return request.form.get(field, "")


def _first_sentences(refusal: Invalid) -> dict[str, str]:
    return {field: sentences[0] for field, sentences in field_sentences(refusal).items()}


def _passwords() -> Passwords:
    return passwords.CHEAP if current_app.config["ARGON2_CHEAP"] else passwords.STRONG
