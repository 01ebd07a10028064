"""Know who asks and refuse whom the permission table refuses; the one module that touches Flask-Login.

A view carries exactly one of `@requires(act)`, `@public`, `@by_link` or `@traceless`; tests/test_routes.py proves it.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from dispatch import clock
from dispatch.domain.errors import Forbidden
from dispatch.domain.permissions import Act, Actor, may
from dispatch.services import accounts, second_factors

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()
_login = LoginManager()


class SignedIn:
    """A person with a live session: Flask-Login's idea of a user, around what the service found."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, secret: str, account: accounts.Account) -> None:
        self.secret = secret
        self.account = account

    def get_id(self) -> str:
        """Return the session's secret, the only thing the signed cookie holds."""
        return self.secret


def init_app(app: Flask) -> None:
    """Install sign-in and the protection against forged forms."""
    _login.session_protection = None  # the session is a row with its own end; an address may change on a phone
    _login.init_app(app)
    _login.user_loader(_load)
    csrf.init_app(app)
    app.jinja_env.globals["signed_in"] = signed_in
    app.jinja_env.globals["may"] = lambda act: may_do(Act(act))


def _load(secret: str) -> SignedIn | None:
    account = accounts.find_session(secret, clock.now())
    return SignedIn(secret, account) if account else None


def signed_in() -> accounts.Account | None:
    """Return the account of who asks, or None; the page of an unexpected error shows itself to nobody's account."""
    if g.get("nobody"):
        return None
    return cast("SignedIn", current_user).account if current_user.is_authenticated else None


def secret() -> str:
    """Return the secret of the session of who asks. Raises Forbidden when nobody is signed in."""
    if signed_in() is None:
        raise Forbidden
    return cast("SignedIn", current_user).secret


def actor() -> Actor:
    """Return who asks. Raises Forbidden when nobody is signed in; guarded views never see that."""
    account = signed_in()
    if account is None:
        raise Forbidden
    return account.actor


def may_do(act: Act) -> bool:
    """Tell whether who asks may do this act to anything at all, for menus and buttons."""
    account = signed_in()
    return account is not None and may(account.actor, act)


def begin(secret: str, account: accounts.Account) -> None:
    """Begin a session in the browser under a new id; whatever the cookie held before is gone."""
    session.clear()
    login_user(SignedIn(secret, account))
    session.permanent = True


def end() -> None:
    """End the session here and at the server."""
    if current_user.is_authenticated:
        accounts.end_session(cast("SignedIn", current_user).secret, clock.now())
    logout_user()
    session.clear()


def requires(act: Act, *, before_factor: bool = False) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only those in whom the permission table allows `act`; others sign in first or are refused (403).

    Who must have a second factor and has none gets to no view but those marked `before_factor`.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            account = signed_in()
            if account is None:
                return sign_in_first()
            if not may(account.actor, act):
                raise Forbidden
            if not before_factor and second_factors.is_missing(account):
                return _lead_to(url_for("second_factors.index"))
            return view(*args, **kwargs)

        guarded.rule = ("requires", act)  # type: ignore[attr-defined]
        return guarded

    return decorate


def sign_in_first() -> Response:
    """Send an anonymous reader to the login page and back; a typed form is kept on the way (`web.drafts`).

    A page that only refreshes a part of itself is told to load as a whole, which leads there.
    """
    keep = None if _is_for_a_part() else current_app.extensions.get("keep_form")
    target = keep() if keep and request.method == "POST" else request.full_path.rstrip("?")
    return _lead_to(url_for("accounts.login", next=target))


def _lead_to(address: str) -> Response:
    return Response(status=204, headers={"HX-Refresh": "true"}) if _is_for_a_part() else redirect(address)


def _is_for_a_part() -> bool:
    return request.headers.get("HX-Request") == "true"


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that everybody may see."""
    view.rule = ("public", None)  # type: ignore[attr-defined]
    return view


def by_link(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view whose right is the token in its path: no session, no CSRF field, but our own origin on POST."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.method == "POST" and not from_own_pages():
            raise Forbidden
        return view(*args, **kwargs)

    guarded.rule = ("by_link", None)  # type: ignore[attr-defined]
    csrf.exempt(guarded)
    return guarded


def traceless(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view for everybody that leaves nothing in the browser: no session, so our own origin on POST instead.

    Its path begins as `cookies` names it, so that no answer there sets a cookie.
    """
    guarded = by_link(view)
    guarded.rule = ("traceless", None)  # type: ignore[attr-defined]
    return guarded


def from_own_pages() -> bool:
    """Tell whether the browser says that this request comes from a page of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] == request.host


def safe_target(target: str | None) -> str | None:
    """Return `target` when it is a path of our own, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and "\\" not in target else None


def inform(sentence: str, *, tone: str = "success") -> None:
    """Show `sentence` on the next page; `tone` is success, info, warning or danger."""
    flash(sentence, tone)


def user_locale() -> str | None:
    """Return the language of the signed-in user, or of the mediator of the link page (`g.link_locale`)."""
    if link_locale := g.get("link_locale"):
        return cast("str", link_locale)
    account = signed_in()
    return account.ui_language if account else None
