"""Say what is wrong with an entry about an applicant, and what to do instead."""

import re
from collections.abc import Mapping

from dispatch.domain.errors import Invalid
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.messages.pool_fields import pool_sentence

_FIELDS: dict[tuple[str, str], LazyString] = {
    ("email", "required"): _("Please type your e-mail address. We need it to send you the link."),
    ("name", "required"): _("Please type your name."),
    ("home", "required"): _("Please type where you live: the place or the postal code."),
    ("languages", "required"): _("Please choose at least one language."),
    ("languages", "too_many"): _("Please choose six languages at most."),
    ("languages.level", "required"): _("Please say how well you speak this language."),
    ("languages.level", "unknown"): _("Please say how well you speak this language."),
    ("german_level", "required"): _("Please say how well you speak German."),
    ("modes", "required"): _("Please choose at least one: on site, by phone or by video."),
    ("transport", "required"): _("Please say how you travel."),
    ("phone", "not_a_phone"): _("Please type a telephone number, for example 0170 1234567. Or leave it empty."),
    ("consent", "required"): _("Please tick this box. Without it we may not keep your application."),
    ("", "sent_already"): _("Your application has been sent already. You can still correct it."),
    ("", "closed"): _("Your application is closed. It cannot be changed any more."),
    ("", "talk_missing"): _("The talk is missing. Please record it first."),
    ("", "undertaking_missing"): _("The undertaking is missing. Please record it first."),
    ("done_on", "required"): _("Please type the day."),
    ("done_on", "in_the_future"): _("This day is still ahead."),
    ("done_on", "out_of_calendar"): _("Please type a date such as 01.12.2026."),
    ("issued_on", "required"): _("The age of this document counts from its day of issue. Please type it."),
    ("issued_on", "in_the_future"): _("This day is still ahead."),
    ("issued_on", "out_of_calendar"): _("Please type a date such as 01.12.2026."),
    ("issued_on", "after_seen"): _("It cannot have been seen before it was issued."),
}
_CHOSEN = frozenset({"gender", "german_level", "modes", "transport", "times", "languages", "step"})


def applicant_sentence(name: str, code: str) -> str:
    """Return the sentence of a code at a field of an application; places in the list of languages do not matter."""
    plain = re.sub(r"[.-]\d+", "", name)
    found = _FIELDS.get((plain, code))
    if found is None and code in {"unknown", "repeated"} and plain in _CHOSEN:
        return pool_sentence("languages", code) if plain == "languages" else pool_sentence(plain, "unknown_choice")
    return str(found) if found else pool_sentence(name, code)


def applicant_sentences(refusal: Invalid) -> Mapping[str, str]:
    """Return the first sentence of every field, in the order of the checks."""
    return {name: applicant_sentence(name, codes[0]) for name, codes in refusal.errors.items()}
