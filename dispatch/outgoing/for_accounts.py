"""Write the messages about accounts: invitation, new password, sign-in link (each works once), second factors."""

from datetime import timedelta
from typing import assert_never

from dispatch.domain import accounts
from dispatch.domain.second_factors import FactorChange
from dispatch.i18n import formats
from dispatch.i18n import gettext as _
from dispatch.outgoing.texts import Action, Sheet, Text, Writer, name_of
from dispatch.services import options
from dispatch.services.letters import UserFacts


def invite(sheet: Sheet) -> Text:
    """Invite somebody to set a password."""
    user = _user_of(sheet)
    return Text(
        subject=_("Your access to the interpreting service"),
        lead=(_greeting(user), _("an account was made for you. Please choose a password.")),
        actions=(Action(_("Choose a password"), sheet.link("invite", user.id)),),
        details=(_works_for(options.read(accounts.DEFAULT).invite_lasts),),
    )


def reset(sheet: Sheet) -> Text:
    """Let somebody set a new password."""
    user = _user_of(sheet)
    return Text(
        subject=_("New password"),
        lead=(_greeting(user), _("you asked for a new password.")),
        actions=(Action(_("Choose a new password"), sheet.link("reset", user.id)),),
        details=(
            _works_for(options.read(accounts.DEFAULT).reset_lasts),
            _("If it was not you, please do nothing: your password stays as it is."),
        ),
    )


def login(sheet: Sheet) -> Text:
    """Let a mediator sign in without password."""
    user = _user_of(sheet)
    return Text(
        subject=_("Your sign-in link"),
        lead=(_greeting(user), _("with this link you sign in without a password.")),
        actions=(Action(_("Sign in"), sheet.link("login", user.id)),),
        details=(
            _works_for(options.read(accounts.DEFAULT).login_lasts),
            _("If it was not you, please do nothing."),
        ),
    )


def factors_changed(sheet: Sheet) -> Text:
    """Tell the owner of an account that something about its second factors changed, whoever did it."""
    user = _user_of(sheet)
    return Text(
        subject=_("Your second factors have changed"),
        lead=(_greeting(user), _change(FactorChange(sheet.facts.params["change"]))),
        actions=(Action(_("Look at my second factors"), sheet.page("/account/factors")),),
        details=(_("If it was not you, please change your password and call us at once."),),
    )


def _change(change: FactorChange) -> str:
    match change:
        case FactorChange.PASSKEY_ADDED:
            return _("a passkey was added to your account.")
        case FactorChange.TOTP_ADDED:
            return _("an app for one-time codes was added to your account.")
        case FactorChange.REMOVED:
            return _("a second factor was removed from your account.")
        case FactorChange.CODES_RENEWED:
            return _("new recovery codes were made for your account. The former ones no longer count.")
        case FactorChange.CODE_USED:
            return _("a recovery code of your account was used. It counts only once.")
        case FactorChange.RESET:
            return _("the administration removed all second factors of your account. You can set up new ones.")
        case _:
            assert_never(change)


def _greeting(user: UserFacts) -> str:
    return _("Hello %(name)s,", name=name_of(user.name))


def _works_for(span: timedelta) -> str:
    return _("The link works once and for %(time)s.", time=formats().duration(span))


def _user_of(sheet: Sheet) -> UserFacts:
    if sheet.facts.user is None:
        raise ValueError("this kind of message tells of an account")
    return sheet.facts.user


WRITERS: dict[str, Writer] = {"invite": invite, "reset": reset, "login": login, "factors_changed": factors_changed}
