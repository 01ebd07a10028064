"""Write the messages about accounts: invitation, new password, sign-in link; each link works once."""

from datetime import timedelta

from dispatch.domain import accounts
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


def _greeting(user: UserFacts) -> str:
    return _("Hello %(name)s,", name=name_of(user.name))


def _works_for(span: timedelta) -> str:
    return _("The link works once and for %(time)s.", time=formats().duration(span))


def _user_of(sheet: Sheet) -> UserFacts:
    if sheet.facts.user is None:
        raise ValueError("this kind of message tells of an account")
    return sheet.facts.user


WRITERS: dict[str, Writer] = {"invite": invite, "reset": reset, "login": login}
