"""Say in the asked language what is wrong with a call of the API; the codes themselves are never translated."""

from dispatch.domain import errors
from dispatch.i18n import LazyString, locale
from dispatch.i18n import lazy_gettext as _l
from dispatch.messages.refusals import sentence as sentence_of_refusal

SENTENCES: dict[str, LazyString] = {
    "malformed": _l("The call could not be read: it is not JSON, or holds characters that cannot be kept."),
    "doubled_field": _l("A field stands twice in the same object."),
    "too_deep": _l("The body is nested too deeply."),
    "not_json": _l("The body must be sent as application/json."),
    "too_large": _l("The body is larger than this call takes."),
    "headers_too_large": _l("The headers of the call are too large."),
    "host_not_known": _l("This host name is not served here."),
    "token_required": _l("Send a bearer token in the header Authorization."),
    "token_not_valid": _l("This token is unknown, revoked or past its end."),
    "scope_missing": _l("This token was not made for such calls."),
    "rate_limited": _l("This token has made as many calls as it may in a minute."),
    "idempotency_key_invalid": _l("An Idempotency-Key has 1 to 255 visible ASCII characters."),
    "idempotency_key_reused": _l("This Idempotency-Key was used before for another call."),
    "idempotency_key_at_work": _l("The first call with this Idempotency-Key has no answer yet. Please try again."),
    "missing": _l("There is nothing here, or nothing that you may see."),
    "method_not_allowed": _l("This address does not know this method."),
    "unexpected": _l("Something went wrong here. Please try again later."),
    "not_possible": _l("This is not possible."),
}
"""The sentence of each code that no use case refused with."""
REFUSED: dict[str, LazyString] = {
    "invalid": _l("Some fields do not hold; see errors."),
    "not_taken": _l("The service does not arrange this field of work for this organisation."),
    "forbidden": _l("Your account does not have the right to do this."),
    "approval_needed": _l("The office has done this as often as it may by itself."),
    "move_refused": _l("This step is not possible in the present state; see state."),
    "stale": _l("Somebody else saved this in the meantime. Read it again and send your change with its version."),
    "call_settled": _l(
        "This call is settled: somebody else has recorded it, or its reason is gone. Nothing was changed."
    ),
    "already_taken": _l("Somebody else was first: this appointment is already taken."),
    "already_claimed": _l("A colleague looks after this request."),
    "conflict": _l("At this time the person already has another appointment."),
    "does_not_fit": _l("Conditions do not hold; see codes."),
    "no_longer_fits": _l("Conditions that held when the offer was sent do not hold any more; see codes."),
    "offer_closed": _l("This offer is no longer open; see cause."),
    "link_expired": _l("This link is no longer valid. You can ask for a new one."),
    "already_started": _l("The appointment has already begun, so this can no longer be done here."),
    "throttled": _l("Too many tries; see Retry-After."),
    "busy": _l("The database was busy. Nothing was changed; please try again."),
}
"""What the code of each refusal of a use case means, whatever its data."""
TITLES: dict[int, LazyString] = {
    400: _l("The call cannot be read"),
    401: _l("Who calls is not known"),
    403: _l("Not allowed"),
    404: _l("Not found"),
    405: _l("Unknown method"),
    409: _l("Things stand otherwise"),
    410: _l("No longer open"),
    413: _l("Too large"),
    415: _l("Not JSON"),
    422: _l("Some fields do not hold"),
    429: _l("Too many calls"),
    431: _l("Headers too large"),
    500: _l("Unexpected failure"),
    503: _l("Busy"),
}
"""What each status means, in a word or two."""


def sentence(code: str) -> str:
    """Return the sentence of a code of the API's own."""
    return str(SENTENCES[code])


def all_codes() -> list[tuple[str, str]]:
    """Return every code a problem may have, with what it means, in the order of the codes."""
    return sorted((code, str(text)) for code, text in {**SENTENCES, **REFUSED}.items())


def title(status: int) -> str:
    """Return what a status means; one we never give on purpose is a call that cannot be read, or a failure."""
    return str(TITLES.get(status) or TITLES[400 if status < 500 else 500])


def of_refusal(refusal: errors.Refusal) -> str:
    """Return why a use case refused, in words that fit a program's reader."""
    match refusal:
        case errors.KeyReused() | errors.KeyAtWork():
            return sentence(refusal.code)
        case errors.Stale() | errors.Invalid() | errors.MoveRefused() | errors.OfferClosed():
            return str(REFUSED[refusal.code])
        case _:
            return sentence_of_refusal(refusal)


def language() -> str:
    """Return the tag of the language in which texts are written now."""
    return locale().tag
