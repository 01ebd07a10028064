"""Write the messages about accounts: invitation, new password, sign-in link; each link works once."""

from dispatch.i18n import gettext as _
from dispatch.outgoing.texts import Action, Sheet, Text, Writer
from dispatch.services.letters import UserFacts


def invite(sheet: Sheet) -> Text:
    """Invite somebody to set a password."""
    user = _user_of(sheet)
    return Text(
        subject=_("Your access to the interpreting service"),
        lead=(_("Hello %(name)s,", name=user.name), _("an account was made for you. Please choose a password.")),
        actions=(Action(_("Choose a password"), sheet.link("invite", user.id)),),
        details=(_("The link works once and for seven days."),),
    )


def reset(sheet: Sheet) -> Text:
    """Let somebody set a new password."""
    user = _user_of(sheet)
    return Text(
        subject=_("New password"),
        lead=(_("Hello %(name)s,", name=user.name), _("you asked for a new password.")),
        actions=(Action(_("Choose a new password"), sheet.link("reset", user.id)),),
        details=(
            _("The link works once and for one hour."),
            _("If it was not you, please do nothing: your password stays as it is."),
        ),
    )


def login(sheet: Sheet) -> Text:
    """Let a mediator sign in without password."""
    user = _user_of(sheet)
    return Text(
        subject=_("Your sign-in link"),
        lead=(_("Hello %(name)s,", name=user.name), _("with this link you sign in without a password.")),
        actions=(Action(_("Sign in"), sheet.link("login", user.id)),),
        details=(
            _("The link works once and for 15 minutes."),
            _("If it was not you, please do nothing."),
        ),
    )


def _user_of(sheet: Sheet) -> UserFacts:
    if sheet.facts.user is None:
        raise ValueError("this kind of message tells of an account")
    return sheet.facts.user


WRITERS: dict[str, Writer] = {"invite": invite, "reset": reset, "login": login}
