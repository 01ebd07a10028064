"""Say why a use case refused, and name each reason why somebody does not fit."""

from dispatch.domain import errors, service
from dispatch.domain.single_sign_on import SignOnFailed
from dispatch.i18n import LazyString, format_instant, format_phone, formats
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.messages.sign_on import sign_on_sentence
from dispatch.services import options

REASONS: dict[str, LazyString] = {
    "inactive": _l("Not active in the pool"),
    "undertaking": _l("No valid undertaking of confidentiality"),
    "language": _l("Does not speak the language at the level needed"),
    "qualification": _l("Qualification or document missing"),
    "gender": _l("Another gender is a condition"),
    "mode": _l("Does not offer this way of interpreting"),
    "availability": _l("Not free at this time"),
    "conflict": _l("Another appointment at the same time, or the way is too tight"),
    "distance": _l("The way is too far"),
    "excluded": _l("Must not be asked for this request"),
    "limit": _l("Weekly limit reached"),
    "reachable": _l("Cannot be there in time"),
    "declined": _l("Has declined this request"),
}


def reason(code: str) -> str:
    """Return the sentence of a hard condition's code."""
    return str(REASONS[code])


def sentence(refusal: errors.Refusal) -> str:  # noqa: C901 - one arm per refusal is the plainest form
    """Say in one sentence why the use case refused and what the reader can do."""
    match refusal:
        case errors.DoesNotFit(codes=codes):
            return _(
                "This does not fit: %(reasons)s.",
                reasons=formats().series((reason(code) for code in codes), apart=True),
            )
        case SignOnFailed():
            return sign_on_sentence(refusal)
        case errors.AlreadyTaken():
            return _("Somebody else was first: this appointment is already taken.")
        case errors.AlreadyClaimed(name=name, since=since):
            return _("%(name)s looks after this request since %(time)s.", name=name, time=formats().clock(since))
        case errors.DoubleBooked():
            return _("At this time the person already has another appointment.")
        case errors.OfferClosed():
            return _("This offer is no longer open. Thank you for looking.")
        case errors.LinkExpired():
            return _("This link is no longer valid. You can ask for a new one.")
        case errors.AlreadyStarted():
            return _("The appointment has already begun, so this can no longer be done here.")
        case errors.Stale():
            return _("Somebody else saved this while you were editing. Both versions are shown below.")
        case errors.CallSettled():
            return _("This call is settled: somebody else has recorded it, or its reason is gone. Nothing was changed.")
        case errors.MoveRefused():
            return _("This step is not possible any more; the page shows how things stand now.")
        case errors.Throttled(until=until):
            return _("Too many tries. Please try again after %(instant)s.", instant=format_instant(until))
        case errors.Busy():
            return _("The database was busy. Nothing was changed; please try again.")
        case errors.Missing():
            return _("There is nothing here, or nothing that you may see.")
        case errors.ApprovalNeeded():
            phone = format_phone(options.read_for_page(service.DEFAULT).phone)
            return _("From the third time on this is decided by the coordination. Please call %(phone)s.", phone=phone)
        case errors.ProofNeeded():
            return _("Please prove first that it is you.")
        case errors.Forbidden():
            return _("Your account does not have the right to do this.")
        case errors.Invalid():
            return _("Some entries need your attention.")
        case _:
            return _("This is not possible now.")
