"""Sign in at the provider of single sign-on, and connect one's account with it.

The way there begins with a form of ours; the way back is a page with one button, because opening an address changes
nothing here. What belongs to the way is kept in the signed cookie of the browser that began it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from dispatch import clock, i18n
from dispatch.domain.errors import Missing
from dispatch.domain.permissions import Act, Role
from dispatch.domain.single_sign_on import (
    Cause,
    Person,
    ProviderUnreachable,
    SignOnExpired,
    SignOnFailed,
    SignOnRefused,
    SignOnUntrusted,
    person_of,
)
from dispatch.domain.single_sign_on_settings import VARIABLES, Settings, read_settings
from dispatch.i18n import gettext as _
from dispatch.messages import sentence
from dispatch.services import accounts
from dispatch.services import second_factors as factors
from dispatch.services import single_sign_on as service
from dispatch.web import drafts, entries, guards, second_factors
from dispatch.web.clients import client
from dispatch.web.errors import STATUS
from dispatch.web.frame import home_of
from dispatch.web.guards import actor, inform, public, requires, safe_target

if TYPE_CHECKING:
    from dispatch.outgoing.single_sign_on import Begun, Provider

bp = Blueprint("single_sign_on", __name__)

UNDER_WAY = "sign_on"
CAME = "came_by_sign_on"
LASTS = timedelta(minutes=10)
KEPT = "single_sign_on"

Page = str | Response | tuple[str, int]


class Panel(NamedTuple):
    """What the page of an account says of single sign-on: the provider's name, and the connection if there is one."""

    name: str
    connection: service.Connection | None


class UnderWay(NamedTuple):
    """A way to the provider and back: what it is for, and who goes it."""

    begun: Begun
    user_id: int | None
    target: str


@bp.record_once
def _offer(state: Any) -> None:
    app: Flask = state.app
    app.jinja_env.globals["sign_on_name"] = lambda: found.settings.name if (found := _find_provider()) else None


@bp.post("/login/sso")
@public
def start() -> Page:
    """Send a browser to the provider to sign in."""
    return _leave(None, safe_target(request.form.get("next")) or "")


@bp.post("/account/sso")
@requires(Act.ACCOUNT_EDIT)
def start_connecting() -> Page:
    """Send a browser to the provider to connect the account, once who is signed in has proved to be its owner."""
    if not _is_proved():
        return second_factors.prove_first(url_for("accounts.account"))
    return _leave(actor().user_id, url_for("accounts.account"))


@bp.get("/login/sso")
@public
def begin_again() -> Response:
    """Lead to where signing in begins, as after another language was chosen on the way."""
    return redirect(url_for("accounts.login"))


@bp.get("/account/sso")
@requires(Act.ACCOUNT_VIEW)
def begin_connecting_again() -> Response:
    """Lead to where connecting begins."""
    return redirect(url_for("accounts.account"))


@bp.get("/login/sso/callback")
@public
def back() -> Page:
    """Show a button that completes what was begun; the button does."""
    try:
        way = _way(request.args)
        _refuse_error(request.args)
    except SignOnFailed as failure:
        return _failed(failure)
    return render_template(
        "single_sign_on/back.html",
        name=_provider().settings.name,
        is_connecting=way.user_id is not None,
        code=request.args.get("code", ""),
        state=way.begun.state,
    )


@bp.post("/login/sso/callback")
@public
def finish() -> Page:
    """Let in whom the provider names, or connect the account that is signed in."""
    _provider()
    now = clock.now()
    service.count_try(client(), now)
    try:
        way = _way(request.form)
        session.pop(UNDER_WAY)
        person = _proved(way, now)
        if way.user_id is not None:
            return _connect(person, now)
        secret = service.enter(person, _provider().settings.entries, now, client=client())
    except SignOnFailed as failure:
        service.note_refusal(failure.cause if isinstance(failure, SignOnRefused) else failure.code, now)
        return _failed(failure)
    return _enter(secret, way.target)


@bp.post("/account/sso/remove")
@requires(Act.ACCOUNT_EDIT)
def disconnect() -> Page:
    """Take the connection from one's account."""
    _provider()
    if not _is_proved():
        return second_factors.prove_first(url_for("accounts.account"))
    try:
        service.disconnect(actor(), clock.now())
    except SignOnFailed as failure:
        return _failed(failure)
    inform(_("Your account is no longer connected."))
    return redirect(url_for("accounts.account"))


