"""Say what is wrong with what the coordination noted about who asked, and what to type instead."""

from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _

_EMAIL = _("Please type one e-mail address such as name@example.org.")
_MIXED = _("This address mixes letters of several scripts. Please type it anew.")

INTAKE_FIELDS: dict[tuple[str, str], LazyString] = {
    ("organisation", "ambiguous"): _("This name fits several organisations. Please choose one."),
    ("office.name", "required"): _("Please type the name of the office."),
    ("office.name", "either"): _("Please choose an organisation of the list or enter a new one, not both."),
    ("office.kind", "required"): _("Please choose what kind of office it is."),
    ("office.phone", "required"): _("Please type a number at which the office can be called back."),
    ("office.contact_email", "not_an_address"): _EMAIL,
    ("office.contact_email", "mixed_script"): _MIXED,
    ("caller_email", "not_an_address"): _EMAIL,
    ("caller_email", "mixed_script"): _MIXED,
}
