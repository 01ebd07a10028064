"""Say at a field what is wrong with it and what to type instead: one sentence per code.

`FOR_FIELD` holds sentences of a code at one field; `CODES` those that read well at every field.
"""

from collections.abc import Mapping

from dispatch.domain.errors import Invalid, NotTaken
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.messages.account_fields import ACCOUNT_FIELDS
from dispatch.messages.calendars import CALENDAR_FIELDS
from dispatch.messages.help_labels import HELP_FIELDS
from dispatch.messages.intake_fields import INTAKE_FIELDS
from dispatch.messages.offer_fields import OFFER_FIELDS
from dispatch.messages.outside_fields import OUTSIDE_FIELDS
from dispatch.messages.presence import PRESENCE_FIELDS
from dispatch.messages.request_fields import REQUEST_CODES, REQUEST_FIELDS
from dispatch.messages.webhook_words import WEBHOOK_FIELDS

CODES: dict[str, LazyString] = {
    "required": _("Please fill in this field."),
    "too_long": _("This text is too long."),
    "control_characters": _("This text holds invisible characters that we cannot accept. Please type it anew."),
    "unknown_choice": _("Please choose one of the entries of the list."),
    "not_a_number": _("Please type a number."),
    "out_of_range": _("This number is too small or too large."),
    "not_a_date": _("Please type a date such as 01.12.2026."),
    "not_a_time": _("Please type a time such as 9:00."),
    **REQUEST_CODES,
}

FOR_FIELD: dict[tuple[str, str], LazyString] = {
    **ACCOUNT_FIELDS,
    **CALENDAR_FIELDS,
    **OFFER_FIELDS,
    **OUTSIDE_FIELDS,
    **PRESENCE_FIELDS,
    **REQUEST_FIELDS,
    **INTAKE_FIELDS,
    **HELP_FIELDS,
    **WEBHOOK_FIELDS,
}


def field_sentence(field: str, code: str) -> str:
    """Return the sentence of `code` at `field`; KeyError means that the code has none yet."""
    return str(FOR_FIELD.get((field, code)) or CODES[code])


def field_sentences(refusal: Invalid) -> Mapping[str, list[str]]:
    """Return the sentences of every field, in the order of the form's checks.

    A refusal by the table of intake says what the district wrote there: why, and where else to turn.
    """
    if isinstance(refusal, NotTaken):
        said = " ".join(text for text in (refusal.text, refusal.alternative) if text)
        return {"setting": [said or field_sentence("setting", "not_taken")]}
    return {field: [field_sentence(field, code) for code in codes] for field, codes in refusal.errors.items()}
