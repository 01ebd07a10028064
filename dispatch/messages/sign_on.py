"""Say why single sign-on did not let somebody in, and what to do about it."""

from dispatch.domain.single_sign_on import Cause, SignOnFailed, SignOnRefused
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _

CAUSES: dict[Cause, LazyString] = {
    Cause.DENIED: _("You stopped there, or you were not let in there. Nothing was changed."),
    Cause.NO_GROUP: _("No group of yours has access here. Please ask whoever looks after your account there."),
    Cause.NO_ADDRESS: _(
        "No account was made: your e-mail address is missing there or not confirmed. "
        "Please ask whoever looks after your account there."
    ),
    Cause.ADDRESS_TAKEN: _(
        "There is already an account with your e-mail address. Please sign in with your password, "
        "then connect it on the page of your account."
    ),
    Cause.INCOMPLETE: _("Your group belongs to an organisation or area that does not exist here. Please call us."),
    Cause.DISABLED: _("Your account is disabled. Please call us."),
    Cause.LAST_ADMINISTRATOR: _("This is the last administrator: somebody else needs that role first."),
    Cause.OTHER_ROLE: _(
        "Your groups stand for another role or organisation than this account has. "
        "Please have the account changed first."
    ),
    Cause.OTHER_ACCOUNT: _("This sign-in belongs to another account here already."),
    Cause.CONNECTED: _("Your account is connected already. Please disconnect it first."),
    Cause.ONLY_WAY: _("Please set a password first: nothing else would let you in."),
}

FAILURES: dict[str, LazyString] = {
    "sign_on_expired": _(
        "This sign-in was begun in another browser, took too long or was used already. Please begin again."
    ),
    "sign_on_untrusted": _(
        "The answer of the sign-in service did not stand up to our check. Please begin again, "
        "and call us if it happens again."
    ),
    "provider_unreachable": _(
        "The sign-in service does not answer. Please try again later, or sign in with your password."
    ),
}


def sign_on_sentence(refusal: SignOnFailed) -> str:
    """Say in one or two sentences why this did not lead in."""
    return str(CAUSES[refusal.cause] if isinstance(refusal, SignOnRefused) else FAILURES[refusal.code])
