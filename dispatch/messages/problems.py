"""Say in the asked language what is wrong with a call of the API; the codes themselves are never translated."""

from dispatch.domain import errors
from dispatch.i18n import LazyString, locale
from dispatch.i18n import gettext as _
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


def title(status: int) -> str:
    """Return what a status means; one we never give on purpose is a call that cannot be read, or a failure."""
    return str(TITLES.get(status) or TITLES[400 if status < 500 else 500])


def of_refusal(refusal: errors.Refusal) -> str:
    """Return why a use case refused, in words that fit a program's reader."""
    match refusal:
        case errors.KeyReused() | errors.KeyAtWork():
            return sentence(refusal.code)
        case errors.Stale():
            return _("Somebody else saved this in the meantime. Read it again and send your change with its version.")
        case errors.Invalid():
            return _("Some fields do not hold; see errors.")
        case _:
            return sentence_of_refusal(refusal)


def language() -> str:
    """Return the tag of the language in which texts are written now."""
    return locale().tag
