"""Offer every page what stands around it: the way through the pages the reader may see, and who is signed in.

It decides nothing: the permission table says which words of the menu a role finds.
"""

from typing import NamedTuple

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from dispatch import clock, i18n
from dispatch.domain.permissions import Act, Role
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_pgettext as _p
from dispatch.services import accounts, duty
from dispatch.web import guards
from dispatch.web.own_paths import this_page


class _Item(NamedTuple):
    """A word of the menu; shown to those who may do `act`, in `roles` only if any are named."""

    endpoint: str
    word: LazyString
    act: Act
    roles: frozenset[Role] = frozenset()


_MEDIATOR = frozenset({Role.MEDIATOR})

_MENU = (
    _Item("board.board", _p("menu", "Board"), Act.BOARD_VIEW),
    _Item("calls.index", _p("menu", "Calls"), Act.CALL_VIEW),
    _Item("offers.index", _p("menu", "Offers"), Act.OFFER_VIEW, _MEDIATOR),
    _Item("requests.index", _p("menu", "Requests"), Act.REQUEST_VIEW),
    _Item("appointments.index", _p("menu", "Appointments"), Act.APPOINTMENT_VIEW),
    _Item("availability.show", _p("menu", "My times"), Act.AVAILABILITY_EDIT, _MEDIATOR),
    _Item("mediators.index", _p("menu", "Mediators"), Act.MEDIATOR_FIND),
    _Item("organisations.index", _p("menu", "Organisations"), Act.ORGANISATION_VIEW),
    _Item("duty.index", _p("menu", "Duty"), Act.DUTY_EDIT),
    _Item("users.index", _p("menu", "Users"), Act.USER_VIEW),
    _Item("options.index", _p("menu", "Options"), Act.OPTION_EDIT),
)

_SIGNING_IN = frozenset({"accounts.login", "accounts.sign_in", "second_factors.ask", "second_factors.prove"})

_SECRETS = frozenset({"password", "old", "new", "code"})
"""Fields that are typed anew in any language."""

HOME = {
    Role.COORDINATOR: "board.board",
    Role.REGIONAL_COORDINATOR: "board.board",
    Role.REQUESTER: "requests.index",
    Role.MEDIATOR: "appointments.index",
    Role.ADMINISTRATOR: "users.index",
}


def init_app(app: Flask) -> None:
    """Install what `base.html` may have besides the page's own data."""
    app.context_processor(_frame)


def home_of(role: Role) -> str:
    """Return the path of the page with which a role begins."""
    return path_of(HOME.get(role, "")) or url_for("accounts.account")


def path_of(endpoint: str) -> str | None:
    """Return the path of a page that may not be part of this installation."""
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _frame() -> dict[str, object]:
    account = guards.signed_in()
    return {
        "navigation": _navigation(account) if account else [],
        "person": _person(account) if account else None,
        "login_href": None if account or request.endpoint in _SIGNING_IN else url_for("accounts.login"),
        "is_mediator": account is not None and account.role is Role.MEDIATOR,
        "made_at": clock.now(),
        "sent_fields": _sent_fields(),
        "is_nobody_on_duty": account is not None and guards.may_do(Act.DUTY_EDIT) and duty.is_nobody_there(clock.now()),
        **_foot(),
        "demo_href": path_of("mailbox.index") if current_app.config["DEMO"] else None,
    }


def _sent_fields() -> list[tuple[str, str]]:
    """Return what the form held that this page complains about, so that it can ask again in another language."""
    try:
        sent = request.form
    except HTTPException:  # it was too large to be read, and this page says so
        return []
    if request.method != "POST" or _SECRETS & set(sent):
        return []
    return [(name, value) for name, value in sent.items(multi=True) if name not in {"csrf_token", "lang"}]


def _foot() -> dict[str, str | None]:
    """Return the addresses of the foot; a language in the address of the page is kept in theirs."""
    lang = i18n.locale().tag if "lang" in request.args else None
    return {
        "kept_lang": f"?lang={lang}" if lang else "",
        "barrier_href": url_for("feedback.accessibility", lang=lang, page=this_page()),
        "print_href": url_for("print.index", lang=lang) if _hands_out() else None,
        "reports_href": url_for("feedback.index") if guards.may_do(Act.FEEDBACK_VIEW) else None,
    }


def _hands_out() -> bool:
    """Tell whether the foot leads to the leaflets: for those who book, and on the start page."""
    return guards.may_do(Act.REQUEST_CREATE) or request.endpoint == "public.start"


def _navigation(account: accounts.Account) -> list[dict[str, object]]:
    shown = (
        item
        for item in _MENU
        if item.endpoint in current_app.view_functions
        and guards.may_do(item.act)
        and (not item.roles or account.role in item.roles)
    )
    return [
        {
            "href": _address(item.endpoint, account),
            "word": str(item.word),
            "current": request.blueprint == item.endpoint.split(".")[0],
            "count": None,
        }
        for item in shown
    ]


def _address(endpoint: str, account: accounts.Account) -> str:
    """Return the address of a page of the menu; a mediator's own pages name her."""
    if current_app.url_map.is_endpoint_expecting(endpoint, "mediator_id"):
        return url_for(endpoint, mediator_id=account.mediator_id)
    return url_for(endpoint)


def _person(account: accounts.Account) -> dict[str, str | None]:
    return {
        "name": account.name,
        "href": url_for("accounts.account"),
        "logout_action": url_for("accounts.logout"),
        "language_action": url_for("accounts.language"),
    }
