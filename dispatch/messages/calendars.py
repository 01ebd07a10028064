"""Say why a calendar that somebody gave us cannot be read, and what is wrong with its address."""

from enum import Enum

from dispatch.domain.given_calendars import Trouble
from dispatch.i18n import LazyString
from dispatch.i18n import lazy_gettext as _

_NOT_OPEN = _("This address does not lead to a calendar on the open internet.")
_NOT_AN_ADDRESS = _("Please copy the whole address. It begins with https:// or webcal://.")

CALENDAR_LABELS: dict[type[Enum], dict[Enum, LazyString]] = {
    Trouble: {
        Trouble.NOT_ALLOWED: _NOT_OPEN,
        Trouble.NOT_REACHED: _("We cannot reach the calendar at this address."),
        Trouble.TOO_SLOW: _("The calendar does not answer in time."),
        Trouble.REFUSED: _("The calendar is not released under this address any more."),
        Trouble.NOT_THERE: _("There is no calendar at this address any more."),
        Trouble.BAD_ANSWER: _("The calendar answers with a fault."),
        Trouble.NOT_A_CALENDAR: _("What stands at this address is not a calendar."),
        Trouble.TOO_LARGE: _("This calendar is too large for us."),
        Trouble.TOO_MANY: _("This calendar has too many entries for us."),
        Trouble.TOO_FREQUENT: _("An entry of this calendar repeats too often for us."),
        Trouble.TOO_HARD: _("We cannot read this calendar."),
        Trouble.SEALED: _("We cannot open the address any more. Please connect the calendar again."),
    },
}

CALENDAR_FIELDS: dict[tuple[str, str], LazyString] = {
    ("calendar", "required"): _("Please paste the address of the calendar."),
    ("calendar", "not_an_address"): _NOT_AN_ADDRESS,
    ("calendar", "not_https"): _NOT_AN_ADDRESS,
    ("calendar", "too_long"): _("This address is too long."),
    ("calendar", "mixed_script"): _("This address mixes letters of several scripts. Please copy it anew."),
    ("calendar", "has_sign_in"): _("Please use an address without user name and password."),
    ("calendar", "port_not_allowed"): _NOT_OPEN,
    ("calendar", "not_a_name"): _NOT_OPEN,
    ("calendar", "not_public"): _NOT_OPEN,
    ("calendar", "already_given"): _("This calendar is connected already."),
    ("calendar", "too_many_calendars"): _("Three calendars are the most. Please disconnect one first."),
}
