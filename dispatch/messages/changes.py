"""Say what an entry of the change log of a mediator means."""

from collections.abc import Mapping
from typing import Any

from dispatch.i18n import formats
from dispatch.i18n import gettext as _
from dispatch.messages.pool import field_title


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
            return act
