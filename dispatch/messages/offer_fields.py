"""Say at a coordinator's choice of people what is wrong with it."""

from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _

OFFER_FIELDS: dict[tuple[str, str], LazyString] = {
    ("mediator_ids", "nobody_picked"): _("Please pick at least one person."),
    ("mediator_ids", "one_at_a_time"): _("For a protected request people are asked by phone, one after the other."),
    ("mediator_ids", "already_asked"): _("These people have been asked already; their answer still counts."),
    ("mediator_id", "unknown"): _("This person is not in the pool any more."),
    ("override", "unknown"): _("Please tick only conditions of the list."),
    ("override", "not_overridable"): _("This cannot be set aside, whatever the reason."),
    ("channel", "required"): _("Please say how you heard of the answer."),
    ("outcome", "not_of_this_call"): _("Please say what came of the call."),
    ("call_back", "required"): _("Please type when to call again, such as 14:00."),
    ("call_back", "not_ahead"): _("Please choose a time ahead, within two weeks and before the talk begins."),
    ("reason", "unknown_choice"): _("Please choose one of the reasons of the list."),
}
