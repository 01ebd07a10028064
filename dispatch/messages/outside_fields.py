"""Say what is wrong with an entry about need without a request, a provider, a referral or a rule of intake."""

from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _

OUTSIDE_FIELDS: dict[tuple[str, str], LazyString] = {
    ("languages", "one_only"): _("Please note one language a line."),
    ("day", "required"): _("For which day was somebody needed?"),
    ("day", "out_of_range"): _("Please choose a day of the last twelve months, or one within 400 days."),
    ("minutes", "out_of_range"): _("Please type minutes from 1 to 1440."),
    ("kind", "required"): _("Please choose a kind."),
    ("name", "required"): _("Please type the name."),
    ("name", "taken"): _("There is already an entry with this name."),
    ("phone", "required"): _("Please type a telephone number or an e-mail address: one of them is needed."),
    ("url", "not_a_link"): _("Please type an address that begins with https://."),
    ("provider", "required"): _("Please choose whom to ask."),
    ("provider", "unknown"): _("Please choose one of the list."),
    ("provider", "already_asked"): _("This one has been asked and has not answered yet."),
    ("channel", "protected_by_phone"): _("Nothing of a protected case leaves by mail. Please call."),
    ("channel", "no_address"): _("There is no e-mail address on record. Please call."),
    ("channel", "no_number"): _("There is no telephone number on record."),
    ("outcome", "required"): _("Please choose what became of it."),
    ("outcome", "not_over"): _("This talk is not over yet."),
    ("verdict", "required"): _("Please choose what happens to such a request."),
    ("text", "required"): _("Please say why: the office reads this sentence."),
}
