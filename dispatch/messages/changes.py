"""Say what an entry of the change log of a mediator means."""

from collections.abc import Mapping
from typing import Any

from dispatch.i18n import LazyString, formats
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.messages.pool import field_title

_OF_HER_CARE: Mapping[str, LazyString] = {
    "warn_document": _l("told that a document ends"),
    "ask_to_confirm": _l("asked whether the data are still right"),
    "confirm_data": _l("the data are right"),
    "tell_change": _l("told of a change"),
    "ask_still_there": _l("asked by e-mail or telephone whether still with us"),
    "no_more": _l("wants no more offers"),
    "renew_feed": _l("gave the calendar of appointments a new address"),
    "give_calendar": _l("connected a calendar"),
    "take_back_calendar": _l("disconnected a calendar"),
    "settle_no_more": _l("settled that no more offers are wanted"),
}


def change_sentence(act: str, facts: Mapping[str, Any]) -> str:
    """Return what was done; fields that changed are named, their values never."""
    match act:
        case "create":
            return _("entered into the pool")
        case "update":
            return _("changed: %(fields)s", fields=formats().enumeration(map(field_title, facts.get("fields", ()))))
        case "deactivate":
            return _("taken out of the search")
        case "activate":
            return _("brought back into the search")
        case "change_times" | "replace_times":
            return _("times changed")
        case "still_there":
            return _("asked, and still with us")
        case _:
            return str(_OF_HER_CARE.get(act, act))