@bp.get("/login/sso/out")
@public
def signed_out() -> Page:
    """Say after signing out here that one is still signed in at the provider, and lead to its way out."""
    provider = _provider()
    address = provider.way_out(current_app.config["BASE_URL"] + url_for("public.start"), clock.now())
    if address is None:
        return redirect(url_for("public.start"))
    return render_template("single_sign_on/signed_out.html", name=provider.settings.name, address=address)


def way_out() -> str | None:
    """Return the page to go to after signing out, None when nobody came by single sign-on; ask before it is done."""
    came = session.get(CAME) and _find_provider() is not None
    return url_for("single_sign_on.signed_out") if came else None


def panel(account: accounts.Account) -> Panel | None:
    """Return what the page of an account says of single sign-on; nothing to those whose role no group can give."""
    provider = _find_provider()
    if provider is None or account.role is Role.MEDIATOR:
        return None
    return Panel(provider.settings.name, service.connection_of(account.user_id))


def _is_proved() -> bool:
    return factors.overview(actor(), guards.secret(), clock.now()).is_open


def _find_provider() -> Provider | None:
    if KEPT not in current_app.extensions:
        settings, _faults = read_settings({name: current_app.config[name] for name in VARIABLES})
        current_app.extensions[KEPT] = _provider_of(settings) if settings else None
    found: Provider | None = current_app.extensions[KEPT]
    return found


def _provider_of(settings: Settings) -> Provider:
    from dispatch.outgoing.single_sign_on import Provider

    return Provider(settings)


def _provider() -> Provider:
    provider = _find_provider()
    if provider is None:
        raise Missing
    return provider


def _leave(user_id: int | None, target: str) -> Page:
    """Show the page that leads to the provider; a redirect would fall under the rule that forms lead to us alone."""
    provider, now = _provider(), clock.now()
    try:
        address, begun = provider.begin(_callback(), now, locale=i18n.locale().tag)
    except ProviderUnreachable as failure:
        return _failed(failure)
    session[UNDER_WAY] = {
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "user_id": user_id,
        "target": target,
        "at": now.isoformat(),
    }
    return render_template("single_sign_on/leave.html", name=provider.settings.name, address=address)


def _callback() -> str:
    return str(current_app.config["BASE_URL"] + url_for("single_sign_on.back"))


def _way(given: Mapping[str, str]) -> UnderWay:
    """Return what this browser began and the provider answers to. Raises SignOnExpired when it is something else."""
    from dispatch.outgoing.single_sign_on import Begun

    _provider()
    kept = session.get(UNDER_WAY)
    if not kept or given.get("state") != kept["state"]:
        raise SignOnExpired
    if clock.now() >= datetime.fromisoformat(kept["at"]) + LASTS:  # the cookie is signed, another clock may be ahead
        raise SignOnExpired
    account = guards.signed_in()
    if kept["user_id"] is not None and (account is None or account.user_id != kept["user_id"]):
        raise SignOnExpired
    return UnderWay(Begun(kept["state"], kept["nonce"], kept["verifier"]), kept["user_id"], kept["target"])


def _refuse_error(given: Mapping[str, str]) -> None:
    """Raise what the provider says in its answer instead of a code, and what another one says in its name."""
    issuer = given.get("iss")
    if issuer is not None and issuer.rstrip("/") != _provider().settings.issuer.rstrip("/"):
        raise SignOnUntrusted
    if given.get("error"):
        raise SignOnRefused(Cause.DENIED) if given["error"] == "access_denied" else ProviderUnreachable
    if not given.get("code"):
        raise SignOnExpired


def _proved(way: UnderWay, now: datetime) -> Person:
    provider = _provider()
    issuer, claims = provider.redeem(request.form.get("code", ""), way.begun, _callback(), now)
    return person_of(issuer, claims, provider.settings.groups_claim)


def _connect(person: Person, now: datetime) -> Response:
    service.connect(actor(), person, _provider().settings.entries, now)
    inform(_("Your account is connected. From now on you can also sign in there."))
    return redirect(url_for("accounts.account"))


def _enter(secret: str, target: str) -> Response:
    mark = drafts.stray()
    account = entries.begin(secret)
    session[CAME] = True
    drafts.bring_home(mark, account)
    return redirect(target or home_of(account.role))


def _failed(failure: SignOnFailed) -> Page:
    """Say what went wrong and lead back to where it began."""
    account = guards.signed_in()
    page = render_template(
        "single_sign_on/failed.html",
        sentence=sentence(failure),
        name=_provider().settings.name,
        is_signed_in=account is not None,
        number=f"{STATUS[failure.kind]}-{g.get('request_id', '')}",
    )
    return page, STATUS[failure.kind]
