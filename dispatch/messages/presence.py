"""Name what is told of duty, alarms and calls, and say what is wrong with an absence or a note."""

from enum import Enum

from dispatch.domain.alarms import AlarmKind
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _
from dispatch.i18n import lazy_pgettext as _p

PRESENCE_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    AlarmKind: {
        AlarmKind.UNCONFIRMED: _p("alarm", "not confirmed again"),
        AlarmKind.PROMISE_PASSED: _p("alarm", "the promised time has passed"),
        AlarmKind.HANDED_BACK: _p("alarm", "handed back"),
        AlarmKind.STEPPED_BACK: _p("alarm", "stepped back at the place"),
        AlarmKind.NOBODY_FITS: _p("alarm", "begins soon, and nobody is left to ask"),
        AlarmKind.UNDELIVERED: _p("alarm", "a message did not arrive"),
    },
}

PRESENCE_FIELDS: dict[tuple[str, str], LazyString] = {
    ("user_id", "required"): _("Please choose who is away."),
    ("first_on", "required"): _("On which day does it begin?"),
    ("first_on", "too_far_away"): _("We can only note days within 400 days from today."),
    ("first_on", "overlaps"): _("This person is already noted as away on one of these days."),
    ("last_on", "required"): _("Until which day, that day included?"),
    ("last_on", "too_far_away"): _("We can only note days within 400 days from today."),
    ("last_on", "before_first"): _("The last day must not come before the first one."),
    ("last_on", "over"): _("These days are over. Please choose a last day from today on."),
    ("deputy_id", "oneself"): _("Nobody can stand in for herself or himself. Please choose somebody else."),
    ("deputy_id", "inactive"): _("This account is disabled. Please choose somebody else."),
    ("deputy_id", "away"): _("This person is away on one of these days as well. Please choose somebody else."),
    ("deputy_id", "fewer_rights"): _("A regional coordination cannot stand in for the whole district."),
    ("text", "required"): _("Please write the note."),
    ("outcome", "required"): _("Please choose what came of the call."),
}
